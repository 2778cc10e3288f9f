"""One thing that somebody asks of the bot (a button, a select, a form, a command), as facts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.errors import NotFoundError
from bot.people import Actor
from bot.rights import Thing
from cogs.core import Core
from cogs.forms import FORM_ID, Submission, read_submission
from cogs.ground import Ground
from cogs.pages import Form, Page
from cogs.places import Places
from cogs.widgets import Kit, Target, read_target
from cogs.wire import Wire

Payload = Mapping[str, Any]
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2


@dataclass(frozen=True, slots=True)
class Ask:
    """What came in.

    ``thing``: what it is in the table of rights; ``guild`` is None in a private message; ``message``: the one with the
    button or form's button; ``ephemeral``: only who asks sees that one; ``beside``: what its buttons and selects name.
    """

    id: str
    token: str
    application: str
    user: str
    locale: str | None
    guild: str | None
    channel: str | None
    message: str | None
    target: Target
    thing: Thing
    values: tuple[str, ...] = ()
    submission: Submission = field(default_factory=lambda: Submission({}, {}, ()))
    data: Payload = field(default_factory=dict, repr=False)
    manages_server: bool = False
    ephemeral: bool = False
    beside: tuple[Target, ...] = ()

    @property
    def personal(self) -> bool:
        """Whether only who asks sees the message with the button."""
        return self.private or self.ephemeral

    @property
    def private(self) -> bool:
        """Whether it was asked in a private message."""
        return self.guild is None


def ask_from(interaction: discord.Interaction[Any], target: Target, thing: Thing) -> Ask:
    """Return the facts of an interaction about a target: what it is in the table of rights, who, where."""
    data: Payload = {**(interaction.data or {})}
    form = interaction.type is discord.InteractionType.modal_submit
    return Ask(
        id=str(interaction.id),
        token=interaction.token,
        application=str(interaction.application_id),
        user=str(interaction.user.id),
        locale=str(interaction.locale) if interaction.locale else None,
        guild=str(interaction.guild_id) if interaction.guild_id else None,
        channel=str(interaction.channel_id) if interaction.channel_id else None,
        message=str(interaction.message.id) if interaction.message else None,
        target=target,
        thing=thing,
        values=tuple(map(str, data.get("values") or ())),
        submission=read_submission(data) if form else Submission({}, {}, ()),
        data=data,
        manages_server=bool(interaction.guild_id) and interaction.permissions.manage_guild,
        ephemeral=interaction.message is not None and interaction.message.flags.ephemeral,
        beside=tuple(_beside(interaction.message)) if interaction.message else (),
    )


def _beside(message: discord.Message) -> Iterator[Target]:
    for row in message.components:
        for part in getattr(row, "children", ()):
            if found := read_target(str(getattr(part, "custom_id", None) or "")):
                yield found


def target_of(interaction: discord.Interaction[Any]) -> Target | None:
    """Return what an interaction's custom_id names, or None when it is not ours."""
    custom_id = str({**(interaction.data or {})}.get("custom_id", ""))
    if interaction.type is discord.InteractionType.modal_submit:
        found = FORM_ID.fullmatch(custom_id)
        return read_target(f"kw:{found['rest']}") if found else None
    return read_target(custom_id)


@dataclass(frozen=True, slots=True)
class Visit:
    """An ask with what a handler needs to answer it. ``who`` is None where nobody's rights are needed."""

    ask: Ask
    core: Core
    ground: Ground
    kit: Kit
    who: Actor | None

    @property
    def actor(self) -> Actor:
        """Who asks, at the school that it is about."""
        if self.who is None:
            raise NotFoundError("error.school.unknown")
        return self.who

    @property
    def wire(self) -> Wire:
        """What asks the platform."""
        return self.ground.wire

    @property
    def places(self) -> Places:
        """Where channels belong."""
        return self.ground.places

    @property
    def subject(self) -> int:
        """The id of what it is about."""
        return self.ask.target.subject

    def more(self, place: int) -> str:
        """Return a further part of the custom_id. Raises ``NotFoundError`` for a forged one that lacks it."""
        if place >= len(self.ask.target.more):
            raise NotFoundError("error.discord.button")
        return self.ask.target.more[place]

    def say(self, key: str, **values: object) -> str:
        """Return a text in the reader's language."""
        return self.kit.say(key, **values)

    async def name_of(self, user: str) -> str:
        """Return what the class calls somebody; empty for one who left."""
        return await self.ground.roster.name(self.actor.school.guild, user)

    def option(self, name: str) -> str:
        """Return what was typed or chosen for an option of a command; empty when it was left out."""
        options = self.ask.data.get("options") or []
        while options and options[0].get("type") in {SUBCOMMAND, SUBCOMMAND_GROUP}:
            options = options[0].get("options") or []
        found = next((option.get("value") for option in options if option.get("name") == name), "")
        return str(found).strip()

    def text(self, name: str) -> str:
        """Return what was filled in in a field."""
        return self.ask.submission.text(name)


Outcome = Page | Form


@dataclass(frozen=True, slots=True)
class Handler:
    """What answers an action. ``in_place``: its page replaces the one with the button."""

    run: Callable[[Visit], Awaitable[Outcome]]
    in_place: bool = False
