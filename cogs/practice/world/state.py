"""The world: everything that exists in the make-believe Discord, and the bells that ring when it changes."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from cogs.practice.errors import unknown
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.school.facts import School
from cogs.practice.world.clock import Clock, Snowflakes
from cogs.practice.world.records import (
    Attachment,
    Channel,
    Interaction,
    Member,
    Message,
    Modal,
    Role,
    User,
    Webhook,
)
from cogs.practice.world.showings import Showing


class Gateway(Protocol):
    """Where events go: every open session of the bot that may have them."""

    def dispatch(self, name: str, payload: Json, *, channel: Channel | None = None) -> None:
        """Send one event."""


class Silence:
    """A gateway that nobody listens to, before the server has started."""

    def dispatch(self, name: str, payload: Json, *, channel: Channel | None = None) -> None:
        """Drop the event."""


class Bell:
    """Wakes everybody who waits for a change."""

    def __init__(self) -> None:
        """Start without listeners."""
        self._waiting: set[asyncio.Event] = set()
        self.listeners: list[Callable[[], None]] = []

    def ring(self) -> None:
        """Wake all who wait."""
        for event in self._waiting:
            event.set()
        for listener in self.listeners:
            listener()

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 - the caller loops until its own deadline
        """Return at the next ring, or after ``timeout`` seconds."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(timeout):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(event)


@dataclass(slots=True)
class World:
    """All state. Ids are whole numbers inside and texts on the wire."""

    school: School
    clock: Clock
    ids: Snowflakes
    guild_id: int
    owner_id: int
    bot: User
    cdn: str = "http://127.0.0.1/cdn"
    gateway: Gateway = field(default_factory=Silence)
    changed: Bell = field(default_factory=Bell)
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    dms: dict[int, int] = field(default_factory=dict)
    ephemerals: dict[int, Message] = field(default_factory=dict)
    modals: dict[int, Modal] = field(default_factory=dict)
    notices: dict[int, list[str]] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    attachments: dict[int, Attachment] = field(default_factory=dict)
    stickers: dict[int, bytes] = field(default_factory=dict)
    webhooks: dict[int, Webhook] = field(default_factory=dict)
    commands: dict[int | None, JsonList] = field(default_factory=dict)
    closed_dms: set[int] = field(default_factory=set)
    bans: dict[int, str] = field(default_factory=dict)
    application: Json = field(default_factory=dict)
    showings: list[Showing] = field(default_factory=list)
    neighbours: "list[World]" = field(default_factory=list)

    @property
    def all(self) -> "list[World]":
        """This world and those of other schools that the same bot serves."""
        return [self, *self.neighbours]

    def home_of(self, parts: Iterable[str]) -> "World":
        """Return the world that the parts of a path or body name: by server, channel, interaction, or person."""
        if not self.neighbours:
            return self
        named = {part for part in parts if part}
        numbers = {int(part) for part in named if part.isascii() and part.isdecimal()}
        for world in self.all:
            if world.guild_id in numbers or not world.channels.keys().isdisjoint(numbers):
                return world
        for world in self.all:
            if not world.interactions.keys().isdisjoint(named) or not world.members.keys().isdisjoint(numbers):
                return world
        return self

    @property
    def application_id(self) -> int:
        """The bot's application; Discord gives it the same id as its user."""
        return self.bot.id

    @property
    def bot_member(self) -> Member:
        """The bot as a member of the school's server."""
        return self.members[self.bot.id]

    def channel(self, channel_id: int) -> Channel:
        """Return the channel, or raise 10003."""
        if channel_id not in self.channels:
            raise unknown("Channel")
        return self.channels[channel_id]

    def member(self, user_id: int) -> Member:
        """Return the member who is in the server now, or raise 10007 (10013 for an unknown account)."""
        if user_id not in self.members:
            raise unknown("User")
        if not self.members[user_id].present:
            raise unknown("Member")
        return self.members[user_id]

    def message(self, channel: Channel, message_id: int) -> Message:
        """Return a message of the channel, or raise 10008."""
        if message_id not in channel.messages:
            raise unknown("Message")
        return channel.messages[message_id]

    def dm_with(self, user: User) -> Channel:
        """Return the direct conversation between the bot and ``user``; make it when there is none."""
        if user.id not in self.dms:
            channel = Channel(id=self.ids.next(), kind=1, recipient=user)
            self.channels[channel.id] = channel
            self.dms[user.id] = channel.id
        return self.channels[self.dms[user.id]]

    def dispatch(self, name: str, payload: Json, *, channel: Channel | None = None) -> None:
        """Send an event to the bot and ring the bell."""
        self.gateway.dispatch(name, payload, channel=channel)
        self.changed.ring()
