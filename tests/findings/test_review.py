"""What people do with an alert, and what others may not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.alerts.opening import NewAlert
from bot.errors import InputError, KlaswachtError, NotAllowedError, NotFoundError, TakenError, WrongStateError
from bot.findings.facts import AlertCard
from bot.people import Actor
from bot.screening.verdict import Severity, SignalName
from bot.storage.tables import alert, audit, case_, finding, report
from bot.storage.vault import Place
from bot.texts import Texts
from tests.builders import (
    CLASS,
    COORDINATOR,
    MODERATOR,
    OTHER_CLASS_CHANNEL,
    OTHER_SCHOOL,
    OTHER_TEACHER,
    PUPIL,
    SCHOOL,
    SECOND,
    STAFF_CHANNEL,
    SUPERVISOR,
    TARGET,
    TEACHER,
    Core,
    a_core,
    a_member,
    a_message,
    a_person,
    a_school,
    a_verdict,
    an_edit,
)

BAD = a_verdict()
CRISIS = a_verdict(Severity.URGENT, SignalName.CRISIS)


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        yield made


async def an_alert(core: Core, text: str = "stomme koe", **changes: object) -> int:
    await core.say(text, BAD, **changes)
    return int((await core.rows(alert))[-1]["id"])


async def an_open_case(core: Core) -> int:
    case = core.ids.new()
    row = {"school": SCHOOL, "number": 7, "state": "open", "step": "S1", "owner": TEACHER, "forms": []}
    async with core.database.write() as connection:
        await connection.execute(case_.insert().values(id=case, created_at=core.clock.now(), **row))
    return case


async def test_the_card_says_who_where_how_urgent_and_why_and_no_word_of_it(core: Core) -> None:
    card = await core.review.card(SCHOOL, await an_alert(core))
    assert (card.author, card.target, card.class_name, card.severity) == (PUPIL, TARGET, CLASS, Severity.ALERT)
    assert [(one.signal, one.rule) for one in card.signals] == [("insult", "F1")]
    assert "koe" not in repr(card)


async def test_of_two_who_click_at_once_one_wins_and_the_other_hears_who(core: Core) -> None:
    number = await an_alert(core)
    both = [await core.actor(TEACHER), await core.actor(MODERATOR)]
    results = await asyncio.gather(*(core.review.take(one, number) for one in both), return_exceptions=True)
    winners = [one for one in results if isinstance(one, AlertCard)]
    losers = [one for one in results if isinstance(one, TakenError)]
    assert [len(winners), [one.values["who"] for one in losers]] == [1, [winners[0].claimed_by]]


async def test_a_second_click_of_the_same_person_is_no_error(core: Core) -> None:
    number, teacher = await an_alert(core), await core.actor(TEACHER)
    await core.review.take(teacher, number)
    assert (await core.review.take(teacher, number)).claimed_by == TEACHER


async def test_everybody_sees_on_their_card_who_has_it(core: Core) -> None:
    number = await an_alert(core)
    await core.review.take(await core.actor(TEACHER), number)
    await core.runner.drain()
    assert sorted(d.receiver.id for d in core.messenger.refreshed) == sorted([TEACHER, STAFF_CHANNEL])


async def test_showing_gives_text_edits_files_context_and_history_and_is_written_down(core: Core) -> None:
    await an_alert(core, "eerder")
    core.clock.forward(hours=2)
    for text in ("hoi", "hallo"):
        core.history.add(a_message(text))
    message = await core.say("stomme koe", BAD)
    core.history.add(a_message("ja doei"))
    await core.watch.handle(an_edit(message, "lieve koe"))
    await core.watch.deleted(SCHOOL, message.channel, message.id)
    number = (await core.rows(alert))[-1]["id"]
    shown = await core.review.show(await core.actor(TEACHER), number)
    (kept,) = shown.messages
    assert [kept.text, [text for _, text in kept.edited], kept.deleted_at] == [
        "stomme koe",
        ["lieve koe"],
        core.clock.now(),
    ]
    assert [one.text for one in shown.context][-2:] == ["stomme koe", "ja doei"]
    assert (shown.history.findings, shown.history.dismissed) == (1, 0)
    assert [(row["verb"], row["subject"]) for row in await core.rows(audit)] == [("show", f"alert:{number}")]


async def test_nothing_wrong_needs_a_reason_and_closes_it(core: Core) -> None:
    number, teacher = await an_alert(core), await core.actor(TEACHER)
    with pytest.raises(InputError):
        await core.review.dismiss(teacher, number, "  ")
    card = await core.review.dismiss(teacher, number, "grapje onder vrienden")
    (row,) = await core.rows(finding)
    sealed = core.vault.open(Place(SCHOOL, "finding", "reason_sealed", row["id"]), row["reason_sealed"])
    assert (card.state, card.outcome, row["state"], sealed) == (
        "closed",
        "dismissed",
        "dismissed",
        "grapje onder vrienden",
    )
    with pytest.raises(WrongStateError):
        await core.review.take(await core.actor(MODERATOR), number)


async def test_a_decision_can_be_changed(core: Core) -> None:
    number, teacher = await an_alert(core), await core.actor(TEACHER)
    await core.review.dismiss(teacher, number, "grapje")
    card = await core.review.reopen(await core.actor(COORDINATOR), number, "toch niet")
    assert (card.state, card.claimed_by, card.outcome) == ("claimed", COORDINATOR, None)
    with pytest.raises(WrongStateError):
        await core.review.reopen(teacher, number, "nog eens")


async def test_after_a_claim_another_moderator_decides_no_more_but_the_class_teacher_may(core: Core) -> None:
    core.roster.add(SCHOOL, a_member("42", "Ma", "1100000000000000401"))
    number = await an_alert(core)
    await core.review.take(await core.actor(MODERATOR), number)
    with pytest.raises(TakenError):
        await core.review.dismiss(await core.actor("42"), number, "niks")
    assert (await core.review.dismiss(await core.actor(SECOND), number, "niks")).state == "closed"


async def test_an_alert_goes_into_a_case_with_its_findings(core: Core) -> None:
    number, case = await an_alert(core), await an_open_case(core)
    async with core.database.write() as connection:
        await core.review.link_case(connection, await core.actor(TEACHER), number, case)
    card = await core.review.card(SCHOOL, number)
    assert (card.state, card.outcome, card.case_id, card.case_number) == ("closed", "case", case, 7)
    with pytest.raises(WrongStateError) as error:
        await core.review.dismiss(await core.actor(TEACHER), number, "toch niet")
    assert error.value.key == "error.alert.in_case"


async def test_passing_on_tells_the_coordinator_and_keeps_the_note(core: Core) -> None:
    number, teacher = await an_alert(core), await core.actor(TEACHER)
    await core.review.take(teacher, number)
    await core.review.pass_on(teacher, number, "ik ken deze leerling te goed")
    await core.runner.drain()
    (reminder,) = [d for d in core.messenger.sent if d.kind == "alert_reminder"]
    assert reminder.values == {"why": "alerts.why.passed_on", "ping": COORDINATOR}
    shown = await core.review.show(await core.actor(COORDINATOR), number)
    assert [shown.card.state, [(one.by, one.text) for one in shown.notes]] == [
        "open",
        [(TEACHER, "ik ken deze leerling te goed")],
    ]


async def test_removing_takes_the_message_away_and_keeps_the_evidence(core: Core) -> None:
    number = await an_alert(core)
    card = await core.review.remove(await core.actor(MODERATOR), number)
    assert [card.removed, len(core.messenger.removed)] == [True, 1]
    assert (await core.review.show(await core.actor(TEACHER), number)).messages[0].text == "stomme koe"


async def test_a_time_out_is_for_moderators_with_a_reason(core: Core) -> None:
    number = await an_alert(core)
    await core.review.time_out(await core.actor(MODERATOR), number, 10, "bleef doorgaan")
    assert [user for _, user, _ in core.messenger.timed_out] == [PUPIL]
    with pytest.raises(NotAllowedError):
        await core.review.time_out(await core.actor(TEACHER), number, 10, "x")
    with pytest.raises(InputError):
        await core.review.time_out(await core.actor(MODERATOR), number, 0, "x")


@pytest.mark.parametrize("user", [PUPIL, TARGET, OTHER_TEACHER, SUPERVISOR])
async def test_others_may_neither_see_nor_take(core: Core, user: str) -> None:
    number = await an_alert(core)
    actor = await core.actor(user)
    for work in (core.review.show, core.review.take):
        with pytest.raises(NotAllowedError):
            await work(actor, number)


async def test_who_lost_their_roles_after_claiming_decides_no_more(core: Core) -> None:
    number = await an_alert(core)
    await core.review.take(await core.actor(MODERATOR), number)
    core.roster.take_roles(SCHOOL, MODERATOR)
    with pytest.raises(NotAllowedError):
        await core.review.dismiss(await core.actor(MODERATOR), number, "niks")


async def test_another_school_does_not_find_it() -> None:
    other = a_school(guild=OTHER_SCHOOL, staff_channel="5")
    async with a_core(a_school(), other) as core:
        number = await an_alert(core)
        stranger = Actor(other, a_member(TEACHER))
        with pytest.raises(NotFoundError):
            await core.review.show(stranger, number)
        assert await core.review.queue(stranger) == []


async def test_the_queue_is_by_urgency_and_by_class_and_holds_notices_but_no_crisis(core: Core) -> None:
    await core.say("hm", a_verdict(Severity.NOTICE))
    await core.say("stom", BAD, mentions=(), author=a_person(TARGET))
    await core.say("doodmaken", a_verdict(Severity.URGENT, SignalName.THREAT), channel=OTHER_CLASS_CHANNEL)
    await core.say("niet meer leven", CRISIS)

    async def seen(user: str) -> list[str]:
        return [card.severity.value for card in await core.review.queue(await core.actor(user))]

    assert [await seen(user) for user in (MODERATOR, TEACHER, OTHER_TEACHER)] == [
        ["urgent", "alert", "notice"],
        ["alert", "notice"],
        ["urgent"],
    ]


async def test_a_crisis_is_for_the_designated_adults_only(core: Core) -> None:
    await core.say("niet meer leven", CRISIS)
    number = (await core.rows(alert))[0]["id"]
    with pytest.raises(NotAllowedError):
        await core.review.show(await core.actor(TEACHER), number)
    shown = await core.review.show(await core.actor(COORDINATOR), number)
    assert shown.messages[0].text == "niet meer leven"


async def test_a_teacher_who_is_flagged_does_not_see_it_and_the_supervisor_does(core: Core) -> None:
    await core.say("stom", BAD, author=a_person(TEACHER))
    number = (await core.rows(alert))[0]["id"]
    for user in (TEACHER, SECOND, MODERATOR):
        with pytest.raises(NotAllowedError):
            await core.review.show(await core.actor(user), number)
    await core.review.take(await core.actor(SUPERVISOR), number)
    assert (await core.review.dismiss(await core.actor(SUPERVISOR), number, "besproken")).state == "closed"


async def test_a_flagged_coordinator_decides_nothing_about_themselves(core: Core) -> None:
    await core.say("stom", BAD, author=a_person(COORDINATOR))
    (row,) = await core.rows(alert)
    with pytest.raises(NotAllowedError):
        await core.review.take(await core.actor(COORDINATOR), row["id"])


async def test_taking_a_report_tells_its_desk(core: Core) -> None:
    number = await a_report(core)
    await core.review.take(await core.actor(TEACHER), number)
    assert core.taken == [99]
    with pytest.raises(WrongStateError):
        await core.review.dismiss(await core.actor(TEACHER), number, "niks")


async def test_an_anonymous_report_shows_no_name(core: Core) -> None:
    card = await core.review.card(SCHOOL, await a_report(core))
    assert (card.author, card.anonymous, card.report_id) == (None, True, 99)


async def a_report(core: Core) -> int:
    """An open alert about an anonymous report with id 99."""
    school = core.book.current().get(SCHOOL)
    assert school is not None
    async with core.database.write() as connection:
        number = await core.alerts.open(connection, NewAlert(school, "report", Severity.ALERT, "report", CLASS))
        sealed = core.vault.seal(Place(SCHOOL, "report", "reporter_sealed", 99), PUPIL)
        row = {
            "state": "open",
            "anonymous": True,
            "reporter_sealed": sealed,
            "reporter_mark": "x",
            "origin": "dm",
            "left_out": [],
        }
        about = {"id": 99, "school": SCHOOL, "severity": "alert", "alert": number, "created_at": core.clock.now()}
        await connection.execute(report.insert().values(**row, **about))
    return number


async def test_whatever_is_wrong_is_said_in_words(core: Core) -> None:
    texts = Texts.load(Path(__file__).parents[2] / "data" / "texts")
    with pytest.raises(KlaswachtError) as raised:
        await core.review.show(await core.actor(PUPIL), await an_alert(core))
    assert "leraren" in texts.get(raised.value.key, "nl", **raised.value.values)
