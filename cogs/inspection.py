"""Asks the platform, for ``klaswacht check``, what is missing: token, intents, membership, rights. Changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import aiohttp
import discord

from bot.errors import SetupError
from bot.school import School
from cogs.client import point_at
from cogs.rights import lacking, lacking_intents, needed_intents

PATIENCE_S = 30.0  # for connecting; a server that is slower is as good as away
Line = tuple[bool, str, dict[str, object]]


async def inspect_platform(token: str, bases: tuple[str, str, str], schools: Sequence[School]) -> AsyncIterator[Line]:
    """Yield lines (fine, text key, values).

    Raises ``SetupError``: the token or an intent is refused, or the platform can't be reached.
    """
    point_at(*bases)
    client = discord.Client(intents=needed_intents(), chunk_guilds_at_startup=False)
    async with client:
        running = await _connect(client, token, bases[0])
        try:
            yield True, "token", {"name": str(client.user)}
            for intent in lacking_intents((await client.application_info()).flags):
                yield False, "intent", {"intent": intent}
            for school in schools:
                for line in _school(client, school):
                    yield line
        finally:
            running.cancel()


async def _connect(client: discord.Client, token: str, base: str) -> asyncio.Task[None]:
    try:
        await client.login(token)
        running = asyncio.create_task(client.connect(reconnect=False))
        ready = asyncio.create_task(client.wait_until_ready())
        await asyncio.wait({running, ready}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if running.done():
            running.result()
        if not client.is_ready():
            raise SetupError("error.settings.unreachable", base=base)
    except discord.LoginFailure as error:
        raise SetupError("error.settings.token_refused") from error
    except discord.PrivilegedIntentsRequired as error:
        raise SetupError("error.settings.intents") from error
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise SetupError("error.settings.unreachable", base=base) from error
    return running


def _school(client: discord.Client, school: School) -> list[Line]:
    guild = client.get_guild(int(school.guild))
    if guild is None:
        return [(False, "not_a_member", {"name": school.name, "guild": school.guild})]
    channels = [channel for room in school.classes for channel in room.channels]
    lacks = lacking(guild, channels, school.staff_channel)
    told: list[Line] = [(False, "right", {"right": lack.right, "where": _place(guild, lack.channel)}) for lack in lacks]
    return told or [(True, "rights", {"name": school.name, "channels": len(channels) + 1})]


def _place(guild: discord.Guild, channel: str | None) -> str:
    found = guild.get_channel(int(channel)) if channel else None
    return f"#{found.name}" if found else (channel or guild.name)
