"""Watermarks: per channel the highest message id below which all is judged and committed.

A channel is *held* from the moment the connection is lost until what was missed is replayed or read back: live messages
then count as judged, but do not move the mark past what was missed. So is a channel in which a message was *left*
because too many waited. Marks are written at once for a new channel and every moment for the others; what is judged
twice after a crash is recognised by its finding.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

from sqlalchemy import select, update

from bot.clock import Busy, Clock
from bot.ports import ChatMessage
from bot.storage.engine import Database
from bot.storage.tables import fact, watermark

ALIVE = "alive"
BEAT = timedelta(seconds=30)  # how precisely an absence is told
Key = tuple[str, str]


@dataclass(slots=True)
class _Channel:
    mark: int
    saved: int
    parent: str | None = None
    since: datetime | None = None
    behind: bool = False
    lost: bool = False
    left: bool = False
    reading_left: bool = False
    under_way: dict[int, int] = field(default_factory=dict)
    judged: set[int] = field(default_factory=set)
    _begun: list[int] = field(default_factory=list)  # heaps: in a raid thousands are under way at once
    _ended: list[int] = field(default_factory=list)

    @property
    def held(self) -> bool:
        return self.behind or self.lost or self.left or self.reading_left

    def begin(self, number: int) -> None:
        if number not in self.under_way:
            heappush(self._begun, number)
        self.under_way[number] = self.under_way.get(number, 0) + 1

    def end(self, number: int) -> None:
        self.under_way[number] -= 1
        if not self.under_way[number]:
            del self.under_way[number]
        if number > self.mark and number not in self.judged:
            self.judged.add(number)
            heappush(self._ended, number)
        self.advance()

    def advance(self) -> None:
        if self.held:
            return
        while self._begun and self._begun[0] not in self.under_way:
            heappop(self._begun)
        while self._ended and (not self._begun or self._ended[0] < self._begun[0]):
            number = heappop(self._ended)
            self.judged.discard(number)
            self.mark = max(self.mark, number)


class Marks:
    """Keeps the marks of all channels. A channel in which messages were left counts as work under way."""

    def __init__(self, *, database: Database, clock: Clock, busy: Busy | None = None) -> None:
        self._database = database
        self._clock = clock
        self._busy = busy or Busy()
        self._channels: dict[Key, _Channel] = {}
        self._loaded = False
        self._loading = asyncio.Lock()
        self._beginning = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._beaten: datetime | None = None
        self._missing = False
        self._catching: set[str] = set()
        self._away_since: datetime | None = None
        self._away_told: set[str] = set()

    async def load(self) -> None:
        """Read the marks once; every channel is held until it was read back."""
        async with self._loading:
            if self._loaded:
                return
            async with self._database.read() as connection:
                for row in await connection.execute(select(watermark)):
                    mark = int(row.message)
                    self._channels[row.school, row.channel] = _Channel(mark, mark, row.parent, row.since, behind=True)
                alive = await connection.scalar(select(fact.c.value).where(fact.c.name == ALIVE))
            self._away_since = datetime.fromisoformat(alive) if alive else None
            self._missing = alive is not None
            self._loaded = True

    @property
    def heard(self) -> datetime | None:
        """Until when nothing was missed, None on the very first start."""
        return self._away_since

    def away_since(self, school: str) -> datetime | None:
        """Return since when nothing was heard, once for each absence of a school; None when nothing was missed."""
        if school in self._away_told:
            return None
        self._away_told.add(school)
        return self._away_since

    def lost(self) -> None:
        """Note that the connection is lost: marks stay until what was missed is replayed or read back."""
        self._away_since, self._away_told, self._missing = self._clock.now(), set(), True
        for state in self._channels.values():
            state.lost = True

    def resumed(self) -> None:
        """Note that the platform replays what was missed; a channel that must be read back still must."""
        self._missing = bool(self._catching)
        for state in self._channels.values():
            state.lost = False
            state.advance()

    def catch_up(self, school: str) -> None:
        """Note that a school is read back from now on, whatever was lost before."""
        self._catching.add(school)
        for (guild, _), state in self._channels.items():
            if guild == school:
                state.behind, state.lost = state.behind or state.lost, False

    def caught_up(self, school: str) -> None:
        """Note that a school is read back and its staff told: an absence that comes now is another one."""
        self._catching.discard(school)
        self._missing = bool(self._catching)

    def hold(self, school: str, channel: str) -> None:
        """Keep a channel's mark where it is while it is read back."""
        self._channels[school, channel].behind = True

    def release(self, school: str, channel: str) -> None:
        """Let a channel's mark move again: what was missed is judged."""
        state = self._channels[school, channel]
        state.behind = False
        state.advance()

    def leave(self, school: str, channel: str, number: int) -> bool:
        """Note that a message is left to a read-back of its channel; False when that would not come past it."""
        state = self._channels.get((school, channel))
        if state is None or number <= state.mark:
            return False
        if not (state.left or state.reading_left):
            self._busy.__enter__()
        state.left = True
        return True

    def left(self) -> list[Key]:
        """Return the channels in which messages were left."""
        return [key for key, state in self._channels.items() if state.left]

    @contextmanager
    def reading_left(self, school: str, channel: str) -> Iterator[int]:
        """Give the mark after which to read what was left, and hold it meanwhile; what fails is left again."""
        state = self._channels[school, channel]
        state.left, state.reading_left = False, True
        try:
            yield state.mark
        except BaseException:
            state.left = True
            raise
        finally:
            state.reading_left = False
            if not state.left:
                self._busy.__exit__()
                state.advance()

    def release_unlisted(self, school: str, listed: Collection[str]) -> None:
        """Let the marks of threads move again that the platform did not name: they were archived before, untouched."""
        for (guild, channel), state in self._channels.items():
            if guild == school and state.parent is not None and channel not in listed:
                state.behind = False
                state.advance()

    def mark(self, school: str, channel: str) -> int | None:
        """Return a channel's mark, None when it was never watched."""
        state = self._channels.get((school, channel))
        return state.mark if state else None

    def since(self, school: str, channel: str) -> datetime | None:
        """Return since when a channel is watched, None when that is not known."""
        state = self._channels.get((school, channel))
        return state.since if state else None

    def held_with_news(self, school: str) -> list[str]:
        """Return the channels of a school that are held and in which something was judged meanwhile."""
        found = ((key, state) for key, state in self._channels.items() if state.behind and state.judged)
        return [channel for (guild, channel), _ in found if guild == school]

    async def begin(self, school: str, channel: str, parent: str | None, mark: int, *, held: bool = False) -> None:
        """Watch a channel from a mark on; written at once, so that a crash right after misses nothing."""
        await self.begin_all(school, {channel: mark}, parent, held=held)

    async def begin_all(
        self, school: str, marks: Mapping[str, int], parent: str | None = None, *, held: bool = False
    ) -> None:
        """Watch channels from their marks on, in one transaction; those that are watched already stay as they are."""
        async with self._beginning:
            fresh = {channel: mark for channel, mark in marks.items() if (school, channel) not in self._channels}
            if not fresh:
                return
            now = self._clock.now()
            since = self.since(school, parent or "") or now
            same = {"school": school, "parent": parent, "since": since, "moved_at": now}
            rows = [{**same, "channel": channel, "message": str(mark)} for channel, mark in fresh.items()]
            async with self._database.write() as connection:
                await connection.execute(watermark.insert(), rows)
            for channel, mark in fresh.items():
                self._channels[school, channel] = _Channel(mark, mark, parent, since, held)

    async def meet(self, message: ChatMessage) -> None:
        """Count a message as under way; a channel that was never watched is watched from a new message on."""
        await self.load()
        number = int(message.id)
        if message.revision and (message.school, message.channel) not in self._channels:
            return
        if (message.school, message.channel) not in self._channels:
            above = self._channels.get((message.school, message.parent or ""))
            missed = above is not None and above.held
            start = min(above.mark, number - 1) if above and missed else number - 1
            await self.begin(message.school, message.channel, message.parent, start, held=missed)
        self._channels[message.school, message.channel].begin(number)

    def done(self, message: ChatMessage) -> None:
        """Count a message as judged and committed."""
        state, number = self._channels.get((message.school, message.channel)), int(message.id)
        if state is not None and number in state.under_way:
            state.end(number)

    def is_judged(self, message: ChatMessage) -> bool:
        """Whether a message, in some version, was judged and committed."""
        state, number = self._channels.get((message.school, message.channel)), int(message.id)
        return state is not None and (number <= state.mark or number in state.judged)

    async def save(self) -> None:
        """Write the marks that moved."""
        async with self._saving:
            await self._beat()
            moved = [(key, state, state.mark) for key, state in self._channels.items() if state.mark != state.saved]
            if not moved:
                return
            async with self._database.write() as connection:
                for (school, channel), _, mark in moved:
                    same = (watermark.c.school == school) & (watermark.c.channel == channel)
                    values = {"message": str(mark), "moved_at": self._clock.now()}
                    await connection.execute(update(watermark).where(same).values(**values))
            for _, state, mark in moved:
                state.saved = mark

    async def _beat(self) -> None:
        """Write down that the bot is at work; not while something may be missed: then it counts as away."""
        now = self._clock.now()
        fresh = self._beaten is not None and abs(now - self._beaten) < BEAT
        if not self._loaded or self._missing or fresh:
            return
        async with self._database.write() as connection:
            done = await connection.execute(update(fact).where(fact.c.name == ALIVE).values(value=now.isoformat()))
            if not done.rowcount:
                await connection.execute(fact.insert().values(name=ALIVE, value=now.isoformat()))
        self._beaten = now
