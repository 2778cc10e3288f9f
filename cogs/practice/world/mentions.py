"""Whom a message mentions: what stands in the text, limited by ``allowed_mentions`` and by rights."""

from cogs.practice.jsontypes import Json
from cogs.practice.world.permissions import P, in_channel
from cogs.practice.world.reading import ROLE, USER
from cogs.practice.world.records import Channel, Message
from cogs.practice.world.state import World

EVERYTHING: Json = {"parse": ["users", "roles", "everyone"], "replied_user": True}


def note_mentions(world: World, message: Message, allowed: Json | None, replied_to: int | None = None) -> None:
    """Fill the mention fields of ``message``."""
    rules = EVERYTHING if allowed is None else allowed
    users = [int(found) for found in USER.findall(message.content)]
    roles = [int(found) for found in ROLE.findall(message.content)]
    message.mentions = _named(rules, "users", [user for user in users if user in world.members])
    message.mention_roles = _named(rules, "roles", [role for role in roles if role in world.roles])
    if replied_to in world.members and rules.get("replied_user", allowed is None) and replied_to is not None:
        message.mentions = list(dict.fromkeys([*message.mentions, replied_to]))
    message.mention_everyone = _everyone(world, message, rules)


def _named(rules: Json, kind: str, found: list[int]) -> list[int]:
    unique = list(dict.fromkeys(found))
    if kind in (rules.get("parse") or []):
        return unique
    named = {int(item) for item in rules.get(kind) or []}
    return [item for item in unique if item in named]


def _everyone(world: World, message: Message, rules: Json) -> bool:
    if "everyone" not in (rules.get("parse") or []):
        return False
    if "@everyone" not in message.content and "@here" not in message.content:
        return False
    return _may_mention_everyone(world, message, world.channels[message.channel_id])


def _may_mention_everyone(world: World, message: Message, channel: Channel) -> bool:
    member = world.members.get(message.author.id)
    return member is not None and bool(in_channel(world, member, channel) & P.MENTION_EVERYONE)
