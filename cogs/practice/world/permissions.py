"""Discord's permission rules: roles, overwrites of a channel, time-outs, threads, hierarchy."""

from enum import IntFlag

from cogs.practice.errors import missing_access, missing_permissions
from cogs.practice.world.records import PRIVATE_THREAD, THREADS, Channel, Member
from cogs.practice.world.state import World


class P(IntFlag):
    """The bits of a permission set that the practice room uses."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    SEND_POLLS = 1 << 49
    PIN_MESSAGES = 1 << 51


EVERYTHING = (1 << 53) - 1
WHILE_TIMED_OUT = P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY
EVERYONE = (
    P.VIEW_CHANNEL | P.SEND_MESSAGES | P.SEND_MESSAGES_IN_THREADS | P.READ_MESSAGE_HISTORY | P.ADD_REACTIONS
    | P.ATTACH_FILES | P.EMBED_LINKS | P.USE_APPLICATION_COMMANDS | P.CREATE_PUBLIC_THREADS
    | P.CHANGE_NICKNAME | P.SEND_POLLS | P.USE_EXTERNAL_EMOJIS
)  # fmt: skip
MODERATOR = P.MANAGE_MESSAGES | P.MODERATE_MEMBERS | P.MANAGE_THREADS
COORDINATOR = MODERATOR | P.MANAGE_GUILD
BOT = (
    EVERYONE | P.MANAGE_MESSAGES | P.MODERATE_MEMBERS | P.MANAGE_WEBHOOKS | P.MANAGE_THREADS
    | P.CREATE_PRIVATE_THREADS | P.PIN_MESSAGES | P.MANAGE_CHANNELS
)  # fmt: skip


def in_guild(world: World, member: Member) -> int:
    """Return what the member may do in the server, channels aside."""
    if member.user.id == world.owner_id:
        return EVERYTHING
    total = world.roles[world.guild_id].permissions
    for role_id in member.roles:
        total |= world.roles[role_id].permissions
    if total & P.ADMINISTRATOR:
        return EVERYTHING
    return _limited_by_time_out(world, member, total)


def in_channel(world: World, member: Member, channel: Channel) -> int:
    """Return what the member may do in this channel; nothing when it cannot be seen."""
    if channel.is_dm:
        return EVERYTHING
    if not member.present:
        return 0
    total = in_guild(world, member)
    if total == EVERYTHING:
        return total
    place = world.channels[channel.parent_id] if channel.kind in THREADS and channel.parent_id else channel
    total = _with_overwrites(world, member, place, total)
    if not total & P.VIEW_CHANNEL or _is_shut_out(member, channel, total):
        return 0
    return _limited_by_time_out(world, member, total)


def can_see(world: World, member: Member, channel: Channel) -> bool:
    """Return whether the member sees the channel."""
    if channel.is_dm:
        return member.user.bot or (channel.recipient is not None and channel.recipient.id == member.user.id)
    return bool(in_channel(world, member, channel) & P.VIEW_CHANNEL)


def require(world: World, member: Member, channel: Channel, *needed: P) -> None:
    """Raise 50001 when the channel is not seen, 50013 when one of ``needed`` is missing."""
    held = in_channel(world, member, channel)
    if not held & P.VIEW_CHANNEL:
        raise missing_access()
    for right in needed:
        asked = P.SEND_MESSAGES_IN_THREADS if right is P.SEND_MESSAGES and channel.kind in THREADS else right
        if not held & asked:
            raise missing_permissions()


def require_in_guild(world: World, member: Member, needed: P) -> None:
    """Raise 50013 when the member lacks a right of the server."""
    if not in_guild(world, member) & needed:
        raise missing_permissions()


def require_above(world: World, actor: Member, target: Member) -> None:
    """Raise 50013 unless the actor's highest role is above the target's."""
    if target.user.id == world.owner_id or top(world, actor) <= top(world, target):
        raise missing_permissions()


def top(world: World, member: Member) -> int:
    """Return the position of the highest role."""
    return max((world.roles[role_id].position for role_id in member.roles), default=0)


def _with_overwrites(world: World, member: Member, channel: Channel, total: int) -> int:
    found = channel.overwrites
    if everyone := found.get(world.guild_id):
        total = (total & ~everyone.deny) | everyone.allow
    own = [found[role_id] for role_id in member.roles if role_id in found]
    allow = deny = 0
    for overwrite in own:
        allow |= overwrite.allow
        deny |= overwrite.deny
    total = (total & ~deny) | allow
    if personal := found.get(member.user.id):
        total = (total & ~personal.deny) | personal.allow
    return total


def _is_shut_out(member: Member, channel: Channel, total: int) -> bool:
    if channel.kind != PRIVATE_THREAD or channel.thread is None:
        return False
    return member.user.id not in channel.thread.members and not total & P.MANAGE_THREADS


def _limited_by_time_out(world: World, member: Member, total: int) -> int:
    until = member.timed_out_until
    return total & WHILE_TIMED_OUT if until is not None and until > world.clock.now() else total
