"""A pupil tells something; it is kept, looked at and brought to the right people."""

from __future__ import annotations

import pytest

from bot.errors import InputError
from bot.reports.facts import WHAT_LIMIT, KeptFile, ReceiverRole
from bot.school import ClassRoom
from bot.screening.verdict import Severity
from bot.storage.tables import alert, audit, evidence, outbox, report, timer
from tests.builders import (
    CLASS,
    CLASS_CHANNEL,
    COORDINATOR,
    OTHER_TEACHER,
    PUPIL,
    SCHOOL,
    SECOND,
    STAFF_CHANNEL,
    SUPERVISOR,
    TARGET,
    TEACHER,
    THIRD,
    a_member,
    a_message,
    a_person,
    a_school,
    an_edit,
)
from tests.desks import Desks, the_desks


async def test_the_page_says_who_will_see_it_the_class_teacher_first(desks: Desks) -> None:
    page = await desks.reports.page(await desks.actor(PUPIL))
    assert [(line.key, line.role) for line in page.receivers] == [
        (TEACHER, ReceiverRole.TEACHER),
        (SECOND, ReceiverRole.SECOND),
        ("coordinator", ReceiverRole.COORDINATOR),
    ]
    assert (page.class_name, page.classes) == (CLASS, (CLASS,))
    assert page.look.open_now


async def test_the_page_says_when_somebody_looks_next(desks: Desks) -> None:
    desks.core.clock.forward(days=25, hours=8)  # Saturday evening, right before the holidays
    look = (await desks.reports.page(await desks.actor(PUPIL))).look
    assert (look.open_now, look.local.strftime("%Y-%m-%d %H:%M")) == (False, "2027-01-04 08:15")


async def test_a_pupil_of_several_classes_can_reach_all_their_teachers() -> None:
    rooms = a_school().classes
    both = (rooms[0], ClassRoom(name=rooms[1].name, channels=("77",), teachers=rooms[1].teachers))
    async with the_desks(a_school(classes=both, pupils=())) as desks:
        member = a_member(PUPIL)
        desks.core.roster.add(SCHOOL, type(member)(PUPIL, "Daan", frozenset(), frozenset({CLASS_CHANNEL, "77"})))
        page = await desks.reports.page(await desks.actor(PUPIL))
        assert [line.key for line in page.receivers] == [TEACHER, SECOND, OTHER_TEACHER, "coordinator"]
        await desks.filed(receiver=OTHER_TEACHER)
        assert (await desks.core.rows(report))[0]["class_name"] == rooms[1].name


async def test_a_report_becomes_an_alert_for_the_class_teacher(desks: Desks) -> None:
    receipt = await desks.filed()
    await desks.core.runner.drain()
    assert (receipt.number, receipt.anonymous, receipt.severity) == (1, False, Severity.ALERT)
    assert desks.core.messenger.kinds(TEACHER) == ["alert"]
    card = (await desks.alerts())[0]
    assert (card.kind, card.report_id, card.class_name) == ("report", receipt.report, CLASS)


async def test_a_report_that_tells_of_a_threat_is_urgent(desks: Desks) -> None:
    receipt = await desks.filed(what="hij zei: ik maak je dood")
    assert receipt.severity is Severity.URGENT
    assert (await desks.alerts())[0].severity is Severity.URGENT


async def test_a_report_in_despair_takes_the_crisis_road_besides(desks: Desks) -> None:
    receipt = await desks.filed(what="ik wil niet meer leven")
    await desks.core.runner.drain()
    assert receipt.crisis
    assert [(row["kind"], row["severity"]) for row in await desks.core.rows(alert)] == [
        ("report", "urgent"),
        ("crisis", "urgent"),
    ]
    assert "crisis" in desks.core.messenger.kinds(COORDINATOR)
    assert "crisis_pupil" in desks.core.messenger.kinds(PUPIL)
    assert [card.report_id for card in await desks.alerts()] == [receipt.report] * 2


@pytest.mark.parametrize("what", ["", "   \n\t", "\u200b\u2060\ufeff", "\u3164"])
async def test_nothing_is_refused_kindly_and_the_draft_stays(desks: Desks, what: str) -> None:
    actor = await desks.actor(PUPIL)
    draft = await desks.reports.draft(SCHOOL, PUPIL, origin="dm", what="ik word gepest")
    with pytest.raises(InputError) as told:
        await desks.reports.file(actor, draft, anonymous=False, what=what)
    assert told.value.key == "error.report.empty"
    assert await desks.reports.draft_text(actor, draft) == "ik word gepest"


async def test_too_much_is_refused_with_the_figures(desks: Desks) -> None:
    with pytest.raises(InputError) as told:
        await desks.filed(what="x" * (WHAT_LIMIT + 1))
    assert told.value.values == {"limit": "2000", "length": "2001"}


async def test_a_form_sent_twice_is_one_report(desks: Desks) -> None:
    actor = await desks.actor(PUPIL)
    draft = await desks.reports.draft(SCHOOL, PUPIL, origin="command")
    first = await desks.reports.file(actor, draft, anonymous=True, what="ze doen gemeen")
    again = await desks.reports.file(actor, draft, anonymous=True, what="ze doen gemeen")
    assert (again.report, again.number) == (first.report, first.number)
    assert len(await desks.core.rows(alert)) == 1
    other = await desks.reports.file(actor, draft, anonymous=True, what="en nu nog iets")
    assert other.number == 2


async def test_the_draft_of_somebody_else_is_never_touched(desks: Desks) -> None:
    draft = await desks.reports.draft(SCHOOL, TARGET, origin="dm", what="van Noor")
    actor = await desks.actor(PUPIL)
    assert await desks.reports.draft_text(actor, draft) == ""
    receipt = await desks.reports.file(actor, draft, anonymous=False, what="van Daan")
    assert receipt.report != draft
    assert await desks.reports.draft_text(await desks.actor(TARGET), draft) == "van Noor"


async def test_a_draft_is_erased_after_a_day_with_all_that_came_with_it(desks: Desks) -> None:
    file = KeptFile("foto.png", b"beeld")
    await desks.reports.draft(SCHOOL, PUPIL, origin="dm", what="GEHEIM", files=[file], evidence=a_message("stom"))
    filed = await desks.filed()
    await desks.core.advance(hours=23, minutes=59)
    assert len(await desks.core.rows(report)) == 2
    await desks.core.advance(minutes=2)
    assert [row["id"] for row in await desks.core.rows(report)] == [filed.report]
    assert await desks.core.rows(evidence) == []
    assert [path for path in (desks.core.state / "files").rglob("*") if path.is_file()] == []


async def test_a_report_after_its_draft_was_erased_is_not_lost(desks: Desks) -> None:
    actor = await desks.actor(PUPIL)
    draft = await desks.reports.draft(SCHOOL, PUPIL, origin="command")
    await desks.core.advance(days=2)
    receipt = await desks.reports.file(actor, draft, anonymous=True, what="toch nog")
    assert receipt.number == 1


async def test_a_filed_report_has_no_draft_timer_that_harms_it(desks: Desks) -> None:
    receipt = await desks.filed()
    await desks.core.advance(days=3)
    assert (await desks.reports.mine(await desks.actor(PUPIL)))[0].id == receipt.report
    assert [row for row in await desks.core.rows(timer) if row["kind"] == "draft" and row["done_at"] is None] == []


async def test_a_report_from_the_menu_keeps_the_message_and_what_becomes_of_it(desks: Desks) -> None:
    message = a_message("jij hoort er niet bij", author=a_person(TARGET, "Noor"))
    draft = await desks.reports.draft(
        SCHOOL, PUPIL, origin="menu", class_name=CLASS, channel=message.channel, message=message.id, evidence=message
    )
    actor = await desks.actor(PUPIL)
    receipt = await desks.reports.file(actor, draft, anonymous=True, what="dit")
    for later in (an_edit(message, "grapje"), an_edit(message, "grapje"), a_message("iets anders")):
        await desks.core.watch.handle(later)
    await desks.core.watch.deleted(SCHOOL, message.channel, message.id)
    await desks.core.watch.deleted(SCHOOL, message.channel, message.id)
    assert [row["kind"] for row in await desks.core.rows(evidence)] == ["message", "edit", "deletion"]
    view = await desks.reports.view(await desks.actor(TEACHER), receipt.report)
    assert view.message is not None
    assert (view.message.author, view.message.text, view.message.url) == (TARGET, message.text, message.url)


async def test_files_are_kept_encrypted_and_given_back_to_staff(desks: Desks) -> None:
    actor = await desks.actor(PUPIL)
    draft = await desks.reports.draft(SCHOOL, PUPIL, origin="command")
    file = KeptFile("GEHEIM.png", b"GEHEIM-BEELD" * 50, "image/png")
    receipt = await desks.reports.file(actor, draft, anonymous=False, what="kijk", files=[file])
    teacher = await desks.actor(TEACHER)
    shown = (await desks.reports.view(teacher, receipt.report)).files[0]
    assert (shown.name, shown.size) == ("GEHEIM.png", 600)
    assert await desks.reports.report_file(teacher, receipt.report, shown.evidence) == file
    await desks.core.database.engine.dispose()
    kept = [path for path in desks.core.state.rglob("*") if path.is_file()]
    assert [path for path in kept if b"GEHEIM" in path.read_bytes() or "GEHEIM" in path.name] == []


@pytest.mark.parametrize(
    "files", [[KeptFile("x", b"")] * 6, [KeptFile("x", b"\0" * (10 * 1024 * 1024 + 1))]], ids=["many", "large"]
)
async def test_too_many_or_too_large_files_are_refused(desks: Desks, files: list[KeptFile]) -> None:
    with pytest.raises(InputError):
        await desks.reports.draft(SCHOOL, PUPIL, origin="dm", files=files)


@pytest.mark.parametrize(
    ("who", "left_out"),
    [
        ("meester Jan", [TEACHER]),
        ("mr. bakker", [TEACHER]),
        ("JAN BAKKER doet dit", [TEACHER]),
        (f"<@{TEACHER}>", [TEACHER]),
        ("Jan", [TEACHER]),
        ("juf Ánna", [SECOND]),
        ("Daan uit de klas", []),
        ("Janneke", []),
        ("de bakkers", []),
        ("", []),
    ],
)
async def test_staff_named_as_who_did_it_are_left_out(desks: Desks, who: str, left_out: list[str]) -> None:
    desks.core.roster.add(SCHOOL, a_member(TEACHER, "Jan Bakker"), a_member(SECOND, "Juf Anna"))
    await desks.filed(who=who)
    assert (await desks.core.rows(report))[0]["left_out"] == left_out


async def test_a_report_about_the_teacher_goes_to_the_supervisor_alone(desks: Desks) -> None:
    desks.core.roster.add(SCHOOL, a_member(TEACHER, "Jan Bakker"))
    await desks.filed(who="meester Jan")
    await desks.core.runner.drain()
    assert {one.receiver.id for one in desks.core.messenger.sent if one.kind == "alert"} <= {SUPERVISOR, COORDINATOR}
    await desks.core.advance(days=3)
    assert TEACHER not in {one.receiver.id for one in desks.core.messenger.sent}
    assert STAFF_CHANNEL not in {one.receiver.id for one in desks.core.messenger.sent if "bare" not in one.values}


async def test_a_pupil_chooses_the_coordinator_and_no_teacher_is_told(desks: Desks) -> None:
    receipt = await desks.filed(receiver="coordinator")
    await desks.core.runner.drain()
    assert [line.key for line in receipt.receivers] == ["coordinator"]
    assert {one.receiver.id for one in desks.core.messenger.sent} == {COORDINATOR}


async def test_a_report_about_a_message_of_a_teacher_leaves_that_teacher_out(desks: Desks) -> None:
    message = a_message("jij bent lui", author=a_person(SECOND, "Anna"))
    draft = await desks.reports.draft(SCHOOL, PUPIL, origin="menu", class_name=CLASS, evidence=message)
    await desks.reports.file(await desks.actor(PUPIL), draft, anonymous=True, what="dit")
    assert (await desks.core.rows(report))[0]["left_out"] == [SECOND]


async def test_screening_that_breaks_loses_no_report() -> None:
    async with the_desks() as desks:

        async def broken(_text: str) -> None:
            raise RuntimeError

        desks.reports._clerk._judge = broken  # type: ignore[assignment]
        assert (await desks.filed()).severity is Severity.ALERT


async def test_reporting_stands_in_the_audit_log(desks: Desks) -> None:
    receipt = await desks.filed()
    rows = [row for row in await desks.core.rows(audit) if row["verb"] == "report"]
    assert [row["subject"] for row in rows] == [f"report:{receipt.report}"]


async def test_a_private_message_in_despair_reaches_adults_though_no_button_is_pressed(desks: Desks) -> None:
    pupil = await desks.actor(PUPIL)
    draft = await desks.reports.draft(SCHOOL, PUPIL, origin="dm", what="ik wil niet meer leven")
    await desks.reports.distress(pupil, draft)
    await desks.reports.distress(pupil, draft)
    await desks.core.runner.drain()
    assert desks.core.messenger.kinds(COORDINATOR) == ["crisis"]
    assert [row["receiver_kind"] for row in await desks.core.rows(outbox) if row["kind"] == "crisis_pupil"] == [
        "reporter"
    ]
    await desks.core.advance(days=2)
    view = await desks.reports.view(await desks.actor(COORDINATOR), draft)
    assert (view.what, view.reporter, view.can_open_seal) == ("ik wil niet meer leven", None, True)
    assert (await desks.alerts())[0].report_id == draft
    receipt = await desks.reports.file(pupil, draft, anonymous=False, what="ik wil niet meer leven", since="lang")
    view = await desks.reports.view(await desks.actor(COORDINATOR), draft)
    assert (receipt.report, view.reporter, view.since) == (draft, PUPIL, "lang")


async def test_when_all_who_lead_are_accused_the_class_teacher_gets_it() -> None:
    async with the_desks(a_school(supervisor=f"user:{COORDINATOR}")) as desks:
        desks.core.roster.add(SCHOOL, a_member(COORDINATOR, "Els de Wit"))
        receipt = await desks.filed(who="Els de Wit")
        await desks.core.runner.drain()
        assert receipt.left_out
        assert COORDINATOR not in {one.receiver.id for one in desks.core.messenger.sent}
        assert (await desks.reports.view(await desks.actor(TEACHER), receipt.report)).what


async def test_who_is_told_of_despair_may_read_and_take_it() -> None:
    async with the_desks(a_school(crisis=[f"user:{THIRD}"])) as desks:
        draft = await desks.reports.draft(SCHOOL, PUPIL, origin="dm", what="ik wil niet meer leven")
        await desks.reports.distress(await desks.actor(PUPIL), draft)
        adult = await desks.actor(THIRD)
        await desks.review.take(adult, (await desks.alerts())[0].id)
        assert (await desks.reports.view(adult, draft)).taken_by == THIRD
        await desks.reports.answer(adult, draft, "Ik ben er. Bel me, of kom langs.")
        filed = await desks.filed(what="ik wil niet meer leven")
        assert (await desks.reports.view(adult, filed.report)).what
