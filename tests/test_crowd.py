"""More messages than can be judged: memory is bounded, the urgent go in, the rest is read back, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.ports import ChatMessage
from bot.readback import ChannelNow
from bot.screening.verdict import Severity, SignalName, Verdict
from bot.storage.tables import finding
from tests.builders import CLASS_CHANNEL, SCHOOL, Core, a_core, a_message, a_school, a_verdict, an_edit, restarted

HERE = [ChannelNow(CLASS_CHANNEL)]
BAD = a_verdict()
THREAT = a_verdict(Severity.URGENT, SignalName.THREAT)


class Crowd:
    """Many messages at a bot whose judge stands still until it is let go; it holds three at most."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._go = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._judge = core.screening.judge
        core.screening.judge = self._held  # type: ignore[method-assign]
        core.watch._at_most = 3
        core.watch._hurried = lambda message: "dood" in message.text

    async def write(self, *texts: str) -> list[ChatMessage]:
        said = [a_message(text) for text in texts]
        self.core.history.add(*said)
        await self.come(*said)
        return said

    async def come(self, *messages: ChatMessage) -> None:
        for message in messages:
            self._tasks.append(asyncio.create_task(self.core.watch.take(message)))
            await asyncio.sleep(0)

    async def end(self) -> None:
        self._go.set()
        await asyncio.gather(*self._tasks)

    @property
    def judged(self) -> list[str]:
        return sorted(message.text for message in self.core.screening.judged)

    async def _held(self, message: ChatMessage, *about: object) -> Verdict:
        del about
        await self._go.wait()
        return await self._judge(message)


@pytest.fixture
async def crowd() -> AsyncIterator[Crowd]:
    async with a_core() as core:
        await core.readback.run(SCHOOL, HERE)
        await core.say("hoi")
        core.screening.judged.clear()
        core.screening.teach("stom", BAD)
        core.screening.teach("dood", THREAT)
        yield Crowd(core)


def numbered(count: int) -> list[str]:
    return [f"stom {number}" for number in range(count)]


async def test_more_than_may_wait_are_left_and_all_are_judged_once(crowd: Crowd) -> None:
    await crowd.write(*numbered(10))
    assert [crowd.core.watch.waiting, crowd.core.busy.count] == [3, 4]  # three messages, and a channel to read
    await crowd.end()
    assert crowd.judged == numbered(3)
    await crowd.core.readback.left()
    assert [crowd.judged, len(await crowd.core.rows(finding))] == [numbered(10), 10]
    assert [crowd.core.marks.left(), crowd.core.busy.count] == [[], 0]


async def test_a_threat_is_taken_in_while_others_are_left(crowd: Crowd) -> None:
    await crowd.write(*numbered(5), "je gaat dood")
    await crowd.end()
    assert crowd.judged == ["je gaat dood", *numbered(3)]


async def test_even_threats_are_left_when_twice_as_many_wait(crowd: Crowd) -> None:
    await crowd.write(*(f"dood {number}" for number in range(9)))
    assert crowd.core.watch.waiting == 6
    await crowd.end()
    await crowd.core.readback.left()
    assert len(crowd.judged) == 9


async def test_a_crash_before_the_rest_was_read_loses_nothing(crowd: Crowd) -> None:
    await crowd.write(*numbered(6))
    await crowd.end()
    await crowd.core.watch.flush()
    back = await restarted(crowd.core.database, crowd.core.state, crowd.core.clock, (a_school(),))
    back.history.channels = crowd.core.history.channels
    back.screening.teach("stom", BAD)
    await back.readback.run(SCHOOL, HERE)
    assert len(await back.rows(finding)) == 6


async def test_an_edit_that_was_left_is_judged(crowd: Crowd) -> None:
    said = (await crowd.write("lief", *numbered(2)))[0]
    changed = an_edit(said, "stom geworden")
    crowd.core.history.add(changed)
    await crowd.come(changed)
    await crowd.end()
    await crowd.core.readback.left()
    assert "stom geworden" in crowd.judged


async def test_what_can_not_be_read_is_tried_again(crowd: Crowd) -> None:
    await crowd.write(*numbered(5))
    await crowd.end()
    after = crowd.core.history.after

    async def broken(*_page: object) -> Sequence[ChatMessage]:
        raise ConnectionError

    crowd.core.history.after = broken  # type: ignore[method-assign]
    await crowd.core.readback.left()
    assert [len(crowd.judged), crowd.core.busy.count] == [3, 1]
    crowd.core.history.after = after  # type: ignore[method-assign]
    await crowd.core.readback.left()
    assert crowd.judged == numbered(5)


async def test_what_is_left_while_the_rest_is_read_is_read_too(crowd: Crowd) -> None:
    await crowd.write(*numbered(5))
    await crowd.end()
    late = a_message("stom later")
    after, asked = crowd.core.history.after, list[str]()

    async def overtaken(channel: str, message: str, limit: int) -> Sequence[ChatMessage]:
        page = await after(channel, message, limit)
        if not asked:
            crowd.core.history.add(late)
            assert crowd.core.marks.leave(SCHOOL, CLASS_CHANNEL, int(late.id))
        asked.append(message)
        return page

    crowd.core.history.after = overtaken  # type: ignore[method-assign]
    await crowd.core.readback.left()
    assert crowd.core.marks.left() == [(SCHOOL, CLASS_CHANNEL)]
    await crowd.core.readback.left()
    assert crowd.judged == [*numbered(5), "stom later"]


async def test_the_bot_reads_the_rest_by_itself_when_few_wait(crowd: Crowd) -> None:
    await crowd.write(*numbered(8))
    reading = asyncio.create_task(crowd.core.readback.run_left())
    await crowd.end()
    await crowd.core.busy.wait_idle()
    reading.cancel()
    assert crowd.judged == numbered(8)
