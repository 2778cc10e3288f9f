"""Messages that stand in a channel, asked for when somebody looks or after being away."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.errors import DeliveryFailedError
from bot.ports import Attachment, ChatMessage
from cogs.places import Places
from cogs.translate import message_from, with_file_texts, written_by_people
from cogs.wire import UNREACHED, Payload, Wire, is_refusal

PAGE_LIMIT = 100  # https://discord.com/developers/docs/resources/message#get-channel-messages


class DiscordHistory:
    """The ``History`` of Discord."""

    def __init__(self, wire: Wire, places: Places) -> None:
        self._wire = wire
        self._places = places

    async def around(self, channel: str, message: str, limit: int) -> Sequence[ChatMessage]:
        """Return up to ``limit`` messages around one, oldest first; empty when none can be had."""
        try:
            page = await self._wire.messages(channel, min(max(limit, 1), PAGE_LIMIT), around=int(message))
            return await self._translated(channel, page)
        except UNREACHED:
            return ()

    async def one(self, channel: str, message: str) -> ChatMessage | None:
        """Return one message as it stands now, or None when it is gone.

        Raises ``DeliveryFailedError`` when the platform does not answer.
        """
        try:
            found = await self._wire.message(channel, message)
        except discord.Forbidden:
            return None
        except UNREACHED as error:
            raise DeliveryFailedError("error.discord.unreachable") from error
        told = await self._translated(channel, [found] if found else [])
        return told[0] if told else None

    async def after(self, channel: str, message: str, limit: int) -> Sequence[ChatMessage]:
        """Return the page right after a message, oldest first.

        Pages without anything that a person wrote are passed over, so that an empty page means the end.
        Raises ``DeliveryFailedError`` when the platform does not answer.
        """
        last = int(message)
        while True:
            try:
                page = await self._wire.messages_after(channel, min(limit, PAGE_LIMIT), last)
            except UNREACHED as error:
                if isinstance(error, discord.HTTPException) and is_refusal(error):
                    return ()
                raise DeliveryFailedError("error.discord.unreachable") from error
            told = await self._translated(channel, page)
            if told or not page:
                return told
            last = int(page[-1]["id"])

    async def download(self, attachment: Attachment, limit: int) -> bytes | None:
        """Return a file of at most ``limit`` bytes, or None when it is larger or gone."""
        return await self._wire.download(attachment.url, limit) if attachment.size <= limit else None

    async def _translated(self, channel: str, page: Sequence[Payload]) -> list[ChatMessage]:
        spot = await self._places.spot(channel)
        if spot is None:
            return []
        messages = [message_from(payload, spot) for payload in page if written_by_people(payload)]
        return [await with_file_texts(message, self._wire.download) for message in messages]
