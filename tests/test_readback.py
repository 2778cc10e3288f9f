"""Away and back: what was missed is judged once, and nothing is missed at the seam."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.ports import ChatMessage
from bot.readback import ChannelNow
from bot.storage.tables import evidence, fact, finding, outbox, watermark
from tests.builders import (
    CLASS_CHANNEL,
    SCHOOL,
    STAFF_CHANNEL,
    Core,
    a_core,
    a_message,
    a_school,
    a_verdict,
    an_edit,
    restarted,
)

BAD = a_verdict()
HERE = [ChannelNow(CLASS_CHANNEL)]


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        await made.readback.run(SCHOOL, HERE)
        await made.say("hoi")
        await made.watch.flush()
        yield made


async def away(core: Core, *messages: ChatMessage) -> Core:
    """The bot is off while people write; then a fresh one starts on the same database."""
    await core.watch.flush()
    core.clock.forward(hours=1)
    back = await restarted(core.database, core.state, core.clock, (a_school(),))
    back.history.channels = core.history.channels
    back.history.add(*messages)
    back.screening.teach("stom", BAD)
    return back


def notices(core: Core) -> list[dict[str, str]]:
    return [d.values for d in core.messenger.to(STAFF_CHANNEL) if d.kind == "notice"]


async def test_the_very_first_run_judges_nothing_of_before() -> None:
    async with a_core() as core:
        core.screening.teach("stom", BAD)
        old = a_message("stom")
        core.history.add(old)
        await core.readback.run(SCHOOL, HERE)
        await core.runner.drain()
        assert [core.screening.judged, core.messenger.sent] == [[], []]
        assert [row["message"] for row in await core.rows(watermark)] == [old.id]


async def at_work(core: Core, steps: int = 40) -> None:
    """Let the bot write its marks for some steps of the loop, then stop it dead."""
    work = asyncio.create_task(core.watch.run())
    for _ in range(steps):
        await asyncio.sleep(0.001)
        if await core.rows(fact):
            break
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def test_a_bot_that_died_in_its_first_second_still_tells_that_it_was_away() -> None:
    async with a_core() as core:
        await core.readback.run(SCHOOL, HERE)
        await at_work(core)
        died = core.clock.now()
        back = await away(core, a_message("stom"))
        await back.readback.run(SCHOOL, HERE)
        await back.runner.drain()
        (notice,) = notices(back)
        assert notice["from"] <= died.isoformat()


async def test_an_absence_that_staff_have_not_heard_of_begins_at_the_first_death(core: Core) -> None:
    died = core.clock.now()
    crashed = await away(core)
    await at_work(crashed, steps=5)  # it died again before it had read back
    back = await away(crashed, a_message("stom"))
    await back.readback.run(SCHOOL, HERE)
    await back.runner.drain()
    (notice,) = notices(back)
    assert notice["from"] <= died.isoformat()


async def test_what_was_said_meanwhile_is_judged_once_in_pages_and_staff_are_told(core: Core) -> None:
    said = (f"stom {number}" if number % 100 == 0 else "hoi" for number in range(250))
    back = await away(core, *(a_message(text, mentions=()) for text in said))
    read = await back.readback.run(SCHOOL, HERE)
    await back.runner.drain()
    assert [read.messages, len(back.screening.judged), len(await back.rows(finding))] == [250, 250, 3]
    (notice,) = notices(back)
    assert (notice["text"], notice["count"]) == ("alerts.notice.away", "250")
    again = await back.readback.run(SCHOOL, HERE)
    await back.runner.drain()
    assert [again.messages, len(notices(back))] == [0, 1]


async def test_live_messages_never_move_the_mark_past_what_was_missed(core: Core) -> None:
    missed = a_message("stom")
    back = await away(core, missed)
    live = await back.say("hoi live")
    await back.watch.flush()
    crashed = await away(back)
    await crashed.readback.run(SCHOOL, HERE)
    assert [len(await crashed.rows(finding)), crashed.marks.mark(SCHOOL, CLASS_CHANNEL)] == [1, int(live.id)]


async def test_a_message_that_comes_live_and_by_read_back_at_once_is_judged_once(core: Core) -> None:
    missed = [a_message("stom") for _ in range(5)]
    back = await away(core, *missed)
    live = a_message("stom live")
    back.history.add(live)
    await asyncio.gather(back.watch.handle(live), back.readback.run(SCHOOL, HERE), back.watch.handle(live))
    assert [len(back.screening.judged), len(await back.rows(finding))] == [6, 6]


async def test_an_edit_made_meanwhile_is_judged(core: Core) -> None:
    message = await core.say("lief")
    back = await away(core, an_edit(message, "stom"))
    await back.readback.run(SCHOOL, HERE)
    await back.readback.run(SCHOOL, HERE)
    assert [len(await back.rows(finding)), len(back.screening.judged)] == [1, 1]


async def test_a_message_with_a_finding_that_was_deleted_meanwhile_is_noticed(core: Core) -> None:
    message = await core.say("stom", BAD)
    await core.say("hoi")
    core.history.delete(message)
    back = await away(core)
    await back.readback.run(SCHOOL, HERE)
    assert [row["kind"] for row in await back.rows(evidence)] == ["message", "deletion"]


async def test_a_thread_that_began_meanwhile_is_read_from_its_start(core: Core) -> None:
    back = await away(core, a_message("stom", channel="77", parent=CLASS_CHANNEL))
    live = a_message("hoi", channel="77", parent=CLASS_CHANNEL)
    back.history.add(live)
    await back.watch.handle(live)
    await back.readback.run(SCHOOL, [*HERE, ChannelNow("77", CLASS_CHANNEL)])
    assert [row["channel"] for row in await back.rows(finding)] == ["77"]
    assert back.marks.mark(SCHOOL, "77") == int(live.id)


async def test_a_thread_that_only_shows_live_is_read_too(core: Core) -> None:
    back = await away(core, a_message("stom", channel="77", parent=CLASS_CHANNEL))
    live = a_message("hoi", channel="77", parent=CLASS_CHANNEL)
    back.history.add(live)
    await back.watch.handle(live)
    await back.readback.run(SCHOOL, HERE)
    assert [row["channel"] for row in await back.rows(finding)] == ["77"]


async def test_a_lost_connection_holds_the_marks_until_it_is_read_back(core: Core) -> None:
    core.screening.teach("stom", BAD)
    core.watch.lost()
    core.history.add(a_message("stom"))
    live = await core.say("hoi")
    assert core.marks.mark(SCHOOL, CLASS_CHANNEL) != int(live.id)
    await core.readback.run(SCHOOL, HERE)
    assert [len(await core.rows(finding)), core.marks.mark(SCHOOL, CLASS_CHANNEL)] == [1, int(live.id)]


async def test_a_channel_that_can_not_be_read_holds_up_no_other_and_is_told(core: Core) -> None:
    await core.readback.run(SCHOOL, [ChannelNow("1100000000000000502")])
    back = await away(core, a_message("stom", channel="1100000000000000502"))
    after = back.history.after

    async def broken(channel: str, message: str, limit: int) -> object:
        if channel == CLASS_CHANNEL:
            raise ConnectionError
        return await after(channel, message, limit)

    back.history.after = broken  # type: ignore[method-assign,assignment]
    await back.readback.run(SCHOOL, [*HERE, ChannelNow("1100000000000000502")])
    await back.runner.drain()
    assert len(await back.rows(finding)) == 1
    assert [values.get("channels") for values in notices(back)] == [None, CLASS_CHANNEL]


async def test_a_finding_that_was_committed_before_the_mark_was_is_not_made_twice(core: Core) -> None:
    message = await core.say("stom", BAD)
    back = await restarted(core.database, core.state, core.clock, (a_school(),))
    back.history.add(message)
    back.screening.teach("stom", BAD)
    await back.readback.run(SCHOOL, HERE)
    kinds = sorted(row["kind"] for row in await back.rows(outbox))
    assert [len(await back.rows(finding)), kinds] == [1, ["alert", "alert", "notice"]]


async def test_a_replay_does_not_free_a_channel_that_was_never_read_back(core: Core) -> None:
    missed = a_message("stom")
    back = await away(core, missed)
    back.watch.lost()
    live = await back.say("hoi")
    back.watch.resumed()
    assert back.marks.mark(SCHOOL, CLASS_CHANNEL) != int(live.id)
    await back.readback.run(SCHOOL, HERE)
    assert [len(await back.rows(finding)), back.marks.mark(SCHOOL, CLASS_CHANNEL)] == [1, int(live.id)]


async def test_a_replay_frees_the_marks_when_nothing_else_was_missed(core: Core) -> None:
    core.watch.lost()
    live = await core.say("hoi")
    core.watch.resumed()
    assert core.marks.mark(SCHOOL, CLASS_CHANNEL) == int(live.id)


async def test_the_newest_message_that_was_deleted_meanwhile_is_noticed_and_not_asked_for_again(core: Core) -> None:
    message = await core.say("stom", BAD)
    await core.watch.flush()
    core.history.delete(message)
    back = await away(core)
    await back.readback.run(SCHOOL, HERE)
    assert [row["kind"] for row in await back.rows(evidence)] == ["message", "deletion"]
    asked: list[str] = []
    back.history.one = lambda _channel, said: asked.append(said)  # type: ignore[method-assign,assignment,func-returns-value,return-value]
    await back.readback.run(SCHOOL, HERE)
    assert asked == []


async def test_an_old_message_that_is_still_open_and_was_deleted_meanwhile_is_noticed(core: Core) -> None:
    message = await core.say("stom", BAD)
    await core.watch.flush()
    core.history.delete(message)
    core.clock.forward(days=20)
    back = await away(core)
    await back.readback.run(SCHOOL, HERE)
    assert [row["kind"] for row in await back.rows(evidence)] == ["message", "deletion"]


async def test_an_edit_from_before_the_channel_was_watched_is_never_judged() -> None:
    async with a_core() as core:
        core.history.add(an_edit(a_message("lief"), "stom", "2026-11-24T08:55:00+00:00"))
        await core.readback.run(SCHOOL, HERE)
        back = await away(core)
        await back.readback.run(SCHOOL, HERE)
        assert [back.screening.judged, await back.rows(finding)] == [[], []]


async def test_what_stood_in_a_thread_on_the_very_first_start_is_never_judged() -> None:
    async with a_core() as core:
        core.screening.teach("stom", BAD)
        core.history.add(a_message(id="1499999999000000000"))
        core.history.add(a_message("stom", id="1499999999999999999", channel="77", parent=CLASS_CHANNEL))
        await core.readback.run(SCHOOL, [*HERE, ChannelNow("77", CLASS_CHANNEL)])
        assert [core.screening.judged, await core.rows(finding)] == [[], []]
        live = await core.say("stom", channel="77", parent=CLASS_CHANNEL)
        assert [row["message"] for row in await core.rows(finding)] == [live.id]


async def test_a_thread_that_nobody_touched_meanwhile_goes_on_where_it_was(core: Core) -> None:
    await core.say("hoi", channel="77", parent=CLASS_CHANNEL)
    back = await away(core)
    await back.readback.run(SCHOOL, HERE)
    live = await back.say("hoi weer", channel="77", parent=CLASS_CHANNEL)
    assert back.marks.mark(SCHOOL, "77") == int(live.id)


async def test_all_channels_of_a_first_start_are_written_at_once() -> None:
    async with a_core() as core:
        committed: list[None] = []
        core.database.listen(lambda: committed.append(None))
        here = [ChannelNow(CLASS_CHANNEL, last_message="41"), ChannelNow("1100000000000000502", last_message="42")]
        await core.readback.run(SCHOOL, here)
        assert [(row["channel"], row["message"]) for row in await core.rows(watermark)] == [
            (CLASS_CHANNEL, "41"),
            ("1100000000000000502", "42"),
        ]
        assert len(committed) == 1
