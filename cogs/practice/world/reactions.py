"""Reactions: put under a message, and taken away again."""

from cogs.practice.jsontypes import Json
from cogs.practice.world.message_payloads import emoji_payload
from cogs.practice.world.payloads import member_payload
from cogs.practice.world.records import Channel, Message, User
from cogs.practice.world.state import World


def add(world: World, channel: Channel, message: Message, user: User, emoji: str) -> None:
    """Put a reaction under a message; a second time changes nothing."""
    users = message.reactions.setdefault(emoji, [])
    if user.id in users:
        return
    users.append(user.id)
    payload = _payload(world, channel, message, emoji) | _who(user)
    payload |= {"message_author_id": str(message.author.id), "burst": False, "type": 0}
    if not channel.is_dm:
        payload["member"] = member_payload(world.members[user.id])
    world.dispatch("MESSAGE_REACTION_ADD", payload, channel=channel)


def remove(world: World, channel: Channel, message: Message, user: User, emoji: str) -> None:
    """Take one person's reaction away."""
    users = message.reactions.get(emoji, [])
    if user.id not in users:
        return
    users.remove(user.id)
    if not users:
        del message.reactions[emoji]
    payload = _payload(world, channel, message, emoji) | _who(user) | {"burst": False, "type": 0}
    world.dispatch("MESSAGE_REACTION_REMOVE", payload, channel=channel)


def clear(world: World, channel: Channel, message: Message, emoji: str | None = None) -> None:
    """Take every reaction away, or every one with this emoji."""
    if emoji is None:
        message.reactions.clear()
        payload = _payload(world, channel, message, "")
        del payload["emoji"]
        world.dispatch("MESSAGE_REACTION_REMOVE_ALL", payload, channel=channel)
    elif message.reactions.pop(emoji, None) is not None:
        payload = _payload(world, channel, message, emoji)
        world.dispatch("MESSAGE_REACTION_REMOVE_EMOJI", payload, channel=channel)


def _who(user: User) -> Json:
    return {"user_id": str(user.id)}


def _payload(world: World, channel: Channel, message: Message, emoji: str) -> Json:
    place: Json = {"channel_id": str(channel.id), "message_id": str(message.id), "emoji": emoji_payload(emoji)}
    return place if channel.is_dm else place | {"guild_id": str(world.guild_id)}
