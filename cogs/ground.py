"""What stands under the adapter's parts: the connection and the ways to ask the platform something."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from cogs.places import Places
from cogs.roster import DiscordRoster
from cogs.wire import Wire


@dataclass(frozen=True, slots=True)
class Ground:
    """The connection and what asks over it."""

    client: discord.Client
    wire: Wire
    places: Places
    roster: DiscordRoster
