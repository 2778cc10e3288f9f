"""Full rounds of the collector come while nobody waits, or at last anyway."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest

from bot.clock import Busy
from bot.sweep import LATEST_S, LOOK_S, Sweep, hold_off, set_aside


async def swept(busy: Busy, looks: int) -> list[float]:
    """Return at which seconds memory was gone through."""
    clock, rounds = [0.0], list[float]()

    async def pause(seconds: float) -> None:
        if clock[0] >= looks * LOOK_S:
            await asyncio.Event().wait()
        clock[0] += seconds

    sweep = Sweep(busy, collect=lambda: rounds.append(clock[0]), now=lambda: clock[0], pause=pause)
    task = asyncio.create_task(sweep.run())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return rounds


async def test_memory_is_gone_through_at_every_look_while_nothing_is_under_way() -> None:
    assert await swept(Busy(), 3) == [LOOK_S, 2 * LOOK_S, 3 * LOOK_S]


async def test_work_under_way_puts_it_off_but_not_for_ever() -> None:
    busy = Busy()
    with busy:
        first, *_ = await swept(busy, 100)
    assert LATEST_S < first <= LATEST_S + LOOK_S


@pytest.fixture
def collector() -> Iterator[None]:
    usual = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*usual)
    gc.enable()


@pytest.mark.usefixtures("collector")
def test_no_round_happens_during_the_start_and_young_rounds_do_after_it() -> None:
    hold_off()
    assert not gc.isenabled()
    set_aside()
    assert gc.isenabled()
