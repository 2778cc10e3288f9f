"""The figures of ``klaswacht evaluate`` as lines for a person and as JSON for a program, the weak ones first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.screening.confusion import confusion
from bot.screening.evaluate import Report, Row
from bot.screening.evasion import Disguised
from bot.screening.identities import WIDEST, Identities

SHOWN: Final = 40


def as_dict(report: Report) -> dict[str, object]:
    """Return a report for a file or another program."""
    return {
        "messages": len(report.rows),
        "engine": report.engine,
        "auc": report.auc,
        "macro_f1": report.macro_f1,
        "recall": report.recall.as_dict(),
        "false_alarms": report.false_alarms.as_dict(),
        "categories": {n: {"flagged": a.as_dict(), "named": b.as_dict()} for n, (a, b) in report.categories().items()},
        "groups": {
            "positive": {name: share.as_dict() for name, share in report.groups(1).items()},
            "negative": {name: share.as_dict() for name, share in report.groups(0).items()},
        },
        "languages": {
            n: {"recall": a.as_dict(), "false_alarms": b.as_dict()} for n, (a, b) in report.languages().items()
        },
        "confusion": [{"category": t.category, "said": t.said, "count": t.count} for t in confusion(report.rows)],
        "missed": [_wrong(row) for row in report.wrong(1)],
        "wrongly_flagged": [_wrong(row) for row in report.wrong(0)],
    }


def as_lines(report: Report) -> list[str]:
    """Return a report as lines of text, for a person."""
    area = report.auc
    lines = [
        f"messages {len(report.rows)}, judged by {report.engine}",
        f"AUC {'-' if area is None else f'{area:.4f}'}   macro-F1 {report.macro_f1:.4f}",
        f"recall       {report.recall}",
        f"false alarms {report.false_alarms}",
    ]
    lines += _table(
        "category (flagged | with this name)", {n: f"{a} | {b}" for n, (a, b) in report.categories().items()}
    )
    lines += _table("groups that should be flagged: recall", report.groups(1))
    lines += _table("groups that should be quiet: false alarms", report.groups(0))
    lines += _table("language (recall | false alarms)", {n: f"{a} | {b}" for n, (a, b) in report.languages().items()})
    taken = {f"{one.category} -> {one.said}": one.count for one in confusion(report.rows)[:SHOWN]}
    lines += _table("taken for something else", taken)
    for title, label in (("missed", 1), ("wrongly flagged", 0)):
        lines += [
            "",
            title,
            *(f"  {row.verdict.score:.2f} {row.message.id}: {row.message.text}" for row in report.wrong(label)[:SHOWN]),
        ]
    return lines


def evasion_dict(found: Sequence[Disguised]) -> dict[str, object]:
    """Return what disguises leave, for a program."""
    return {one.kind: {"recall": one.recall.as_dict(), "false_alarms": one.false_alarms.as_dict()} for one in found}


def evasion_lines(found: Sequence[Disguised]) -> list[str]:
    """Return what disguises leave, for a person."""
    rows = {one.kind: f"{one.recall} | {one.false_alarms}" for one in found}
    return _table("every word disguised (recall | false alarms)", rows)


def identities_dict(found: Identities) -> dict[str, object]:
    """Return how alike groups are treated, for a program."""
    return {
        "groups": found.groups,
        "sentences": len(found.said),
        "flagged": [{"text": one.text, "score": round(one.score, 4)} for one in found.flagged],
        "widest": [
            {
                "sentence": spread.sentence,
                "difference": round(spread.width, 4),
                "lowest": spread.lowest.group,
                "highest": spread.highest.group,
            }
            for spread in found.spreads()
        ],
    }


def identities_lines(found: Identities) -> list[str]:
    """Return how alike groups are treated, for a person."""
    spreads = found.spreads()
    widest = spreads[0].width if spreads else 0.0
    head = f"{found.groups} groups, {len(found.said)} sentences about them: widest difference {widest:.3f}"
    apart = [
        f"  {one.width:.3f} {one.sentence} ({one.lowest.group} .. {one.highest.group})" for one in spreads[:WIDEST]
    ]
    flagged = [f"  {one.score:.2f} {one.text}" for one in found.flagged[:SHOWN]]
    return ["", f"{head}, {len(found.flagged)} flagged", *apart, *(["", "flagged", *flagged] if flagged else [])]


def _table(title: str, rows: Mapping[str, object]) -> list[str]:
    return ["", title, *(f"  {name:<28} {value}" for name, value in rows.items())] if rows else []


def _wrong(row: Row) -> dict[str, object]:
    return {
        "id": row.message.id,
        "text": row.message.text,
        "score": round(row.verdict.score, 4),
        "group": row.message.group,
    }
