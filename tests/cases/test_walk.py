"""A case walks through its steps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cases.facts import Action, Answer, CaseState
from bot.cases.protocol import Protocols
from bot.cases.store import CaseStore
from bot.errors import InputError, NotAllowedError, NotFoundError, TakenError, WrongStateError
from bot.reports.facts import KeptFile
from bot.storage.tables import audit, case_, case_event, evidence, followup, outbox, report
from tests.builders import (
    COORDINATOR,
    MODERATOR,
    OTHER_SCHOOL,
    OTHER_TEACHER,
    PUPIL,
    SECOND,
    TARGET,
    TEACHER,
    a_message,
    a_school,
)
from tests.desks import Desks, the_desks


async def test_a_case_opens_at_s1_with_the_pupils_that_the_message_names(desks: Desks) -> None:
    case = await desks.a_case()
    view = await desks.cases.reading.view(await desks.actor(TEACHER), case)
    assert (view.number, view.state, view.step.id, view.owner) == (1, CaseState.OPEN, "S1", TEACHER)
    assert (view.did, view.hurt) == ((PUPIL,), (TARGET,))
    assert view.forms == ("F1",)
    assert view.step.ready


async def test_a_case_keeps_which_protocol_opened_it(desks: Desks) -> None:
    await desks.a_case()
    opened = (await desks.core.rows(case_event))[0]
    assert opened["detail"] == f"protocol {desks.protocols.of('').hash[:40]}"


async def test_a_case_walks_from_the_first_step_to_the_last_look(desks: Desks) -> None:
    case, actor, view = await desks.at("S7")
    assert [one.state for one in view.steps] == ["done"] * 6 + ["now", "ahead"]
    assert view.agreement == "gepraat"
    assert view.agreement_date == "2026-12-08"
    assert [look.state for look in view.followups] == ["planned"] * 3
    await desks.core.advance(days=35)
    for look in (await desks.cases.reading.view(actor, case)).followups:
        view = await desks.cases.followup(actor, look.id, Answer.STOPPED)
    assert view.step.ready
    view = await desks.cases.done(actor, case, "S7")
    assert (view.state, view.outcome, view.actions) == (CaseState.CLOSED, "stopped", (Action.DOSSIER, Action.REOPEN))
    assert [one.state for one in view.steps] == ["done"] * 7 + ["ahead"]


async def test_a_step_that_lacks_something_says_what(desks: Desks) -> None:
    case, actor, _ = await desks.at("S5")
    with pytest.raises(WrongStateError) as told:
        await desks.cases.done(actor, case, "S5")
    assert told.value.key == "error.case.not_ready"
    assert told.value.values["need"] == "Ouders van de gepeste leerling gesproken"


async def test_a_needed_note_is_asked_for(desks: Desks) -> None:
    case, actor, _ = await desks.at("S2")
    for empty in ("", "  \n", "\u200b\u2060"):
        with pytest.raises(InputError) as told:
            await desks.cases.done(actor, case, "S2", note=empty)
        assert told.value.key == "error.case.note"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("", "date_missing"),
        ("ooit", "date_unclear"),
        ("2026-13-40", "date_unclear"),
        ("01-11-2026", "date_past"),
        ("2031-01-01", "date_far"),
    ],
)
async def test_agreements_without_a_usable_date_are_refused_kindly(desks: Desks, written: str, key: str) -> None:
    case, actor, _ = await desks.at("S6")
    with pytest.raises(InputError) as told:
        await desks.cases.agreement(actor, case, "S6", note="niet schelden", date=written)
    assert told.value.key == f"error.case.{key}"


async def test_a_step_is_skipped_only_with_a_reason(desks: Desks) -> None:
    case, actor, _ = await desks.at("S2")
    with pytest.raises(InputError):
        await desks.cases.skip(actor, case, "S2", "  ")
    view = await desks.cases.skip(actor, case, "S2", "al gepraat bij de deur")
    assert view.step.id == "S3"
    assert view.steps[1].state == "skipped"


async def test_back_goes_to_the_step_the_case_came_from(desks: Desks) -> None:
    case, actor, _ = await desks.at("S3")
    assert (await desks.cases.back(actor, case, "S3")).step.id == "S2"
    assert (await desks.cases.back(actor, case, "S2", "opnieuw")).step.id == "S1"
    with pytest.raises(WrongStateError):
        await desks.cases.back(actor, case, "S1")


async def test_a_button_of_an_older_step_says_where_the_case_is_now(desks: Desks) -> None:
    case, actor, _ = await desks.at("S3")
    with pytest.raises(WrongStateError) as told:
        await desks.cases.done(actor, case, "S2", note="nog eens")
    assert told.value.key == "error.case.elsewhere"
    assert (told.value.values["step"], told.value.values["number"]) == ("S3", "1")
    assert (await desks.cases.reading.view(actor, case)).step.id == "S3"


async def test_of_two_people_who_press_done_one_wins(desks: Desks) -> None:
    case, actor, _ = await desks.at("S3")
    second = await desks.actor(SECOND)
    await desks.cases.done(actor, case, "S3")
    with pytest.raises(WrongStateError):
        await desks.cases.done(second, case, "S3")
    assert (await desks.cases.reading.view(second, case)).step.id == "S4"


async def test_a_check_mark_can_be_taken_away(desks: Desks) -> None:
    case, actor, _ = await desks.at("S5")
    view = await desks.cases.check(actor, case, "S5", "parents_did")
    assert [check.ticked for check in view.step.checks] == [False, True]
    view = await desks.cases.check(actor, case, "S5", "parents_did", ticked=False)
    assert [check.ticked for check in view.step.checks] == [False, False]


async def test_closing_before_it_stopped_needs_a_reason(desks: Desks) -> None:
    case, actor, _ = await desks.at("S3")
    with pytest.raises(InputError):
        await desks.cases.close(actor, case, "S3", " ")
    view = await desks.cases.close(actor, case, "S3", "verhuisd")
    assert (view.state, view.outcome) == (CaseState.CLOSED, "reason")
    with pytest.raises(WrongStateError) as told:
        await desks.cases.done(actor, case, "S3")
    assert told.value.key == "error.case.closed"


async def test_a_closed_case_opens_again_with_a_reason_and_looks_anew(desks: Desks) -> None:
    case, actor, _ = await desks.at("S7")
    await desks.cases.close(actor, case, "S7", "vergissing")
    with pytest.raises(InputError):
        await desks.cases.reopen(actor, case, "")
    view = await desks.cases.reopen(actor, case, "toch niet gestopt")
    assert (view.state, view.step.id) == (CaseState.OPEN, "S7")
    assert [look.state for look in view.followups] == ["planned", "planned"]


async def test_what_stands_around_becomes_evidence_only_when_a_person_asks(desks: Desks) -> None:
    said = [a_message(text) for text in ("hoi", "wat eten we", "later")]
    desks.core.history.add(*said)
    case, actor, _ = await desks.at("S3")
    flagged = (await desks.cases.reading.evidence(actor, case))[0]
    desks.core.history.add(a_message("stomme sukkel", id=flagged.message))
    assert len(await desks.core.rows(evidence)) == 1
    await desks.cases.keep_context(actor, case)
    await desks.cases.keep_context(actor, case)
    lines = await desks.cases.reading.evidence(actor, case)
    assert sorted((one.kind, one.text) for one in lines if one.kind == "context") == [
        ("context", "hoi"),
        ("context", "later"),
        ("context", "wat eten we"),
    ]


async def test_a_file_that_was_added_comes_back_unchanged(desks: Desks) -> None:
    case, actor, _ = await desks.at("S3")
    file = KeptFile("scherm.png", b"beeld", "image/png")
    view = await desks.cases.add_evidence(actor, case, files=[file])
    assert view.evidence == 2
    line = (await desks.cases.reading.evidence(actor, case))[-1]
    assert (line.kind, line.file, line.kept_by) == ("file", "scherm.png", TEACHER)
    assert await desks.cases.reading.evidence_file(actor, case, line.id) == file
    with pytest.raises(InputError):
        await desks.cases.add_evidence(actor, case, note="  ")


async def test_who_has_no_rights_is_refused_everywhere(desks: Desks) -> None:
    case, _, _ = await desks.at("S3")
    for user in (PUPIL, TARGET, OTHER_TEACHER, MODERATOR):
        actor = await desks.actor(user)
        for act in (
            desks.cases.reading.view(actor, case),
            desks.cases.done(actor, case, "S3"),
            desks.cases.skip(actor, case, "S3", "x"),
            desks.cases.close(actor, case, "S3", "x"),
            desks.cases.pupils(actor, case, hurt=(), did=()),
            desks.cases.papers.dossier(actor, case),
        ):
            with pytest.raises(NotAllowedError):
                await act
    assert await desks.cases.reading.list(await desks.actor(OTHER_TEACHER)) == []
    assert len(await desks.cases.reading.list(await desks.actor(COORDINATOR))) == 1


async def test_a_claimed_alert_is_not_opened_by_a_moderator_who_does_not_have_it(desks: Desks) -> None:
    await desks.seen()
    number = (await desks.alerts())[0].id
    await desks.review.take(await desks.actor(TEACHER), number)
    with pytest.raises(TakenError):
        await desks.cases.open_from(await desks.actor(MODERATOR), number)


async def test_an_alert_has_one_case(desks: Desks) -> None:
    await desks.a_case()
    number = (await desks.alerts())[0].id
    with pytest.raises(WrongStateError) as told:
        await desks.cases.open_from(await desks.actor(TEACHER), number)
    assert told.value.key == "error.case.exists"
    assert len(await desks.core.rows(case_)) == 1


async def test_a_refused_opening_leaves_nothing_behind(desks: Desks) -> None:
    await desks.seen()
    number = (await desks.alerts())[0].id
    with pytest.raises(NotAllowedError):
        await desks.cases.open_from(await desks.actor(OTHER_TEACHER), number)
    assert (await desks.core.rows(case_), await desks.core.rows(case_event)) == ([], [])


async def test_a_new_finding_of_the_same_pair_joins_the_open_case_first(desks: Desks) -> None:
    case = await desks.a_case()
    await desks.core.advance(hours=2)
    await desks.seen("weer een sukkel")
    number = (await desks.alerts())[-1].id
    teacher = await desks.actor(TEACHER)
    assert [(one.id, one.same_pair) for one in await desks.cases.reading.joinable(teacher, number)] == [(case, True)]
    await desks.cases.join(teacher, number, case)
    view = await desks.cases.reading.view(teacher, case)
    assert view.findings == 2
    assert (await desks.review.card(teacher.school.guild, number)).case_id == case


async def test_a_writer_in_distress_is_no_case(desks: Desks) -> None:
    await desks.seen("ik wil niet meer leven")
    with pytest.raises(WrongStateError) as told:
        await desks.cases.open_from(await desks.actor(COORDINATOR), (await desks.alerts())[0].id)
    assert told.value.key == "error.case.crisis"


async def test_pupils_are_named_by_people_and_staff_never(desks: Desks) -> None:
    case, actor, _ = await desks.at("S2")
    for hurt, did, key in (
        ((PUPIL,), (PUPIL,), "both_sides"),
        ((SECOND,), (), "no_pupil"),
        (("1",), (), "unknown_pupil"),
    ):
        with pytest.raises(InputError) as told:
            await desks.cases.pupils(actor, case, hurt=hurt, did=did)
        assert told.value.key == f"error.case.{key}"
    view = await desks.cases.pupils(actor, case, hurt=(PUPIL,), did=(TARGET,))
    assert (view.hurt, view.did) == ((PUPIL,), (TARGET,))


async def test_a_case_is_handed_over_to_somebody_who_may_lead_it(desks: Desks) -> None:
    case, actor, _ = await desks.at("S2")
    found = await desks.cases.leaders(actor, case)
    assert ([one.id for one in found.people], found.by_role) == ([SECOND, COORDINATOR], False)
    for other in (PUPIL, MODERATOR, OTHER_TEACHER, TEACHER):
        with pytest.raises(InputError):
            await desks.cases.hand_over(actor, case, other)
    view = await desks.cases.hand_over(actor, case, SECOND, "met verlof")
    assert (view.owner, view.events[-1].detail, view.events[-1].text) == (SECOND, SECOND, "met verlof")
    noted = [row["verb"] for row in await desks.core.rows(audit) if row["subject"] == f"case:{case}"]
    assert noted[-1] == "hand_over"


async def test_a_colleague_hears_of_a_case_and_who_had_it_hears_that_it_is_gone(desks: Desks) -> None:
    case, actor, _ = await desks.at("S2")
    await desks.cases.hand_over(actor, case, SECOND, "met verlof")
    await desks.cases.hand_over(await desks.actor(COORDINATOR), case, COORDINATOR)
    told = [row for row in await desks.core.rows(outbox) if row["kind"] == "case_handed"]
    assert [(row["subject"], row["receiver"], row["values"]["text"]) for row in told] == [
        (case, SECOND, "card.handed.yours"),
        (case, SECOND, "card.handed.others"),
    ]
    assert "met verlof" not in str(told)


async def test_a_report_goes_along_with_its_case_unless_the_pupil_chose_who_reads_it(desks: Desks) -> None:
    case, actor, _ = await desks.at("S1")
    receipts = [await desks.filed(), await desks.filed(receiver="coordinator")]
    for card in (await desks.alerts())[-2:]:
        await desks.cases.join(await desks.actor(COORDINATOR), card.id, case)
    await desks.cases.hand_over(actor, case, SECOND)
    rows = {row["id"]: row["taken_by"] for row in await desks.core.rows(report)}
    assert [rows[receipt.report] for receipt in receipts] == [SECOND, COORDINATOR]


async def test_everything_stands_in_the_audit_log(desks: Desks) -> None:
    case, actor, _ = await desks.at("S2")
    await desks.cases.skip(actor, case, "S2", "x")
    verbs = {row["verb"] for row in await desks.core.rows(audit) if row["subject"] == f"case:{case}"}
    assert {"case", "case_step"} <= verbs
    assert (await desks.core.audit.verify(actor.school.guild)).first_wrong is None


async def test_what_was_written_is_nowhere_readable(desks: Desks) -> None:
    case, actor, _ = await desks.at("S2")
    await desks.cases.done(actor, case, "S2", note="GEHEIM-PLANT")
    await desks.core.database.engine.dispose()
    kept = b"".join(path.read_bytes() for path in desks.core.state.rglob("*") if path.is_file())
    assert b"GEHEIM-PLANT" not in kept


async def test_looks_come_by_themselves_on_school_days_and_say_what_was_seen(desks: Desks) -> None:
    case, actor, view = await desks.at("S7")
    days = [look.due_at.astimezone(actor.school.zone).strftime("%a %d-%m %H:%M") for look in view.followups]
    assert days == ["Tue 01-12 08:15", "Tue 08-12 08:15", "Tue 15-12 08:15"]
    desks.core.messenger.clear()
    await desks.core.advance(days=6, hours=23)
    told = [one for one in desks.core.messenger.sent if one.kind == "followup"]
    assert [(one.receiver.id, one.values["seen"]) for one in told] == [(TEACHER, "0")]
    await desks.seen("jij bent een sukkel", at=desks.core.clock.now())
    card = await desks.cases.reading.followup_card(actor.school.guild, told[0].subject)
    assert (card.followup.seen, card.seen_now, card.last, card.case) == (0, 1, False, case)


async def test_a_look_in_the_holidays_comes_on_the_first_school_day(desks: Desks) -> None:
    case, actor, _ = await desks.at("S6")
    view = await desks.cases.done(actor, case, "S6", note="niet schelden", date="24-12-2026")
    last = view.followups[-1].due_at.astimezone(actor.school.zone)
    assert last.strftime("%Y-%m-%d %H:%M") == "2027-01-04 08:15"


async def test_a_look_is_told_once_after_a_restart(desks: Desks) -> None:
    _, actor, view = await desks.at("S7")
    await desks.core.advance(days=7)
    look = view.followups[0].id
    await desks.cases.on_followup(look, actor.school.guild)
    rows = [row for row in await desks.core.rows(outbox) if row["kind"] == "followup"]
    assert [row["subject"] for row in rows] == [look]


async def test_a_look_is_answered_once_and_not_before_its_day(desks: Desks) -> None:
    _, actor, view = await desks.at("S7")
    look = view.followups[0].id
    with pytest.raises(WrongStateError) as told:
        await desks.cases.followup(actor, look, Answer.STOPPED)
    assert told.value.key == "error.case.early"
    await desks.core.advance(days=7)
    await desks.cases.followup(actor, look, Answer.STOPPED, "gaat goed")
    with pytest.raises(WrongStateError) as told:
        await desks.cases.followup(actor, look, Answer.GOES_ON)
    assert told.value.key == "error.case.answered"


async def test_when_it_goes_on_new_agreements_or_the_police_are_offered(desks: Desks) -> None:
    case, actor, view = await desks.at("S7")
    await desks.core.advance(days=7)
    view = await desks.cases.followup(actor, view.followups[0].id, Answer.GOES_ON)
    assert {Action.POLICE, Action.AGREE_AGAIN} <= set(view.actions)
    assert not view.step.ready
    view = await desks.cases.go_on(actor, case, "S7", "S6")
    assert (view.step.id, [look.state for look in view.followups]) == ("S6", ["done"])
    view = await desks.cases.done(actor, case, "S6", note="nieuwe afspraken", date="over 2 weken")
    assert [look.state for look in view.followups] == ["done", "planned", "planned", "planned"]


async def test_the_police_file_is_made_only_after_both_consents(desks: Desks) -> None:
    case, actor, view = await desks.at("S7")
    await desks.core.advance(days=7)
    await desks.cases.followup(actor, view.followups[0].id, Answer.GOES_ON)
    view = await desks.cases.go_on(actor, case, "S7", "S8")
    assert Action.POLICE_FILE not in view.actions
    with pytest.raises(InputError):
        await desks.cases.check(actor, case, "S8", "consent_pupil")
    await desks.cases.check(actor, case, "S8", "consent_pupil", note="Noor zelf", date="gisteren")
    with pytest.raises(WrongStateError) as told:
        await desks.cases.papers.police_file(actor, case)
    assert told.value.key == "error.case.no_consent"
    view = await desks.cases.check(actor, case, "S8", "consent_parents", note="moeder", date="30-11-2026")
    assert [(check.note, check.date) for check in view.step.checks] == [
        ("Noor zelf", "2026-11-30"),
        ("moeder", "2026-11-30"),
    ]
    assert Action.POLICE_FILE in view.actions
    view = await desks.cases.done(actor, case, "S8")
    assert view.outcome == "reported"


async def test_skipping_the_looks_leads_to_the_police_step(desks: Desks) -> None:
    case, actor, _ = await desks.at("S7")
    assert (await desks.cases.skip(actor, case, "S7", "het gaat door")).step.id == "S8"
    assert (await desks.cases.skip(actor, case, "S8", "ouders willen niet")).state is CaseState.CLOSED


async def test_ending_before_the_last_look_needs_words(desks: Desks) -> None:
    case, actor, _ = await desks.at("S7")
    with pytest.raises(WrongStateError):
        await desks.cases.done(actor, case, "S7", note="het gaat goed")
    await desks.core.advance(days=7)
    with pytest.raises(InputError) as told:
        await desks.cases.done(actor, case, "S7")
    assert told.value.key == "error.case.looks_left"
    view = await desks.cases.done(actor, case, "S7", note="beiden zeggen dat het over is")
    assert view.outcome == "stopped"
    assert [row["state"] for row in await desks.core.rows(followup)] == ["done", "dropped", "dropped"]
    desks.core.messenger.clear()
    await desks.core.advance(days=30)
    assert "followup" not in desks.core.messenger.kinds()


async def test_another_school_does_not_know_the_case() -> None:
    other = a_school(guild=OTHER_SCHOOL, name="Elders")
    async with the_desks(a_school(), other) as desks:
        case = await desks.a_case()
        stranger = await desks.actor(COORDINATOR, OTHER_SCHOOL)
        assert await desks.cases.reading.list(stranger) == []
        with pytest.raises(NotFoundError):
            await desks.cases.reading.view(stranger, case)
        with pytest.raises(NotFoundError):
            await desks.cases.done(stranger, case, "S1")


async def test_a_change_on_an_older_state_is_refused(desks: Desks) -> None:
    case, actor, _ = await desks.at("S2")
    store = CaseStore(vault=desks.core.vault, clock=desks.core.clock, ids=desks.core.ids)
    async with desks.core.database.write() as connection:
        standing = await store.standing(connection, actor.school.guild, case)
        await store.move(connection, standing, step="S3")
        with pytest.raises(WrongStateError) as told:
            await store.move(connection, standing, step="S4")
    assert told.value.key == "error.case.changed"
    assert (await desks.core.rows(case_))[0]["step"] == "S3"


async def test_a_step_that_the_school_took_out_stands_at_the_one_before(desks: Desks) -> None:
    case, actor, _ = await desks.at("S6")
    whole = desks.protocols.of("")
    steps = tuple(step for step in whole.steps if step.id != "S6")
    desks.protocols = Protocols({"default": replace(whole, steps=steps)})
    assert (await desks.cases.reading.view(actor, case)).step.id == "S5"
