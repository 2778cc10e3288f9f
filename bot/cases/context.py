"""What stands around the messages of a case: fetched when a person asks for it, then kept as evidence."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.facts import EvidenceLine
from bot.ports import ChatMessage, History

AROUND = 11  # messages: five before, the message, five after


async def fetched(history: History, lines: Sequence[EvidenceLine]) -> list[ChatMessage]:
    """Return the messages around those that are kept, oldest first, without those that are kept."""
    places = dict.fromkeys((one.channel, one.message) for one in lines if one.kind != "context")
    known = {one.message for one in lines if one.message}
    found: dict[str, ChatMessage] = {}
    for channel, message in places:
        if channel and message:
            around = await history.around(channel, message, AROUND)
            found |= {one.id: one for one in around if one.id not in known}
    return sorted(found.values(), key=lambda one: (one.at, one.id))
