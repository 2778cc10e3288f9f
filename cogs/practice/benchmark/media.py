"""The photo road against the clock: a pupil posts a file, and how long it stands in the channel.

The bot and its child process run on one core; a short recording, of which hardly anything is decoded, is the yardstick.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.media.measure import peak_memory, processor_seconds
from cogs.practice.benchmark.facts import Line, percentile
from cogs.practice.errors import ActError
from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.school.loading import load_school
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.world.clock import DEFAULT_START
from cogs.practice.world.files import guess_type
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.records import Channel, Message, Upload

LONGEST_S, SETTLE_S = 30.0, 300.0
P50, P95 = 0.5, 0.95
MEMORY_GOAL_MB = 600
CHILD = b"bot.media.child"


@dataclass(frozen=True, slots=True)
class Sample:
    """A file that is held whenever a pupil posts it. ``key``: of its line; ``goal_s``: 0 for the yardstick."""

    key: str
    name: str
    content: bytes = field(repr=False)
    goal_s: float = 0.0


@dataclass(slots=True)
class Held:
    """Seconds from post to hold, and seconds of processor that bot and child used for it."""

    waited: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)


async def measure(samples: Sequence[Sample], state: Path, rounds: int) -> list[Line]:
    """Post each sample so many times and return the table; the last sample is the yardstick.

    Raises ``BotStartError``, and ``ActError`` when a file is not held in time.
    """
    stage = make_stage(load_school(DEFAULT_SCHOOL), DEFAULT_START, state)
    try:
        await open_stage(stage)
        await stage.start_bot()
        await _hold(stage, samples[-1])  # the child has started when this one is gone
        child = _child(stage.process.pid)
        both = (stage.process.pid, child)
        _to_one_core(*both)
        held = {sample.key: await _rounds(stage, sample, both, rounds) for sample in samples}
        return _table(samples, held, peak_memory(child))
    finally:
        await stage.close()


async def _rounds(stage: Stage, sample: Sample, processes: Sequence[int | None], rounds: int) -> Held:
    held = Held()
    for _ in range(rounds):
        before = sum(map(processor_seconds, processes))
        held.waited.append(await _hold(stage, sample))
        held.worked.append(sum(map(processor_seconds, processes)) - before)
        await settle(stage, limit=SETTLE_S)
    return held


async def _hold(stage: Stage, sample: Sample) -> float:
    pupil = next(person for person in stage.world.school.people if "pupil" in person.roles)
    group = next(group for group in stage.world.school.classes if group.name in pupil.classes)
    channel = stage.world.channels[group.channels[0]]
    upload = Upload(sample.name, sample.content, guess_type(sample.name))
    began = time.monotonic()
    message = send(stage.world, channel, stage.member(pupil.id).user, Draft(uploads=[upload]))
    await _gone(stage, channel, message, began + LONGEST_S)
    took = time.monotonic() - began
    for file in message.attachments:
        stage.world.attachments.pop(file.id, None)
    return took


async def _gone(stage: Stage, channel: Channel, message: Message, deadline: float) -> None:
    while message.id in channel.messages:
        left = deadline - time.monotonic()
        if left <= 0:
            raise ActError("benchmark.not_held", seconds=LONGEST_S)
        await stage.world.changed.wait(left)


def _to_one_core(*processes: int | None) -> None:
    """Let processes run on one core together, where the system can; threads that they start later do too."""
    if not hasattr(os, "sched_setaffinity"):
        return
    core = {max(os.sched_getaffinity(0))}
    for process in filter(None, processes):
        for thread in Path(f"/proc/{process}/task").iterdir():
            os.sched_setaffinity(int(thread.name), core)


def _child(pid: int | None) -> int | None:
    """Return the process that decodes files; None where the system does not tell."""
    found = [int(one) for listed in Path(f"/proc/{pid}/task").glob("*/children") for one in listed.read_text().split()]
    return next((one for one in found if CHILD in Path(f"/proc/{one}/cmdline").read_bytes()), None)


def _table(samples: Sequence[Sample], held: dict[str, Held], memory: float | None) -> list[Line]:
    yardstick = percentile(held[samples[-1].key].waited, P95)
    lines = [_line(sample, held[sample.key], yardstick) for sample in samples]
    told = f"{memory:.0f} MB" if memory is not None else "-"
    return [*lines, Line("benchmark.media_child", told, f"< {MEMORY_GOAL_MB} MB")]


def _line(sample: Sample, held: Held, yardstick: float) -> Line:
    waited = " / ".join(f"{percentile(held.waited, share):.2f}" for share in (P50, P95))
    value = f"{waited} s ({percentile(held.worked, P95):.2f} s, n={len(held.waited)})"
    if not sample.goal_s:
        return Line(sample.key, value)
    return Line(sample.key, value, f"< {sample.goal_s:.0f} s", f"{percentile(held.waited, P95) / yardstick:.1f}x")
