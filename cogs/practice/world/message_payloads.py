"""Turns messages and files into the JSON that Discord sends."""

import hashlib
from datetime import timedelta
from urllib.parse import quote

from cogs.practice.jsontypes import Json
from cogs.practice.world.clock import moment_of, stamp
from cogs.practice.world.payloads import channel_payload, member_payload, user_payload
from cogs.practice.world.records import REPLY, Attachment, Channel, Interaction, Message
from cogs.practice.world.state import World

LINK_LIFE = timedelta(hours=24)


def attachment_payload(world: World, attachment: Attachment) -> Json:
    """Return a file with a link that works for a day."""
    url = attachment_url(world, attachment)
    payload: Json = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": len(attachment.data),
        "url": url,
        "proxy_url": url,
        "content_type": attachment.content_type,
    }
    if attachment.size_on_screen:
        payload["width"], payload["height"] = attachment.size_on_screen
    extras = {
        "description": attachment.description,
        "title": attachment.title,
        "duration_secs": attachment.duration,
        "waveform": attachment.waveform,
        "ephemeral": attachment.ephemeral or None,
    }
    return payload | {key: value for key, value in extras.items() if value is not None}


def attachment_url(world: World, attachment: Attachment) -> str:
    """Return the signed link to a file, as Discord's CDN hands them out."""
    issued = int(world.clock.now().timestamp())
    expires = f"{issued + int(LINK_LIFE.total_seconds()):x}"
    query = f"ex={expires}&is={issued:x}&hm={link_mark(attachment.id, expires)}&"
    folder = "ephemeral-attachments" if attachment.ephemeral else "attachments"
    return f"{world.cdn}/{folder}/{attachment.channel_id}/{attachment.id}/{quote(attachment.filename)}?{query}"


def link_mark(attachment_id: int, expires: str) -> str:
    """Return the mark that makes a link valid until ``expires`` (hexadecimal seconds)."""
    return hashlib.sha256(f"{attachment_id}:{expires}".encode()).hexdigest()


def message_payload(world: World, message: Message) -> Json:
    """Return a message as REST gives it (without the fields that only events have)."""
    payload: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "type": message.kind,
        "content": message.content,
        "author": _author(message),
        "timestamp": stamp(moment_of(message.id)),
        "edited_timestamp": stamp(message.edited) if message.edited else None,
        "tts": message.tts,
        "mention_everyone": message.mention_everyone,
        "mentions": [_mentioned(world, user_id) for user_id in message.mentions],
        "mention_roles": [str(role_id) for role_id in message.mention_roles],
        "attachments": [attachment_payload(world, item) for item in message.attachments],
        "embeds": message.embeds,
        "components": message.components,
        "pinned": message.pinned,
        "flags": message.flags,
    }
    return payload | _extras(world, message)


def _author(message: Message) -> Json:
    if message.webhook is None:
        return user_payload(message.author)
    name = message.author_name or message.webhook.name
    return user_payload(message.author) | {"id": str(message.webhook.id), "username": name, "bot": True}


def _mentioned(world: World, user_id: int) -> Json:
    return user_payload(world.members[user_id].user)


def _extras(world: World, message: Message) -> Json:
    extras: Json = {}
    if message.nonce is not None:
        extras["nonce"] = message.nonce
    if message.reactions:
        extras["reactions"] = [_reaction(world, emoji, users) for emoji, users in message.reactions.items()]
    if message.stickers:
        extras["sticker_items"] = message.stickers
    if message.poll:
        extras["poll"] = message.poll
    if message.webhook is not None:
        extras["webhook_id"] = str(message.webhook.id)
    if message.reference:
        extras["message_reference"] = message.reference
        extras |= _referenced(world, message)
    if message.snapshots:
        extras["message_snapshots"] = message.snapshots
    if message.interaction is not None:
        extras |= _origin(world, message.interaction)
    if message.id in world.channels:
        extras["thread"] = channel_payload(world, world.channels[message.id])
    return extras


def _referenced(world: World, message: Message) -> Json:
    reference = message.reference or {}
    if message.kind != REPLY or reference.get("type", 0) != 0:
        return {}
    channel = world.channels.get(int(reference["channel_id"]))
    found = channel.messages.get(int(reference["message_id"])) if channel else None
    if found is None:
        return {"referenced_message": None}
    payload = message_payload(world, found)
    payload.pop("referenced_message", None)
    return {"referenced_message": payload}


def _reaction(world: World, emoji: str, users: list[int]) -> Json:
    return {
        "emoji": emoji_payload(emoji),
        "count": len(users),
        "count_details": {"normal": len(users), "burst": 0},
        "me": world.bot.id in users,
        "me_burst": False,
        "burst_colors": [],
    }


def emoji_payload(emoji: str) -> Json:
    """Return an emoji: a character, or ``name:id`` of one that belongs to a server."""
    name, _, number = emoji.partition(":")
    return {"id": number or None, "name": name}


def _origin(world: World, interaction: Interaction) -> Json:
    metadata: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user": user_payload(interaction.user),
        "authorizing_integration_owners": owners(world, interaction),
    }
    origin: Json = {
        "interaction_metadata": metadata,
        "application_id": str(world.application_id),
        "webhook_id": str(world.application_id),
    }
    if interaction.name is not None:
        metadata["name"] = interaction.name
        basic = {"id": str(interaction.id), "type": interaction.kind, "name": interaction.name}
        origin["interaction"] = basic | {"user": user_payload(interaction.user)}
    return origin


def owners(world: World, interaction: Interaction) -> Json:
    """Return whom the app is installed for: the server, also in a direct conversation ("0")."""
    return {"0": str(world.guild_id) if interaction.in_guild else "0"}


def event_payload(world: World, message: Message, channel: Channel) -> Json:
    """Return a message as the gateway gives it: with the server, the member and the kind of channel."""
    payload = message_payload(world, message) | {"channel_type": channel.kind}
    if channel.is_dm:
        return payload
    payload["guild_id"] = str(world.guild_id)
    member = world.members.get(message.author.id)
    if member is not None and message.webhook is None:
        payload["member"] = member_payload(member, with_user=False)
    for mentioned in payload["mentions"]:
        mentioned["member"] = member_payload(world.members[int(mentioned["id"])], with_user=False)
    return payload
