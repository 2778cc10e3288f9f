"""Who comes to be able to read a class channel, or can no more, while a picture stands there or is being looked at."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from cogs.changes import NOTHING
from cogs.core import Core
from cogs.reach import Reach
from cogs.roster import DiscordRoster
from cogs.tap import Taker
from cogs.wire import UNREACHED, Payload


class Joining:
    """Takes joins, leaves, and changes of rights."""

    def __init__(self, core: Core, roster: DiscordRoster, reach: Reach) -> None:
        self._core = core
        self._roster = roster
        self._reach = reach
        self._changes = reach.changes

    def takers(self) -> Mapping[str, Taker]:
        """Return what takes which event."""
        return {
            "READY": self.anew,
            "MESSAGE_CREATE": self.passed,
            "GUILD_CREATE": self.met,
            "GUILD_MEMBER_ADD": self.joined,
            "GUILD_MEMBER_UPDATE": self.changed,
            "GUILD_MEMBER_REMOVE": self.left,
            "THREAD_MEMBERS_UPDATE": self.thread_members,
            "CHANNEL_UPDATE": self.channel,
            "GUILD_ROLE_UPDATE": self.role,
            "GUILD_ROLE_DELETE": self.role_gone,
        }

    async def anew(self, _data: Payload) -> None:
        """Begin again: a new session, and what happened before it may have been missed."""
        self._changes.clear()

    async def passed(self, data: Payload) -> None:
        """Note that a message came: changes are told apart by whether they came before it."""
        self._changes.passed(int(data["id"]))

    async def met(self, data: Payload) -> None:
        """Ask what the members of a server can do: the event tells it of few of them."""
        school = str(data["id"])
        if self._core.book.current().get(school) is None:
            return
        for role in data.get("roles") or ():
            self._changes.rule(school, str(role["id"]), role.get("permissions"))
        for channel in data.get("channels") or ():
            self._changes.rule(school, str(channel["id"]), _overwrites(channel))
        with contextlib.suppress(*UNREACHED):  # then a change is of somebody unknown, and the list says so
            for user, keys in (await self._roster.reaches(school, paced=True)).items():
                self._changes.knows(school, user, keys)

    async def joined(self, data: Payload) -> None:
        """Note somebody who came into the server."""
        await self._became(data, before=NOTHING)

    async def changed(self, data: Payload) -> None:
        """Note somebody whose name or roles changed."""
        await self._became(data, before=None)

    async def left(self, data: Payload) -> None:
        """Note somebody who left: they could read until now."""
        school = str(data.get("guild_id"))
        if self._core.book.current().get(school) is not None and not _is_bot(data):
            self._changes.became(school, _user(data), NOTHING)

    async def thread_members(self, data: Payload) -> None:
        """Note who came into a thread, and who left it."""
        school, thread = str(data.get("guild_id")), str(data["id"])
        for user in data.get("removed_member_ids") or ():
            self._changes.lost(thread, str(user))
        for one in data.get("added_members") or ():
            member = await self._roster.member(school, str(one.get("user_id")))
            if member is not None and not member.bot:
                await self._note(school, member.id, member.channels)

    async def channel(self, data: Payload) -> None:
        """Note other rights in a class channel: for whom they changed is not known."""
        school, channel = str(data.get("guild_id")), str(data["id"])
        facts = self._core.book.current().get(school)
        if facts is not None and facts.class_of_channel(channel) is not None:
            await self._rule(school, channel, _overwrites(data))

    async def role(self, data: Payload) -> None:
        """Note other rights of a role."""
        role = data.get("role") or {}
        await self._rule(str(data.get("guild_id")), str(role.get("id")), role.get("permissions"))

    async def role_gone(self, data: Payload) -> None:
        """Note that a role is gone, with its rights."""
        await self._rule(str(data.get("guild_id")), str(data.get("role_id")), None)

    async def _rule(self, school: str, thing: str, rule: object) -> None:
        facts = self._core.book.current().get(school)
        if facts is not None and self._changes.rule(school, thing, rule):
            await self._core.intake.unsure(facts)

    async def _became(self, data: Payload, *, before: frozenset[str] | None) -> None:
        school = str(data.get("guild_id"))
        if self._core.book.current().get(school) is None or _is_bot(data):
            return
        keys = self._roster.reach(school, data)
        self._changes.became(school, _user(data), keys, before)
        await self._note(school, _user(data), keys)

    async def _note(self, school: str, user: str, keys: frozenset[str]) -> None:
        facts = self._core.book.current().get(school)
        rooms = {room.name: room for key in keys if facts and (room := facts.class_of_channel(key))}
        for _, room in sorted(rooms.items()):
            if facts is not None:
                await self._core.intake.came_in(facts, room, user, partial(self._reach.reads, user, keys))


def _overwrites(channel: Payload) -> list[tuple[Any, ...]]:
    told = channel.get("permission_overwrites") or ()
    return sorted((str(one.get("id")), str(one.get("allow")), str(one.get("deny"))) for one in told)


def _user(data: Payload) -> str:
    return str((data.get("user") or {}).get("id"))


def _is_bot(data: Payload) -> bool:
    return bool((data.get("user") or {}).get("bot"))
