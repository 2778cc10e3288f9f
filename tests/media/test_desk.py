"""The photo road, from a post to the teacher's answer."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import insert, update

from bot.consent.facts import ConsentKind, ConsentPlace, GivenBy, Grant
from bot.errors import InputError, NotAllowedError, TakenError, WrongStateError
from bot.media.config import read_media_config
from bot.media.decide import Looked, Why
from bot.media.facts import MediaKind, People
from bot.media.ports import Readers, ReadersOf
from bot.media.store import HoldState
from bot.screening.verdict import Severity
from bot.storage.tables import alert, case_, consent_use, evidence, finding, media_hold, outbox, removed_picture
from tests.builders import (
    CLASS_CHANNEL,
    COORDINATOR,
    MODERATOR,
    PUPIL,
    SECOND,
    TARGET,
    TEACHER,
    THIRD,
    a_message,
    a_person,
    a_verdict,
)
from tests.media.conftest import DATA
from tests.media.road import Road, a_look, a_road

PRINT = "a5" * 32
LIKE = "a5" * 31 + "a4"
OTHER = "0f" * 32


@pytest_asyncio.fixture
async def road() -> AsyncIterator[Road]:
    async with a_road() as made:
        yield made


async def held(road: Road, *looked: Looked, **changes: object) -> int:
    """Return the hold of a photo of people that was taken out of the channel."""
    hold = await road.post(*(looked or (a_look(),)), **changes)
    assert hold is not None
    return hold


async def state(road: Road, hold: int) -> HoldState:
    return (await road.road.desk.card(road.school, hold)).state


async def test_a_drawing_leaves_nothing(road: Road) -> None:
    assert await road.post(a_look("tekening.png", People.NO)) is None
    assert (await road.core.rows(media_hold), await road.core.rows(outbox)) == ([], [])


async def test_a_photo_of_people_is_taken_out_and_everybody_hears_of_it(road: Road) -> None:
    hold = await held(road)
    card = await road.road.desk.card(road.school, hold)
    assert (card.state, card.reasons, card.faces, card.author) == (HoldState.HELD, (Why.PEOPLE,), 1, PUPIL)
    assert road.gateway.held == [(CLASS_CHANNEL, card.message)]
    assert [(one.kind, one.values) for one in road.core.messenger.to(PUPIL)] == [
        ("media_held", {"text": "media.pupil.held"})
    ]
    assert road.core.messenger.kinds(TEACHER) == ["alert"]


async def test_it_stands_in_the_queue_as_a_finding_with_evidence(road: Road) -> None:
    await held(road)
    (one,) = await road.core.rows(finding)
    assert [signal["reason"] for signal in one["signals"]] == ["media.reason.people"]
    assert [row["kind"] for row in await road.core.rows(alert)] == ["media"]
    assert [row["kind"] for row in await road.core.rows(evidence)] == ["message"]
    queue = await road.core.review.queue(await road.core.actor(TEACHER))
    assert [(card.kind, card.author) for card in queue] == [("media", PUPIL)]


async def test_words_that_were_judged_keep_their_finding(road: Road) -> None:
    message = await road.core.say("stom joch", a_verdict())
    taken = await road.road.intake.take_in(road.arrived(message, (a_look(),)))
    (one,) = await road.core.rows(finding)
    assert [signal["signal"] for signal in one["signals"]] == ["insult", "media"]
    assert (await road.road.desk.card(road.school, taken.hold or 0)).finding == one["id"]


async def test_no_name_and_no_caption_stands_readable_in_the_database(road: Road) -> None:
    await held(road, a_look("geheime-naam.jpg"), text="geheim bijschrift")
    (row,) = await road.core.rows(media_hold)
    assert b"geheim" not in repr(row).encode()


async def test_the_same_message_is_taken_in_once(road: Road) -> None:
    message = a_message("kijk")
    first = await road.road.intake.take_in(road.arrived(message, (a_look(),)))
    again = await road.road.intake.take_in(road.arrived(message, (a_look(),)))
    assert (first.hold == again.hold, len(await road.core.rows(media_hold))) == (True, 1)


async def test_where_the_right_is_missing_it_is_flagged_and_ict_is_told(road: Road) -> None:
    road.gateway.may_hold = False
    hold = await held(road)
    assert await state(road, hold) is HoldState.FLAGGED
    notices = [row["values"]["text"] for row in await road.core.rows(outbox) if row["kind"] == "notice"]
    assert notices == ["media.notice.no_right"]


async def test_approved_it_is_posted_again_without_position_and_the_pupil_hears(road: Road) -> None:
    hold = await held(road, text="klassenfoto")
    card = await road.road.desk.approve(await road.core.actor(TEACHER), hold)
    await road.core.runner.drain()
    assert card.state is HoldState.APPROVED
    (post,) = road.gateway.posted
    assert (post.author, post.text, [file.name for file in post.files]) == (PUPIL, "klassenfoto", ["foto.jpg"])
    shown = await road.road.desk.card(road.school, hold)
    assert (shown.state, shown.posted_message, shown.decided_by) == (HoldState.RETURNED, "again-1", TEACHER)
    assert road.core.messenger.kinds(PUPIL) == ["media_held", "media_returned"]


async def test_where_the_bot_cannot_post_the_pupil_may_within_a_day(road: Road) -> None:
    road.gateway.may_post = False
    hold = await held(road)
    await road.road.desk.approve(await road.core.actor(TEACHER), hold)
    await road.core.runner.drain()
    assert await state(road, hold) is HoldState.AGAIN
    assert await road.post(a_look()) is None
    assert await road.post(a_look("andere.jpg")) is not None
    await road.core.advance(hours=25)
    assert await road.post(a_look()) is not None


async def test_refused_it_stays_away_with_a_reason_and_copies_are_held(road: Road) -> None:
    hold = await held(road, a_look(pdq=PRINT, pdqs=(PRINT,)))
    await road.road.desk.refuse(await road.core.actor(TEACHER), hold, "  Vraag het eerst aan Noor. ")
    await road.core.runner.drain()
    assert await road.road.desk.reason(road.school.guild, hold) == "Vraag het eerst aan Noor."
    assert road.core.messenger.kinds(PUPIL) == ["media_held", "media_refused"]
    assert await road.post(a_look("b.jpg", People.NO, pdq=OTHER, pdqs=(OTHER,))) is None
    copy = await road.post(a_look("c.jpg", People.NO, pdq=LIKE, pdqs=(LIKE,)), author=a_person(THIRD, "Sem"))
    assert (await road.road.desk.card(road.school, copy or 0)).reasons == (Why.COPY,)


async def test_a_copy_joins_the_case_of_the_first(road: Road) -> None:
    hold = await held(road, a_look(pdq=PRINT, pdqs=(PRINT,)))
    await road.road.desk.refuse(await road.core.actor(TEACHER), hold, "Nee")
    (first,) = await road.core.rows(finding)
    async with road.core.database.write() as connection:
        facts = {"number": 1, "state": "open", "step": "S1", "owner": TEACHER, "forms": [], "school": road.school.guild}
        await connection.execute(insert(case_).values(id=9, created_at=road.core.clock.now(), version=1, **facts))
        await connection.execute(update(finding).where(finding.c.id == first["id"]).values(case=9))
    await road.post(a_look("c.jpg", pdq=LIKE, pdqs=(LIKE,)), author=a_person(THIRD, "Sem"))
    assert [row["case"] for row in await road.core.rows(finding)] == [9, 9]


async def test_an_approved_picture_may_be_posted_by_others(road: Road) -> None:
    hold = await held(road, a_look(people=People.NO, pdq=PRINT, pdqs=(PRINT,), error="unreadable: broken"))
    actor = await road.core.actor(TEACHER)
    await road.road.desk.approve(actor, hold)
    await road.core.runner.drain()
    assert await road.core.rows(removed_picture) == []


async def test_the_second_to_decide_hears_who_did(road: Road) -> None:
    hold = await held(road)
    await road.road.desk.approve(await road.core.actor(TEACHER), hold)
    with pytest.raises(TakenError) as error:
        await road.road.desk.refuse(await road.core.actor(SECOND), hold, "Nee")
    assert error.value.values == {"who": TEACHER}


@pytest.mark.parametrize("who", [PUPIL, TARGET, MODERATOR])
async def test_others_do_not_decide(road: Road, who: str) -> None:
    hold = await held(road)
    with pytest.raises(NotAllowedError):
        await road.road.desk.approve(await road.core.actor(who), hold)


async def test_a_refusal_needs_a_reason(road: Road) -> None:
    hold = await held(road)
    with pytest.raises(InputError):
        await road.road.desk.refuse(await road.core.actor(TEACHER), hold, "   ")
    assert await state(road, hold) is HoldState.HELD


async def test_nothing_is_decided_while_it_is_being_taken_away(road: Road) -> None:
    taken = await road.road.intake.take_in(road.arrived(a_message("kijk"), (a_look(),)))
    with pytest.raises(WrongStateError):
        await road.road.desk.approve(await road.core.actor(TEACHER), taken.hold or 0)


async def test_the_pupil_says_who_is_in_it_and_the_card_shows_what_is_on_record(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    grant = Grant(TARGET, ConsentKind.PHOTO, ConsentPlace.CLASS, GivenBy.GUARDIAN)
    await road.road.consents.grant(coordinator, grant)
    hold = await held(road)
    card = await road.road.desk.ask_consent(await road.core.actor(PUPIL), hold, "ik (Daan) en Noor")
    assert card.said == "ik (Daan) en Noor"
    assert [(one.name, one.kinds) for one in card.on_record] == [("Daan", ()), ("Noor", (ConsentKind.PHOTO,))]


async def test_only_who_posted_it_says_who_is_in_it(road: Road) -> None:
    hold = await held(road)
    with pytest.raises(NotAllowedError):
        await road.road.desk.ask_consent(await road.core.actor(TARGET), hold, "Noor")


async def test_consent_on_record_lets_it_stand_and_is_noted(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    grant = Grant(PUPIL, ConsentKind.PHOTO, ConsentPlace.CLASS, GivenBy.GUARDIAN)
    consent = await road.road.consents.grant(coordinator, grant)
    assert await road.post(a_look()) is None
    assert [row["consent"] for row in await road.core.rows(consent_use)] == [consent]
    posted = await road.road.consents.withdraw(coordinator, consent)
    assert [one.channel for one in posted] == [CLASS_CHANNEL]
    assert await road.post(a_look()) is not None


async def test_more_faces_than_pupils_with_consent_are_held(road: Road) -> None:
    grant = Grant(PUPIL, ConsentKind.PHOTO, ConsentPlace.SCHOOL, GivenBy.GUARDIAN)
    await road.road.consents.grant(await road.core.actor(COORDINATOR), grant)
    assert await road.post(a_look(faces=2)) is not None


async def test_a_name_beside_a_photo_is_told_even_with_consent(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    for pupil in (PUPIL, TARGET):
        await road.road.consents.grant(
            coordinator, Grant(pupil, ConsentKind.PHOTO, ConsentPlace.CLASS, GivenBy.GUARDIAN)
        )
    hold = await road.post(a_look("noor.jpg"))
    card = await road.road.desk.card(road.school, hold or 0)
    assert (card.reasons, card.state, road.gateway.held) == ((Why.CAPTION_NAMES,), HoldState.FLAGGED, [])


async def test_maybe_people_waits_in_the_queue_and_pings_nobody(road: Road) -> None:
    hold = await road.post(a_look("bos.jpg", People.MAYBE))
    card = await road.road.desk.card(road.school, hold or 0)
    assert (card.severity, card.state, road.core.messenger.sent) == (Severity.NOTICE, HoldState.FLAGGED, [])


async def test_what_may_be_nudity_goes_to_the_coordinator_alone_and_is_not_kept(road: Road) -> None:
    hold = await held(road, a_look(nudity=0.95))
    card = await road.road.desk.card(road.school, hold)
    assert (card.private, card.severity, card.files[0].can_show) == (True, Severity.URGENT, False)
    assert {delivery.receiver.id for delivery in road.core.messenger.sent} == {PUPIL, COORDINATOR}
    assert not (road.core.state / "files").exists()
    for who in (TEACHER, COORDINATOR):
        actor = await road.core.actor(who)
        for act in (road.road.desk.show, road.road.desk.approve):
            with pytest.raises(NotAllowedError):
                await act(actor, hold)
    again = await road.road.desk.card(road.school, await held(road, a_look(nudity=0.0, people=People.NO)))
    assert (again.reasons, again.private) == ((Why.NUDITY, Why.COPY), True)  # a copy that scores lower is no better


async def test_the_picture_behind_the_button_is_shown_and_audited(road: Road) -> None:
    hold = await held(road)
    (file,) = await road.road.desk.show(await road.core.actor(TEACHER), hold)
    assert (file.name, file.content) == ("foto.jpg", b"foto.jpg")
    lines = await road.core.audit.lines(road.school.guild)
    assert [(line.actor, line.verb, line.subject) for line in lines] == [(TEACHER, "show", f"hold:{hold}")]


async def test_that_is_me_and_i_do_not_want_it_is_held_at_once(road: Road) -> None:
    message, room = a_message("haha", author=a_person(THIRD, "Sem")), road.school.classes[0]
    actor = await road.core.actor(TARGET)
    look = (a_look(people=People.NO),)
    taken = await road.road.intake.object_to(actor, message, room, look, by_staff=False)
    await road.core.runner.drain()
    card = await road.road.desk.card(road.school, taken.hold or 0)
    assert (card.state, card.reasons, card.objector) == (HoldState.HELD, (Why.OBJECTION,), TARGET)
    assert TARGET not in repr(await road.core.rows(media_hold))


async def test_the_fourth_objection_of_a_day_goes_to_the_teacher_without_a_hold(road: Road) -> None:
    actor, room, states = await road.core.actor(TARGET), road.school.classes[0], []
    for number in range(4):
        message = a_message("haha", author=a_person(THIRD, "Sem"))
        look = (a_look(f"{number}.png", People.NO),)
        taken = await road.road.intake.object_to(actor, message, room, look, by_staff=False)
        await road.core.runner.drain()
        states.append(await state(road, taken.hold or 0))
    assert states == [HoldState.HELD] * 3 + [HoldState.FLAGGED]


async def test_media_of_staff_is_not_held_by_an_objection(road: Road) -> None:
    message, room = a_message("kamp", author=a_person(TEACHER, "Juf")), road.school.classes[0]
    taken = await road.road.intake.object_to(await road.core.actor(TARGET), message, room, (a_look(),), by_staff=True)
    await road.core.runner.drain()
    assert await state(road, taken.hold or 0) is HoldState.FLAGGED


async def test_who_could_read_it_is_noted_before_it_is_gone(road: Road) -> None:
    road.gateway.present = Readers(frozenset({"602", "601"}), complete=False)
    card = await road.road.desk.card(road.school, await held(road))
    assert (card.readers, card.readers_complete) == (("601", "602"), False)


async def test_who_comes_in_while_it_stands_there_is_added(road: Road) -> None:
    holds = [await road.post(a_look("bos.jpg", People.MAYBE), channel=place) for place in (CLASS_CHANNEL, "9900")]
    room = road.school.classes[0]
    for user, places in (("700", {CLASS_CHANNEL, "9900"}), ("800", {CLASS_CHANNEL})):  # the other is a private thread

        async def reads(place: str, places: set[str] = places) -> bool:
            return place in places

        await road.road.intake.came_in(road.school, room, user, reads)
    cards = [await road.road.desk.card(road.school, hold or 0) for hold in holds]
    assert [card.readers for card in cards] == [("601", "602", "700", "800"), ("601", "602", "700")]


async def test_rights_that_changed_for_nobody_knows_whom_make_the_list_incomplete(road: Road) -> None:
    hold = await road.post(a_look("bos.jpg", People.MAYBE))
    await road.road.intake.unsure(road.school)
    assert not (await road.road.desk.card(road.school, hold or 0)).readers_complete


async def test_the_card_knows_what_was_counted(road: Road) -> None:
    road.gateway.present = Readers(frozenset({"601"}), complete=True, of=ReadersOf.PRIVATE)
    assert (await road.road.desk.card(road.school, await held(road))).readers_of is ReadersOf.PRIVATE


async def test_an_answer_within_the_hour_is_reminded_of_and_after_a_day_the_second_teacher_hears(road: Road) -> None:
    await held(road)
    road.core.messenger.clear()
    await road.core.advance(minutes=59)
    assert road.core.messenger.sent == []
    await road.core.advance(minutes=2)
    assert [(one.kind, one.receiver.id, one.values["why"]) for one in road.core.messenger.sent] == [
        ("alert_reminder", TEACHER, "media.why.reminder")
    ]
    road.core.messenger.clear()
    await road.core.advance(hours=23)
    assert [(one.receiver.id, one.values["why"]) for one in road.core.messenger.sent] == [(SECOND, "media.why.second")]


async def test_after_an_answer_nobody_is_reminded(road: Road) -> None:
    hold = await held(road)
    await road.road.desk.refuse(await road.core.actor(TEACHER), hold, "Nee")
    await road.core.runner.drain()
    road.core.messenger.clear()
    await road.core.advance(days=2)
    assert road.core.messenger.sent == []


async def test_after_a_crash_between_the_row_and_the_deletion_it_is_still_taken_away(road: Road) -> None:
    taken = await road.road.intake.take_in(road.arrived(a_message("kijk"), (a_look(),)))
    assert (await state(road, taken.hold or 0), road.gateway.held) == (HoldState.TAKING, [])
    await road.road.moves.take(taken.hold or 0, road.school.guild)
    await road.road.moves.take(taken.hold or 0, road.school.guild)
    assert (await state(road, taken.hold or 0), len(road.gateway.held)) == (HoldState.HELD, 1)
    assert len([row for row in await road.core.rows(outbox) if row["kind"] == "media_held"]) == 1


async def test_outside_school_hours_it_is_taken_away_but_the_teacher_hears_in_the_morning(road: Road) -> None:
    await road.core.advance(hours=10)
    await held(road, at=road.core.clock.now())
    assert (len(road.gateway.held), road.core.messenger.kinds(TEACHER)) == (1, [])


async def test_a_film_needs_consent_for_film(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    film = a_look("film.mp4", People.MAYBE, kind=MediaKind.FILM)
    for kind, passes in ((ConsentKind.PHOTO, False), (ConsentKind.FILM, True)):
        grant = Grant(PUPIL, kind, ConsentPlace.CLASS, GivenBy.GUARDIAN)
        await road.road.consents.grant(coordinator, grant)
        assert ((await road.post(film)) is None) is passes


async def test_consent_that_ran_out_counts_no_more(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    today = road.core.clock.now().date()
    grant = Grant(PUPIL, ConsentKind.PHOTO, ConsentPlace.CLASS, GivenBy.GUARDIAN, until=today)
    await road.road.consents.grant(coordinator, grant)
    assert await road.post(a_look()) is None
    await road.core.advance(days=1)
    assert await road.post(a_look(), at=road.core.clock.now() + timedelta(hours=1)) is not None


async def test_words_and_a_picture_of_one_message_go_into_one_case(road: Road) -> None:
    message = await road.core.say("stom joch", a_verdict())
    await road.road.intake.take_in(road.arrived(message, (a_look(),)))
    (hold,) = await road.core.rows(media_hold)
    teacher = await road.core.actor(TEACHER)
    case_facts = {"number": 1, "state": "open", "step": "S1", "owner": TEACHER, "forms": [], "version": 1}
    async with road.core.database.write() as connection:
        made = {"id": 9, "school": road.school.guild, "created_at": road.core.clock.now()}
        await connection.execute(insert(case_).values(**made, **case_facts))
        await road.core.review.link_case(connection, teacher, hold["alert"], 9)
    assert [row["case"] for row in await road.core.rows(finding)] == [9]


async def test_a_teacher_who_reads_the_words_reads_nothing_of_nudity(road: Road) -> None:
    message = await road.core.say("stom joch", a_verdict())
    await road.road.intake.take_in(road.arrived(message, (a_look(nudity=0.95),)))
    (one,) = await road.core.rows(finding)
    assert [signal["signal"] for signal in one["signals"]] == ["insult"]
    assert [row["private"] for row in await road.core.rows(media_hold)] == [True]


async def test_a_photo_that_an_edit_adds_to_a_message_that_stands_is_taken_out(road: Road) -> None:
    message, forest = a_message("kijk"), a_look("bos.jpg", People.MAYBE)
    first = await road.road.intake.take_in(road.arrived(message, (forest,)))
    await road.core.runner.drain()
    assert await state(road, first.hold or 0) is HoldState.FLAGGED
    edited = replace(message, revision="2026-11-24T09:05:00+00:00")
    again = await road.road.intake.take_in(road.arrived(edited, (forest, a_look("klas.jpg"))))
    await road.core.runner.drain()
    card = await road.road.desk.card(road.school, first.hold or 0)
    assert (again.hold, card.state, card.reasons) == (first.hold, HoldState.HELD, (Why.MAYBE, Why.PEOPLE))
    assert [line.people for line in card.files] == ["maybe", "yes"]
    assert [one.values.get("why") for one in road.core.messenger.to(TEACHER)] == ["media.why.more"]


async def test_an_edit_without_a_new_file_changes_nothing(road: Road) -> None:
    message, forest = a_message("kijk"), a_look("bos.jpg", People.MAYBE)
    first = await road.road.intake.take_in(road.arrived(message, (forest,)))
    await road.road.intake.take_in(road.arrived(replace(message, revision="2026-11-24T09:05:00+00:00"), (forest,)))
    assert await state(road, first.hold or 0) is HoldState.FLAGGED


async def test_nudity_that_an_edit_adds_is_for_the_coordinator_alone(road: Road) -> None:
    message = a_message("kijk")
    await road.road.intake.take_in(road.arrived(message, (a_look("bos.jpg", People.MAYBE),)))
    edited = replace(message, revision="2026-11-24T09:05:00+00:00")
    await road.road.intake.take_in(road.arrived(edited, (a_look("b.jpg", nudity=0.95),)))
    await road.core.runner.drain()
    assert road.core.messenger.kinds(TEACHER) == []
    assert road.core.messenger.kinds(COORDINATOR) == ["alert"]
    assert [row["outcome"] for row in await road.core.rows(alert)] == ["moved", None]


async def test_who_is_in_a_picture_that_stands_while_a_teacher_looks_can_have_it_held_at_once(road: Road) -> None:
    message, room = a_message("haha", author=a_person(THIRD, "Sem")), road.school.classes[0]
    look = (a_look("rug.jpg", People.MAYBE),)
    first = await road.road.intake.take_in(road.arrived(message, look))
    await road.road.intake.object_to(await road.core.actor(TARGET), message, room, look, by_staff=False)
    await road.core.runner.drain()
    card = await road.road.desk.card(road.school, first.hold or 0)
    assert (card.state, card.reasons, card.objector) == (HoldState.HELD, (Why.MAYBE, Why.OBJECTION), TARGET)
    assert [one.values.get("why") for one in road.core.messenger.to(TEACHER)] == ["media.why.objected"]


async def test_what_a_teacher_approved_counts_as_posted_under_the_consent_on_record(road: Road) -> None:
    coordinator = await road.core.actor(COORDINATOR)
    grant = Grant(TARGET, ConsentKind.PHOTO, ConsentPlace.CLASS, GivenBy.GUARDIAN)
    consent = await road.road.consents.grant(coordinator, grant)
    hold = await held(road)
    await road.road.desk.ask_consent(await road.core.actor(PUPIL), hold, "Noor")
    await road.road.desk.approve(await road.core.actor(TEACHER), hold)
    await road.core.runner.drain()
    posted = await road.road.consents.withdraw(coordinator, consent)
    assert [(one.channel, one.message) for one in posted] == [(CLASS_CHANNEL, "again-1")]


async def test_a_board_may_decide_to_keep_it_sealed_and_still_nobody_sees_it() -> None:
    config = read_media_config(DATA / "media.toml")
    keeping = config.model_copy(update={"nudity": config.nudity.model_copy(update={"keep": True})})
    async with a_road(config=keeping) as road:
        hold = await held(road, a_look(nudity=0.95))
        (kept,) = [path for path in (road.core.state / "files").rglob("*") if path.is_file()]
        assert b"foto.jpg" not in kept.read_bytes()
        with pytest.raises(NotAllowedError):
            await road.road.desk.show(await road.core.actor(COORDINATOR), hold)
