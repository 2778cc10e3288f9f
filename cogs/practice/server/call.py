"""One request of the bot, taken apart, and the shape of an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cogs.practice.errors import invalid_form
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.world.permissions import P, require
from cogs.practice.world.records import Channel, Member, Message, Upload
from cogs.practice.world.state import World


@dataclass(frozen=True, slots=True)
class Call:
    """A request: where it goes, what it carries."""

    world: World
    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    uploads: Sequence[Upload] = ()
    gateway_url: str = ""

    @property
    def json(self) -> Json:
        """The body as an object; empty when there is none."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def bot(self) -> Member:
        """Who asks: the bot as a member of the server."""
        return self.world.bot_member

    def id(self, name: str) -> int:
        """Return an id from the path, or raise 50035."""
        return number(name, self.params[name])

    def channel(self, *rights: P) -> Channel:
        """Return the channel of the path, if the bot sees it and holds ``rights`` there."""
        channel = self.world.channel(self.id("channel_id"))
        require(self.world, self.bot, channel, *rights)
        return channel

    def message(self, channel: Channel) -> Message:
        """Return the message of the path."""
        return self.world.message(channel, self.id("message_id"))

    def limit(self, default: int, most: int) -> int:
        """Return the asked number of items; out of bounds raises 50035."""
        asked = number("limit", self.query.get("limit", str(default)))
        if not 1 <= asked <= most:
            raise invalid_form("limit", "NUMBER_TYPE_MAX", f"int value should be between 1 and {most}.")
        return asked

    def asked_id(self, name: str) -> int | None:
        """Return an id from the query, None when it is not there."""
        return number(name, self.query[name]) if name in self.query else None


def number(name: str, text: str) -> int:
    """Return a whole number, or raise 50035."""
    if not text.isascii() or not text.isdecimal():
        raise invalid_form(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
    return int(text)


Answer: TypeAlias = Json | JsonList | None
Handler: TypeAlias = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A method, a path with names in braces, and what it does. ``open`` needs no token of the bot."""

    method: str
    template: str
    handler: Handler
    status: int = 200
    open: bool = False
    parts: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        """Split the template once."""
        object.__setattr__(self, "parts", tuple(self.template.strip("/").split("/")))
