"""Threads and posts in forums."""

from cogs.practice.jsontypes import Json
from cogs.practice.world.messages import Draft, Origin, send
from cogs.practice.world.payloads import channel_payload, thread_member_payload
from cogs.practice.world.records import (
    FORUM,
    HAS_THREAD,
    NEWS,
    NEWS_THREAD,
    PUBLIC_THREAD,
    THREAD_NOTE,
    Channel,
    Message,
    ThreadMeta,
    User,
)
from cogs.practice.world.state import World


def open_thread(
    world: World, parent: Channel, owner: User, name: str, *, kind: int | None = None, start: Message | None = None
) -> Channel:
    """Open a thread, tell the bot, and leave a note in the parent channel when it has no message of its own."""
    thread = Channel(
        id=start.id if start else world.ids.next(),
        kind=kind or (NEWS_THREAD if parent.kind == NEWS else PUBLIC_THREAD),
        name=name,
        parent_id=parent.id,
        thread=ThreadMeta(owner_id=owner.id, members=[owner.id]),
    )
    world.channels[thread.id] = thread
    if start is not None:
        start.flags |= HAS_THREAD
    world.dispatch("THREAD_CREATE", _created(world, thread), channel=thread)
    if start is None and parent.kind != FORUM and thread.kind in {PUBLIC_THREAD, NEWS_THREAD}:
        reference = {"channel_id": str(thread.id), "guild_id": str(world.guild_id), "type": 0}
        send(world, parent, owner, Draft(content=name, reference=reference), Origin(kind=THREAD_NOTE))
    return thread


def _created(world: World, thread: Channel) -> Json:
    payload = channel_payload(world, thread) | {"newly_created": True}
    if thread.thread is not None and world.bot.id in thread.thread.members:
        payload["member"] = thread_member_payload(thread, world.bot.id)
    return payload


def update_thread(world: World, thread: Channel) -> None:
    """Tell the bot that a thread changed."""
    world.dispatch("THREAD_UPDATE", channel_payload(world, thread), channel=thread)


def delete_thread(world: World, thread: Channel) -> None:
    """Remove a thread."""
    payload = {
        "id": str(thread.id),
        "guild_id": str(world.guild_id),
        "parent_id": str(thread.parent_id),
        "type": thread.kind,
    }
    world.dispatch("THREAD_DELETE", payload, channel=thread)
    del world.channels[thread.id]


def set_membership(world: World, thread: Channel, user_id: int, *, inside: bool) -> None:
    """Add somebody to a thread, or take somebody out of it."""
    meta = thread.thread
    if meta is None or (user_id in meta.members) == inside:
        return
    if inside:
        meta.members.append(user_id)
    else:
        meta.members.remove(user_id)
    added = [thread_member_payload(thread, user_id) | {"member": None, "presence": None}] if inside else []
    payload = {
        "id": str(thread.id),
        "guild_id": str(world.guild_id),
        "member_count": len(meta.members),
        "added_members": [{key: value for key, value in item.items() if value is not None} for item in added],
        "removed_member_ids": [] if inside else [str(user_id)],
    }
    world.dispatch("THREAD_MEMBERS_UPDATE", payload, channel=thread)
