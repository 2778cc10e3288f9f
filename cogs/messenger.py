"""Shows what the core wants said, and says in the core's words how that ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import discord

from bot.errors import DeliveryFailedError, DeliveryRefusedError, NotFoundError
from bot.ports import Delivery, MessageRef
from cogs.cards.deck import Deck
from cogs.pages import Page
from cogs.wire import UNREACHED, Wire

T = TypeVar("T")
REFUSED_CODES = frozenset({10003, 10004, 10013, 50001, 50007, 50013, 50278})
"""Unknown channel, guild, user; missing access; closed private messages; missing permission; no server in common.
https://discord.com/developers/docs/topics/opcodes-and-status-codes#json"""


class DiscordMessenger:
    """The ``Messenger`` of Discord. ``deck`` makes the pages; it needs the core, which needs this messenger."""

    def __init__(self, wire: Wire, deck: Callable[[], Deck]) -> None:
        self._wire = wire
        self._deck = deck

    async def deliver(self, delivery: Delivery) -> MessageRef:
        """Show the delivery to its receiver and return where it stands."""
        try:
            page = await self._deck().page(delivery)
        except NotFoundError as error:  # what it is about was erased meanwhile
            raise DeliveryRefusedError("error.discord.gone") from error
        ref = await told(lambda: self._send(delivery, page))
        if delivery.kind == "welcome":
            await self._pin(ref)
        return ref

    async def refresh(self, delivery: Delivery, ref: MessageRef) -> None:
        """Show the present state of an earlier delivery again; a message that is gone is no error."""
        try:
            page = await self._deck().page(delivery)
            await told(lambda: self._wire.edit(ref, page))
        except (DeliveryRefusedError, NotFoundError):
            return

    async def remove(self, channel: str, message: str, reason: str) -> bool:
        """Delete a message of a pupil at a person's request; False when it was gone already."""
        if not message.isdigit():
            return False
        try:
            await told(lambda: self._wire.delete(channel, message, reason), gone_is_refused=False)
        except discord.NotFound:
            return False
        return True

    async def time_out(self, school: str, user: str, until: datetime, reason: str) -> None:
        """Silence a member until a moment, at a person's request."""
        await told(lambda: self._wire.time_out(school, user, until, reason))

    async def _send(self, delivery: Delivery, page: Page) -> MessageRef:
        receiver = await self._deck().receiver(delivery)
        channel = receiver if delivery.receiver.kind == "channel" else await self._wire.private_channel(receiver)
        return await self._wire.send(channel, page, nonce=delivery.id)

    async def _pin(self, ref: MessageRef) -> None:
        try:
            await self._wire.pin(ref)
        except UNREACHED:
            return  # it stands in the channel; the set-up page says that the right to pin is missing


async def told(work: Callable[[], Awaitable[T]], *, gone_is_refused: bool = True) -> T:
    """Ask the platform; what goes wrong is said in the core's words. ``gone_is_refused``: also what is not there."""
    try:
        return await work()
    except discord.NotFound as error:
        if not gone_is_refused and error.code not in REFUSED_CODES:
            raise
        raise DeliveryRefusedError("error.discord.refused") from error
    except discord.Forbidden as error:
        raise DeliveryRefusedError("error.discord.refused") from error
    except discord.HTTPException as error:
        if error.code in REFUSED_CODES:
            raise DeliveryRefusedError("error.discord.refused") from error
        raise DeliveryFailedError("error.discord.unreachable") from error
    except UNREACHED as error:
        raise DeliveryFailedError("error.discord.unreachable") from error
