"""A picture that a person takes away with the whole message is remembered too, so that a copy of it is held at once.

fetched (before the message goes) -> remember (after): looked at for its prints alone; its contents are not kept.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.media.config import MediaConfig
from bot.media.facts import MediaKind
from bot.media.patience import Onlooker
from bot.media.store import HeldFile, HoldState, HoldStore, Told, held_file
from bot.ports import Attachment, ChatMessage, History
from bot.screening.verdict import Severity
from bot.storage.engine import Database

FETCH_S = 5.0
"""Seconds for fetching the files of a message; its removal waits no longer."""
SHOWN = frozenset({MediaKind.IMAGE, MediaKind.FILM, MediaKind.SOUND})


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message that is about to be taken away, and the contents of its files, as far as they could be had."""

    message: ChatMessage
    files: tuple[tuple[str, bytes], ...] = field(repr=False)


class TakenByHand:
    """Remembers pictures of messages that people take away."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        store: HoldStore,
        history: History,
        onlooker: Onlooker,
        config: MediaConfig,
    ) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._history = history
        self._onlooker = onlooker
        self._config = config

    async def fetched(self, school: str, channel: str, message: str) -> Fetched | None:
        """Return a message with its files; None: it has none, is gone, or the photo road knows its files."""
        async with self._database.read() as connection:
            if await self._store.find(connection, school, message) is not None:
                return None
        found = await self._history.one(channel, message)
        if found is None or not found.attachments:
            return None
        contents = await asyncio.gather(*(self._content(file) for file in found.attachments))
        pairs = zip(found.attachments, contents, strict=True)
        files = tuple((file.name, content) for file, content in pairs if content is not None)
        return Fetched(found, files) if files else None

    async def remember(self, school: str, message: str, fetched: Fetched | None, finding: int, by: str) -> None:
        """Remember what was in a message that ``by`` took away; what the photo road flagged there is out now."""
        held = [one for one in await asyncio.gather(*map(self._held, fetched.files)) if one] if fetched else []
        async with self._database.write() as connection:
            row = await self._store.find(connection, school, message)
            if row is not None:
                await self._store.remember_removed(connection, row)
                if row["state"] == HoldState.FLAGGED:
                    await self._store.change(connection, row, state=HoldState.HELD)
            elif fetched is not None and held:
                await self._hold(connection, fetched.message, held, (finding, by))

    async def _hold(
        self, connection: AsyncConnection, message: ChatMessage, held: list[HeldFile], about: tuple[int, str]
    ) -> None:
        (finding, by), now = about, self._clock.now()
        where = {"class_name": None, "channel": message.channel, "message": message.id, "author": message.author.id}
        what = {"state": HoldState.REFUSED, "severity": Severity.QUIET.value, "reasons": [], "private": False}
        done = {"decided_by": by, "decided_at": now, "said_at": message.at, "finding": finding}
        hold = await self._store.add(connection, message.school, Told(), held, **where, **what, **done)
        await self._store.remember_removed(connection, await self._store.get(connection, message.school, hold))

    async def _content(self, file: Attachment) -> bytes | None:
        limit = self._config.limits.bytes
        try:
            async with asyncio.timeout(FETCH_S):
                return await self._history.download(file, limit) if file.size <= limit else None
        except TimeoutError:
            return None

    async def _held(self, file: tuple[str, bytes]) -> HeldFile | None:
        """Return what is remembered of a file; None for one that shows and plays nothing.

        Of one that nobody could look at in time that is its hash.
        """
        name, content = file
        facts = await self._onlooker.look(name, content, self._config.limits.late_seconds)
        return held_file(facts, len(content), None) if facts.pdqs or facts.kind in SHOWN else None
