"""Messages: made, changed, deleted, paged through. The same road for people, the bot and webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from cogs.practice.errors import unknown
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.world.clock import moment_of
from cogs.practice.world.component_limits import numbered
from cogs.practice.world.files import store
from cogs.practice.world.mentions import note_mentions
from cogs.practice.world.message_payloads import attachment_url, event_payload
from cogs.practice.world.records import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    REPLY,
    SUPPRESS_EMBEDS,
    THREADS,
    Attachment,
    Channel,
    Interaction,
    Message,
    Upload,
    User,
    Webhook,
)
from cogs.practice.world.sight import message_search_text, show_message
from cogs.practice.world.state import World

NONCE_LIFE = timedelta(minutes=5)
KEPT_FLAGS = EPHEMERAL | LOADING | SUPPRESS_EMBEDS | COMPONENTS_V2 | 1 << 12 | 1 << 13


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message will carry."""

    content: str = ""
    embeds: JsonList = field(default_factory=list)
    components: JsonList = field(default_factory=list)
    uploads: Sequence[Upload] = ()
    kept: Sequence[Attachment] = ()
    flags: int = 0
    tts: bool = False
    nonce: int | str | None = None
    allowed_mentions: Json | None = None
    reference: Json | None = None
    snapshots: JsonList = field(default_factory=list)
    poll: Json | None = None
    stickers: JsonList = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Origin:
    """By which road a message comes: a webhook, an answer to an interaction, or (none of these) plainly."""

    webhook: Webhook | None = None
    name: str | None = None
    interaction: Interaction | None = None
    only_for: int | None = None
    kind: int = 0
    number: int | None = None


PLAINLY = Origin()


def send(world: World, channel: Channel, author: User, draft: Draft, origin: Origin = PLAINLY) -> Message:
    """Make a message, show it to everybody who sees it, and tell the bot."""
    message = _made(world, channel, author, draft, origin)
    replied_to = _replied_author(world, message) if message.kind == REPLY else None
    note_mentions(world, message, draft.allowed_mentions, replied_to)
    if message.only_for is None:
        _place(channel, message)
        world.dispatch("MESSAGE_CREATE", event_payload(world, message, channel), channel=channel)
    else:
        world.ephemerals[message.id] = message
    if not message.flags & LOADING:
        show_message(world, message)
    world.changed.ring()
    return message


def _made(world: World, channel: Channel, author: User, draft: Draft, origin: Origin) -> Message:
    ephemeral = origin.only_for is not None
    uploaded = [store(world, channel.id, upload, ephemeral=ephemeral) for upload in draft.uploads]
    attachments = [*draft.kept, *uploaded]
    return Message(
        id=origin.number or world.ids.next(),
        channel_id=channel.id,
        author=author,
        content=draft.content,
        kind=origin.kind or (REPLY if _is_reply(draft) else 0),
        flags=draft.flags & KEPT_FLAGS | (EPHEMERAL if ephemeral else 0) | (1 << 14 if draft.snapshots else 0),
        tts=draft.tts,
        nonce=draft.nonce,
        embeds=[embed_as_kept(embed, attachments, world) for embed in draft.embeds],
        components=numbered(draft.components),
        attachments=attachments,
        reference=draft.reference,
        snapshots=draft.snapshots,
        poll=draft.poll,
        stickers=draft.stickers,
        webhook=origin.webhook,
        author_name=origin.name,
        interaction=origin.interaction,
        only_for=origin.only_for,
        token=origin.interaction.token if origin.interaction else None,
    )


def _is_reply(draft: Draft) -> bool:
    return draft.reference is not None and draft.reference.get("type", 0) == 0


def _place(channel: Channel, message: Message) -> None:
    channel.messages[message.id] = message
    channel.last_message_id = message.id
    if channel.kind in THREADS and channel.thread is not None:
        channel.thread.total_sent += 1
        channel.thread.archived = False
        if message.author.id not in channel.thread.members:
            channel.thread.members.append(message.author.id)


def embed_as_kept(embed: Json, attachments: Sequence[Attachment], world: World) -> Json:
    """Return an embed as Discord keeps it: type rich, and real links for ``attachment://`` ones."""
    kept = {"type": "rich"} | {key: value for key, value in embed.items() if value is not None}
    for key in ("image", "thumbnail"):
        url = (kept.get(key) or {}).get("url", "")
        name = url.removeprefix("attachment://")
        found = next((item for item in attachments if name != url and item.filename == name), None)
        if found:
            link = attachment_url(world, found)
            kept[key] = {"url": link, "proxy_url": link, "width": 0, "height": 0}
    return kept


def _replied_author(world: World, message: Message) -> int | None:
    reference = message.reference or {}
    channel = world.channels.get(int(reference.get("channel_id", 0)))
    found = channel.messages.get(int(reference["message_id"])) if channel else None
    return found.author.id if found else None


def same_nonce(world: World, channel: Channel, author: User, nonce: object) -> Message | None:
    """Return the message that this author sent with this nonce in the past minutes, if any."""
    oldest = world.clock.now() - NONCE_LIFE
    for message in reversed(channel.messages.values()):
        if moment_of(message.id) < oldest:
            return None
        if message.author is author and message.nonce is not None and str(message.nonce) == str(nonce):
            return message
    return None


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit changes; what is None stays as it was."""

    content: str | None = None
    embeds: JsonList | None = None
    components: JsonList | None = None
    flags: int | None = None
    attachments: Sequence[Attachment] | None = None
    allowed_mentions: Json | None = None


def edit(world: World, message: Message, change: Change, *, marks: bool = True) -> None:
    """Change a message; ``marks`` is off for what Discord does itself (an unfurled link has no edit time)."""
    before = message_search_text(world, message)
    channel = world.channels[message.channel_id]
    was_loading = bool(message.flags & LOADING)
    message.flags &= ~LOADING
    _apply(world, message, change)
    if marks and not was_loading:
        message.edited = world.clock.now()
    if change.content is not None:
        note_mentions(world, message, change.allowed_mentions)
    if message.only_for is None:
        world.dispatch("MESSAGE_UPDATE", event_payload(world, message, channel), channel=channel)
    show_message(world, message, kind="" if was_loading else "edit", before=before)
    world.changed.ring()


def _apply(world: World, message: Message, change: Change) -> None:
    if change.content is not None:
        message.content = change.content
    if change.attachments is not None:
        message.attachments = list(change.attachments)
    if change.embeds is not None:
        message.embeds = [embed_as_kept(embed, message.attachments, world) for embed in change.embeds]
    if change.components is not None:
        message.components = numbered(change.components)
    if change.flags is not None:
        kept = message.flags & ~SUPPRESS_EMBEDS
        message.flags = kept | change.flags & (SUPPRESS_EMBEDS | COMPONENTS_V2)


def delete(world: World, message: Message) -> None:
    """Delete a message; an ephemeral one just goes away."""
    channel = world.channels[message.channel_id]
    show_message(world, message, kind="delete")
    if message.only_for is not None:
        world.ephemerals.pop(message.id, None)
        world.changed.ring()
        return
    channel.messages.pop(message.id, None)
    channel.pins.pop(message.id, None)
    world.dispatch("MESSAGE_DELETE", _gone(world, channel) | {"id": str(message.id)}, channel=channel)


def delete_many(world: World, channel: Channel, found: Sequence[Message]) -> None:
    """Delete messages at once, with the one event that Discord sends for it."""
    for message in found:
        show_message(world, message, kind="delete")
        channel.messages.pop(message.id, None)
        channel.pins.pop(message.id, None)
    payload = _gone(world, channel) | {"ids": [str(message.id) for message in found]}
    world.dispatch("MESSAGE_DELETE_BULK", payload, channel=channel)


def _gone(world: World, channel: Channel) -> Json:
    place = {"channel_id": str(channel.id)}
    return place if channel.is_dm else place | {"guild_id": str(world.guild_id)}


def find_by_token(interaction: Interaction, message_id: int) -> Message:
    """Return an answer to an interaction by its id, or raise 10008."""
    known = dict(interaction.followups)
    if interaction.original is not None:
        known[interaction.original.id] = interaction.original
    if message_id not in known:
        raise unknown("Message")
    return known[message_id]
