"""Who comes to be able to read a class channel while a picture still stands there."""

from __future__ import annotations

from collections.abc import Mapping

from cogs.core import Core
from cogs.roster import DiscordRoster
from cogs.tap import Taker
from cogs.wire import Payload


class Joining:
    """Takes joins and changes of roles."""

    def __init__(self, core: Core, roster: DiscordRoster) -> None:
        self._core = core
        self._roster = roster

    def takers(self) -> Mapping[str, Taker]:
        """Return what takes which event."""
        return {"GUILD_MEMBER_ADD": self.came_in, "GUILD_MEMBER_UPDATE": self.came_in}

    async def came_in(self, data: Payload) -> None:
        """Note which channels somebody can read now."""
        school = self._core.book.current().get(str(data.get("guild_id")))
        if school is None:
            return
        member = self._roster.translated(school.guild, data)
        for channel in sorted(member.channels) if not member.bot else ():
            if (room := school.class_of_channel(channel)) is not None:
                await self._core.media.came_in(school, room, channel, member.id)
