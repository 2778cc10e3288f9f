"""What travels along when a message is forwarded: a snapshot without its author."""

from cogs.practice.jsontypes import Json
from cogs.practice.world.message_payloads import message_payload
from cogs.practice.world.records import Message
from cogs.practice.world.state import World

KEPT = (
    "type", "content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags", "mentions",
    "mention_roles", "sticker_items", "components",
)  # fmt: skip


def snapshot_of(world: World, message: Message) -> Json:
    """Return the snapshot of ``message``."""
    payload = message_payload(world, message)
    return {"message": {key: payload[key] for key in KEPT if key in payload}}
