"""From an ask to its answer: finds the handler, who asks and at which school; always answers, also a refusal, in words.

The table of rights is the door: whoever could do this with nothing at the school does not reach the handler.

The platform waits three seconds for a first answer; when the handler needs longer, it is told that the answer follows.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import aiohttp
import discord

from bot.errors import KlaswachtError, NotAllowedError, NotFoundError, TakenError
from bot.people import Actor, admit
from bot.rights import Kind, Thing, for_members
from bot.texts import language_of
from cogs.ask import Ask, Handler, Outcome, Visit, ask_from, target_of
from cogs.core import Core
from cogs.forms import payload_of
from cogs.ground import Ground
from cogs.items import MARK, Action
from cogs.pages import Choice, Form, Page
from cogs.plain import person, told
from cogs.widgets import Kit, Target
from cogs.wire import DEFERRED_MESSAGE, DEFERRED_UPDATE, MESSAGE, MODAL, UPDATE, Wire, items_data, page_data

PATIENCE_S = 1.8  # of the three seconds; the rest is for the way there and back
_LOG = logging.getLogger(__name__)


class Router:
    """Answers everything that people press, choose, fill in or type."""

    def __init__(
        self,
        core: Core,
        ground: Ground,
        presses: Mapping[str, Handler],
        forms: Mapping[str, Handler],
    ) -> None:
        self._core = core
        self._ground = ground
        self._wire = ground.wire
        self._roster = ground.roster
        self._presses = presses
        self._forms = forms

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a button, a select or a form."""
        target = target_of(interaction) or Target("unknown", 0)
        form = interaction.type is discord.InteractionType.modal_submit
        handler = (self._forms if form else self._presses).get(target.action)
        thing = Thing(Kind.FORM if form else Kind.PRESS, target.action)
        await self._answer(ask_from(interaction, target, thing), handler)

    async def command(self, interaction: discord.Interaction[Any], thing: Thing, handler: Handler) -> None:
        """Answer a command or a message menu."""
        interaction.extras[MARK] = True
        await self._answer(ask_from(interaction, Target(thing.name, 0), thing), handler)

    async def refuse(self, interaction: discord.Interaction[Any], key: str, **values: str) -> None:
        """Answer with a sentence only."""
        interaction.extras[MARK] = True
        ask = ask_from(interaction, Target("unknown", 0), Thing(Kind.COMMAND, "unknown"))
        await self._answer(ask, None, NotFoundError(key, **values))

    async def _answer(self, ask: Ask, handler: Handler | None, unknown: NotFoundError | None = None) -> None:
        with self._core.busy:
            self._roster.heard(ask.user, ask.locale)
            slow = self._core.texts.get("error.discord.slow", self._language(ask))
            reply = _Reply(self._wire, ask, slow, in_place=bool(handler and handler.in_place and ask.message))
            try:
                await reply.show(self._outcome(ask, handler, unknown))
            except discord.NotFound:
                _LOG.warning("an answer came too late", extra={"kind": ask.target.action})
            except Exception:  # noqa: BLE001 - the bot lives on and the log says so
                _LOG.exception("an answer could not be given", extra={"kind": ask.target.action})

    async def _outcome(self, ask: Ask, handler: Handler | None, unknown: NotFoundError | None) -> Outcome:
        kit = Kit(self._core.texts, self._language(ask), ask.guild)
        try:
            return await self._handled(ask, handler, unknown)
        except KlaswachtError as error:
            return _Refusal(text=_sentence(kit, error))
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError):
            _LOG.warning("the platform did not do what an ask needs", extra={"kind": ask.target.action})
            return _Refusal(text=kit.say("error.discord.unreachable"))
        except Exception:  # noqa: BLE001 - the bot lives on and the log says so
            code = secrets.token_hex(3)
            _LOG.exception("an ask failed", extra={"kind": ask.target.action, "code": code})
            return _Refusal(text=kit.say("error.unknown.click", code=code))

    async def _handled(self, ask: Ask, handler: Handler | None, unknown: NotFoundError | None) -> Outcome:
        if handler is None:
            raise unknown or NotFoundError("error.discord.button")
        visit = await self._visit(ask)
        return visit if isinstance(visit, Page) else await handler.run(visit)

    async def _visit(self, ask: Ask) -> Visit | Page:
        members = for_members(ask.thing)
        school = ask.guild or ask.target.school or (await self._private_school(ask) if members else None)
        if isinstance(school, Page):
            return school
        kit = Kit(self._core.texts, self._language(ask, school), school)
        who = await self._actor(ask, school) if members else None
        if who is not None:
            admit(who, ask.thing)
        return Visit(ask, self._core, self._ground, kit, who)

    async def _private_school(self, ask: Ask) -> str | Page:
        """Return the school that a private ask is about, or the page that asks who is at several which one."""
        schools = await self._roster.schools_of(ask.user)
        if not schools:
            raise NotAllowedError("error.rights.outsider")
        if len(schools) == 1:
            return schools[0]
        if ask.thing.kind is not Kind.COMMAND:
            raise NotFoundError("error.discord.button")  # ours name their school
        book = self._core.book.current()
        kit = Kit(self._core.texts, self._language(ask), None)
        choices = [Choice(book.all[school].name, school) for school in schools]
        what = ask.target.action
        pick = kit.select(Action.SCHOOL_PICK, 0, what, choices=choices, hint="command.school_pick.hint")
        return Page(text=kit.say("command.school_pick.ask"), items=(pick,))

    async def _actor(self, ask: Ask, school: str | None) -> Actor:
        actor = await self._core.people.actor(school or "", ask.user)
        return Actor(actor.school, replace(actor.member, locale=ask.locale))

    def _language(self, ask: Ask, school: str | None = None) -> str:
        facts = self._core.book.current().get(school or ask.guild or ask.target.school or "")
        return language_of(ask.locale, facts.language) if facts else language_of(ask.locale)


class _Refusal(Page):
    """A sentence that never replaces the page with the button."""

    __slots__ = ()


class _Reply:
    """The answer to one ask: at once when it is ready in time, else first a sign that it follows."""

    def __init__(self, wire: Wire, ask: Ask, slow: str, *, in_place: bool) -> None:
        self._wire = wire
        self._ask = ask
        self._slow = slow
        self._in_place = in_place

    async def show(self, work: Any) -> None:
        task: asyncio.Task[Outcome] = asyncio.ensure_future(work)
        await asyncio.wait((task,), timeout=PATIENCE_S)
        if not task.done():
            await self._later()
            await self._after(await task)
        elif isinstance(outcome := task.result(), Page) and outcome.files:
            await self._later()
            await self._after(outcome)
        else:
            await self._now(outcome)
        if isinstance(outcome := task.result(), Page) and outcome.once_shown:
            await outcome.once_shown()

    async def _now(self, outcome: Outcome) -> None:
        ask = self._ask
        if isinstance(outcome, Form):
            await self._wire.respond(ask.id, ask.token, MODAL, payload_of(outcome))
        elif self._in_place and not isinstance(outcome, _Refusal):
            data = items_data(outcome) if outcome.keeps else page_data(outcome)
            await self._wire.respond(ask.id, ask.token, UPDATE, data)
            await self._line(outcome)
        else:
            await self._wire.respond(ask.id, ask.token, MESSAGE, page_data(outcome, ephemeral=not ask.private))

    async def _later(self) -> None:
        if self._in_place:
            await self._wire.respond(self._ask.id, self._ask.token, DEFERRED_UPDATE)
        else:
            flags = {} if self._ask.private else {"flags": 64}
            await self._wire.respond(self._ask.id, self._ask.token, DEFERRED_MESSAGE, flags)

    async def _after(self, outcome: Outcome) -> None:
        ask = self._ask
        if isinstance(outcome, Form):
            outcome = _Refusal(text=self._slow)  # a form can only be opened at once
        if self._in_place and isinstance(outcome, _Refusal):
            await self._wire.follow(ask.application, ask.token, outcome, ephemeral=not ask.private)
        elif self._in_place:
            await self._wire.rewrite(ask.application, ask.token, outcome)
            await self._line(outcome)
        else:
            await self._wire.rewrite(ask.application, ask.token, replace(outcome, keeps=False))

    async def _line(self, outcome: Page) -> None:
        """Say the line of a page that only changed buttons."""
        ask = self._ask
        if outcome.keeps and outcome.text:
            line = Page(text=outcome.text)
            await self._wire.follow(ask.application, ask.token, line, ephemeral=not ask.private)


def _sentence(kit: Kit, error: KlaswachtError) -> str:
    values = dict(error.values)
    if isinstance(error, TakenError) and values.get("who", "").isdigit():
        values["who"] = person(values["who"])
    return f"⚠️ {kit.say(error.key, **told(values))}"
