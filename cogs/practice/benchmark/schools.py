"""One bot for many schools: started, asked for an alert in each, killed and started again; what took how long."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cogs.practice.benchmark.facts import Line, percentile
from cogs.practice.benchmark.tables import P95, spread, times
from cogs.practice.school.facts import PUPIL, SchoolClass
from cogs.practice.school.loading import load_school
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.torture.facts import Kept
from cogs.practice.torture.phrasebook import Flagged, phrasebook
from cogs.practice.world.clock import DEFAULT_START, moment_of
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.records import Message
from cogs.practice.world.state import World

READY_S, SETTLE_S = 600.0, 600.0
APART_S = 0.25  # between two messages: four schools a second
GOAL_MS, MEMORY_GOAL_MB = 1000, 500
FIRST_CARDS = frozenset({"alert", "crisis"})
ReadKept = Callable[[Path, datetime], Awaitable[Kept]]


@dataclass(slots=True)
class Seen:
    """What was seen. ``said``: the school of each threat by the message's id; ``away``: those said while it was off."""

    channels: int
    start_s: float = 0.0
    quiet_s: float = 0.0
    again_s: float = 0.0
    memory_mb: float = 0.0
    said: dict[int, int] = field(default_factory=dict)
    away: set[int] = field(default_factory=set)
    bare_ms: list[float] = field(default_factory=list)


async def measure(files: Sequence[Path], sample: Path, flagged: Flagged, read_kept: ReadKept) -> list[Line]:
    """Run, and return the table. ``sample``: a small school, to judge in advance what is said.

    Raises ``BotStartError`` and ``ActError``.
    """
    first, *others = [load_school(file) for file in files]
    book, state = await phrasebook(load_school(sample), flagged), sample.parent / "state"
    stage = make_stage(first, DEFAULT_START, state, neighbours=others)
    stage.start_s = READY_S
    seen = Seen(sum(len(room.channels) for world in stage.world.all for room in world.school.classes))
    try:
        await open_stage(stage)
        await _days(stage, Threats(stage, book.threats[0].to, seen), seen)
        quiet_at = stage.world.clock.now()
    finally:
        await stage.close()
    return _table(stage, seen, await read_kept(state, quiet_at))


async def _days(stage: Stage, threats: "Threats", seen: Seen) -> None:
    began = time.monotonic()
    await stage.start_bot()
    seen.start_s = time.monotonic() - began
    await settle(stage, limit=SETTLE_S)
    seen.quiet_s = time.monotonic() - began
    await threats.everywhere(APART_S)
    await settle(stage, limit=SETTLE_S)
    await stage.kill_bot()
    seen.away = await threats.everywhere(0.0)
    began = time.monotonic()
    await stage.start_bot()
    seen.again_s = time.monotonic() - began
    await settle(stage, limit=SETTLE_S)
    seen.memory_mb = float((await stage.server.control.status()).get("memory_most_mb", 0))


class Threats:
    """Lets a pupil of every school threaten a classmate."""

    def __init__(self, stage: Stage, words: Callable[[int], str], seen: Seen) -> None:
        self._stage = stage
        self._words = words
        self._seen = seen
        self._dice = random.Random(1)  # noqa: S311 - who and where, no secret

    async def everywhere(self, apart_s: float) -> set[int]:
        """Write one in every school and return their ids."""
        written = set()
        for world in self._stage.world.all:
            message = self._write(world, self._dice.choice(world.school.classes))
            written.add(message)
            self._seen.said[message] = world.guild_id
            await self._bare()
            await asyncio.sleep(apart_s)
        return written

    def _write(self, world: World, room: SchoolClass) -> int:
        pupils = [one.id for one in world.school.people if room.name in one.classes and PUPIL in one.roles]
        author, mate = self._dice.sample(pupils, 2)
        draft = Draft(content=self._words(mate))
        return send(world, world.channels[room.channels[0]], world.members[author].user, draft).id

    async def _bare(self) -> None:
        """Ask the loopback server something simple: what a request costs on this machine just now."""
        began = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", self._stage.server.port)
        writer.write(b"GET /api/v10/gateway HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        await reader.read()
        writer.close()
        self._seen.bare_ms.append((time.monotonic() - began) * 1000)


def _messages(world: World) -> list[Message]:
    return [message for channel in world.channels.values() for message in channel.messages.values()]


def _table(stage: Stage, seen: Seen, kept: Kept) -> list[Line]:
    about = {alert: int(message) for message, alert in kept.findings if alert is not None and message.isdecimal()}
    shown = [(world.guild_id, one) for world in stage.world.all for one in _messages(world)]
    cards = {int(one.nonce): one.id for _, one in shown if one.nonce is not None}
    homes = {one.id: guild for guild, one in shown}
    first: dict[int, float] = {}
    strayed = 0
    for row in kept.rows:
        source, card = about.get(row.subject), cards.get(row.id)
        if row.kind in FIRST_CARDS and source in seen.said and card is not None:
            took = (moment_of(card) - moment_of(source)).total_seconds() * 1000
            first[source] = min(took, first.get(source, took))
            strayed += homes[card] != seen.said[source]
    live = [took for message, took in first.items() if message not in seen.away]
    bare = percentile(seen.bare_ms, P95)
    return [
        Line("benchmark.schools.size", f"{len(stage.world.all)} / {seen.channels}"),
        Line("benchmark.schools.start", f"{seen.start_s:.1f} s"),
        Line("benchmark.schools.quiet", f"{seen.quiet_s:.1f} s"),
        Line("benchmark.schools.again", f"{seen.again_s:.1f} s"),
        Line("benchmark.schools.alert", spread(live), f"< {GOAL_MS} ms", times(percentile(live, P95), bare)),
        Line("benchmark.bare", spread(seen.bare_ms)),
        Line("benchmark.untold", str(len(seen.said.keys() - first.keys())), "0"),
        Line("benchmark.schools.strayed", str(strayed), "0"),
        Line("benchmark.memory", f"{seen.memory_mb:.0f} MB", f"< {MEMORY_GOAL_MB} MB"),
    ]
