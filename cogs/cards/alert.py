"""The card of an alert: who, where, how urgent, why and what to do; never the message itself."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.findings.facts import AlertCard, AlertKind, AlertState, Outcome, SignalShown
from bot.people import Actor, Verb, may
from bot.screening.verdict import Severity
from cogs.cards.words import COLOURS, DONE, moment, signal_line, signal_name, someone, where, worst_first
from cogs.items import Action, Item
from cogs.pages import Page, embed
from cogs.widgets import GOOD, MAIN, PLAIN, RISKY, Kit

SIGNALS_SHOWN = 4
NARROW: Mapping[Action, Verb] = {
    Action.TIMEOUT: Verb.TIME_OUT,
    Action.REPLY: Verb.REPLY,
    Action.CLOSE_REPORT: Verb.CLOSE_REPORT,
}
"""Buttons that not everybody may use who reviews alerts, and the right that each needs."""


def alert_page(
    kit: Kit, card: AlertCard, *, private: bool, dm_choice: bool = True, reader: Actor | None = None
) -> Page:
    """Return the card of an alert. ``private``: it stands in somebody's private messages; ``reader``: whose it is."""
    items = buttons(kit, card, reader)
    if dm_choice:
        items = (*items, kit.button(Action.DM_OFF if private else Action.DM_ON, 0, row=_last_row(items)))
    return Page(embeds=(alert_embed(kit, card),), items=items)


def alert_embed(kit: Kit, card: AlertCard) -> discord.Embed:
    """Return the facts of an alert."""
    colour = DONE if card.state == AlertState.CLOSED else COLOURS[card.severity]
    return embed(_title(kit, card), _opening(kit, card), _fields(kit, card), _footer(kit, card), colour)


def buttons(kit: Kit, card: AlertCard, reader: Actor | None = None) -> tuple[Item, ...]:
    """Return what can be done with an alert as it is now; what its one ``reader`` may not do is left out.

    A card that several people see keeps everything: who may not is told so in words.
    """
    found = _buttons(kit, card)
    if reader is None:
        return found
    roles = reader.roles(card.class_name, owner=card.claimed_by)
    return tuple(item for item in found if item.action not in NARROW or may(roles, NARROW[item.action]))


def _buttons(kit: Kit, card: AlertCard) -> tuple[Item, ...]:
    show = kit.button(Action.SHOW, card.id, row=0)
    if card.state == AlertState.OPEN:
        return (kit.button(Action.TAKE, card.id, style=MAIN, row=0), show)
    if card.state == AlertState.CLOSED:
        opened = [kit.button(Action.CASE, card.case_id, style=MAIN, row=0)] if card.case_id else []
        again = [] if card.case_id else [kit.button(Action.REOPEN, card.id, row=0)]
        return (*opened, show, *again)
    if card.kind == AlertKind.CRISIS:
        done = kit.button(Action.DISMISS, card.id, label="label.handled", style=GOOD, row=0)
        return (show, done, kit.button(Action.OPEN_CASE, card.id, row=0))
    return (show, *_case_buttons(kit, card), *_other_buttons(kit, card))


def _case_buttons(kit: Kit, card: AlertCard) -> tuple[Item, ...]:
    opened = kit.button(Action.OPEN_CASE, card.id, style=GOOD, row=0)
    return (opened, kit.button(Action.JOIN_CASE, card.id, row=0))


def _other_buttons(kit: Kit, card: AlertCard) -> tuple[Item, ...]:
    if card.report_id:
        return (
            kit.button(Action.REPLY, card.report_id, style=MAIN, row=0),
            kit.button(Action.CLOSE_REPORT, card.report_id, row=1),
            kit.button(Action.PASS_ON, card.id, row=1),
        )
    return (
        kit.button(Action.DISMISS, card.id, row=0),
        kit.button(Action.REMOVE, card.id, style=RISKY, off=card.removed, row=1),
        kit.button(Action.TIMEOUT, card.id, style=RISKY, row=1),
        kit.button(Action.PASS_ON, card.id, style=PLAIN, row=1),
    )


def _last_row(items: tuple[Item, ...]) -> int:
    return max((item.row or 0 for item in items), default=0)


def _title(kit: Kit, card: AlertCard) -> str:
    urgency = kit.say(f"card.severity.{card.severity}")
    if card.kind in {AlertKind.CRISIS, AlertKind.REPORT}:
        return kit.say(f"card.{card.kind}.title", urgency=urgency)
    signals = worst_first(card)
    what = signal_name(kit, signals[0].signal) if signals else kit.say("card.signal.other")
    return kit.say("card.alert.title", urgency=urgency, what=what)


def _opening(kit: Kit, card: AlertCard) -> str:
    facts = {"who": someone(kit, card.author), "where": where(kit, card), "target": someone(kit, card.target)}
    if card.kind == AlertKind.CRISIS:
        return kit.say("card.crisis.opening", **facts)
    if card.kind == AlertKind.REPORT:
        named = "card.report.opening_named" if card.author else "card.report.opening"
        return kit.say("card.report.opening_anonymous" if card.anonymous else named, **facts)
    key = f"card.{card.kind}.opening"
    if kit.texts.has(key):
        return kit.say(key, **facts)
    return kit.say("card.alert.opening_target" if card.target else "card.alert.opening", **facts)


def _fields(kit: Kit, card: AlertCard) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    if card.said_at or card.created_at:
        fields.append((kit.say("card.alert.when"), moment(card.said_at or card.created_at)))
    reasons = _reasons(kit, worst_first(card))
    if reasons and card.kind != AlertKind.CRISIS:
        fields.append((kit.say("card.alert.why"), "\n".join(reasons)))
    if card.count > 1:
        fields.append((kit.say("card.alert.often"), kit.say("card.alert.count", count=card.count)))
    if card.engine == "words":
        fields.append((kit.say("card.alert.note"), kit.say("card.alert.words_only")))
    fields.append((kit.say("card.alert.now"), state_line(kit, card)))
    return fields


def _reasons(kit: Kit, signals: list[SignalShown]) -> list[str]:
    """Return the reasons that are heavy enough for an alert by themselves; the others stand behind "Toon"."""
    heavy = [signal for signal in signals if signal.severity.rank >= Severity.ALERT.rank] or signals
    lines = [signal_line(kit, signal) for signal in heavy[:SIGNALS_SHOWN]]
    hidden = len(signals) - len(lines)
    return [*lines, kit.say("card.alert.more", count=hidden)] if hidden else lines


def state_line(kit: Kit, card: AlertCard) -> str:
    """Return how far an alert is, and what happens next."""
    who = someone(kit, card.claimed_by)
    if card.state == AlertState.OPEN:
        return kit.say(f"card.state.open_{'crisis' if card.kind == AlertKind.CRISIS else 'alert'}")
    if card.state == AlertState.CLAIMED:
        return kit.say("card.state.claimed", who=who)
    if card.outcome == Outcome.CASE or card.case_number:
        return kit.say("card.state.case", who=who, number=card.case_number or "–")
    handled = card.kind in {AlertKind.CRISIS, AlertKind.REPORT}
    return kit.say("card.state.handled" if handled else "card.state.dismissed", who=who)


def _footer(kit: Kit, card: AlertCard) -> str:
    if card.removed:
        return kit.say("card.alert.removed")
    return (
        kit.say(f"card.footer.{card.kind}")
        if kit.texts.has(f"card.footer.{card.kind}")
        else kit.say("card.footer.alert")
    )
