"""What comes into the core and what goes out of it: facts and Protocols.

Identifiers of the platform (guild, channel, message, user, role) are strings and are used unchanged. A chat platform
adapter (``cogs`` for Discord) makes the facts and implements the Protocols; the core knows nothing else of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class SurfaceKind(StrEnum):
    """Where a readable text stood."""

    TEXT = "text"
    FORWARD = "forward"
    EMBED = "embed"
    POLL = "poll"
    FILE_NAME = "file_name"
    FILE_DESCRIPTION = "file_description"
    FILE_TEXT = "file_text"
    STICKER = "sticker"
    THREAD_TITLE = "thread_title"
    NICKNAME = "nickname"


@dataclass(frozen=True, slots=True)
class Surface:
    """One readable text of a message."""

    kind: SurfaceKind
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the platform. ``name`` is what the class sees (nickname, else display name)."""

    id: str
    name: str
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file at a message; ``size`` in bytes, ``duration`` in seconds (sound messages).

    ``linked``: no file of the message itself, but a link to the platform's own file server, or a sticker.
    """

    id: str
    name: str
    size: int
    url: str
    content_type: str | None = None
    description: str | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    forwarded: bool = False
    linked: bool = False


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One version of one message. ``revision`` is the platform's time of the edit, empty for the first version."""

    school: str
    channel: str
    id: str
    author: Person
    at: datetime
    surfaces: tuple[Surface, ...]
    attachments: tuple[Attachment, ...] = ()
    mentions: tuple[Person, ...] = ()
    mention_count: int = 0
    reply_to: Person | None = None
    parent: str | None = None
    revision: str = ""
    url: str = ""
    language: str | None = None

    @property
    def class_channel(self) -> str:
        """The channel that the school file may name: the parent of a thread, else the channel itself."""
        return self.parent or self.channel

    @property
    def text(self) -> str:
        """All readable text, a surface a line."""
        return "\n".join(surface.text for surface in self.surfaces if surface.text)

    @property
    def target(self) -> Person | None:
        """Whom the message is aimed at, as far as the platform says so: the only mention, else the one replied to."""
        others = [person for person in self.mentions if person.id != self.author.id and not person.bot]
        if len(others) == 1:
            return others[0]
        if self.reply_to and self.reply_to.id != self.author.id and not self.reply_to.bot:
            return self.reply_to
        return None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a school as the platform tells it now. ``channels``: the class channels that they can read."""

    id: str
    name: str
    roles: frozenset[str]
    channels: frozenset[str]
    locale: str | None = None
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where something goes: ``kind`` is ``user`` (a private message) or ``channel``."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox, as the messenger gets it. ``id`` is the nonce: sending twice shows once."""

    id: int
    school: str
    kind: str
    subject: int
    receiver: Receiver
    language: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a delivered message stands."""

    channel: str
    message: str


class Messenger(Protocol):
    """Goes out: what the core wants said."""

    async def deliver(self, delivery: Delivery) -> MessageRef:
        """Show the delivery to its receiver and return where it stands.

        Raises
        ------
        DeliveryRefusedError: it will never arrive there (closed DMs, no access).
        DeliveryFailedError: not now; try again later.
        """
        ...

    async def refresh(self, delivery: Delivery, ref: MessageRef) -> None:
        """Show the present state of an earlier delivery again; a message that is gone is no error."""
        ...

    async def remove(self, channel: str, message: str, reason: str) -> bool:
        """Delete a message of a pupil at a person's request; False when it was gone already.

        Raises ``DeliveryRefusedError`` when the bot lacks the right.
        """
        ...

    async def time_out(self, school: str, user: str, until: datetime, reason: str) -> None:
        """Silence a member until a moment, at a person's request. Raises ``DeliveryRefusedError``."""
        ...


class Roster(Protocol):
    """Comes in when asked: who somebody is at a school, at most two seconds old."""

    async def member(self, school: str, user: str) -> Member | None:
        """Return the member as the platform tells it now, or None for an outsider."""
        ...

    async def schools_of(self, user: str) -> Sequence[str]:
        """Return the schools in which somebody is a member."""
        ...


class History(Protocol):
    """Comes in when asked: messages that stand in a channel."""

    async def around(self, channel: str, message: str, limit: int) -> Sequence[ChatMessage]:
        """Return up to ``limit`` messages around one, oldest first; empty when none can be had."""
        ...

    async def one(self, channel: str, message: str) -> ChatMessage | None:
        """Return one message as it stands now, or None when it is gone."""
        ...

    async def after(self, channel: str, message: str, limit: int) -> Sequence[ChatMessage]:
        """Return the page of up to ``limit`` (at most 100) messages right after one, oldest first."""
        ...

    async def download(self, attachment: Attachment, limit: int) -> bytes | None:
        """Return a file of at most ``limit`` bytes, or None when it is larger or gone."""
        ...
