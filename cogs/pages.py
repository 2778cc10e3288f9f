"""What the bot shows: a page (a message) or a form, as facts that ``cogs.wire`` sends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord

from cogs.plain import cut

TITLE_LIMIT = 256  # https://discord.com/developers/docs/resources/message#embed-object-embed-limits
DESCRIPTION_LIMIT = 4096
FIELD_NAME_LIMIT = 256
FIELD_LIMIT = 1024
FIELDS_LIMIT = 25
FOOTER_LIMIT = 2048
TOTAL_LIMIT = 6000
CONTENT_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a page."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A message. ``items``: buttons in rows, a select alone in its row; ``pings`` and ``ping_roles`` may be pinged.

    ``keeps``: given in place of a message, only that message's buttons change; the text follows as an answer.
    ``once_shown``: what is done after the platform took it as an answer.
    """

    text: str = ""
    embeds: tuple[discord.Embed, ...] = ()
    items: tuple[discord.ui.Item[Any], ...] = ()
    files: tuple[Upload, ...] = ()
    pings: tuple[str, ...] = ()
    ping_roles: tuple[str, ...] = ()
    keeps: bool = False
    once_shown: Callable[[], Awaitable[None]] | None = None

    def view(self) -> discord.ui.View:
        """Return a fresh view that holds nothing but these items and never ends."""
        view: discord.ui.View = discord.ui.View(timeout=None)
        for item in self.items:
            view.add_item(item)
        return view


def embed(
    title: str = "",
    description: str = "",
    fields: Sequence[tuple[str, str]] = (),
    footer: str = "",
    colour: int | None = None,
) -> discord.Embed:
    """Return an embed within all limits; what is too long is cut with a mark that says so."""
    room = TOTAL_LIMIT - len(footer[:FOOTER_LIMIT])
    made = discord.Embed(colour=colour)
    made.title = cut(title, TITLE_LIMIT) or None
    room -= len(made.title or "")
    made.description = cut(description, min(DESCRIPTION_LIMIT, room)) or None
    room -= len(made.description or "")
    for name, value in fields[:FIELDS_LIMIT]:
        shown_name, shown = cut(name, FIELD_NAME_LIMIT), cut(value or "–", FIELD_LIMIT)
        room -= len(shown_name) + len(shown)
        if room < 0:
            break
        made.add_field(name=shown_name, value=shown, inline=False)
    if footer:
        made.set_footer(text=cut(footer, FOOTER_LIMIT))
    return made


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a select."""

    label: str
    value: str
    description: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form.

    ``kind``: short, long, file, select, users, holders (users and roles) or channels; ``limit``: characters, or how
    many.
    """

    name: str
    label: str
    kind: str = "short"
    required: bool = True
    limit: int = 300
    hint: str = ""
    example: str = ""
    value: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form of at most five fields; ``custom_id`` holds the ids, so that its answer needs no memory."""

    custom_id: str
    title: str
    fields: tuple[Field, ...]
