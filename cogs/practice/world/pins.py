"""Pins: put up and taken down, with the note that Discord leaves in the channel."""

from cogs.practice.jsontypes import Json
from cogs.practice.world.clock import stamp
from cogs.practice.world.message_payloads import event_payload
from cogs.practice.world.messages import Draft, Origin, send
from cogs.practice.world.records import PINNED_NOTE, Channel, Message
from cogs.practice.world.state import World


def pin(world: World, channel: Channel, message: Message) -> None:
    """Pin a message; a second time changes nothing."""
    if message.pinned:
        return
    message.pinned = True
    channel.pins[message.id] = world.clock.now()
    _tell(world, channel, message)
    reference: Json = {"type": 0, "channel_id": str(channel.id), "message_id": str(message.id)}
    send(world, channel, world.bot, Draft(reference=reference), Origin(kind=PINNED_NOTE))


def unpin(world: World, channel: Channel, message: Message) -> None:
    """Take a pin down."""
    if message.pinned:
        message.pinned = False
        channel.pins.pop(message.id, None)
        _tell(world, channel, message)


def _tell(world: World, channel: Channel, message: Message) -> None:
    last = max(channel.pins.values(), default=None)
    place: Json = {"channel_id": str(channel.id), "last_pin_timestamp": stamp(last) if last else None}
    if not channel.is_dm:
        place["guild_id"] = str(world.guild_id)
    world.dispatch("CHANNEL_PINS_UPDATE", place, channel=channel)
    world.dispatch("MESSAGE_UPDATE", event_payload(world, message, channel), channel=channel)
