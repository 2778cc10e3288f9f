"""The review queue: what is to be looked at, the most urgent first, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from bot.findings.facts import AlertCard, AlertKind
from cogs.cards.words import CALM, moment, signal_name, someone, where, worst_first
from cogs.items import Action
from cogs.pages import Choice, Page, embed
from cogs.widgets import Kit


def queue_page(kit: Kit, cards: Sequence[AlertCard], start: int, size: int) -> Page:
    """Return a page of the queue, from ``start`` on, with a select to open one."""
    if not cards:
        return Page(embeds=(embed(kit.say("card.queue.title"), kit.say("card.queue.empty"), colour=CALM),))
    start = start if start < len(cards) else 0
    part = cards[start : start + size]
    shown = embed(
        kit.say("card.queue.title"),
        kit.say("card.queue.count", count=len(cards), first=start + 1, last=start + len(part)),
        [(_head(kit, card), _body(kit, card)) for card in part],
        colour=CALM,
    )
    choices = [Choice(_choice(kit, number, card), str(card.id)) for number, card in enumerate(part, start + 1)]
    pick = kit.select(Action.ALERT, 0, choices=choices, hint="command.queue.pick", row=0)
    older = kit.button(Action.QUEUE, max(start - size, 0), off=start == 0, label="label.previous", row=1)
    newer = kit.button(Action.QUEUE, start + size, off=start + size >= len(cards), label="label.next", row=1)
    again = kit.button(Action.QUEUE, start, "again", label="label.refresh", row=1)
    turns = (older, newer) if len(cards) > size else ()
    return Page(embeds=(shown,), items=(pick, *turns, again))


def _what(kit: Kit, card: AlertCard) -> str:
    if card.kind == AlertKind.REPORT:
        return kit.say("card.queue.report")
    signals = worst_first(card)
    return signal_name(kit, signals[0].signal) if signals else kit.say("card.signal.other")


def _head(kit: Kit, card: AlertCard) -> str:
    return kit.say("card.queue.head", urgency=kit.say(f"card.severity.{card.severity}"), what=_what(kit, card))


def _body(kit: Kit, card: AlertCard) -> str:
    facts = {
        "who": someone(kit, card.author),
        "where": where(kit, card),
        "when": moment(card.said_at or card.created_at),
    }
    lines = [kit.say("card.queue.line", **facts)]
    if card.count > 1:
        lines.append(kit.say("card.alert.count", count=card.count))
    if card.claimed_by:
        lines.append(kit.say("card.state.claimed", who=someone(kit, card.claimed_by)))
    return "\n".join(lines)


def _choice(kit: Kit, number: int, card: AlertCard) -> str:
    parts = (kit.say(f"card.severity.{card.severity}"), _what(kit, card), card.class_name)
    return f"{number}. {' · '.join(part for part in parts if part)}"
