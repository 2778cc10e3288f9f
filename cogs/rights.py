"""What the bot may do on a server, and what is missing for its work: for ``/setup`` and ``klaswacht check``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import discord

GUILD_RIGHTS = ("moderate_members",)
CLASS_RIGHTS = (
    "view_channel",
    "read_message_history",
    "send_messages",
    "embed_links",
    "manage_messages",
    "manage_webhooks",
    "pin_messages",
)
STAFF_RIGHTS = ("view_channel", "send_messages", "embed_links", "attach_files", "read_message_history")
INTENTS = ("members", "message_content")


@dataclass(frozen=True, slots=True)
class Lack:
    """A right that is missing: which, and in which channel (None: on the whole server)."""

    right: str
    channel: str | None = None


def needed_intents() -> discord.Intents:
    """Return what the bot must be told of: servers, members, messages with their contents, private messages."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.members = True
    intents.guild_messages = True
    intents.dm_messages = True
    intents.message_content = True
    return intents


def lacking(guild: discord.Guild, class_channels: Iterable[str], staff_channel: str | None) -> list[Lack]:
    """Return what the bot may not do and should."""
    mine = guild.me.guild_permissions
    found = [Lack(right) for right in GUILD_RIGHTS if not getattr(mine, right, True)]
    for channel in class_channels:
        found += _in_channel(guild, channel, CLASS_RIGHTS)
    if staff_channel:
        found += _in_channel(guild, staff_channel, STAFF_RIGHTS)
    return found


def _in_channel(guild: discord.Guild, channel: str, rights: Iterable[str]) -> list[Lack]:
    place = guild.get_channel(int(channel))
    if place is None:
        return [Lack("view_channel", channel)]
    mine = place.permissions_for(guild.me)
    return [Lack(right, channel) for right in rights if not getattr(mine, right, True)]


def lacking_intents(flags: discord.ApplicationFlags | None) -> list[str]:
    """Return the intents that the application page has switched off, as far as the platform tells."""
    if flags is None or flags.value == 0:
        return []
    has = {
        "members": flags.gateway_guild_members or flags.gateway_guild_members_limited,
        "message_content": flags.gateway_message_content or flags.gateway_message_content_limited,
    }
    return [name for name, true in has.items() if not true]
