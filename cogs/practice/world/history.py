"""Paging through the history of a channel, in both directions."""

from cogs.practice.world.records import Channel, Message


def page(
    channel: Channel, limit: int, *, before: int | None = None, after: int | None = None, around: int | None = None
) -> list[Message]:
    """Return a page of history, newest first: the page right after, right before or around an id.

    ``after=0`` is the very first page, which is how discord.py begins to read from the start.
    """
    ids = sorted(channel.messages)
    if around is not None:
        half = limit // 2
        older = [number for number in ids if number < around][-half:] if half else []
        newer = [number for number in ids if number > around][: max(limit - half - 1, 0)]
        chosen = [*older, *(number for number in ids if number == around), *newer]
    elif after is not None:
        chosen = [number for number in ids if number > after][:limit]
    else:
        chosen = [number for number in ids if before is None or number < before][-limit:]
    return [channel.messages[number] for number in reversed(chosen)]
