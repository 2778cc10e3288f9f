"""What was said and promised, against what is kept and what was shown."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cogs.practice.stage.stage import Stage
from cogs.practice.torture.facts import Breach, Copied, Kept, KeptRow, Promise, Promised, Record, Result

SHOWN_AT_MOST = 2
ALERT_KINDS = frozenset({"alert", "alert_reminder", "crisis"})
ARRIVED = frozenset({"sent", "stale"})
OPEN = frozenset({"waiting", "stale"})


Restored = tuple[Copied, Kept]


def judged(stage: Stage, record: Record, kept: Kept, copies: Sequence[Restored], not_quiet: str | None) -> Result:
    """Count, and find what is broken."""
    shown = _shown(stage)
    breaches = [
        *_findings(record, kept),
        *_alerts(record, kept, shown),
        *_promises([*record.promised, *_drafts(stage, record)], record, kept),
        *_photos(stage, record, kept),
        *(breach for copied, told in copies for breach in _promises(copied.promised, record, told)),
        *_storage(kept, [told for _, told in copies]),
        *([_breach("torture.older", count=kept.older, of=record.older)] if kept.older < record.older else []),
        *(_breach("torture.ended", how=how) for how in record.ended),
        *([_breach("torture.not_quiet", why=not_quiet)] if not_quiet else []),
        *(_breach("torture.refused", where=one.where, why=one.why) for one in stage.server.referee.breaches),
    ]
    return Result(_counts(record, kept, shown), tuple(breaches))


def _breach(key: str, **values: object) -> Breach:
    return Breach(key, values)


def _shown(stage: Stage) -> Counter[int]:
    """Return how often the platform shows a message with each nonce."""
    channels = stage.world.channels.values()
    messages = (message for channel in channels for message in channel.messages.values() if message.author.bot)
    return Counter(int(message.nonce) for message in messages if message.nonce is not None)


def _bad(record: Record) -> set[str]:
    """Return the messages that stand above the threshold."""
    return {str(post.id) for post in record.posts.values() if post.bad and not post.gone}


def _findings(record: Record, kept: Kept) -> Iterator[Breach]:
    found = Counter(message for message, _ in kept.findings)
    for message in sorted(_bad(record)):
        if found[message] != 1:
            yield _breach("torture.finding", message=message, count=found[message])
    for message, count in found.items():
        if count > 1:
            yield _breach("torture.finding", message=message, count=count)


def _alerts(record: Record, kept: Kept, shown: Counter[int]) -> Iterator[Breach]:
    bad = _bad(record)
    told: dict[int, list[KeptRow]] = {}
    for row in kept.rows:
        if row.kind in ALERT_KINDS:
            told.setdefault(row.subject, []).append(row)
    for message, alert in kept.findings:
        if message in bad and not any(shown[row.id] for row in told.get(alert or 0, [])):
            yield _breach("torture.never_told", message=message)
    for (alert, receiver), rows in _first_cards(kept).items():
        count = sum(shown[row.id] for row in rows)
        if count > SHOWN_AT_MOST:
            yield _breach("torture.too_often", alert=alert, receiver=receiver, count=count)
    for row in kept.rows:
        if row.state in ARRIVED and not shown[row.id]:
            yield _breach("torture.not_there", row=row.id, kind=row.kind)
        elif row.state in OPEN and row.due:
            yield _breach("torture.still_waits", row=row.id, kind=row.kind)


def _first_cards(kept: Kept) -> dict[tuple[int, str], list[KeptRow]]:
    cards: dict[tuple[int, str], list[KeptRow]] = {}
    for row in kept.rows:
        if row.kind == "alert":
            cards.setdefault((row.subject, row.receiver), []).append(row)
    return cards


def _promises(promises: Iterable[Promised], record: Record, kept: Kept) -> Iterator[Breach]:
    for promised in promises:
        if record.erased and promised.key in record.leaver:
            if _is_kept(promised, kept):
                yield _breach("torture.not_erased", words=promised.key)
        elif not _is_kept(promised, kept):
            yield _breach("torture.lost", what=promised.what, words=promised.key)


def _photos(stage: Stage, record: Record, kept: Kept) -> Iterator[Breach]:
    """Find pictures of people that still stand without anybody having been asked to look."""
    channels = stage.world.channels.values()
    for photo in record.photos:
        stands = any(photo.id in channel.messages for channel in channels)
        if stands and str(photo.id) not in kept.held:
            yield _breach("torture.photo", message=photo.id)


def _drafts(stage: Stage, record: Record) -> Iterator[Promised]:
    """Yield the private messages that the bot answered; the answer's nonce is the message's id."""
    shown = _shown(stage)
    for message, words in record.drafts.items():
        if shown[message]:
            yield Promised(Promise.DRAFT, words)


def _is_kept(promised: Promised, kept: Kept) -> bool:
    if promised.what in {Promise.TAKEN, Promise.CASE}:
        alert = kept.alerts.get(int(promised.key))
        if alert is None:
            return False
        return alert.state != "open" if promised.what is Promise.TAKEN else alert.outcome == "case"
    return promised.key in kept.texts[promised.what]


def _storage(kept: Kept, copies: Sequence[Kept]) -> Iterator[Breach]:
    for one in (kept, *copies):
        if not one.whole:
            yield _breach("torture.damaged")
        if one.audit_wrong is not None:
            yield _breach("torture.audit", number=one.audit_wrong)


def _counts(record: Record, kept: Kept, shown: Counter[int]) -> dict[str, object]:
    rows = [row for row in kept.rows if row.kind in ALERT_KINDS]
    seconds = sorted(record.start_seconds)
    return {
        "kills": record.kills,
        "moments": ", ".join(f"{name} {count}" for name, count in sorted(record.moments.items())) or "-",
        "start": f"{seconds[len(seconds) // 2]:.1f}" if seconds else "-",
        "troubles": ", ".join(f"{name} {count}" for name, count in sorted(record.troubles.items())) or "-",
        "posts": len(record.posts),
        "bad": len(_bad(record)),
        "findings": len(kept.findings),
        "alerts": len(kept.alerts),
        "told": sum(1 for row in rows if shown[row.id]),
        "doubles": sum(1 for count in shown.values() if count > 1),
        "promises": len(record.promised) + sum(1 for message in record.drafts if shown[message]),
        "kinds": ", ".join(f"{name} {count}" for name, count in sorted(_kinds(record).items())) or "-",
        "drafts": len(record.drafts),
        "unheard": sum(1 for message in record.drafts if not shown[message]),
        "audit": kept.audit_rows,
        "backups": len(record.copies),
        "erased": len(record.leaver) if record.erased else 0,
        "photos": len(record.photos),
        "model": kept.waiting_for_model,
    }


def _kinds(record: Record) -> Counter[str]:
    return Counter(str(promised.what) for promised in record.promised)
