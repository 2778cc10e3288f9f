"""Who somebody is at a school now: asked of the platform, kept for two seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import discord

from bot.errors import DeliveryFailedError
from bot.ports import Member
from bot.school import School
from bot.schoolbook import SchoolBook
from cogs.changes import MANAGES
from cogs.loose import member as filled_in
from cogs.wire import UNREACHED, Payload, Wire

FRESH_S = 2.0
KEEP_LOCALES = 20_000  # people whose language is remembered


class DiscordRoster:
    """The ``Roster`` of Discord."""

    def __init__(
        self,
        client: discord.Client,
        book: SchoolBook,
        wire: Wire,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._book = book
        self._wire = wire
        self._monotonic = monotonic
        self._kept: dict[tuple[str, str], tuple[float, Member | None]] = {}
        self._locales: dict[str, str] = {}

    def heard(self, user: str, locale: str | None) -> None:
        """Remember the language in which somebody uses the platform; only their clicks tell it."""
        if locale:
            self._locales.pop(user, None)
            self._locales[user] = locale
            if len(self._locales) > KEEP_LOCALES:
                del self._locales[next(iter(self._locales))]

    def locale(self, user: str) -> str | None:
        """Return the language in which somebody uses the platform, as far as it is known."""
        return self._locales.get(user)

    async def name(self, school: str, user: str) -> str:
        """Return what the class calls somebody; empty when that is not known now."""
        try:
            member = await self.member(school, user)
        except DeliveryFailedError:
            return ""
        return member.name if member else ""

    def changed(self, school: str, user: str) -> None:
        """Forget what is kept of a member: the platform tells that it changed."""
        self._kept.pop((school, user), None)

    async def member(self, school: str, user: str) -> Member | None:
        """Return the member as the platform tells it now, or None for an outsider.

        Raises ``DeliveryFailedError`` when the platform does not answer.
        """
        now = self._monotonic()
        if (kept := self._kept.get((school, user))) and now - kept[0] < FRESH_S:
            return kept[1]
        try:
            told = await self._wire.member(school, user)
        except discord.Forbidden:
            told = None
        except UNREACHED as error:
            raise DeliveryFailedError("error.discord.unreachable") from error
        member = self.translated(school, told) if told else None
        self._kept = {key: value for key, value in self._kept.items() if now - value[0] < FRESH_S}
        self._kept[(school, user)] = (now, member)
        return member

    async def reaches(self, school: str, *, paced: bool = False) -> dict[str, frozenset[str]]:
        """Return what every member can do in class channels (``reach``), bots left out. Raises what is refused."""
        people = [
            told for told in await self._wire.members(school, paced=paced) if not (told.get("user") or {}).get("bot")
        ]
        return {str((told.get("user") or {}).get("id")): self.reach(school, told) for told in people}

    def reach(self, school: str, told: Payload) -> frozenset[str]:
        """Return what a member can do in class channels: the ids of those they read, and where they manage threads."""
        facts = self._book.current().get(school)
        rights = self._rights(facts, told) if facts else {}
        leads = (f"{channel}{MANAGES}" for channel, right in rights.items() if right.manage_threads)
        return frozenset(rights) | frozenset(leads)

    async def schools_of(self, user: str) -> Sequence[str]:
        """Return the schools in which somebody is a member."""
        schools = self._book.current().all
        return [school for school in schools if await self.member(school, user) is not None]

    def translated(self, school: str, told: Payload) -> Member:
        """Return a member's payload as a member."""
        user = told.get("user") or {}
        facts = self._book.current().get(school)
        name = told.get("nick") or user.get("global_name") or user.get("username") or ""
        return Member(
            id=str(user.get("id", "")),
            name=str(name),
            roles=frozenset(map(str, told.get("roles") or ())),
            channels=self._readable(facts, told) if facts else frozenset(),
            locale=self._locales.get(str(user.get("id", ""))),
            bot=bool(user.get("bot")),
        )

    def _readable(self, school: School, told: Payload) -> frozenset[str]:
        return frozenset(self._rights(school, told))

    def _rights(self, school: School, told: Payload) -> dict[str, discord.Permissions]:
        """Return somebody's rights in the class channels that they can read."""
        channels = [channel for room in school.classes for channel in room.channels]
        guild = self._client.get_guild(int(school.guild))
        if guild is None:
            return {}
        # The library computes permissions from roles and overwrites; it wants its own object for that.
        member = discord.Member(data=filled_in(dict(told)), guild=guild, state=self._client._connection)  # type: ignore[arg-type]  # noqa: SLF001
        found = {channel: guild.get_channel(int(channel)) for channel in channels}
        rights = {channel: place.permissions_for(member) for channel, place in found.items() if place}
        return {channel: right for channel, right in rights.items() if right.read_messages}
