"""The road of one message: what is kept, what is not, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.errors import StorageError
from bot.findings.evidence import content_place
from bot.media.entrance import Files
from bot.screening.verdict import Severity, SignalName
from bot.storage.tables import alert, evidence, fact, finding, judged_edit, outbox, recheck, timer, watermark
from tests.builders import (
    CLASS,
    CLASS_CHANNEL,
    COORDINATOR,
    PUPIL,
    SCHOOL,
    STAFF_CHANNEL,
    SUPERVISOR,
    TARGET,
    TEACHER,
    TUESDAY_10,
    Core,
    a_core,
    a_file,
    a_message,
    a_person,
    a_school,
    a_verdict,
    an_edit,
)
from tests.media.road import a_look

BAD = a_verdict()
THREAT = a_verdict(Severity.URGENT, SignalName.THREAT)
CRISIS = a_verdict(Severity.URGENT, SignalName.CRISIS)


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        yield made


async def texts(core: Core, kind: str) -> list[str | None]:
    rows = [row for row in await core.rows(evidence) if row["kind"] == kind]
    return [core.vault.open(content_place(SCHOOL, row["id"]), row["content_sealed"]) for row in rows]


async def test_a_quiet_message_leaves_nothing_but_a_mark(core: Core) -> None:
    message = await core.say("hoi allemaal")
    await core.watch.flush()
    for table in (finding, evidence, alert, outbox, timer, judged_edit, recheck):
        assert await core.rows(table) == []
    assert [row["message"] for row in await core.rows(watermark)] == [message.id]


async def test_an_insult_makes_one_finding_with_evidence_and_tells_teacher_and_staff_channel(
    core: Core,
) -> None:
    await core.say("stomme koe", BAD, attachments=(a_file("les.png"),))
    (row,) = await core.rows(finding)
    assert (row["author"], row["target"], row["class_name"], row["state"]) == (PUPIL, TARGET, CLASS, "open")
    assert [await texts(core, "message"), await texts(core, "file")] == [["stomme koe"], ["les.png"]]
    assert [(d.kind, d.receiver.id) for d in core.messenger.sent] == [("alert", TEACHER), ("alert", STAFF_CHANNEL)]


async def test_nothing_of_what_was_said_stands_in_the_database_readable(core: Core) -> None:
    await core.say("zeldzaamscheldwoord", BAD)
    await core.watch.flush()
    content = b"".join(path.read_bytes() for path in core.state.iterdir())
    assert b"zeldzaamscheldwoord" not in content
    assert all("zeldzaam" not in str(delivery) for delivery in core.messenger.sent)


async def test_a_teacher_without_dms_is_mentioned_on_the_staff_card() -> None:
    classes = tuple(room.model_copy(update={"dm": False}) for room in a_school().classes)
    async with a_core(a_school(classes=classes)) as core:
        await core.say("stomme koe", BAD)
        sent = [(d.receiver.id, d.values) for d in core.messenger.sent]
        assert sent == [(STAFF_CHANNEL, {"ping": TEACHER})]


async def test_other_channels_bots_and_other_schools_are_not_looked_at(core: Core) -> None:
    await core.say("stomme koe", BAD, channel="999")
    await core.say("stomme koe", BAD, author=a_person("7", "hook", bot=True))
    await core.say("stomme koe", BAD, school="999")
    assert [core.screening.judged, await core.rows(finding)] == [[], []]


async def test_a_message_that_comes_twice_is_judged_once(core: Core) -> None:
    core.screening.teach("stom", BAD)
    message = a_message("stom")
    await asyncio.gather(core.watch.handle(message), core.watch.handle(message))
    await core.watch.handle(message)
    assert [len(core.screening.judged), len(await core.rows(finding))] == [1, 1]


async def test_the_same_pair_within_the_hour_is_one_alert_that_counts(core: Core) -> None:
    await core.say("stom", BAD)
    await core.say("stom ook", BAD)
    (row,) = await core.rows(alert)
    assert [row["count"], core.messenger.kinds(), len(core.messenger.refreshed)] == [2, ["alert", "alert"], 2]
    core.clock.forward(minutes=61)
    await core.say("stom weer", a_verdict(Severity.NOTICE))
    assert len(await core.rows(alert)) == 2


async def test_it_gets_worse_people_are_told_again_at_once(core: Core) -> None:
    await core.say("stom", BAD)
    core.messenger.clear()
    await core.say("ik maak je dood", THREAT)
    (row,) = await core.rows(alert)
    assert [row["severity"], core.messenger.kinds(TEACHER)] == ["urgent", ["alert"]]
    assert core.messenger.to(TEACHER)[0].values == {"why": "alerts.why.risen"}


async def test_the_third_finding_of_a_pair_in_a_week_is_urgent(core: Core) -> None:
    for number in range(3):
        await core.say(f"stom {number}", BAD)
        core.clock.forward(hours=26)
    assert [row["severity"] for row in await core.rows(finding)] == ["alert", "alert", "urgent"]


async def test_a_notice_waits_in_the_queue_and_nobody_is_told(core: Core) -> None:
    await core.say("hm", a_verdict(Severity.NOTICE))
    assert [core.messenger.sent, [row["severity"] for row in await core.rows(alert)]] == [[], ["notice"]]


async def test_a_message_edited_into_something_bad_makes_a_finding(core: Core) -> None:
    message = await core.say("hoi")
    core.screening.teach("stom", BAD)
    await core.watch.handle(an_edit(message, "stom"))
    await core.watch.handle(an_edit(message, "stom"))
    assert [len(await core.rows(finding)), await texts(core, "message")] == [1, ["stom"]]
    assert len(core.screening.judged) == 2


async def test_a_bad_message_edited_into_something_nice_keeps_its_finding_and_both_texts(core: Core) -> None:
    message = await core.say("stom", BAD)
    await core.watch.handle(an_edit(message, "lief"))
    assert [row["severity"] for row in await core.rows(finding)] == ["alert"]
    assert [await texts(core, "message"), await texts(core, "edit")] == [["stom"], ["lief"]]


async def test_an_older_version_that_arrives_late_is_ignored(core: Core) -> None:
    message = await core.say("stom", BAD)
    await core.watch.handle(an_edit(message, "lief", "2026-11-24T09:06:00+00:00"))
    await core.watch.handle(an_edit(message, "liever", "2026-11-24T09:05:00+00:00"))
    assert await texts(core, "edit") == ["lief"]


async def test_a_deleted_message_keeps_its_evidence_and_says_so_once(core: Core) -> None:
    message = await core.say("stom", BAD)
    await core.watch.deleted(SCHOOL, CLASS_CHANNEL, message.id)
    await core.watch.deleted(SCHOOL, CLASS_CHANNEL, message.id)
    await core.watch.deleted(SCHOOL, CLASS_CHANNEL, "404")
    assert [await texts(core, "message"), await texts(core, "deletion")] == [["stom"], [None]]


async def test_a_cry_for_help_goes_to_the_designated_adults_alone_and_the_pupil_gets_an_answer(core: Core) -> None:
    await core.say("ik wil niet meer leven", CRISIS)
    sent = [(d.kind, d.receiver.id) for d in core.messenger.sent]
    assert sorted(sent) == sorted([("crisis", COORDINATOR), ("crisis_pupil", PUPIL)])
    assert [row["kind"] for row in await core.rows(alert)] == ["crisis"]


async def test_a_cry_for_help_at_night_is_told_at_once() -> None:
    async with a_core(start=TUESDAY_10 - timedelta(hours=7)) as core:
        await core.say("ik wil niet meer leven", CRISIS)
        assert len(core.messenger.sent) == 2


async def test_what_a_teacher_writes_goes_to_the_supervisor_and_not_to_colleagues(core: Core) -> None:
    await core.say("stom", BAD, author=a_person(TEACHER, "Juf"))
    assert [(d.kind, d.receiver.id) for d in core.messenger.sent] == [("alert", SUPERVISOR)]
    assert [(row["kind"], row["left_out"]) for row in await core.rows(alert)] == [("staff", [TEACHER])]


async def test_a_picture_of_a_teacher_is_no_finding(core: Core) -> None:
    await core.say("kijk", a_verdict(Severity.ALERT, SignalName.MEDIA), author=a_person(TEACHER, "Juf"))
    assert await core.rows(finding) == []


async def test_a_pupil_who_shares_a_number_is_told_kindly(core: Core) -> None:
    await core.say("bel me 06", a_verdict(Severity.NOTICE, SignalName.PERSONAL_DATA))
    sent = [(d.kind, d.receiver.id, d.values) for d in core.messenger.sent]
    assert sent == [("pupil_note", PUPIL, {"text": "alerts.pupil_note.personal_data"})]


async def test_many_messages_to_one_pupil_who_does_not_answer_are_a_flood(core: Core) -> None:
    for _ in range(12):
        await core.say("hee")
    (row,) = await core.rows(finding)
    assert [(one["signal"], one["rule"]) for one in row["signals"]] == [("flood", "F3")]


async def test_two_who_talk_fast_are_no_flood(core: Core) -> None:
    for number in range(30):
        swap = {"author": a_person(TARGET, "Noor"), "mentions": (a_person(PUPIL),)} if number % 2 else {}
        await core.say("hee", **swap)
    assert await core.rows(finding) == []


async def test_a_heated_conversation_with_a_teacher_in_it_is_told_to_the_supervisor_too(core: Core) -> None:
    await core.say("rustig allemaal", author=a_person(TEACHER, "Juf"))
    for number in range(4):
        who = {"author": a_person(TARGET, "Noor"), "mentions": ()} if number % 2 else {"mentions": ()}
        await core.say(f"hm {number}", a_verdict(Severity.NOTICE), **who)
    assert core.messenger.kinds(SUPERVISOR) == []
    assert [d.values["ping"] for d in core.messenger.to(STAFF_CHANNEL) if d.kind == "alert_reminder"] == [SUPERVISOR]


async def test_when_only_the_words_could_judge_the_model_looks_again(core: Core) -> None:
    core.screening.engine = "words"
    await core.say("achteraf lelijk")
    assert [core.messenger.kinds(), len(await core.rows(recheck))] == [["notice"], 1]
    await core.advance(minutes=2)
    core.screening.engine = "model"
    core.screening.teach("achteraf lelijk", BAD)
    await core.advance(minutes=2)
    assert [len(await core.rows(finding)), await core.rows(recheck), await core.rows(fact)] == [1, [], []]
    told = [d.values["text"] for d in core.messenger.to(STAFF_CHANNEL) if d.kind == "notice"]
    assert told == ["alerts.notice.model_late", "alerts.notice.model_back"]


async def test_screening_that_breaks_loses_no_message(core: Core) -> None:
    def broken(_: object) -> None:
        raise RuntimeError

    core.screening.before = broken
    await core.say("stom")
    core.screening.before = None
    core.screening.teach("stom", BAD)
    await core.advance(minutes=2)
    assert len(await core.rows(finding)) == 1


async def test_a_full_disk_holds_the_message_until_there_is_room(core: Core) -> None:
    core.screening.teach("stom", BAD)
    write, failures = core.database.write, [3]

    def failing() -> object:
        if failures[0]:
            failures[0] -= 1
            raise StorageError("error.storage.full")
        return write()

    core.database.write = failing  # type: ignore[method-assign,assignment]
    await core.watch.handle(a_message("stom"))
    assert len(await core.rows(finding)) == 1
    assert [d.values["text"] for d in core.messenger.to(STAFF_CHANNEL)] == ["error.storage.full"]


async def test_the_mark_never_passes_a_message_that_is_still_under_way(core: Core) -> None:
    slow, gate = a_message("langzaam"), asyncio.Event()
    judge = core.screening.judge

    async def held(message: object, *more: object) -> object:
        if message is slow:
            await gate.wait()
        return await judge(message, *more)  # type: ignore[arg-type]

    core.screening.judge = held  # type: ignore[method-assign,assignment]
    first = asyncio.create_task(core.watch.handle(slow))
    await asyncio.sleep(0)
    later = await core.say("snel")
    assert core.marks.mark(SCHOOL, CLASS_CHANNEL) == int(slow.id) - 1
    gate.set()
    await first
    assert core.marks.mark(SCHOOL, CLASS_CHANNEL) == int(later.id)


async def test_an_edit_in_a_channel_that_was_never_watched_begins_no_replay(core: Core) -> None:
    old = an_edit(a_message("hoi"), "stom")
    core.screening.teach("stom", BAD)
    await core.watch.handle(old)
    assert [await core.rows(watermark), len(await core.rows(finding))] == [[], 1]


async def test_the_only_designated_adult_in_distress_is_not_their_own_helper(core: Core) -> None:
    await core.say("ik wil niet meer leven", CRISIS, author=a_person(COORDINATOR))
    assert [d.receiver.id for d in core.messenger.sent if d.kind == "crisis"] == [SUPERVISOR]


async def test_a_finding_by_the_words_gets_the_verdict_of_the_model_later(core: Core) -> None:
    core.screening.engine = "words"
    await core.say("stomme koe", BAD)
    core.screening.engine = "model"
    core.screening.teach("stomme koe", THREAT)
    await core.advance(minutes=2)
    (row,) = await core.rows(finding)
    assert [row["engine"], row["recheck"], row["severity"]] == ["model", False, "urgent"]
    assert core.messenger.kinds(TEACHER) == ["alert", "alert"]


async def test_an_edit_after_dismissal_into_something_worse_opens_a_new_alert(core: Core) -> None:
    message = await core.say("stom", BAD)
    (row,) = await core.rows(alert)
    await core.review.dismiss(await core.actor(TEACHER), row["id"], "grapje")
    core.screening.teach("ik maak je dood", THREAT)
    await core.watch.handle(an_edit(message, "ik maak je dood"))
    assert [one["state"] for one in await core.rows(alert)] == ["closed", "open"]
    assert [one["state"] for one in await core.rows(finding)] == ["open"]


async def test_an_insult_edited_into_a_cry_for_help_moves_to_the_designated_adults(core: Core) -> None:
    message = await core.say("stom", BAD)
    core.screening.teach("niet meer leven", CRISIS)
    await core.watch.handle(an_edit(message, "niet meer leven"))
    alerts = [(one["kind"], one["state"], one["outcome"]) for one in await core.rows(alert)]
    assert alerts == [("finding", "closed", "moved"), ("crisis", "open", None)]


async def test_a_notice_about_a_teacher_is_not_kept(core: Core) -> None:
    await core.say("hm", a_verdict(Severity.NOTICE), author=a_person(TEACHER, "Juf"))
    assert await core.rows(finding) == []


async def test_files_come_to_the_photo_road_after_the_words_and_once_a_version(core: Core) -> None:
    core.media.files = Files((a_look(),))
    message = await core.say("stomme koe", BAD, attachments=(a_file("foto.png"),))
    await core.watch.handle(message)
    edit = an_edit(message, "stomme koe!")
    for _ in range(2):
        await core.watch.handle(edit)
    assert [(one.revision, by_staff) for one, _, by_staff in core.media.came] == [
        ("", False),
        (edit.revision, False),
    ]
    assert len(await core.rows(finding)) == 1


async def test_the_photo_road_hears_that_staff_posted_it(core: Core) -> None:
    core.media.files = Files((a_look(),))
    await core.say("kijk", author=a_person(TEACHER, "Juf"), attachments=(a_file("foto.png"),))
    assert [by_staff for _, _, by_staff in core.media.came] == [True]
