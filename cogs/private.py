"""Private messages to the bot: kept as a draft, answered with what can be done with it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.errors import KlaswachtError
from bot.people import Actor, admit
from bot.ports import Surface, SurfaceKind
from bot.reports.facts import FILE_BYTES_LIMIT, FILES_LIMIT, KeptFile, ReportState
from bot.rights import PRIVATE_MESSAGE
from bot.texts import DEFAULT_LANGUAGE
from cogs.cards.reports import Draft, draft_page
from cogs.core import Core
from cogs.items import Action, Item
from cogs.pages import Page
from cogs.plain import inline, told
from cogs.roster import DiscordRoster
from cogs.translate import Spot, message_from
from cogs.widgets import Kit
from cogs.wire import Payload, Wire


class PrivateMessages:
    """Answers private messages."""

    def __init__(self, core: Core, wire: Wire, roster: DiscordRoster) -> None:
        self._core = core
        self._wire = wire
        self._roster = roster

    async def message(self, data: Payload) -> None:
        """Keep what somebody wrote to the bot as a draft, and say what happens with it."""
        user, channel = str(data["author"]["id"]), str(data["channel_id"])
        schools = await self._roster.schools_of(user)
        if not schools:
            kit = Kit(self._core.texts, DEFAULT_LANGUAGE, None)
            await self._wire.send(channel, Page(text=kit.say("command.outsider")))
            return
        for school in schools:
            await self._at_school(school, data, channel, alone=len(schools) == 1)

    async def _at_school(self, school: str, data: Payload, channel: str, *, alone: bool) -> None:
        """Answer for one school; somebody at several schools chooses by pressing a button under its name."""
        actor = await self._core.people.actor(school, str(data["author"]["id"]))
        kit = Kit(self._core.texts, actor.language, school)
        try:
            admit(actor, PRIVATE_MESSAGE)
            page = await self._answer(actor, kit, data)
        except KlaswachtError as error:
            page = Page(text=f"⚠️ {kit.say(error.key, **told(error.values))}")
        if not alone:
            page = replace(page, text=f"**{inline(actor.school.name)}**\n{page.text}".strip())
        with contextlib.suppress(discord.Forbidden):  # closed since: it is kept, and stands under their messages
            await self._wire.send(channel, page, nonce=int(data["id"]) if alone else None)

    async def _answer(self, actor: Actor, kit: Kit, data: Payload) -> Page:
        message = message_from(data, Spot(actor.school.guild, str(data["channel_id"])))
        said = "\n".join(_said(message.surfaces))
        files, missed = await self._files(data)
        school = actor.school.guild
        draft = await self._core.reports.draft(school, actor.id, what=said, origin="dm", files=files)
        verdict = await self._core.screening.judge(message, None, actor.school)
        if verdict.crisis:
            await self._core.reports.distress(actor, draft)
        talks = await self._talks(actor, kit, draft)
        kept = Draft(draft, await self._core.reports.draft_files(actor, draft), missed)
        return draft_page(kit, self._core.clock.now(), kept, talks, crisis=verdict.crisis)

    async def _talks(self, actor: Actor, kit: Kit, draft: int) -> tuple[Item, ...]:
        """Return buttons to send the message on in a talk that is still open."""
        own = await self._core.reports.mine(actor)
        going = [one for one in own if one.id != draft and one.state in {ReportState.OPEN, ReportState.TAKEN}][:3]
        return tuple(
            kit.button(Action.REPLY, report.id, str(draft), label="label.send_on_number", row=1, number=report.number)
            for report in going
        )

    async def _files(self, data: Payload) -> tuple[Sequence[KeptFile], int]:
        """Return the files of a message, and how many could not be had."""
        kept, sent = [], message_from(data, Spot("", "")).attachments
        for file in sent[:FILES_LIMIT]:
            content = await self._wire.download(file.url, FILE_BYTES_LIMIT) if file.size <= FILE_BYTES_LIMIT else None
            if content is not None:
                kept.append(KeptFile(file.name, content, file.content_type))
        return kept, len(sent) - len(kept)


def _said(surfaces: Sequence[Surface]) -> list[str]:
    names = {SurfaceKind.FILE_NAME, SurfaceKind.FILE_DESCRIPTION}
    return [surface.text for surface in surfaces if surface.kind not in names]
