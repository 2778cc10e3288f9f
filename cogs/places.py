"""Where a channel belongs: its school, and for a thread or forum post the channel above it."""

from __future__ import annotations

import discord

from bot.schoolbook import SchoolBook
from cogs.translate import Spot
from cogs.wire import Wire

THREADS = frozenset({10, 11, 12})  # https://discord.com/developers/docs/resources/channel#channel-object-channel-types


class Places:
    """Finds the spot of a channel: from what the gateway told, else by asking."""

    def __init__(self, client: discord.Client, book: SchoolBook, wire: Wire) -> None:
        self._client = client
        self._book = book
        self._wire = wire
        self._asked: dict[str, Spot | None] = {}

    async def spot(self, channel: str, guild: str | None = None) -> Spot | None:
        """Return where a channel stands, or None when it belongs to no school (a private message)."""
        known = self._known(channel, guild)
        if known is not None:
            return known
        if channel not in self._asked:
            self._asked[channel] = await self._ask(channel, guild)
        return self._asked[channel]

    def forget(self, channel: str) -> None:
        """Ask again next time: the channel changed or is gone."""
        self._asked.pop(channel, None)

    def _known(self, channel: str, guild: str | None) -> Spot | None:
        for school in self._book.current().all.values():
            if guild not in {None, school.guild}:
                continue  # a school may name a channel wrongly, but never have that of another server
            if school.class_of_channel(channel) or school.staff_channel == channel:
                return Spot(school.guild, channel)
        found = self._client.get_channel(int(channel))
        if isinstance(found, discord.Thread):
            return Spot(str(found.guild.id), channel, str(found.parent_id))
        if isinstance(found, discord.abc.GuildChannel):
            return Spot(str(found.guild.id), channel)
        return None

    async def _ask(self, channel: str, guild: str | None) -> Spot | None:
        try:
            told = await self._wire.channel(channel)
        except discord.HTTPException:
            return Spot(guild, channel) if guild else None
        school = str(told.get("guild_id") or guild or "")
        parent = str(told["parent_id"]) if told.get("type") in THREADS and told.get("parent_id") else None
        return Spot(school, channel, parent) if school else None
