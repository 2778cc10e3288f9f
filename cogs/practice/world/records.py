"""The records of the make-believe Discord. They change in place, only through the modules of ``world``."""

import asyncio
import enum
from dataclasses import dataclass, field
from datetime import datetime

from cogs.practice.jsontypes import Json, JsonList

EPHEMERAL, LOADING, COMPONENTS_V2, SUPPRESS_EMBEDS, HAS_THREAD = 1 << 6, 1 << 7, 1 << 15, 1 << 2, 1 << 5
DM, TEXT, NEWS, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 1, 0, 5, 10, 11, 12, 15
PLAIN, PINNED_NOTE, THREAD_NOTE, REPLY, COMMAND_ANSWER, THREAD_STARTER, MENU_ANSWER = 0, 6, 18, 19, 20, 21, 23
THREADS = frozenset({NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})


@dataclass(slots=True)
class User:
    """An account: a person, or the bot."""

    id: int
    name: str
    display: str
    bot: bool = False
    locale: str = "nl"


@dataclass(slots=True)
class Role:
    """A role of the server."""

    id: int
    name: str
    permissions: int
    position: int
    managed_by: int | None = None
    color: int = 0
    mentionable: bool = False
    hoist: bool = False


@dataclass(slots=True)
class Member:
    """An account in the server; ``present`` becomes false when it leaves."""

    user: User
    roles: list[int]
    joined: datetime
    nick: str | None = None
    timed_out_until: datetime | None = None
    present: bool = True

    @property
    def shown_name(self) -> str:
        """The name that others see."""
        return self.nick or self.user.display


@dataclass(slots=True)
class Overwrite:
    """What a role (kind 0) or a member (kind 1) may do in one channel."""

    id: int
    kind: int
    allow: int
    deny: int


@dataclass(slots=True)
class Attachment:
    """A file on the CDN."""

    id: int
    channel_id: int
    filename: str
    content_type: str
    data: bytes
    size_on_screen: tuple[int, int] | None = None
    description: str | None = None
    ephemeral: bool = False
    title: str | None = None
    duration: float | None = None
    waveform: str | None = None


@dataclass(slots=True)
class ThreadMeta:
    """What only threads have."""

    owner_id: int
    archived: bool = False
    locked: bool = False
    archived_at: datetime | None = None
    auto_archive: int = 1440
    invitable: bool = True
    members: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    total_sent: int = 0


@dataclass(slots=True)
class Channel:
    """A channel, thread or direct conversation, with its messages in order of id."""

    id: int
    kind: int
    name: str = ""
    position: int = 0
    topic: str | None = None
    parent_id: int | None = None
    slowmode: int = 0
    nsfw: bool = False
    recipient: User | None = None
    thread: ThreadMeta | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    messages: "dict[int, Message]" = field(default_factory=dict)
    pins: dict[int, datetime] = field(default_factory=dict)
    last_message_id: int | None = None

    @property
    def is_dm(self) -> bool:
        """Whether this is a direct conversation."""
        return self.kind == DM


@dataclass(slots=True)
class Message:
    """A message. ``only_for`` is set on ephemeral ones, ``token`` on answers to an interaction."""

    id: int
    channel_id: int
    author: User
    content: str = ""
    kind: int = 0
    flags: int = 0
    tts: bool = False
    nonce: int | str | None = None
    edited: datetime | None = None
    embeds: JsonList = field(default_factory=list)
    components: JsonList = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    reactions: dict[str, list[int]] = field(default_factory=dict)
    reference: Json | None = None
    snapshots: JsonList = field(default_factory=list)
    poll: Json | None = None
    stickers: JsonList = field(default_factory=list)
    pinned: bool = False
    webhook: "Webhook | None" = None
    interaction: "Interaction | None" = None
    only_for: int | None = None
    token: str | None = None
    author_name: str | None = None


class Phase(enum.Enum):
    """How far an interaction has come."""

    WAITING = "waiting"
    ANSWERED = "answered"
    EXPIRED = "expired"


@dataclass(slots=True)
class Interaction:
    """Something a person did with the bot, and its answer."""

    id: int
    token: str
    kind: int
    user: User
    channel_id: int
    in_guild: bool
    data: Json
    made: datetime
    deadline: float
    name: str | None = None
    message: Message | None = None
    phase: Phase = Phase.WAITING
    answer: int = 0
    original: Message | None = None
    followups: dict[int, Message] = field(default_factory=dict)
    choices: JsonList = field(default_factory=list)
    settled: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Webhook:
    """A webhook of a channel."""

    id: int
    token: str
    channel_id: int
    name: str
    creator: User


@dataclass(slots=True)
class Modal:
    """The form that a person has open."""

    interaction: Interaction
    custom_id: str
    title: str
    components: JsonList


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in."""

    filename: str
    data: bytes
    content_type: str
    description: str | None = None
    title: str | None = None
    duration: float | None = None
    waveform: str | None = None
