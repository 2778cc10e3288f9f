"""What the photo road asks of the platform; implemented by the adapter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.reports.facts import KeptFile


class ReadersOf(StrEnum):
    """What was counted.

    ``channel``: everybody who may read it; ``thread``: everybody who may read the channel above it; ``private``: who
    is in the private thread, and who manages threads there.
    """

    CHANNEL = "channel"
    THREAD = "thread"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Readers:
    """Who could read a place. ``complete``: the bot saw all joins and changes of rights since the post."""

    users: frozenset[str]
    complete: bool
    of: ReadersOf = ReadersOf.CHANNEL


@dataclass(frozen=True, slots=True)
class PostAgain:
    """Something approved that goes back: "NAME (via Klaswacht)". The files have no position in them.

    ``message``: the one that was taken away.
    """

    school: str
    channel: str
    message: str
    author: str
    text: str
    files: tuple[KeptFile, ...]


class MediaGateway(Protocol):
    """Takes out of a channel and puts back."""

    async def hold(self, channel: str, message: str) -> bool:
        """Take a message out of its channel; False when it was gone already.

        Raises
        ------
        DeliveryRefusedError: the bot lacks the right. DeliveryFailedError: not now.
        """
        ...

    async def readers(self, school: str, channel: str, since: str) -> Readers:
        """Return who can read a channel or thread now, or could since a message stood there (``since``: its id)."""
        ...

    async def post_again(self, post: PostAgain) -> str:
        """Post files under the pupil's name by a webhook that is not screened; return the message's id.

        Raises
        ------
        DeliveryRefusedError: no right to webhooks, a file above the limit, or the message opened a forum post.
        DeliveryFailedError: not now.
        """
        ...
