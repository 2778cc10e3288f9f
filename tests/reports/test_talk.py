"""The talk with the pupil, the seal of an anonymous report, and what waits behind "Mijn berichten"."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from bot.errors import InputError, NotAllowedError, NotFoundError, WrongStateError
from bot.reports.facts import ReportState
from bot.storage.tables import alert, audit, case_, metadata, outbox, report
from tests.builders import (
    COORDINATOR,
    MODERATOR,
    OTHER_TEACHER,
    PUPIL,
    SCHOOL,
    SECOND,
    SUPERVISOR,
    TARGET,
    TEACHER,
    THIRD,
    a_member,
    a_message,
)
from tests.desks import Desks


async def taken(desks: Desks, *, anonymous: bool = False, by: str = TEACHER, **fields: str) -> int:
    """A report that somebody took up."""
    receipt = await desks.filed(anonymous=anonymous, **fields)
    await desks.review.take(await desks.actor(by), (await desks.alerts())[0].id)
    return receipt.report


async def everything(desks: Desks) -> str:
    """All that the database says, as text."""
    told = []
    async with desks.core.database.read() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(select(table))).mappings()
            told += [json.dumps({**row}, default=repr) for row in rows]
    return "\n".join(told)


async def test_the_pupil_hears_that_somebody_took_it_up_once(desks: Desks) -> None:
    await taken(desks)
    await desks.core.runner.drain()
    told = [(one.kind, one.values) for one in desks.core.messenger.to(PUPIL)]
    assert told == [("report_taken", {"number": "1", "by": TEACHER})]
    assert [row["state"] for row in await desks.core.rows(report)] == [ReportState.TAKEN]


async def test_an_answer_goes_to_the_pupil_and_back(desks: Desks) -> None:
    number = await taken(desks)
    teacher, pupil = await desks.actor(TEACHER), await desks.actor(PUPIL)
    line = await desks.reports.answer(teacher, number, "Ik kom zo bij je.")
    await desks.reports.write(pupil, number, "dankje")
    await desks.core.runner.drain()
    told = desks.core.messenger.to(PUPIL)[-1]
    assert (told.kind, told.subject, told.values["talk"]) == ("report_answer", number, str(line))
    assert await desks.reports.talk_text(SCHOOL, number, line) == "Ik kom zo bij je."
    assert desks.core.messenger.kinds(TEACHER)[-1] == "report_said"
    view = await desks.reports.view(teacher, number)
    assert [(one.direction, one.text) for one in view.talk] == [("out", "Ik kom zo bij je."), ("in", "dankje")]
    own = (await desks.reports.mine(pupil))[0]
    assert [one.text for one in own.talk] == ["Ik kom zo bij je.", "dankje"]


async def test_a_report_is_answered_after_it_was_taken_up(desks: Desks) -> None:
    receipt = await desks.filed()
    with pytest.raises(WrongStateError) as told:
        await desks.reports.answer(await desks.actor(TEACHER), receipt.report, "hoi")
    assert told.value.key == "error.report.take_first"


async def test_closing_tells_the_pupil_and_ends_the_alert(desks: Desks) -> None:
    number = await taken(desks)
    teacher = await desks.actor(TEACHER)
    await desks.reports.close(teacher, number, "Het is opgelost.")
    await desks.core.runner.drain()
    assert desks.core.messenger.kinds(PUPIL)[-1] == "report_closed"
    assert [(row["state"], row["outcome"]) for row in await desks.core.rows(alert)] == [("closed", "answered")]
    assert await desks.review.queue(teacher) == []
    with pytest.raises(WrongStateError):
        await desks.reports.close(teacher, number)


async def test_a_pupil_who_writes_after_closing_is_heard(desks: Desks) -> None:
    number = await taken(desks)
    await desks.reports.close(await desks.actor(TEACHER), number)
    await desks.reports.write(await desks.actor(PUPIL), number, "het begint weer")
    await desks.core.runner.drain()
    assert desks.core.messenger.kinds(TEACHER)[-1] == "report_said"
    assert (await desks.core.rows(report))[0]["state"] == ReportState.TAKEN


async def test_words_of_despair_in_the_talk_take_the_crisis_road(desks: Desks) -> None:
    number = await taken(desks, anonymous=True)
    await desks.reports.write(await desks.actor(PUPIL), number, "ik wil niet meer leven")
    await desks.core.runner.drain()
    assert "crisis" in desks.core.messenger.kinds(COORDINATOR)


async def test_empty_words_are_refused(desks: Desks) -> None:
    number = await taken(desks)
    for user, act in ((TEACHER, desks.reports.answer), (PUPIL, desks.reports.write)):
        with pytest.raises(InputError):
            await act(await desks.actor(user), number, " \u200b ")


async def test_only_its_maker_writes_to_a_report(desks: Desks) -> None:
    number = await taken(desks)
    for user in (TARGET, THIRD, TEACHER, COORDINATOR):
        with pytest.raises(NotFoundError):
            await desks.reports.write(await desks.actor(user), number, "hoi")


async def test_who_was_not_chosen_does_not_read_it(desks: Desks) -> None:
    receipt = await desks.filed(receiver="coordinator")
    for user in (TEACHER, SECOND, OTHER_TEACHER, MODERATOR, SUPERVISOR, TARGET, PUPIL):
        with pytest.raises(NotAllowedError):
            await desks.reports.view(await desks.actor(user), receipt.report)
    assert (await desks.reports.view(await desks.actor(COORDINATOR), receipt.report)).what


async def test_the_class_reads_it_by_default_and_others_do_not(desks: Desks) -> None:
    receipt = await desks.filed()
    for user in (TEACHER, SECOND, COORDINATOR):
        assert (await desks.reports.view(await desks.actor(user), receipt.report)).reporter == PUPIL
    for user in (OTHER_TEACHER, MODERATOR, TARGET):
        with pytest.raises(NotAllowedError):
            await desks.reports.view(await desks.actor(user), receipt.report)


async def test_a_moderator_does_not_come_to_read_a_report_by_taking_it(desks: Desks) -> None:
    await desks.filed()
    with pytest.raises(NotAllowedError):
        await desks.review.take(await desks.actor(MODERATOR), (await desks.alerts())[0].id)
    assert [row["claimed_by"] for row in await desks.core.rows(alert)] == [None]


async def test_whom_a_report_is_about_neither_reads_nor_takes_it(desks: Desks) -> None:
    desks.core.roster.add(SCHOOL, a_member(TEACHER, "Jan Bakker"))
    receipt = await desks.filed(who="meester Jan")
    accused, number = await desks.actor(TEACHER), (await desks.alerts())[0].id
    for act in (
        desks.reports.view(accused, receipt.report),
        desks.reports.close(accused, receipt.report),
        desks.review.take(accused, number),
        desks.cases.open_from(accused, number),
    ):
        with pytest.raises((NotAllowedError, WrongStateError)):
            await act
    supervisor = await desks.actor(SUPERVISOR)
    await desks.review.take(supervisor, number)
    assert (await desks.reports.view(supervisor, receipt.report)).taken_by == SUPERVISOR
    await desks.reports.answer(supervisor, receipt.report, "Ik zoek het uit.")


async def test_an_anonymous_report_is_linked_to_its_maker_nowhere(desks: Desks) -> None:
    number = await taken(desks, anonymous=True)
    teacher, pupil = await desks.actor(TEACHER), await desks.actor(PUPIL)
    await desks.reports.answer(teacher, number, "Dank je.")
    await desks.reports.write(pupil, number, "oké")
    await desks.reports.close(teacher, number, "klaar")
    await desks.core.runner.drain()
    about = [row for row in await desks.core.rows(outbox) if row["receiver_kind"] == "reporter"]
    assert {row["state"] for row in about} == {"sent"}
    assert {(row["sent_channel"], row["sent_message"]) for row in about} == {(None, None)}
    assert (await desks.reports.view(teacher, number)).reporter is None
    assert (await desks.alerts())[0].author is None
    assert PUPIL not in await everything(desks)
    marks = {row["reporter_mark"] for row in await desks.core.rows(report)}
    said = (await everything(desks)).count(marks.pop())
    assert said == 1


async def test_the_audit_log_of_an_anonymous_report_has_no_pseudonym_of_the_pupil(desks: Desks) -> None:
    await desks.filed(what="met naam")
    named = (await desks.core.rows(audit))[-1]["actor"]
    await desks.filed(anonymous=True)
    assert (await desks.core.rows(audit))[-1]["actor"] != named


async def test_an_anonymous_pupil_finds_the_own_reports_and_nobody_elses(desks: Desks) -> None:
    await taken(desks, anonymous=True)
    assert [one.number for one in await desks.reports.mine(await desks.actor(PUPIL))] == [1]
    assert await desks.reports.mine(await desks.actor(TARGET)) == []


async def test_a_private_message_leaves_no_trace_of_its_channel(desks: Desks) -> None:
    await desks.reports.draft(SCHOOL, PUPIL, origin="dm", what="x", channel="999", message="998")
    row = (await desks.core.rows(report))[0]
    assert (row["channel"], row["message"]) == (None, None)


async def test_the_seal_is_opened_by_a_coordinator_with_a_reason_and_the_pupil_hears_it(desks: Desks) -> None:
    number = await taken(desks, anonymous=True)
    for user in (TEACHER, SECOND, MODERATOR, SUPERVISOR, TARGET):
        with pytest.raises(NotAllowedError):
            await desks.reports.open_seal(await desks.actor(user), number, "gevaar")
    coordinator = await desks.actor(COORDINATOR)
    with pytest.raises(InputError):
        await desks.reports.open_seal(coordinator, number, "  ")
    assert await desks.reports.open_seal(coordinator, number, "Noor is in gevaar") == PUPIL
    assert [row["verb"] for row in await desks.core.rows(audit)][-1] == "open_seal"
    view = await desks.reports.view(coordinator, number)
    assert (view.reporter, view.seal_opened_by) == (None, COORDINATOR)
    told = [row for row in await desks.core.rows(outbox) if row["kind"] == "pupil_note"]
    assert [(row["receiver_kind"], row["values"]) for row in told] == [
        ("reporter", {"text": "reports.seal.told", "number": "1"})
    ]


async def test_a_report_by_name_has_no_seal(desks: Desks) -> None:
    number = await taken(desks)
    with pytest.raises(WrongStateError):
        await desks.reports.open_seal(await desks.actor(COORDINATOR), number, "gevaar")


@pytest.mark.parametrize("anonymous", [True, False])
async def test_what_was_refused_waits_until_it_was_shown(desks: Desks, *, anonymous: bool) -> None:
    number = await taken(desks, anonymous=anonymous)
    desks.core.messenger.closed |= {PUPIL, str(number)}
    await desks.reports.answer(await desks.actor(TEACHER), number, "Kom even langs.")
    await desks.core.runner.drain()
    pupil = await desks.actor(PUPIL)
    assert (await desks.reports.mine(pupil))[0].unread == 1
    waiting = await desks.reports.waiting(pupil)
    assert [(one.kind, one.number, one.text) for one in waiting] == [
        ("report_taken", 1, None),
        ("report_answer", 1, "Kom even langs."),
    ]
    assert await desks.reports.waiting(pupil) == waiting  # nobody said that it was shown
    await desks.reports.read(pupil, waiting[:1])
    assert await desks.reports.waiting(pupil) == waiting[1:]
    await desks.reports.read(pupil, waiting[1:])
    assert await desks.reports.waiting(pupil) == []
    assert "refused" not in {row["state"] for row in await desks.core.rows(outbox)}
    assert (await desks.reports.mine(pupil))[0].unread == 0


async def test_what_arrived_does_not_wait(desks: Desks) -> None:
    number = await taken(desks)
    await desks.reports.answer(await desks.actor(TEACHER), number, "Kom even langs.")
    await desks.core.runner.drain()
    assert await desks.reports.waiting(await desks.actor(PUPIL)) == []


async def test_nobody_reads_what_waits_for_another(desks: Desks) -> None:
    number = await taken(desks, anonymous=True)
    await desks.reports.answer(await desks.actor(TEACHER), number, "Kom even langs.")
    assert await desks.reports.waiting(await desks.actor(TARGET)) == []


async def test_a_case_from_a_report_closes_it_when_it_ends(desks: Desks) -> None:
    number = await taken(desks, anonymous=True)
    teacher = await desks.actor(TEACHER)
    case = await desks.cases.open_from(teacher, (await desks.alerts())[0].id)
    assert (await desks.cases.reading.view(teacher, case)).reports == (number,)
    await desks.cases.close(teacher, case, "S1", "opgelost")
    rows = [row["kind"] for row in await desks.core.rows(outbox) if row["receiver_kind"] == "reporter"]
    assert rows == ["report_taken", "report_closed"]
    assert (await desks.core.rows(report))[0]["state"] == ReportState.CLOSED
    assert len(await desks.core.rows(case_)) == 1


async def test_the_message_of_a_report_names_who_did_it(desks: Desks) -> None:
    message = a_message("rot op", mentions=())
    draft = await desks.reports.draft(SCHOOL, TARGET, origin="menu", evidence=message)
    await desks.reports.file(await desks.actor(TARGET), draft, anonymous=True, what="dit")
    teacher = await desks.actor(TEACHER)
    case = await desks.cases.open_from(teacher, (await desks.alerts())[0].id)
    view = await desks.cases.reading.view(teacher, case)
    assert (view.did, view.hurt) == ((PUPIL,), ())
    lines = await desks.cases.reading.evidence(teacher, case)
    assert [(one.kind, one.text) for one in lines] == [("message", "rot op")]


async def test_what_a_pupil_wrote_is_nowhere_readable(desks: Desks) -> None:
    number = await taken(desks, what="PLANT-WAT", who="PLANT-WIE", since="PLANT-SINDS")
    await desks.reports.answer(await desks.actor(TEACHER), number, "PLANT-ANTWOORD")
    await desks.reports.write(await desks.actor(PUPIL), number, "PLANT-TERUG")
    await desks.core.database.engine.dispose()
    kept = [path for path in desks.core.state.rglob("*") if path.is_file()]
    assert [path for path in kept if b"PLANT" in path.read_bytes()] == []
