"""Asking the bot as a person does, and what its answer says. An answer that never came promises nothing."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from cogs.practice.errors import ActError, ApiError, ScriptError
from cogs.practice.jsontypes import Json
from cogs.practice.stage import commands, forms
from cogs.practice.stage.answering import interact
from cogs.practice.stage.script import Act
from cogs.practice.stage.stage import Stage
from cogs.practice.world.component_limits import BUTTON
from cogs.practice.world.interactions import COMPONENT, DEFER, FORM, Started
from cogs.practice.world.reading import walk
from cogs.practice.world.records import LOADING, Interaction, Message
from cogs.practice.world.sight import message_search_text

LATER_S, LOOK_S = 12.0, 0.1
CARDS_LOOKED_AT = 60
Say = Callable[[str], str]
"""A sentence of the bot in the school's language, by its key; placeholders stay as they are."""


class Asker:
    """One person who asks the bot something."""

    def __init__(self, stage: Stage, person: int, say: Say) -> None:
        self.stage = stage
        self.person = person
        self._say = say

    def act(self, kind: str, **data: object) -> Act:
        """Return an act of this person."""
        return Act(0, kind, self.person, data, Path())

    async def command(self, **data: object) -> Message | None:
        """Type a command and return the page that came."""
        return await self._page(commands.command, self.act("command", **data))

    async def menu(self, **data: object) -> Message | None:
        """Pick from a message's menu and return the page that came."""
        return await self._page(commands.menu, self.act("menu", **data))

    async def press(self, message: Message, button: Json) -> Interaction | None:
        """Press a button."""
        data = {"custom_id": button["custom_id"], "component_type": BUTTON, "id": button["id"]}
        channel = self.stage.world.channels[message.channel_id]
        return await interact(self.stage, self.person, Started(COMPONENT, data, channel, message))

    async def fill_in(self, asked: Interaction | None, **fields: str) -> Interaction | None:
        """Fill in the form that an ask opened and return the answer."""
        modal = self.stage.world.modals.get(self.person)
        if asked is None or asked.answer != FORM or modal is None or modal.interaction is not asked:
            return None
        await forms.submit(self.stage, self.act("submit", fields=fields))
        return self.last()

    async def said(self, answer: Interaction | None) -> str:
        """Return what an answer says in the end; nothing when the bot died before."""
        page = await self._shown(answer)
        return message_search_text(self.stage.world, page) if page is not None else ""

    async def tells(self, answer: Interaction | None, key: str) -> bool:
        """Whether an answer says this sentence."""
        parts = [re.escape(part) for part in re.split(r"\{\w+\}", self._say(key))]
        return re.search(".*".join(parts), await self.said(answer), re.DOTALL) is not None

    async def hears(self, doing: Awaitable[object], key: str) -> bool:
        """Whether this person is told the first sentence of a text beside what they pressed."""
        sentence = self._say(key).split(".")[0]

        def told() -> int:
            return sum(one.to == self.person and sentence in one.text for one in self.stage.world.showings)

        before = told()
        await doing
        until = time.monotonic() + LATER_S
        while told() <= before and time.monotonic() < until and self.stage.process.running:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(LOOK_S)
        return told() > before

    async def _page(self, doing: Callable[[Stage, Act], object], act: Act) -> Message | None:
        before = self.last()
        work = doing(self.stage, act)
        if asyncio.iscoroutine(work):
            await work
        answer = self.last()
        return await self._shown(answer) if answer is not before else None

    def last(self) -> Interaction | None:
        """Return what this person asked last."""
        asked = reversed(self.stage.world.interactions.values())
        return next((one for one in asked if one.user.id == self.person), None)

    async def _shown(self, answer: Interaction | None) -> Message | None:
        """Return the page of an answer, once "is thinking" has made place for it."""
        if answer is None or answer.original is None:
            return None
        until = time.monotonic() + LATER_S
        while answer.answer == DEFER and answer.original.flags & LOADING:
            if time.monotonic() > until or not self.stage.process.running:
                return None
            await asyncio.sleep(LOOK_S)
        return answer.original


def buttons(message: Message, action: str) -> Iterator[Json]:
    """Yield the buttons of a message that do this."""
    for component in walk(message.components):
        custom_id = str(component.get("custom_id") or "")
        if component.get("type") == BUTTON and custom_id.startswith(f"kw:{action}:") and not component.get("disabled"):
            yield component


def subject_of(button: Json) -> str:
    """Return the id that a button is about."""
    return str(button["custom_id"]).split(":")[2]


def cards(stage: Stage, person: int) -> list[Message]:
    """Return the newest cards that a member of staff sees: in the staff channel and in private messages."""
    world = stage.world
    staff = list(world.channels[world.school.staff_channel].messages.values())[-CARDS_LOOKED_AT:]
    return [*staff, *letters(stage, person)]


def letters(stage: Stage, person: int) -> list[Message]:
    """Return the newest private messages between the bot and a person."""
    world = stage.world
    if person not in world.dms:
        return []
    return list(world.channels[world.dms[person]].messages.values())[-CARDS_LOOKED_AT:]


IMPOSSIBLE = (ActError, ApiError, ScriptError)
"""What a person could not do just now: a command that is not there yet, a message that is gone."""
