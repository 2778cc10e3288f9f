"""A platform for a made year: everybody is a member, nothing can be read, everything arrives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.media.ports import PostAgain, Readers
from bot.ports import Attachment, ChatMessage, Delivery, Member, MessageRef


class NoPlatform:
    """Messenger, roster, history and media gateway in one."""

    async def deliver(self, delivery: Delivery) -> MessageRef:
        """Show it to nobody."""
        return MessageRef(delivery.receiver.id, str(delivery.id))

    async def refresh(self, delivery: Delivery, ref: MessageRef) -> None:
        """Show it to nobody."""

    async def remove(self, channel: str, message: str, reason: str) -> bool:
        """Say that the message was gone."""
        del channel, message, reason
        return False

    async def time_out(self, school: str, user: str, until: datetime, reason: str) -> None:
        """Silence nobody."""

    async def member(self, school: str, user: str) -> Member | None:
        """Return a member without roles."""
        del school
        return Member(user, user, frozenset(), frozenset())

    async def schools_of(self, user: str) -> Sequence[str]:
        """Return no schools."""
        del user
        return ()

    async def around(self, channel: str, message: str, limit: int) -> Sequence[ChatMessage]:
        """Return nothing."""
        del channel, message, limit
        return ()

    async def one(self, channel: str, message: str) -> ChatMessage | None:
        """Return nothing."""
        del channel, message
        return None

    async def after(self, channel: str, message: str, limit: int) -> Sequence[ChatMessage]:
        """Return nothing."""
        del channel, message, limit
        return ()

    async def download(self, attachment: Attachment, limit: int) -> bytes | None:
        """Return nothing."""
        del attachment, limit
        return None

    async def hold(self, channel: str, message: str) -> bool:
        """Say that the message was gone."""
        del channel, message
        return False

    async def readers(self, school: str, channel: str, since: str) -> Readers:
        """Return nobody."""
        del school, channel, since
        return Readers(frozenset(), complete=True)

    async def post_again(self, post: PostAgain) -> str:
        """Post nothing."""
        del post
        return "0"
