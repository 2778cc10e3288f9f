"""What forms ask, and what they have filled in already."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.cases.facts import Answer, CaseView, FollowUp
from bot.cases.handing import Leaders
from bot.people import Actor
from bot.ports import Person
from bot.reports.facts import ReceiverLine, ReceiverRole, ReportPage
from cogs.cards.case import case_page
from cogs.practice.world.records import Modal
from cogs.widgets import Kit
from tests.cogs.conftest import Room
from tests.cogs.stand_ins import COORDINATOR, GUILD, NOOR, NOW, STAFF, TEACHER, TEXTS
from tests.cogs.test_cards import a_case


@dataclass
class CasesStandIn:
    case: CaseView
    handed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def reading(self) -> CasesStandIn:
        return self

    async def view(self, actor: Actor, case: int) -> CaseView:  # noqa: ARG002 - the signature
        return self.case

    async def leaders(self, actor: Actor, case: int) -> Leaders:  # noqa: ARG002 - the signature
        return Leaders((Person(COORDINATOR, "Marleen Visser"),), by_role=False)

    async def hand_over(self, actor: Actor, case: int, owner: str, reason: str) -> CaseView:  # noqa: ARG002 - as above
        self.handed.append((owner, reason))
        return replace(self.case, owner=owner)


def at_the_looks(*, ahead: bool) -> CaseView:
    """Return a case whose first look was answered; ``ahead``: another one is still to come."""
    done = FollowUp(3, NOW, "done", NOW, 0, Answer.STOPPED, TEACHER, NOW)
    later = FollowUp(4, NOW + timedelta(days=14), "planned" if ahead else "dropped", NOW, None, None, None, None)
    step = replace(a_case().step, id="S7", needs=(), checks=(), tools=("followups",), note_hint="Wat zag je?")
    return a_case(step=step, followups=(done, later))


async def test_finishing_while_a_look_is_still_to_come_is_asked_plainly(room: Room) -> None:
    for ahead, title, hint in (
        (True, "Nu al sluiten?", "Op 8 december 2026 is er nog een kijkmoment. Toch sluiten? Schrijf op waarom."),
        (False, "Stap afronden", "Wat zag je?"),
    ):
        room.core.cases = CasesStandIn(at_the_looks(ahead=ahead))
        await room.client.wire.send(STAFF, case_page(Kit(TEXTS, "nl", GUILD), room.core.cases.case))
        await room.act("click", TEACHER, action="done")
        form = shown_form(room, TEACHER)
        note = form.components[0]
        assert (form.title, note["description"], note["component"]["required"]) == (title, hint, ahead)
        room.stage.world.modals.clear()


async def test_a_case_goes_to_a_colleague_who_is_picked_from_those_who_may_lead_it(room: Room) -> None:
    room.core.cases = cases = CasesStandIn(a_case())
    await room.client.wire.send(STAFF, case_page(Kit(TEXTS, "nl", GUILD), cases.case))
    await room.act("click", TEACHER, action="hand_over")
    owner, reason = (field["component"] for field in shown_form(room, TEACHER).components)
    assert [(one["label"], one["value"]) for one in owner["options"]] == [("Marleen Visser", COORDINATOR)]
    assert not reason["required"]
    await room.act("submit", TEACHER, fields={"owner": [COORDINATOR], "reason": "verlof"})
    await room.sees(TEACHER, f"<@{COORDINATOR}> leidt deze zaak nu")
    assert cases.handed == [(COORDINATOR, "verlof")]


async def test_who_may_read_a_report_is_filled_in_with_the_class_teachers(room: Room) -> None:
    lines = (
        ReceiverLine("class", ReceiverRole.TEACHER, TEACHER, "Juf Sanne", "Groep 7b"),
        ReceiverLine("coordinator", ReceiverRole.COORDINATOR, COORDINATOR, "Marleen Visser", None),
    )
    asked = room.core.reports.page

    async def page(actor: Actor, class_name: str | None = None) -> ReportPage:
        return replace(await asked(actor, class_name), receivers=lines)

    room.core.reports.page = page  # type: ignore[method-assign]
    await room.act("command", NOOR, name="melden")
    await room.act("click", NOOR, action="anonymous")
    pick = shown_form(room, NOOR).components[-1]["component"]
    assert [(option["value"], bool(option.get("default"))) for option in pick["options"]] == [
        ("class", True),
        ("coordinator", False),
    ]


async def test_a_pupil_is_refused_the_list_of_cases_in_words(room: Room) -> None:
    await room.act("command", NOOR, name="zaak")
    await room.sees(NOOR, "⚠️", where="ephemeral")


def shown_form(room: Room, person: str) -> Modal:
    """Return the form that somebody has open."""
    return room.stage.world.modals[int(person)]
