"""What was said while the bot was away: read back page by page, oldest first, through the same entrance as live.

New messages: everything after a channel's mark. Edits: the last days are paged again, and ``watch`` judges what
changed since it looked. Deletions: a message with a finding that is no longer there, of those days or still open.
A channel that was never watched is watched from now on, a thread in it from when its channel is; nothing of before is
judged. What was left because too many waited is read as soon as few do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select

from bot.alerts.outbox import Outbox
from bot.clock import Busy, Clock
from bot.findings.evidence import DELETION, revision_moment
from bot.findings.facts import FindingState
from bot.marks import Marks
from bot.ports import ChatMessage, History, Receiver
from bot.school import School, Schools
from bot.storage.engine import Database
from bot.storage.tables import evidence, finding
from bot.watch import Watch

LOG = logging.getLogger(__name__)

PAUSES_S = (2.0, 10.0, 60.0)  # a channel that still fails after these stays held and is read at the next start
PAGE = 100  # the most that the platform gives at once
CAP = 5_000  # messages of one channel in one read-back: a class writes less in a month
EDIT_DAYS = 7
EDIT_CAP = 2_000
GONE_CAP = 50  # older findings of one channel, still open, that are looked at one by one
NEWEST = str(2**63 - 1)  # later than every id, to ask for the newest message
NOTE_FROM = timedelta(minutes=1)  # a shorter absence without messages is not worth a note
FEW = 64  # so few messages waiting that there is room for pages again
LOOK_S = 1.0
AWAY = "alerts.notice.away"
CAPPED = "alerts.notice.away_capped"


@dataclass(frozen=True, slots=True)
class ChannelNow:
    """A channel or thread as the platform shows it; ``last_message``: its newest message's id, None when unknown."""

    id: str
    parent: str | None = None
    last_message: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What one read-back did."""

    messages: int = 0
    capped: tuple[str, ...] = ()


class ReadBack:
    """Reads what was missed."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        schools: Callable[[], Schools],
        history: History,
        watch: Watch,
        marks: Marks,
        outbox: Outbox,
        id_at: Callable[[datetime], str],
        busy: Busy | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._clock = clock
        self._schools = schools
        self._history = history
        self._watch = watch
        self._marks = marks
        self._outbox = outbox
        self._id_at = id_at
        self._busy = busy or Busy()
        self._pause = pause

    async def heard(self) -> datetime | None:
        """Return until when nothing was missed, None on the very first start."""
        await self._marks.load()
        return self._marks.heard

    async def run(self, school: str, channels: Iterable[ChannelNow]) -> Read:
        """Read back a school's channels (class channels and their threads) and let their marks move again."""
        facts = self._schools().get(school)
        if facts is None:
            return Read()
        with self._busy:
            await self._marks.load()
            self._marks.catch_up(school)
            away_since = self._marks.away_since(school)
            watched = self._watched(facts, channels)
            count, capped = await self._all(school, await self._known(school, watched))
            late = [ChannelNow(channel) for channel in self._marks.held_with_news(school)]
            count += (await self._all(school, late))[0]
            listed = frozenset(channel.id for channel in [*watched, *late])
            result = Read(count, tuple(capped))
            await self._note(facts, away_since, result)
            self._marks.release_unlisted(school, listed)
            self._marks.caught_up(school)
        return result

    async def _known(self, school: str, channels: list[ChannelNow]) -> list[ChannelNow]:
        """Begin at once with all channels that were never watched; return the others."""
        new = [one for one in channels if one.parent is None and self._marks.mark(school, one.id) is None]
        sure = {one.id: int(one.last_message) for one in new if one.last_message is not None}
        await self._marks.begin_all(school, sure)
        return [one for one in channels if one.id not in sure]

    async def run_left(self) -> None:
        """Read what was left whenever few messages wait, until cancelled."""
        while True:
            await self._pause(LOOK_S)
            if self._watch.waiting <= FEW:
                await self.left()

    async def left(self) -> None:
        """Read the channels in which messages were left; one that can't be read is tried again at the next call."""
        for school, channel in self._marks.left():
            try:
                with self._marks.reading_left(school, channel) as mark:
                    await self._new(channel, mark, None)
                    await self._edits(school, channel, mark)
            except Exception as error:  # noqa: BLE001 - as for any channel
                LOG.error("read-back failed: %s", type(error).__name__)  # noqa: TRY400 - a trace may print contents

    async def _all(self, school: str, channels: list[ChannelNow], attempt: int = 0) -> tuple[int, list[str]]:
        count, capped, failed = 0, list[str](), list[ChannelNow]()
        for channel in channels:
            try:
                read, whole = await self._channel(school, channel)
            except Exception as error:  # noqa: BLE001 - one channel that can't be read holds up no other
                LOG.error("read-back failed: %s", type(error).__name__)  # noqa: TRY400 - a trace may print contents
                failed.append(channel)
                continue
            count += read
            capped += [] if whole else [channel.id]
        if failed and attempt < len(PAUSES_S):
            await self._pause(PAUSES_S[attempt])
            more, cut = await self._all(school, failed, attempt + 1)
            return count + more, capped + cut
        return count, capped + [channel.id for channel in failed]

    def _watched(self, school: School, channels: Iterable[ChannelNow]) -> list[ChannelNow]:
        known = [channel for channel in channels if school.class_of_channel(channel.parent or channel.id)]
        return sorted(known, key=lambda channel: channel.parent is not None)

    async def _channel(self, school: str, channel: ChannelNow) -> tuple[int, bool]:
        mark = self._marks.mark(school, channel.id)
        if mark is None:
            mark = self._above(school, channel.parent or "")
            start = await self._newest(channel) if mark is None else mark
            await self._marks.begin(school, channel.id, channel.parent, start, held=mark is not None)
            if mark is None:
                return 0, True
        self._marks.hold(school, channel.id)
        count, whole = await self._new(channel.id, mark, CAP)
        await self._gone(school, channel.id, *await self._edits(school, channel.id, mark))
        self._marks.release(school, channel.id)
        await self._watch.flush()
        return count, whole

    def _above(self, school: str, parent: str) -> int | None:
        """Return from where a thread that has no mark yet is read: none of its messages ever came in."""
        since = self._marks.since(school, parent)
        return self._marks.mark(school, parent) if since is None else int(self._id_at(since))

    async def _newest(self, channel: ChannelNow) -> int:
        if channel.last_message is not None:
            return int(channel.last_message)
        page = await self._history.around(channel.id, NEWEST, 1)
        return int(page[-1].id) if page else 0

    async def _new(self, channel: str, mark: int, cap: int | None) -> tuple[int, bool]:
        count, after = 0, str(mark)
        while page := await self._history.after(channel, after, PAGE):
            await asyncio.gather(*map(self._watch.handle, page))
            count, after = count + len(page), page[-1].id
            if cap is not None and count >= cap:
                return count, False
        return count, True

    async def _edits(self, school: str, channel: str, mark: int) -> tuple[set[str], Callable[[int], bool]]:
        """Judge what was edited; return the messages that are there, and what says whether one was looked for."""
        after = self._id_at(self._clock.now() - timedelta(days=EDIT_DAYS))
        first, last, seen = int(after), int(NEWEST), set[str]()
        while page := await self._history.after(channel, after, PAGE):
            seen.update(message.id for message in page)
            for message in (one for one in page if int(one.id) <= mark and self._changed(school, one)):
                await self._watch.handle(message)
            after = page[-1].id
            if int(after) > mark or len(seen) >= EDIT_CAP:
                last = int(after)
                break
        return seen, lambda message: first < message <= last

    def _changed(self, school: str, message: ChatMessage) -> bool:
        """Whether a message was edited since its channel is watched; ``watch`` knows which edits it has judged."""
        edited, since = revision_moment(message.revision), self._marks.since(school, message.channel)
        return bool(message.revision) and (edited is None or since is None or edited >= since)

    async def _gone(self, school: str, channel: str, seen: set[str], inside: Callable[[int], bool]) -> None:
        noted = exists().where(evidence.c.finding == finding.c.id, evidence.c.kind == DELETION)
        since = self._clock.now() - timedelta(days=EDIT_DAYS + 1)
        asked = select(finding.c.message, finding.c.state).where(
            finding.c.school == school,
            finding.c.channel == channel,
            or_(finding.c.said_at >= since, finding.c.state == FindingState.OPEN),
            ~noted,
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked.order_by(finding.c.id.desc()))).all()
        rows = [row for row in rows if row.message.isdigit() and row.message not in seen]
        recent = [row.message for row in rows if inside(int(row.message))]
        older = [row.message for row in rows if row.state == FindingState.OPEN and row.message not in recent]
        for message in [*recent, *older[:GONE_CAP]]:
            if await self._history.one(channel, message) is None:
                await self._watch.deleted(school, channel, message)

    async def _note(self, school: School, since: datetime | None, read: Read) -> None:
        now = self._clock.now()
        if since is None or not (read.messages or read.capped or now - since > NOTE_FROM):
            return
        values = {"text": AWAY, "from": since.isoformat(), "to": now.isoformat(), "count": str(read.messages)}
        receiver = Receiver("channel", school.staff_channel)
        async with self._database.write() as connection:
            await self._outbox.enqueue(connection, school.guild, "notice", 0, receiver, values=values)
            if read.capped:
                told = {"text": CAPPED, "channels": " ".join(read.capped), "count": str(CAP)}
                await self._outbox.enqueue(connection, school.guild, "notice", 0, receiver, values=told)
