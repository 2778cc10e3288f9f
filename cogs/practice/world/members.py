"""Members: joining, leaving, names, roles, time-outs."""

from datetime import datetime

from cogs.practice.jsontypes import Json
from cogs.practice.world.payloads import member_payload, user_payload
from cogs.practice.world.records import Member
from cogs.practice.world.state import World


def join(world: World, member: Member) -> None:
    """Let a member (again) into the server."""
    member.present = True
    member.joined = world.clock.now()
    count = {"guild_id": str(world.guild_id)}
    world.dispatch("GUILD_MEMBER_ADD", member_payload(member) | count)


def leave(world: World, member: Member) -> None:
    """Let a member leave, by itself or by a kick."""
    member.present = False
    member.nick = None
    world.dispatch("GUILD_MEMBER_REMOVE", {"guild_id": str(world.guild_id), "user": user_payload(member.user)})


def rename(world: World, member: Member, nick: str | None) -> None:
    """Give a member another nickname; nothing gives back the account's own name."""
    member.nick = nick or None
    tell(world, member)


def time_out(world: World, member: Member, until: datetime | None) -> None:
    """Keep a member from writing until a moment; nothing ends it."""
    member.timed_out_until = until
    tell(world, member)


def set_roles(world: World, member: Member, roles: list[int]) -> None:
    """Replace a member's roles."""
    member.roles = roles
    tell(world, member)


def tell(world: World, member: Member) -> None:
    """Send GUILD_MEMBER_UPDATE."""
    payload: Json = member_payload(member) | {"guild_id": str(world.guild_id)}
    world.dispatch("GUILD_MEMBER_UPDATE", payload)
