"""Who can read a place on the platform, and who could since a message: a channel, a thread, a private thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import discord

from bot.media.ports import Readers, ReadersOf
from cogs.changes import MANAGES, Changes
from cogs.messenger import told
from cogs.places import THREADS
from cogs.roster import DiscordRoster
from cogs.translate import moment_of
from cogs.wire import UNREACHED, Wire

PRIVATE = 12  # https://discord.com/developers/docs/resources/channel#channel-object-channel-types


@dataclass(frozen=True, slots=True)
class Where:
    """A place: ``above`` is the channel whose rights count."""

    channel: str
    above: str
    of: ReadersOf


class Reach:
    """Asks the platform, and remembers changes. ``watching_since``: from when on none was missed."""

    def __init__(self, client: discord.Client, wire: Wire, roster: DiscordRoster, changes: Changes) -> None:
        self._client = client
        self._wire = wire
        self._roster = roster
        self.changes = changes
        self.watching_since: datetime | None = None

    async def readers(self, school: str, channel: str, since: int) -> Readers:
        """Return who can read a place now, or could since a message; bots left out. Raises as the gateway's port."""
        return await told(lambda: self._readers(school, channel, since))

    async def reads(self, user: str, keys: frozenset[str], channel: str) -> bool:
        """Whether somebody with these rights reads a place; not, where the platform does not tell now."""
        try:
            where = await self._where(channel)
            if where.of is not ReadersOf.PRIVATE:
                return where.above in keys
            return f"{where.above}{MANAGES}" in keys or (where.above in keys and user in await self._inside(channel))
        except UNREACHED:
            return False

    async def _readers(self, school: str, channel: str, since: int) -> Readers:
        where, people = await self._where(channel), await self._roster.reaches(school)
        for user, keys in people.items():
            self.changes.knows(school, user, keys)
        reads, manages = where.above, f"{where.above}{MANAGES}"
        now = frozenset(user for user, keys in people.items() if reads in keys)
        if where.of is ReadersOf.PRIVATE:
            inside, leads = await self._inside(channel), (user for user, keys in people.items() if manages in keys)
            could = self.changes.since([channel, manages], since) | (self.changes.since([reads], since) & inside)
            users = (now & inside) | frozenset(leads) | could
        else:
            users = now | self.changes.since([reads], since)
        seen_all = self.watching_since is not None and moment_of(str(since)) >= self.watching_since
        return Readers(users, seen_all and self.changes.sure_since(school, since), where.of)

    async def _where(self, channel: str) -> Where:
        found = self._client.get_channel(int(channel))
        if isinstance(found, discord.Thread):
            return _thread(channel, str(found.parent_id), private=found.is_private())
        if found is not None:
            return Where(channel, channel, ReadersOf.CHANNEL)
        payload = await self._wire.channel(channel)  # an archived thread
        if payload.get("type") in THREADS:
            return _thread(channel, str(payload.get("parent_id")), private=payload["type"] == PRIVATE)
        return Where(channel, channel, ReadersOf.CHANNEL)

    async def _inside(self, thread: str) -> frozenset[str]:
        return frozenset(str(one.get("user_id")) for one in await self._wire.thread_members(thread))


def _thread(channel: str, above: str, *, private: bool) -> Where:
    return Where(channel, above, ReadersOf.PRIVATE if private else ReadersOf.THREAD)
