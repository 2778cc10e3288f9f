"""Coming back: what was missed is read back before marks move, after a start, a lost session or a dropped line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.errors import KlaswachtError
from bot.readback import ChannelNow
from bot.school import School
from cogs.core import Core
from cogs.tap import Taker
from cogs.wire import UNREACHED, Payload, Wire

ARCHIVED_PAUSES_S = (1.0, 5.0, 0.0)
CLOCKS_DIFFER = timedelta(hours=1)  # at most, the platform's and this machine's
AGAIN_S = 5.0  # before a read-back that failed is tried again
_LOG = logging.getLogger(__name__)


class Returning:
    """Knows whether the bot has caught up. ``caught_up`` is set while nothing is being read back."""

    def __init__(self, core: Core, wire: Wire) -> None:
        self._core = core
        self._wire = wire
        self._behind = 0
        self._replayed = False
        self.caught_up = asyncio.Event()
        self.caught_up.set()

    def takers(self) -> Mapping[str, Taker]:
        """Return what takes which event."""
        return {"GUILD_CREATE": self.arrived, "RESUMED": self.resumed}

    async def arrived(self, data: Payload) -> None:
        """Read back what was missed: a server is there, at the start or after a lost session."""
        school = self._core.book.current().get(str(data["id"]))
        if school is None:
            return
        self._behind += 1
        self.caught_up.clear()
        while not await self._read_back(school, data):
            _LOG.warning("reading back failed; it is tried again", extra={"school": school.guild})
            await asyncio.sleep(AGAIN_S)
        self._behind -= 1
        if self._behind == 0:
            self.caught_up.set()
            self._release()

    async def resumed(self, _data: Payload) -> None:
        """Let marks move again: the connection is back and the platform replayed what was missed."""
        self._replayed = True
        self._release()

    def lost(self) -> None:
        """Keep marks where they are: the connection is lost, and it is not known what is missed."""
        self._replayed = False
        self._core.watch.lost()

    async def _read_back(self, school: School, data: Payload) -> bool:
        try:
            await self._core.readback.run(school.guild, await self._channels(school, data))
            await self._core.setup.welcome(school.guild)
        except (KlaswachtError, *UNREACHED):
            return False
        except Exception:  # noqa: BLE001 - given up, the school would stay behind until the next start
            _LOG.exception("reading back went wrong", extra={"school": school.guild})
            return False
        return True

    def _release(self) -> None:
        """Release marks after a replay, but never while a read-back is under way."""
        if self._replayed and self._behind == 0:
            self._replayed = False
            self._core.watch.resumed()

    async def _channels(self, school: School, data: Payload) -> list[ChannelNow]:
        watched = {channel for room in school.classes for channel in room.channels}
        found = [_now(channel) for channel in data.get("channels") or () if str(channel["id"]) in watched]
        told = {channel.id for channel in found}
        found += [ChannelNow(channel) for channel in watched - told]
        threads = [thread for thread in data.get("threads") or () if str(thread.get("parent_id")) in watched]
        heard = await self._core.readback.heard()
        if heard is not None:
            for channel in sorted(watched):
                threads += await self._archived(channel, heard - CLOCKS_DIFFER)
        known = {str(thread["id"]): thread for thread in threads}
        return [*found, *(_now(thread, str(thread["parent_id"])) for thread in known.values())]

    async def _archived(self, channel: str, since: datetime) -> list[Payload]:
        """Return the threads that were archived meanwhile. A server that can't tell holds up the rest for a moment."""
        for pause in ARCHIVED_PAUSES_S:
            try:
                return await self._wire.archived_threads(channel, since)
            except (*UNREACHED, KeyError, TypeError, ValueError):
                _LOG.warning("archived threads could not be listed", extra={"channel": channel})
                await asyncio.sleep(pause)
        return []


def _now(channel: Payload, parent: str | None = None) -> ChannelNow:
    last = channel.get("last_message_id")
    return ChannelNow(str(channel["id"]), parent, str(last) if last else None)
