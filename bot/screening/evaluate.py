"""``klaswacht evaluate``: what screening decides on labelled messages, as an honest table, weak groups first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.screening.corpus import Labelled, read_corpus
from bot.screening.figures import Share, auc, macro_f1
from bot.screening.judge import Screening, TextItem
from bot.screening.verdict import Verdict

BATCH: Final = 64
PATIENCE: Final = 1800.0
"""Seconds that the command line gives the model: nobody waits for an alert here, and a busy machine is slow."""


@dataclass(frozen=True, slots=True)
class Row:
    """One message with its answer and the decision."""

    message: Labelled
    verdict: Verdict

    @property
    def wrong(self) -> bool:
        """Whether the decision differs from the label."""
        return self.verdict.flagged != bool(self.message.label)


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a corpus."""

    rows: tuple[Row, ...]

    @property
    def engine(self) -> str:
        """Who judged: ``model``, or ``words`` as soon as the fallback judged one."""
        return "words" if any(row.verdict.engine == "words" for row in self.rows) else "model"

    @property
    def auc(self) -> float | None:
        """Area under the curve of how near each message comes to an alert."""
        return auc([row.message.label for row in self.rows], [row.verdict.score for row in self.rows])

    @property
    def macro_f1(self) -> float:
        """Mean F1 of flagged and not flagged."""
        return macro_f1([row.message.label for row in self.rows], [int(row.verdict.flagged) for row in self.rows])

    @property
    def recall(self) -> Share:
        """Which share of the messages labelled 1 is flagged."""
        return flagged(row for row in self.rows if row.message.label)

    @property
    def false_alarms(self) -> Share:
        """Which share of the messages labelled 0 is flagged."""
        return flagged(row for row in self.rows if not row.message.label)

    def categories(self) -> dict[str, tuple[Share, Share]]:
        """Per category of messages labelled 1: flagged at all, and flagged with this signal's name."""
        names = sorted({name for row in self.rows for name in row.message.categories})
        return {name: self._category(name) for name in names}

    def groups(self, label: int) -> dict[str, Share]:
        """Per group of messages with this label: flagged; the weakest groups first."""
        names = {row.message.group for row in self.rows if row.message.group}
        shares = {
            name: flagged(r for r in self.rows if r.message.group == name and r.message.label == label)
            for name in names
        }
        known = {name: share for name, share in shares.items() if share.total}
        return dict(sorted(known.items(), key=lambda item: (item[1].value or 0.0) * (1 if label else -1)))

    def languages(self) -> dict[str, tuple[Share, Share]]:
        """Per language: recall and false alarms."""
        names = sorted({row.message.lang for row in self.rows if row.message.lang})
        return {
            name: (
                flagged(r for r in self.rows if r.message.lang == name and r.message.label),
                flagged(r for r in self.rows if r.message.lang == name and not r.message.label),
            )
            for name in names
        }

    def wrong(self, label: int) -> list[Row]:
        """Return the messages with this label that were decided wrongly, the worst first."""
        rows = [row for row in self.rows if row.wrong and row.message.label == label]
        return sorted(rows, key=lambda row: row.verdict.score, reverse=not label)

    def _category(self, name: str) -> tuple[Share, Share]:
        rows = [row for row in self.rows if row.message.label and name in row.message.categories]
        named = sum(any(s.signal == name and s.severity.flagged for s in row.verdict.signals) for row in rows)
        return flagged(rows), Share(named, len(rows))


def flagged(rows: Iterable[Row]) -> Share:
    """Return the share of rows that are flagged."""
    decisions = [row.verdict.flagged for row in rows]
    return Share(sum(decisions), len(decisions))


async def evaluate(screening: Screening, corpus: Path, part: str | None = None) -> Report:
    """Judge a labelled file. Raises ``InputError``: unreadable, or a line without text or label."""
    return Report(tuple(await judged(screening, read_corpus(corpus, part))))


async def judged(screening: Screening, messages: Sequence[Labelled]) -> list[Row]:
    """Return the verdicts on labelled messages."""
    rows: list[Row] = []
    for start in range(0, len(messages), BATCH):
        part = messages[start : start + BATCH]
        verdicts = await screening.texts([TextItem(message.text, message.age) for message in part], within=PATIENCE)
        rows += [Row(message, verdict) for message, verdict in zip(part, verdicts, strict=True)]
    return rows
