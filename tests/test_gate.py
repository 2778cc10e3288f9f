"""The gate: so many at a time, the urgent first, nobody forgotten."""

from __future__ import annotations

import asyncio

from bot.gate import Gate


class Work:
    """Goes through a gate and waits inside until it may leave."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._leave: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.inside: list[str] = []

    async def enter(self, name: str, rank: int = 1) -> None:
        self._leave[name] = asyncio.Event()
        self._tasks[name] = asyncio.create_task(self._through(name, rank))
        await asyncio.sleep(0)

    async def leave(self, name: str) -> None:
        self._leave[name].set()
        await self._tasks[name]
        await asyncio.sleep(0)

    async def give_up(self, name: str) -> None:
        self._tasks[name].cancel()
        await asyncio.gather(self._tasks[name], return_exceptions=True)
        await asyncio.sleep(0)

    async def _through(self, name: str, rank: int) -> None:
        async with self._gate.turn(lambda: rank):
            self.inside.append(name)
            try:
                await self._leave[name].wait()
            finally:
                self.inside.remove(name)


async def test_only_so_many_are_inside_and_the_rest_follow_in_order() -> None:
    work = Work(Gate(2))
    for name in ("a", "b", "c", "d"):
        await work.enter(name)
    assert work.inside == ["a", "b"]
    await work.leave("a")
    assert work.inside == ["b", "c"]
    await work.leave("c")
    assert work.inside == ["b", "d"]


async def test_the_urgent_go_first_among_those_who_wait() -> None:
    work = Work(Gate(1))
    for name, rank in (("a", 1), ("b", 1), ("threat", 0)):
        await work.enter(name, rank)
    await work.leave("a")
    assert work.inside == ["threat"]
    await work.leave("threat")
    assert work.inside == ["b"]


async def test_the_rank_is_not_asked_while_there_is_a_place() -> None:
    def asked() -> int:
        raise AssertionError

    async with Gate(1).turn(asked):
        pass


async def test_who_gives_up_takes_no_place_along() -> None:
    work = Work(Gate(1))
    for name in ("a", "b", "c"):
        await work.enter(name)
    await work.give_up("b")
    await work.leave("a")
    assert work.inside == ["c"]
    await work.give_up("c")
    await work.enter("d")
    assert work.inside == ["d"]
