"""The buttons on an alert: show, take, decide, pass on; and the review queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.errors import InputError, NotFoundError
from bot.findings.facts import AlertCard
from bot.people import Verb
from cogs.actions import media
from cogs.actions.asking import form_for, note_field, reason_field
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.alert import alert_page, buttons
from cogs.cards.media import media_page
from cogs.cards.queue import queue_page
from cogs.cards.reports import report_page
from cogs.cards.shown import shown_page
from cogs.items import Action
from cogs.pages import Field, Page
from cogs.widgets import number_in

MINUTES_LIMIT = 28 * 24 * 60  # the platform's longest time-out, in minutes
PAGE_SIZE = 8


async def show(visit: Visit) -> Outcome:
    """Show the message with what stands around it, the report, or the picture."""
    hold = await visit.core.media.hold_of_alert(visit.actor.school.guild, visit.subject)
    if hold is not None:
        return await media.show(visit, hold)
    shown = await visit.core.review.show(visit.actor, visit.subject)
    if shown.report is not None:
        return report_page(visit.kit, await visit.core.reports.view(visit.actor, shown.report), shown.card, visit.actor)
    return shown_page(visit.kit, shown, visit.actor.school.zone, visit.actor)


async def take(visit: Visit) -> Outcome:
    """Take an alert up; whoever comes second is told who has it."""
    card = await visit.core.review.take(visit.actor, visit.subject)
    told = visit.kit.either(f"command.taken_{card.kind}", "command.taken")
    return Page(text=told, items=await _items_after(visit, card), keeps=True)


async def _items_after(visit: Visit, card: AlertCard) -> tuple[discord.ui.Item[Any], ...]:
    """Return the buttons of a message whose "Ik pak dit op" was pressed: those of the card now, its own stay."""
    hold = await visit.core.media.hold_of_alert(card.school, card.id)
    if hold is not None:
        return media_page(visit.kit, await visit.core.media.card(visit.actor.school, hold), card).items
    beside = visit.ask.beside
    looked = bool(beside) and all(target.action != Action.SHOW for target in beside)
    reader = visit.actor if visit.ask.personal else None
    made = [item for item in buttons(visit.kit, card, reader) if not (looked and item.action is Action.SHOW)]
    last = max((item.row or 0 for item in made), default=0)
    rows = {Action.DM_ON: last, Action.DM_OFF: last, Action.OPEN_SEAL: last + 1, Action.REPORT_FILE: last + 1}
    own = [(Action(target.action), target) for target in beside if target.action in rows]
    stay = [visit.kit.button(action, target.subject, *target.more, row=rows[action]) for action, target in own]
    return (*made, *stay)


async def ask_dismiss(visit: Visit) -> Outcome:
    """Ask why nothing is wrong."""
    await visit.core.review.ready(visit.actor, visit.subject, Verb.DISMISS)
    return form_for(visit, "form.dismiss.title", [reason_field(visit)])


async def dismiss(visit: Visit) -> Outcome:
    """Close an alert: nothing wrong."""
    card = await visit.core.review.dismiss(visit.actor, visit.subject, _reason(visit))
    key = "command.handled" if card.kind == "crisis" else "command.dismissed"
    return Page(text=visit.say(key), items=buttons(visit.kit, card))


async def ask_reopen(visit: Visit) -> Outcome:
    """Ask why an alert must be looked at again."""
    await visit.core.review.ready(visit.actor, visit.subject, Verb.DISMISS, closed=True)
    return form_for(visit, "form.reopen.title", [reason_field(visit)])


async def reopen(visit: Visit) -> Outcome:
    """Open a closed alert again."""
    await visit.core.review.reopen(visit.actor, visit.subject, _reason(visit))
    return Page(text=visit.say("command.reopened"))


async def ask_remove(visit: Visit) -> Outcome:
    """Ask to be sure before a message is removed."""
    await visit.core.review.ready(visit.actor, visit.subject, Verb.REMOVE)
    hint = visit.say("form.remove.hint")
    field = Field("reason", visit.say("form.reason.label"), "long", required=False, limit=400, hint=hint)
    return form_for(visit, "form.remove.title", [field])


async def remove(visit: Visit) -> Outcome:
    """Remove the message from the channel; its evidence stays."""
    card = await visit.core.review.remove(visit.actor, visit.subject)
    return Page(text=visit.say("command.removed" if card.removed else "command.removed_not"))


async def ask_timeout(visit: Visit) -> Outcome:
    """Ask how long and why."""
    await visit.core.review.ready(visit.actor, visit.subject, Verb.TIME_OUT)
    hint = visit.say("form.minutes.hint")
    minutes = Field("minutes", visit.say("form.minutes.label"), limit=6, value="60", hint=hint)
    return form_for(visit, "form.timeout.title", [minutes, reason_field(visit)])


async def timeout(visit: Visit) -> Outcome:
    """Silence the writer for some time, at a person's request."""
    told = visit.text("minutes")
    if not told.isdecimal() or not 1 <= int(told) <= MINUTES_LIMIT:
        raise InputError("error.discord.minutes", limit=MINUTES_LIMIT)
    await visit.core.review.time_out(visit.actor, visit.subject, int(told), _reason(visit))
    return Page(text=visit.say("command.timed_out", minutes=int(told)))


async def ask_pass_on(visit: Visit) -> Outcome:
    """Ask what the next one should know."""
    await visit.core.review.ready(visit.actor, visit.subject, Verb.PASS_ON)
    return form_for(visit, "form.pass_on.title", [note_field(visit, hint=visit.say("form.pass_on.hint"))])


async def pass_on(visit: Visit) -> Outcome:
    """Hand an alert to the next rung, with a note."""
    note = visit.text("note")
    if not note:
        raise InputError("error.discord.empty")
    await visit.core.review.pass_on(visit.actor, visit.subject, note)
    return Page(text=visit.say("command.passed_on"))


async def dm_on(visit: Visit) -> Outcome:
    """Send alerts by private message from now on."""
    await visit.core.choices.choose(visit.actor, on=True)
    return Page(text=visit.say("command.dm_on"))


async def dm_off(visit: Visit) -> Outcome:
    """Send no alerts by private message any more."""
    await visit.core.choices.choose(visit.actor, on=False)
    return Page(text=visit.say("command.dm_off"))


async def queue(visit: Visit) -> Outcome:
    """Show what is to be looked at, from a place in the list on."""
    start = visit.subject
    cards = await visit.core.review.queue(visit.actor)
    return queue_page(visit.kit, cards, start, PAGE_SIZE)


async def pick_alert(visit: Visit) -> Outcome:
    """Show the card of the alert that was chosen in the queue."""
    chosen = number_in(visit.ask.values[0]) if visit.ask.values else visit.subject
    card = next((card for card in await visit.core.review.queue(visit.actor) if card.id == chosen), None)
    if card is None:
        raise NotFoundError("error.discord.gone")
    hold = await visit.core.media.hold_of_alert(card.school, card.id)
    if hold is not None:
        return media_page(visit.kit, await visit.core.media.card(visit.actor.school, hold), card)
    return alert_page(visit.kit, card, private=visit.ask.private, dm_choice=False, reader=visit.actor)


def _reason(visit: Visit) -> str:
    reason = visit.text("reason")
    if not reason:
        raise InputError("error.discord.empty")
    return reason


PRESSES: Mapping[str, Handler] = {
    Action.SHOW: Handler(show),
    Action.TAKE: Handler(take, in_place=True),
    Action.DISMISS: Handler(ask_dismiss),
    Action.REOPEN: Handler(ask_reopen),
    Action.REMOVE: Handler(ask_remove),
    Action.TIMEOUT: Handler(ask_timeout),
    Action.PASS_ON: Handler(ask_pass_on),
    Action.DM_ON: Handler(dm_on),
    Action.DM_OFF: Handler(dm_off),
    Action.QUEUE: Handler(queue, in_place=True),
    Action.ALERT: Handler(pick_alert),
}
FORMS: Mapping[str, Handler] = {
    Action.DISMISS: Handler(dismiss),
    Action.REOPEN: Handler(reopen),
    Action.REMOVE: Handler(remove),
    Action.TIMEOUT: Handler(timeout),
    Action.PASS_ON: Handler(pass_on),
}
