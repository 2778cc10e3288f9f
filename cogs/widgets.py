"""Buttons and selects as they stand on a page: ``kw:<action>:<id>[:more...][:g<school>]`` and nothing else.

The school's id goes along so that a click in a private message finds it; rights are asked for anew at every click, so a
forged id opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.texts import Texts
from cogs.items import ITEMS, Action, Item
from cogs.pages import Choice
from cogs.plain import calmed, cut

LABEL_LIMIT = 80  # https://discord.com/developers/docs/components/reference#button
PLACEHOLDER_LIMIT = 150
OPTION_LIMIT = 100
OPTIONS_LIMIT = 25
ROWS_LIMIT = 5
ROW_WIDTH = 5
LARGEST_ID = 2**63 - 1  # ids are signed numbers of 64 bits
CUSTOM_ID = re.compile(r"kw:(?P<action>[a-z_]{1,24}):(?P<subject>\d{1,19})(?P<more>(?::[\w.@-]{1,40})*)", re.ASCII)
_SCHOOL = re.compile(r"g(\d{1,20})", re.ASCII)
PLAIN, GOOD, MAIN, RISKY = (
    discord.ButtonStyle.secondary,
    discord.ButtonStyle.success,
    discord.ButtonStyle.primary,
    discord.ButtonStyle.danger,
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a custom_id names. ``school``: as the button says, to be checked; ``more``: what stands between."""

    action: str
    subject: int
    more: tuple[str, ...] = ()
    school: str | None = None

    @property
    def custom_id(self) -> str:
        """The identifier that the platform keeps."""
        tail = [*self.more, *([f"g{self.school}"] if self.school else [])]
        return ":".join(("kw", self.action, str(self.subject), *tail))


def number_in(text: str) -> int | None:
    """Return the id that a text holds, or None for what can't be one: no number, or larger than ids are."""
    return int(text) if text.isascii() and text.isdecimal() and int(text) <= LARGEST_ID else None


def read_target(custom_id: str) -> Target | None:
    """Return what a custom_id names, or None for one that is not ours."""
    found = CUSTOM_ID.fullmatch(custom_id)
    if not found:
        return None
    subject = number_in(found["subject"])
    if subject is None:
        return None
    more = tuple(part for part in found["more"].split(":") if part)
    school = _SCHOOL.fullmatch(more[-1]) if more else None
    return Target(found["action"], subject, more[:-1] if school else more, school[1] if school else None)


class Kit:
    """Makes texts and widgets for one reader about one school."""

    def __init__(self, texts: Texts, language: str, school: str | None) -> None:
        self.texts = texts
        self.language = language
        self.school = school

    def say(self, key: str, **values: object) -> str:
        """Return a text in the reader's language."""
        return self.texts.get(key, self.language, **values)

    def either(self, key: str, fallback: str, **values: object) -> str:
        """Return a text, or another one where there is none of that key."""
        return self.say(key if self.texts.has(key) else fallback, **values)

    def button(
        self,
        action: Action,
        subject: int,
        *more: str,
        style: discord.ButtonStyle = PLAIN,
        label: str = "",
        off: bool = False,
        row: int | None = None,
        **values: object,
    ) -> Item:
        """Return a button; its label is the text ``label.<action>`` unless another key is given (with ``values``)."""
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=cut(self.say(label or f"label.{action}", **values), LABEL_LIMIT),
            custom_id=Target(action, subject, more, self.school).custom_id,
            style=style,
            disabled=off,
            row=row,
        )
        return ITEMS[action](button)

    def select(
        self,
        action: Action,
        subject: int,
        *more: str,
        choices: Sequence[Choice],
        hint: str = "",
        most: int = 1,
        row: int | None = None,
    ) -> Item:
        """Return a select of up to 25 options, the first ones; ``most``: how many may be chosen."""
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=Target(action, subject, more, self.school).custom_id,
            placeholder=cut(self.say(hint or f"label.{action}"), PLACEHOLDER_LIMIT),
            options=options(choices),
            max_values=max(1, min(most, len(choices), OPTIONS_LIMIT)),
            row=row,
        )
        return ITEMS[action](select)


def people(users: Sequence[str]) -> list[discord.SelectDefaultValue]:
    """Return people as the ones chosen in a select of people, the first 25."""
    kind = discord.SelectDefaultValueType.user
    return [discord.SelectDefaultValue(id=int(user), type=kind) for user in users[:OPTIONS_LIMIT] if user.isdigit()]


def options(choices: Sequence[Choice]) -> list[discord.SelectOption]:
    """Return the options of a select."""
    return [
        discord.SelectOption(
            label=cut(calmed(choice.label), OPTION_LIMIT),
            value=choice.value,
            description=cut(calmed(choice.description), OPTION_LIMIT) or None,
            default=choice.chosen,
        )
        for choice in choices[:OPTIONS_LIMIT]
    ]


def rows(*groups: Sequence[Item]) -> tuple[Item, ...]:
    """Return items with their rows set: a group begins a row, a select has one alone, five rows at most.

    Groups of buttons share a row where there would be too many. Raises ``ValueError`` when even that does not fit.
    """
    lines = [list(line) for group in groups for line in _lines(group)]
    while len(lines) > ROWS_LIMIT:
        pair = next((n for n in range(len(lines) - 1) if _fit_together(lines[n], lines[n + 1])), None)
        if pair is None:
            raise ValueError("too many rows")
        lines[pair] += lines.pop(pair + 1)
    for number, line in enumerate(lines):
        for item in line:
            item.row = number
    return tuple(item for line in lines for item in line)


def _lines(group: Sequence[Item]) -> list[Sequence[Item]]:
    lines: list[Sequence[Item]] = [[item] for item in group if not _is_button(item)]
    buttons = [item for item in group if _is_button(item)]
    return [*lines, *(buttons[start : start + ROW_WIDTH] for start in range(0, len(buttons), ROW_WIDTH))]


def _fit_together(one: Sequence[Item], other: Sequence[Item]) -> bool:
    return len(one) + len(other) <= ROW_WIDTH and all(_is_button(item) for item in (*one, *other))


def _is_button(item: Item) -> bool:
    return isinstance(item.item, discord.ui.Button)
