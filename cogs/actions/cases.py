"""Cases: opening, joining, the list, the pupils it is about."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cases.facts import Side
from bot.errors import InputError, NotAllowedError, WrongStateError
from cogs.actions.asking import form_for, reason_field
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.case import case_page
from cogs.cards.case_lists import cases_page
from cogs.items import Action
from cogs.pages import Choice, Field, Page
from cogs.plain import person
from cogs.widgets import number_in

SIDE_LIMIT = 10  # pupils on one side of a case


async def open_case(visit: Visit) -> Outcome:
    """Open a case from an alert and show its first step."""
    case = await visit.core.cases.open_from(visit.actor, visit.subject)
    return await _panel(visit, case, visit.say("command.case.opened"))


async def join_case(visit: Visit) -> Outcome:
    """Show the open cases that an alert can join."""
    lines = await visit.core.cases.reading.joinable(visit.actor, visit.subject)
    if not lines:
        return Page(text=visit.say("command.join.none"))
    return cases_page(visit.kit, lines, action=Action.JOIN_PICK, subject=visit.subject)


async def join_pick(visit: Visit) -> Outcome:
    """Join the chosen case."""
    case = _chosen(visit)
    await visit.core.cases.join(visit.actor, visit.subject, case)
    joined = visit.say("command.case.joined")
    try:
        return await _panel(visit, case, joined)
    except NotAllowedError:
        return Page(text=joined)  # who reviews alerts may add one to a case that is not theirs to read


async def case_list(visit: Visit) -> Outcome:
    """Show the cases that somebody may see."""
    return cases_page(visit.kit, await visit.core.cases.reading.list(visit.actor))


async def case_pick(visit: Visit) -> Outcome:
    """Show the chosen case."""
    return await _panel(visit, _chosen(visit))


async def show_case(visit: Visit) -> Outcome:
    """Show a case."""
    return await _panel(visit, visit.subject)


async def ask_pupils(visit: Visit) -> Outcome:
    """Ask which pupils it is about, on both sides."""
    case = await visit.core.cases.reading.view(visit.actor, visit.subject)
    sides = ((Side.HURT, case.hurt), (Side.DID, case.did))
    fields = [
        Field(side, visit.say(f"form.pupils.{side}"), "users", required=False, limit=SIDE_LIMIT, value=" ".join(named))
        for side, named in sides
    ]
    return form_for(visit, "form.pupils.title", fields)


async def pupils(visit: Visit) -> Outcome:
    """Name the pupils of both sides."""
    hurt, did = (visit.ask.submission.values.get(side, ()) for side in (Side.HURT, Side.DID))
    told = await visit.core.cases.pupils(visit.actor, visit.subject, hurt=hurt, did=did)
    return case_page(visit.kit, told)


async def ask_hand_over(visit: Visit) -> Outcome:
    """Ask who leads the case from now on."""
    leaders = await visit.core.cases.leaders(visit.actor, visit.subject)
    label = visit.say("form.hand_over.owner")
    if leaders.by_role:
        owner = Field("owner", label, "users", limit=1, hint=visit.say("form.hand_over.hint"))
    elif leaders.people:
        owner = Field("owner", label, "select", choices=tuple(Choice(one.name, one.id) for one in leaders.people))
    else:
        raise WrongStateError("error.case.nobody_else")
    return form_for(visit, "form.hand_over.title", [owner, reason_field(visit, required=False)])


async def hand_over(visit: Visit) -> Outcome:
    """Give the case to a colleague."""
    chosen = visit.ask.submission.values.get("owner", ())
    if not chosen:
        raise InputError("error.discord.choose")
    case = await visit.core.cases.hand_over(visit.actor, visit.subject, chosen[0], visit.text("reason"))
    return case_page(visit.kit, case, visit.say("command.case.handed", owner=person(case.owner)))


async def _panel(visit: Visit, case: int, lead: str = "") -> Page:
    return case_page(visit.kit, await visit.core.cases.reading.view(visit.actor, case), lead)


def _chosen(visit: Visit) -> int:
    value = number_in(visit.ask.values[0] if visit.ask.values else "")
    if value is None:
        raise InputError("error.discord.choose")
    return value


PRESSES: Mapping[str, Handler] = {
    Action.OPEN_CASE: Handler(open_case),
    Action.JOIN_CASE: Handler(join_case),
    Action.JOIN_PICK: Handler(join_pick, in_place=True),
    Action.CASE: Handler(show_case),
    Action.CASE_PICK: Handler(case_pick, in_place=True),
    Action.PUPILS: Handler(ask_pupils, in_place=True),
    Action.HAND_OVER: Handler(ask_hand_over, in_place=True),
}
FORMS: Mapping[str, Handler] = {
    Action.PUPILS: Handler(pupils, in_place=True),
    Action.HAND_OVER: Handler(hand_over, in_place=True),
}
