"""The entrance of the photo road: the files of a message are fetched and looked at in time, and the intake decides."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.errors import SetupError
from bot.media.config import MediaConfig
from bot.media.decide import BUSY, Looked
from bot.media.desk import MediaDesk
from bot.media.facts import MediaFacts, MediaKind
from bot.media.intake import MediaIntake
from bot.media.patience import Onlooker
from bot.media.sniff import named_kind
from bot.media.tally import unseen
from bot.media.unreadable import Reason
from bot.media.writing import Arrived
from bot.ports import Attachment, ChatMessage, Person
from bot.school import ClassRoom, School

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Files:
    """What came with a message: files that were looked at, and how many links lead to media that can't be had."""

    looked: tuple[Looked, ...] = ()
    links: int = 0

    def __bool__(self) -> bool:
        return bool(self.looked or self.links)


class MediaEntrance:
    """Takes messages with media in. ``fetch(attachment, limit)`` brings a file of at most so many bytes, or None."""

    def __init__(
        self,
        *,
        onlooker: Onlooker,
        fetch: Callable[[Attachment, int], Awaitable[bytes | None]],
        intake: MediaIntake,
        desk: MediaDesk,
        config: MediaConfig,
    ) -> None:
        self._onlooker = onlooker
        self._fetch = fetch
        self._intake = intake
        self._desk = desk
        self._config = config
        self._late_s = config.limits.late_seconds

    async def warm(self) -> None:
        """Start what looks at files, so that the first file does not wait for it."""
        try:
            await self._onlooker.start()
        except SetupError as error:
            LOG.error("files can't be looked at: %s", error.key)  # noqa: TRY400 - each file says so again on its card

    async def look(self, message: ChatMessage) -> Files:
        """Fetch and look at the files of a message; what goes wrong stands in the facts."""
        found = await asyncio.gather(*(self._one(file) for file in message.attachments))
        looked = tuple(one for one in found if one is not None)
        return Files(looked, found.count(None))

    async def arrived(
        self, message: ChatMessage, school: School, room: ClassRoom, files: Files, *, by_staff: bool
    ) -> None:
        """Let the intake decide. Staff answer for their own pictures; only what may be nudity is taken up.

        What nobody looked at yet may be that: of staff it is let stand meanwhile.
        """
        urgent = any(one.facts.nudity >= self._config.nudity.urgent for one in files.looked)
        waiting = any(one.facts.error == BUSY for one in files.looked)
        if by_staff and not (urgent or waiting):
            return
        await self._intake.take_in(Arrived(message, school, room, files.looked, by_staff=by_staff, links=files.links))

    async def poster(self, message: ChatMessage) -> ChatMessage | None:
        """Return a message with the pupil as its author whose picture the bot posted again; None for a bot's own."""
        if not message.author.bot:
            return message
        author = await self._desk.poster(message.school, message.id)
        return None if author is None else replace(message, author=Person(author, ""))

    async def _one(self, file: Attachment) -> Looked | None:
        """Look at one file; None for a link whose file can't be had."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._late_s
        content, reason = await self._content(file)
        if content is not None:
            facts = await self._onlooker.look(file.name, content, max(until - loop.time(), 0.0))
            return Looked(file.name, content, facts)
        return None if file.linked else Looked(file.name, None, _unseen(file, reason))

    async def _content(self, file: Attachment) -> tuple[bytes | None, Reason]:
        if file.size > self._config.limits.bytes:
            return None, Reason.TOO_LARGE
        try:
            async with asyncio.timeout(self._late_s):
                return await self._fetch(file, self._config.limits.bytes), Reason.NOT_FETCHED
        except TimeoutError:
            return None, Reason.NOT_FETCHED


def _unseen(file: Attachment, reason: Reason) -> MediaFacts:
    named = named_kind(file.name)
    told = {"image": MediaKind.IMAGE, "video": MediaKind.FILM, "audio": MediaKind.SOUND}
    kind = named or told.get((file.content_type or "").split("/")[0], MediaKind.OTHER)
    return unseen(file.name, kind, "", reason)
