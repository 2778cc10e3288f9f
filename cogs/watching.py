"""What happens on the platform, handed to the core: messages, edits, deletions, threads, nicknames.

Every taker gets the raw payload of a gateway event (``cogs.tap``) and leaves by ``core.watch``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import discord

from bot.ports import ChatMessage, Person, Surface, SurfaceKind
from cogs.core import Core
from cogs.ground import Ground
from cogs.places import THREADS
from cogs.private import PrivateMessages
from cogs.tap import Taker
from cogs.translate import MESSAGE_URL, Spot, message_from, with_file_texts, written_by_people
from cogs.wire import Payload


class Watching:
    """Takes gateway events."""

    def __init__(
        self,
        core: Core,
        ground: Ground,
        private: PrivateMessages,
    ) -> None:
        self._core = core
        self._wire = ground.wire
        self._places = ground.places
        self._roster = ground.roster
        self._private = private
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._nicks: dict[tuple[str, str], str | None] = {}

    def takers(self) -> Mapping[str, Taker]:
        """Return what takes which event."""
        return {
            "MESSAGE_CREATE": self.created,
            "MESSAGE_UPDATE": self.edited,
            "MESSAGE_DELETE": self.deleted,
            "MESSAGE_DELETE_BULK": self.deleted_many,
            "THREAD_CREATE": self.titled,
            "THREAD_UPDATE": self.titled,
            "CHANNEL_UPDATE": self.moved,
            "CHANNEL_DELETE": self.moved,
            "GUILD_MEMBER_UPDATE": self.renamed,
            "GUILD_MEMBER_REMOVE": self.left,
            "GUILD_CREATE": self.met,
        }

    async def created(self, data: Payload) -> None:
        """Take a message that was written: in a channel of a school, or to the bot."""
        if not written_by_people(data):
            return
        spot = await self._spot(data)
        if spot is None:
            if not data.get("guild_id"):
                await self._private.message(data)
            return
        if self._watched(spot):
            message, turn = message_from(data, spot), self._turn(data["id"])
            del data  # in a raid thousands wait here, and a payload weighs more than all that is kept of it
            async with turn:
                await self._judge(message)

    async def edited(self, data: Payload) -> None:
        """Take a changed message. One without a moment of editing is a link that unfolded or a pin: nothing new."""
        spot = await self._spot(data)
        if spot is None or not data.get("edited_timestamp") or not self._watched(spot):
            return
        async with self._turn(data["id"]):
            whole = data if "author" in data and "content" in data else await self._whole(data)
            if whole and written_by_people(whole):
                await self._judge(message_from(whole, spot))

    async def deleted(self, data: Payload) -> None:
        """Take a message that was taken away."""
        spot = await self._spot(data)
        if spot is None:
            return
        async with self._turn(data["id"]):
            await self._core.watch.deleted(spot.school, spot.channel, str(data["id"]))

    async def deleted_many(self, data: Payload) -> None:
        """Several messages were taken away at once."""
        for message in data.get("ids") or ():
            await self.deleted({**data, "id": message})

    async def titled(self, data: Payload) -> None:
        """Judge the title of a thread or forum post: the class reads it."""
        self._places.forget(str(data["id"]))
        owner, name = data.get("owner_id"), str(data.get("name") or "")
        spot = await self._spot({**data, "channel_id": data["id"]})
        if spot is None or not owner or not name or data.get("type") not in THREADS:
            return
        author = await self._person(spot.school, str(owner))
        spot = replace(spot, parent=spot.parent or str(data.get("parent_id") or "") or None)
        await self._core.watch.handle(self._fact(f"thread:{data['id']}", spot, author, SurfaceKind.THREAD_TITLE, name))

    async def moved(self, data: Payload) -> None:
        """Forget what is known of a channel that changed or is gone."""
        self._places.forget(str(data["id"]))

    async def renamed(self, data: Payload) -> None:
        """Judge a new nickname: the class sees it at every message."""
        school, user = str(data.get("guild_id")), str((data.get("user") or {}).get("id"))
        self._roster.changed(school, user)
        nick, before = data.get("nick"), self._nicks.get((school, user))
        self._nicks[school, user] = nick
        facts = self._core.book.current().get(school)
        if not nick or nick == before or facts is None or (data.get("user") or {}).get("bot"):
            return
        member = await self._roster.member(school, user)
        channel = next(
            (one for room in facts.classes for one in room.channels if member and one in member.channels), ""
        )
        if channel:
            fact = self._fact(f"nick:{user}", Spot(school, channel), Person(user, nick), SurfaceKind.NICKNAME, nick)
            await self._core.watch.handle(fact)

    async def met(self, data: Payload) -> None:
        """Remember the nicknames that a server's members have already: only new ones are judged."""
        for member in data.get("members") or ():
            self._nicks[str(data["id"]), str((member.get("user") or {}).get("id"))] = member.get("nick")

    async def left(self, data: Payload) -> None:
        """Forget what is known of a member who left."""
        self._roster.changed(str(data.get("guild_id")), str((data.get("user") or {}).get("id")))

    async def _judge(self, message: ChatMessage) -> None:
        await self._core.watch.take(await with_file_texts(message, self._wire.download))

    def _watched(self, spot: Spot) -> bool:
        school = self._core.book.current().get(spot.school)
        return school is not None and school.class_of_channel(spot.parent or spot.channel) is not None

    async def _whole(self, data: Payload) -> Payload | None:
        try:
            return await self._wire.message(str(data["channel_id"]), str(data["id"]))
        except discord.Forbidden:
            return None

    async def _spot(self, data: Payload) -> Spot | None:
        channel = data.get("channel_id")
        guild = data.get("guild_id")
        return await self._places.spot(str(channel), str(guild) if guild else None) if channel else None

    def _turn(self, message: Any) -> asyncio.Lock:
        """Return what lets the events of one message go one after another."""
        return self._locks.setdefault(str(message), asyncio.Lock())

    async def _person(self, school: str, user: str) -> Person:
        member = await self._roster.member(school, user)
        return Person(user, member.name if member else "", bot=bool(member and member.bot))

    def _fact(self, name: str, spot: Spot, author: Person, kind: SurfaceKind, text: str) -> ChatMessage:
        now = self._core.clock.now()
        return ChatMessage(
            school=spot.school,
            channel=spot.channel,
            parent=spot.parent,
            id=name,
            author=author,
            at=now,
            surfaces=(Surface(kind, text),),
            revision=now.isoformat(),
            url=MESSAGE_URL.format(guild=spot.school, channel=spot.channel, message="").rstrip("/"),
        )
