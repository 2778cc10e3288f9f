"""Takes a picture out of a channel and puts it back: the ``MediaGateway`` of Discord."""

from __future__ import annotations

from collections.abc import Awaitable
from http import HTTPStatus

import discord

from bot.errors import DeliveryRefusedError
from bot.media.ports import PostAgain, Readers
from bot.schoolbook import SchoolBook
from bot.texts import Texts
from cogs.messenger import DiscordMessenger, told
from cogs.pages import Page, Upload
from cogs.places import Places
from cogs.plain import cut
from cogs.reach import Reach
from cogs.roster import DiscordRoster
from cogs.wire import Wire

WEBHOOK = "Klaswacht"
NAME_LIMIT = 80  # https://discord.com/developers/docs/resources/webhook#create-webhook
NOT_POSSIBLE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE})


class DiscordMediaGateway:
    """Holds and posts again."""

    def __init__(
        self,
        *,
        wire: Wire,
        places: Places,
        roster: DiscordRoster,
        reach: Reach,
        messenger: DiscordMessenger,
        texts: Texts,
        book: SchoolBook,
    ) -> None:
        self._wire = wire
        self._places = places
        self._roster = roster
        self._reach = reach
        self._messenger = messenger
        self._texts = texts
        self._book = book

    async def hold(self, channel: str, message: str) -> bool:
        """Take a message out of its channel; False when it was gone already."""
        spot = await self._places.spot(channel)
        reason = self._say("media.gateway.reason", spot.school if spot else "")
        return await self._messenger.remove(channel, message, reason)

    async def readers(self, school: str, channel: str, since: str) -> Readers:
        """Return who can read a place now or could since; those who come later are noted as they come."""
        return await self._reach.readers(school, channel, int(since))

    async def post_again(self, post: PostAgain) -> str:
        """Post files under the pupil's name by the bot's own webhook; return the message's id."""
        if post.message == post.channel:  # it opened a forum post, which has its writer's name above it
            raise DeliveryRefusedError("error.discord.refused")
        spot = await self._places.spot(post.channel)
        thread = post.channel if spot and spot.parent else None
        name = await self._roster.name(post.school, post.author)
        shown = self._say("media.gateway.posted_as", post.school, name=cut(name, NAME_LIMIT // 2))
        page = Page(text=post.text, files=tuple(Upload(file.name, file.content) for file in post.files))

        async def posted() -> str:
            hook = await self._wire.own_webhook((spot.parent if spot else None) or post.channel, WEBHOOK)
            return await self._wire.post_as(hook, page, shown, thread)

        return await told(lambda: _possible(posted()))

    def _say(self, key: str, school: str, **values: object) -> str:
        facts = self._book.current().get(school)
        return self._texts.get(key, facts.language if facts else "nl", **values)


async def _possible(work: Awaitable[str]) -> str:
    """Do it; what the platform will never take (too large, a name it does not allow) is a refusal."""
    try:
        return await work
    except discord.HTTPException as error:
        if error.status in NOT_POSSIBLE:
            raise DeliveryRefusedError("error.discord.refused") from error
        raise
