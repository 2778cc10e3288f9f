"""What each person sees, and the showing of it: who is on the receiving end of a message, an edit, a form."""

from collections.abc import Iterator

from cogs.practice.world.clock import stamp
from cogs.practice.world.permissions import P, can_see, in_channel
from cogs.practice.world.reading import component_texts, message_texts, modal_texts, searchable
from cogs.practice.world.records import THREADS, Channel, Message, Modal
from cogs.practice.world.showings import Showing
from cogs.practice.world.state import World


def where_is(world: World, message: Message) -> str:
    """Return where a message stands, in the words of a scenario: dm, ephemeral, or the channel's id."""
    if message.only_for is not None:
        return "ephemeral"
    return "dm" if world.channels[message.channel_id].is_dm else str(message.channel_id)


def viewers(world: World, channel: Channel) -> list[int]:
    """Return the people of the school who see this channel."""
    if channel.recipient is not None:
        return [channel.recipient.id]
    people = (world.members[person.id] for person in world.school.people)
    return [member.user.id for member in people if can_see(world, member, channel)]


def recipients(world: World, message: Message) -> list[int]:
    """Return the people who see this message."""
    if message.only_for is not None:
        return [message.only_for]
    return viewers(world, world.channels[message.channel_id])


def visible_channels(world: World, person_id: int) -> list[Channel]:
    """Return the channels and threads that a person sees, the direct conversation aside."""
    member = world.members[person_id]
    found = [channel for channel in world.channels.values() if not channel.is_dm]
    readable = P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY
    return [channel for channel in found if in_channel(world, member, channel) & readable == readable]


def visible_messages(world: World, person_id: int) -> Iterator[Message]:
    """Yield every message that a person sees now: channels, direct conversation, ephemerals."""
    for channel in visible_channels(world, person_id):
        yield from channel.messages.values()
    if person_id in world.dms:
        yield from world.channels[world.dms[person_id]].messages.values()
    yield from (message for message in world.ephemerals.values() if message.only_for == person_id)


def newest_first(world: World, person_id: int) -> list[Message]:
    """Return what a person sees, the newest message first."""
    return sorted(visible_messages(world, person_id), key=lambda message: message.id, reverse=True)


def place_name(world: World, channel: Channel) -> str:
    """Return a channel's name for a sentence."""
    if channel.is_dm:
        return "DM"
    parent = world.channels.get(channel.parent_id) if channel.kind in THREADS and channel.parent_id else None
    return f"#{parent.name}/{channel.name}" if parent else f"#{channel.name}"


def message_search_text(world: World, message: Message) -> str:
    """Return the text of a message that expectations look at."""
    return searchable(world, message_texts(message))


def show_message(world: World, message: Message, *, kind: str = "", before: str = "") -> None:
    """Write down that a message appeared, was edited or was deleted, for everybody who sees it."""
    where = where_is(world, message)
    shown_as = {"dm": "dm", "ephemeral": "ephemeral"}.get(where, "message")
    at, text = stamp(world.clock.now()), message_search_text(world, message)
    by_person = not message.author.bot
    for person_id in recipients(world, message):
        world.showings.append(
            Showing(
                at=at,
                to=person_id,
                channel_id=message.channel_id,
                where=where,
                kind=kind or shown_as,
                text=message.content,
                embeds=message.embeds,
                components=message.components,
                files=[item.filename for item in message.attachments],
                searchable="" if kind == "delete" else text,
                before=before,
                by_person=by_person,
            )
        )


def show_modal(world: World, person_id: int, modal: Modal) -> None:
    """Write down that a form opened."""
    world.showings.append(
        Showing(
            at=stamp(world.clock.now()),
            to=person_id,
            channel_id=0,
            where="modal",
            kind="modal",
            text=modal.title,
            embeds=[],
            components=modal.components,
            files=[],
            searchable=searchable(world, modal_texts(modal)),
            before="",
            by_person=False,
        )
    )


def labels_on(message: Message) -> list[str]:
    """Return the texts on the components of a message, for sentences about what is there."""
    return component_texts(message.components)
