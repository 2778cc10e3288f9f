"""The road of one message, readable top to bottom; the only entrance for live messages, edits and read-back alike.

    known class channel, not a bot?   else nothing
    seen before in this version?      else nothing
    verdict = screening + patterns    meanwhile its files are fetched and looked at
    quiet?                            nothing is kept; the mark may move past it
    one transaction: finding, evidence, alert, what is to be said
    files?                            the photo road decides (bot.media)

A storage that fails holds a message here until it works again; a message whose judging fails is looked at again later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from itertools import count
from typing import Protocol
from weakref import WeakValueDictionary

from bot.alerts.outage import Outage
from bot.clock import Busy, Clock
from bot.errors import StorageError
from bot.findings.patterns import Patterns, with_signal
from bot.findings.recording import Recorder, Seen
from bot.gate import Gate
from bot.marks import Marks
from bot.media.entrance import Files
from bot.people import People
from bot.ports import ChatMessage
from bot.recheck import WORDS_ENGINES, Recheck
from bot.school import ClassRoom, School, Schools
from bot.screening.verdict import QUIET, Severity, Verdict
from bot.staff import Staff, for_staff
from bot.storage.engine import Database
from bot.versions import Versions, tracked

LOG = logging.getLogger(__name__)

STORAGE_PAUSE_S = 2.0
AT_ONCE = 32  # messages judged together: enough for full batches of the model, few enough that none waits for it
AT_MOST = (
    2_000  # live messages held in memory, some 15 kB each; what may be urgent is held until there are twice as many
)
SAVE_PAUSE_S = 1.0  # a mark may be this old after a crash; what lies between is judged again and recognised
ODD = "error.storage.other"  # no full disk or lock: trying for ever would hold up everything for one message
ODD_TRIES = 3


class Judge(Protocol):
    """What screening does."""

    async def judge(self, message: ChatMessage, room: ClassRoom | None, school: School | None) -> Verdict:
        """Return the verdict on a message."""
        ...


class Media(Protocol):
    """The entrance of the photo road."""

    async def look(self, message: ChatMessage) -> Files:
        """Return what was seen in the files of a message."""
        ...

    async def arrived(
        self, message: ChatMessage, school: School, room: ClassRoom, files: Files, *, by_staff: bool
    ) -> None:
        """Decide about them."""
        ...


class Watch:
    """Takes messages in."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        schools: Callable[[], Schools],
        people: People,
        screening: Judge,
        patterns: Patterns,
        recorder: Recorder,
        marks: Marks,
        recheck: Recheck,
        outage: Outage,
        media: Media,
        hurried: Callable[[ChatMessage], bool] = lambda _: False,
        busy: Busy | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        at_most: int = AT_MOST,
    ) -> None:
        self._database = database
        self._schools = schools
        self._staff = Staff(people, patterns)
        self._screening = screening
        self._patterns = patterns
        self._recorder = recorder
        self._marks = marks
        self._versions = Versions(database=database, clock=clock, marks=marks)
        self._recheck = recheck
        self._outage = outage
        self._media = media
        self._hurried = hurried
        self._gate = Gate(AT_ONCE)
        self._at_most = at_most
        self._live = 0
        self._busy = busy or Busy()
        self._pause = pause
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def waiting(self) -> int:
        """How many live messages are held in memory."""
        return self._live

    async def take(self, message: ChatMessage) -> None:
        """Handle a message that was just written or changed, or leave it to be read back: too many wait."""
        if self._too_many(message) and self._marks.leave(message.school, message.channel, int(message.id)):
            return
        self._live += 1
        try:
            await self.handle(message)
        finally:
            self._live -= 1

    async def handle(self, message: ChatMessage) -> None:
        """Judge one version of one message and write down what a person should look at."""
        school = self._schools().get(message.school)
        room = school.class_of_channel(message.class_channel) if school else None
        if school is None or room is None or message.author.bot:
            return
        lock = self._locks.setdefault(f"{message.school}/{message.id}", asyncio.Lock())
        with self._busy:
            await self._lasting(lambda: self._meet(message))
            async with lock, self._turn(message):
                await self._judged(school, room, message)
            if message.id.isdigit():
                self._marks.done(message)

    async def deleted(self, school: str, channel: str, message_id: str) -> None:
        """Note that a message was taken away; only one with a finding leaves a trace."""
        LOG.debug("message taken away in channel %s", channel)
        lock = self._locks.setdefault(f"{school}/{message_id}", asyncio.Lock())
        with self._busy:
            async with lock:
                await self._lasting(lambda: self._take_away(school, message_id))

    def lost(self) -> None:
        """Say that the connection is lost: marks stay until the read-back is done, or ``resumed`` is called."""
        self._marks.lost()

    def resumed(self) -> None:
        """Say that nothing was missed (the platform replays the missed events)."""
        self._marks.resumed()

    async def run(self) -> None:
        """Write the marks down at once, so that the staff hear of an absence that begins now, and every moment."""
        while True:
            try:
                await self._marks.load()
                await self._marks.save()
            except StorageError as error:
                await self._outage.tell(error)
            await self._pause(SAVE_PAUSE_S)

    async def flush(self) -> None:
        """Write the marks down now."""
        await self._marks.save()

    async def look_again(self, school: School, message: ChatMessage) -> bool:
        """Judge a message that only the words judged with the model; False when it is not back yet."""
        room = school.class_of_channel(message.class_channel)
        if room is None:
            return True
        files = await self._media.look(message)
        verdict = await self._screening.judge(message, room, school)
        if verdict.engine in WORDS_ENGINES:
            return False
        by_staff = await self._by_staff(school, message, verdict, files)
        seen = Seen(message, school, room, for_staff(verdict) if by_staff else verdict, by_staff, looked_again=True)
        async with self._database.write() as connection:
            await self._recorder.record(connection, seen)
        if files:
            await self._media.arrived(message, school, room, files, by_staff=by_staff)
        return True

    async def recheck_due(self, _subject: int, school: str) -> None:
        """Do the timer ``recheck``."""
        await self._recheck.due(school, self.look_again)

    def _too_many(self, message: ChatMessage) -> bool:
        if self._live < self._at_most or not message.id.isdigit():
            return False
        return self._live >= 2 * self._at_most or not self._hurried(message)

    def _turn(self, message: ChatMessage) -> AbstractAsyncContextManager[None]:
        """Return what holds a message back while others are judged; looking at files takes long, and elsewhere."""
        if message.attachments:
            return nullcontext()
        return self._gate.turn(lambda: 0 if self._hurried(message) else 1)

    async def _judged(self, school: School, room: ClassRoom, message: ChatMessage) -> None:
        try:
            await self._lasting(lambda: self._once(school, room, message))
        except Exception as error:  # noqa: BLE001 - one odd message must not hold up its channel for ever
            LOG.error("a message was set aside: %s", type(error).__name__)  # noqa: TRY400 - a trace may print contents
            await self._lasting(lambda: self._set_aside(message))

    async def _set_aside(self, message: ChatMessage) -> None:
        async with self._database.write() as connection:
            await self._recheck.remember(connection, message)

    async def _meet(self, message: ChatMessage) -> None:
        if message.id.isdigit():
            await self._marks.meet(message)

    async def _once(self, school: School, room: ClassRoom, message: ChatMessage) -> None:
        if await self._versions.judged(message):
            return
        verdict, files = await asyncio.gather(self._judge(school, room, message), self._media.look(message))
        by_staff = await self._by_staff(school, message, verdict, files)
        also = await self._staff.supervisor(school, message, verdict)
        seen = Seen(message, school, room, for_staff(verdict) if by_staff else verdict, by_staff, also=also)
        if not files:
            await self._record(seen, remember=tracked(message))
            return
        await self._record(seen, remember=False)  # after a crash between the two, both are done again
        await self._media.arrived(message, school, room, files, by_staff=by_staff)
        if tracked(message):
            async with self._database.write() as connection:
                await self._versions.remember(connection, message)

    async def _record(self, seen: Seen, *, remember: bool) -> None:
        words_alone = seen.verdict.engine in WORDS_ENGINES
        if seen.verdict.severity is Severity.QUIET and not tracked(seen.message) and not words_alone:
            return
        async with self._database.write() as connection:
            await self._recorder.record(connection, seen)
            if remember:
                await self._versions.remember(connection, seen.message)
            if words_alone:
                await self._recheck.remember(connection, seen.message)

    async def _by_staff(self, school: School, message: ChatMessage, verdict: Verdict, files: Files) -> bool:
        """Whether somebody who works at the school wrote it; asked only where it makes a difference."""
        differs = verdict.severity is not Severity.QUIET or bool(files)
        return differs and await self._staff.has(school, message.author.id)

    async def _judge(self, school: School, room: ClassRoom, message: ChatMessage) -> Verdict:
        flood = None if message.revision else self._patterns.note(message)
        try:
            verdict = await self._screening.judge(message, room, school)
        except Exception as error:  # noqa: BLE001 - a message must not be lost because judging it failed
            LOG.error("screening failed: %s", type(error).__name__)  # noqa: TRY400 - a trace may print contents
            verdict = replace(QUIET, engine="none")
        verdict = with_signal(verdict, flood)
        return with_signal(verdict, self._patterns.heated(message, verdict.severity))

    async def _take_away(self, school: str, message_id: str) -> None:
        async with self._database.write() as connection:
            await self._recorder.deleted(connection, school, message_id)

    async def _lasting(self, work: Callable[[], Awaitable[None]]) -> None:
        for attempt in count(1):
            try:
                return await work()
            except StorageError as error:
                if error.key == ODD and attempt >= ODD_TRIES:
                    raise
                await self._outage.tell(error)
                await self._pause(STORAGE_PAUSE_S)
        return None
