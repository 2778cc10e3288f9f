"""Words that several cards share: urgency, certainty, moments, people, places."""

from __future__ import annotations

from datetime import date, datetime

from bot.findings.facts import AlertCard, SignalShown
from bot.screening.verdict import Severity
from cogs.plain import inline, person, place
from cogs.widgets import Kit

COLOURS = {Severity.URGENT: 0xB3261E, Severity.ALERT: 0xE08A00, Severity.NOTICE: 0x3B6EA8, Severity.QUIET: 0x6B7280}
CALM, DONE = 0x2E7D6B, 0x6B7280
QUITE_SURE, LIKELY = 0.85, 0.6  # scores from which a reason is called quite sure, likely
MOMENT_STYLES = {"full": "f", "day": "D", "time": "t"}


def moment(at: datetime, style: str = "full") -> str:
    """Return a moment that the platform shows in each reader's own time and language."""
    return f"<t:{int(at.timestamp())}:{MOMENT_STYLES[style]}>"


def written_day(kit: Kit, iso: str) -> str:
    """Return a date as people write it, for titles, where the platform shows no moments; no date stays as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {kit.say(f'reports.month.{day.month}')} {day.year}"


def agreement_title(kit: Kit, day: str | None) -> str:
    """Return the title above agreements, with the day to look back."""
    title = kit.say("card.case.agreement")
    return f"{title} ({written_day(kit, day)})" if day else title


def certainty(score: float) -> str:
    """Return the key of the words for how sure a reason is."""
    if score >= QUITE_SURE:
        return "card.sure.quite"
    return "card.sure.likely" if score >= LIKELY else "card.sure.maybe"


def where(kit: Kit, card: AlertCard) -> str:
    """Return the place of an alert: channel and class."""
    if card.channel and card.class_name:
        return kit.say("card.where.both", channel=place(card.channel), class_name=inline(card.class_name))
    if card.channel:
        return place(card.channel)
    return inline(card.class_name or "") or kit.say("card.where.private")


def someone(kit: Kit, user: str | None) -> str:
    """Return a person as a mention, or the word for somebody unnamed."""
    return person(user) if user else kit.say("card.someone")


def signal_name(kit: Kit, signal: str) -> str:
    """Return the everyday name of a signal."""
    return kit.either(f"card.signal.{signal}", "card.signal.other")


def signal_line(kit: Kit, signal: SignalShown) -> str:
    """Return one reason in words: what, why, how sure, which rule."""
    reason = kit.say(signal.reason) if kit.texts.has(signal.reason) else signal_name(kit, signal.signal)
    rule = kit.either(f"rule.{signal.rule}", "rule.other", rule=signal.rule) if signal.rule else kit.say("rule.none")
    return kit.say("card.alert.signal", reason=reason, sure=kit.say(certainty(signal.score)), rule=rule)


def worst_first(card: AlertCard) -> list[SignalShown]:
    """Return an alert's reasons, the heaviest first, each signal once."""
    ordered = sorted(card.signals, key=lambda signal: (signal.severity.rank, signal.score), reverse=True)
    seen: dict[str, SignalShown] = {}
    for signal in ordered:
        seen.setdefault(signal.signal, signal)
    return list(seen.values())
