"""Every hostile string into every field, option, private message, name and file; every answer and card is looked at."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.errors import NotFoundError
from bot.rights import Kind
from cogs.wire import page_data
from tests.builders import CLASS_CHANNEL, COORDINATOR, PUPIL, SCHOOL
from tests.trust.entrances import TEXTS, Answer, Ledger, the_ledger
from tests.trust.hostile import ALL, KINDS
from tests.trust.looking import stray, wrong
from tests.trust.scene import MEMBERS, REPORTER, Scene, the_scene
from tests.trust.tries import CSV, Try, tries

BROKEN = TEXTS.get("error.unknown.click", "nl", code="§").split("§")[0]
OWNERS = {"by_name": REPORTER, "anonymous": REPORTER, "ask_consent": PUPIL}
FREE_TEXT = 3  # https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-type
GRANT = "command consent grant"
MODAL = 9
NOBODY = "9911000000000000"
SHORT = tuple(re.sub(r"(?<=[@#&!])11000000000000", NOBODY, text) for text in ALL if len(text) < 120)
GROUP = 14
TEXTS_IN = (
    *dict.fromkeys(kind[0] for kind in KINDS.values()),
    *("\n".join(SHORT[start : start + GROUP]) for start in range(0, len(SHORT), GROUP)),
)
"""One of each kind alone, and all that are not long some at a time: together more than 200, as fast as can be."""


@dataclass
class Room:
    """The scene with everything put back after each thing that was done."""

    scene: Scene
    ledger: Ledger
    bad: list[tuple[str, str, str]]

    async def done(self, what: str, text: str, answer: Answer | list[dict[str, Any]]) -> None:
        """Look at what was answered and at the cards that were sent, and put everything back."""
        parts = answer.parts if isinstance(answer, Answer) else tuple(answer)
        for found in [*_looked(parts), *await self._cards()]:
            self.bad.append((what, text[:40], found))
        if self.ledger.changed():
            self.ledger.put_back()

    async def _cards(self) -> list[str]:
        bot, found = self.scene.bot, list[str]()
        await bot.core.runner.drain()
        for delivery in bot.messenger.sent:
            try:
                page = await bot.client.deck.page(delivery)
            except NotFoundError:
                continue
            data = page_data(page)
            found += [f"{delivery.kind}: {one}" for one in (*wrong(data, data), *stray(data))]
        bot.messenger.sent.clear()
        return found


def _looked(parts: tuple[dict[str, Any], ...]) -> list[str]:
    found = [] if parts else ["no answer"]
    for part in parts:
        if part.get("kind") == MODAL or not (part.get("content") or part.get("embeds")):
            continue
        found += [] if "allowed_mentions" in part else ["allowed_mentions is missing"]
        found += ["broken"] if BROKEN in str(part.get("content")) else []
        found += [*wrong({"allowed_mentions": {"parse": []}, **part}, part), *stray(part)]
    return found


@asynccontextmanager
async def a_room() -> AsyncIterator[Room]:
    async with the_scene() as scene:
        await scene.bot.core.runner.drain()
        scene.bot.messenger.sent.clear()
        ledger = the_ledger(scene.bot)
        room = Room(scene, ledger, [])
        yield room
        ledger.close()


def filled(one: Try, text: str) -> Try:
    """Return a try with this text in every field that takes one, and as what was chosen."""
    fields = {name: text if isinstance(told, str) else told for name, told in one.fields.items()}
    return replace(one, fields=fields)


def test_more_than_200_strings_are_thrown() -> None:
    thrown = "\n".join(TEXTS_IN).replace(NOBODY, "11000000000000")
    assert len([text for text in ALL if text in thrown]) > 250


async def test_every_field_of_every_form() -> None:
    async with a_room() as room:
        forms = [one for one in tries(room.scene.things) if one.thing.kind is Kind.FORM and _has_text(one)]
        assert len({one.thing.name for one in forms}) > 15
        for one in forms:
            who = OWNERS.get(one.thing.name, COORDINATOR)
            for text in TEXTS_IN:
                await room.done(one.name, text, await filled(one, text).by(room.scene.bot, who))
    assert room.bad == []


def _has_text(one: Try) -> bool:
    return any(isinstance(told, str) for told in one.fields.values())


async def test_every_option_of_every_command() -> None:
    async with a_room() as room:
        [grant] = [one for one in tries(room.scene.things) if one.name == GRANT]
        options = grant.given["options"][0]["options"]
        for text in TEXTS_IN:
            free = [{"type": FREE_TEXT, "name": name, "value": text} for name in ("name", "proof")]
            for more in (free, [{"type": FREE_TEXT, "name": "until", "value": text}]):
                sub = {**grant.given["options"][0], "options": [*options, *more]}
                tried = replace(grant, given={**grant.given, "options": [sub]})
                await room.done(GRANT, text, await tried.by(room.scene.bot, COORDINATOR))
    assert room.bad == []


async def test_every_line_of_an_imported_file() -> None:
    async with a_room() as room:
        [take_over] = [one for one in tries(room.scene.things) if one.name == "command consent import"]
        for text in TEXTS_IN:
            line = f"account;soort;plaats;door;tot;naam\n{text};foto;klas;ouder;2027-01-01;{text}\n"
            room.scene.bot.rest.files[CSV] = line.encode("utf-8", "surrogatepass")
            await room.done("import", text, await take_over.by(room.scene.bot, COORDINATOR))
    assert room.bad == []


async def test_every_private_message() -> None:
    async with a_room() as room:
        for text in TEXTS_IN:
            await room.done("private message", text, await room.scene.bot.message(PUPIL, text))
    assert room.bad == []


async def test_every_message_that_is_reported_by_the_menu() -> None:
    async with a_room() as room:
        [menu] = [one for one in tries(room.scene.things) if one.name == "menu report_message"]
        for text in TEXTS_IN:
            tried = replace(menu, given={**menu.given, "resolved": _picked(menu.given, text)})
            await room.done("menu", text, await tried.by(room.scene.bot, REPORTER))
    assert room.bad == []


def _picked(given: Mapping[str, Any], text: str) -> dict[str, Any]:
    [(number, message)] = given["resolved"]["messages"].items()
    author = {"id": PUPIL, "username": text, "global_name": text}
    return {"messages": {number: {**message, "content": text, "author": author, **_around(text)}}}


def _around(text: str) -> dict[str, Any]:
    file = {"id": "7", "filename": text, "description": text, "size": 1, "url": CSV, "proxy_url": CSV}
    poll = {"question": {"text": text}, "answers": [{"answer_id": 1, "poll_media": {"text": text}}]}
    return {"attachments": [file], "sticker_items": [{"id": "8", "name": text, "format_type": 1}], "poll": poll}


async def test_every_message_in_a_class_with_its_files_polls_and_stickers(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        async with a_room() as room:
            for number, text in enumerate(TEXTS_IN):
                author = {"id": PUPIL, "username": text, "global_name": text}
                data = {"id": f"{1_650_000_000_000_000_000 + number}", "guild_id": SCHOOL, "channel_id": CLASS_CHANNEL}
                said = {**data, "author": author, "content": f"kankerhoer {text}", **_around(text)}
                await room.scene.bot.event("MESSAGE_CREATE", {**said, "timestamp": "2026-11-24T09:00:00+00:00"})
                await room.done("message", text, [{}])
    assert room.bad == []
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_every_nickname_on_every_page_that_names_people() -> None:
    async with a_room() as room:
        things = room.scene.things
        for text in TEXTS_IN:
            for member in room.scene.bot.rest.members[SCHOOL].values():
                member["nick"] = text
            for press in (f"kw:show:{things.open}", f"kw:case:{things.cases['S1']}", f"kw:report:{things.report}"):
                await room.done(press, text, await room.scene.bot.press(COORDINATOR, press, SCHOOL))
            await room.done("mine", text, await room.scene.bot.press(REPORTER, "kw:my_messages:0", SCHOOL))
            await room.done("report", text, await room.scene.bot.command(REPORTER, "report", SCHOOL))
    assert room.bad == []
    assert len(MEMBERS[SCHOOL]) > 15
