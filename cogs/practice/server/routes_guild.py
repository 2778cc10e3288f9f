"""REST: the server itself, its roles and channels."""

from cogs.practice.errors import missing_permissions, unknown
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.server.call import Call, Route
from cogs.practice.world.limits import check_length
from cogs.practice.world.payloads import (
    channel_payload,
    guild_payload,
    is_live_thread,
    member_payload,
    role_payload,
    thread_member_payload,
)
from cogs.practice.world.permissions import P, in_channel, require_in_guild, top
from cogs.practice.world.records import THREADS, Channel, Overwrite, Role


def _check(call: Call) -> None:
    if call.id("guild_id") != call.world.guild_id:
        raise unknown("Guild")


def get(call: Call) -> Json:
    """GET the server."""
    _check(call)
    payload = guild_payload(call.world)
    if call.query.get("with_counts") in {"1", "true", "True"}:
        present = sum(member.present for member in call.world.members.values())
        payload |= {"approximate_member_count": present, "approximate_presence_count": present}
    return payload


def list_channels(call: Call) -> JsonList:
    """GET channels, threads aside; Discord lists all that the bot sees."""
    _check(call)
    found = [item for item in call.world.channels.values() if not item.is_dm and item.kind not in THREADS]
    return [channel_payload(call.world, item) for item in found if _sees(call, item)]


def _sees(call: Call, channel: Channel) -> bool:
    return bool(in_channel(call.world, call.bot, channel) & P.VIEW_CHANNEL)


def create_channel(call: Call) -> Json:
    """POST a channel."""
    _check(call)
    require_in_guild(call.world, call.bot, P.MANAGE_CHANNELS)
    body = call.json
    check_length("name", body.get("name"), 100)
    channel = Channel(
        id=call.world.ids.next(),
        kind=int(body.get("type") or 0),
        name=str(body.get("name")).lower().replace(" ", "-"),
        position=len(call.world.channels),
        topic=body.get("topic"),
        parent_id=int(body["parent_id"]) if body.get("parent_id") else None,
    )
    for item in body.get("permission_overwrites") or []:
        channel.overwrites[int(item["id"])] = overwrite_from(int(item["id"]), item)
    call.world.channels[channel.id] = channel
    payload = channel_payload(call.world, channel)
    call.world.dispatch("CHANNEL_CREATE", payload, channel=channel)
    return payload


def overwrite_from(number: int, body: Json) -> Overwrite:
    """Return an overwrite from a request body."""
    return Overwrite(number, int(body.get("type") or 0), int(body.get("allow") or 0), int(body.get("deny") or 0))


def list_roles(call: Call) -> JsonList:
    """GET roles."""
    _check(call)
    return [role_payload(role) for role in call.world.roles.values()]


def get_role(call: Call) -> Json:
    """GET one role."""
    return role_payload(_role(call))


def create_role(call: Call) -> Json:
    """POST a role, at the bottom."""
    _check(call)
    require_in_guild(call.world, call.bot, P.MANAGE_ROLES)
    role = Role(call.world.ids.next(), "new role", 0, 1)
    _apply(role, call.json)
    call.world.roles[role.id] = role
    call.world.dispatch("GUILD_ROLE_CREATE", {"guild_id": str(call.world.guild_id), "role": role_payload(role)})
    return role_payload(role)


def change_role(call: Call) -> Json:
    """PATCH a role below the bot's own."""
    role = _role_below(call)
    _apply(role, call.json)
    call.world.dispatch("GUILD_ROLE_UPDATE", {"guild_id": str(call.world.guild_id), "role": role_payload(role)})
    return role_payload(role)


def remove_role(call: Call) -> None:
    """DELETE a role below the bot's own."""
    role = _role_below(call)
    del call.world.roles[role.id]
    for member in call.world.members.values():
        member.roles = [number for number in member.roles if number != role.id]
    call.world.dispatch("GUILD_ROLE_DELETE", {"guild_id": str(call.world.guild_id), "role_id": str(role.id)})


def _role(call: Call) -> Role:
    _check(call)
    role = call.world.roles.get(call.id("role_id"))
    if role is None:
        raise unknown("Role")
    return role


def _role_below(call: Call) -> Role:
    role = _role(call)
    require_in_guild(call.world, call.bot, P.MANAGE_ROLES)
    if role.position >= top(call.world, call.bot):
        raise missing_permissions()
    return role


def _apply(role: Role, body: Json) -> None:
    role.name = str(body.get("name") or role.name)
    role.permissions = int(body["permissions"]) if body.get("permissions") else role.permissions
    role.color = int(body.get("color") or role.color)
    role.hoist = bool(body.get("hoist", role.hoist))
    role.mentionable = bool(body.get("mentionable", role.mentionable))


def active_threads(call: Call) -> Json:
    """GET the threads that are not archived."""
    _check(call)
    found = [item for item in call.world.channels.values() if is_live_thread(item) and _sees(call, item)]
    joined = [item for item in found if item.thread and call.world.bot.id in item.thread.members]
    return {
        "threads": [channel_payload(call.world, item) for item in found],
        "members": [thread_member_payload(item, call.world.bot.id) for item in joined],
    }


def my_member(call: Call) -> Json:
    """GET the bot as a member."""
    _check(call)
    return member_payload(call.bot)


def nothing(call: Call) -> JsonList:
    """GET a list of which the school has none: emojis, stickers, invites, integrations, rules, events."""
    _check(call)
    return []


def audit_log(call: Call) -> Json:
    """GET the audit log: kept empty."""
    _check(call)
    require_in_guild(call.world, call.bot, P.VIEW_AUDIT_LOG)
    kinds = (
        "application_commands", "audit_log_entries", "auto_moderation_rules", "guild_scheduled_events",
        "integrations", "threads", "users", "webhooks",
    )  # fmt: skip
    return {kind: [] for kind in kinds}


GUILD = "/guilds/{guild_id}"
EMPTY = ("emojis", "stickers", "invites", "integrations", "auto-moderation/rules", "scheduled-events", "regions")
ROUTES = (
    Route("GET", GUILD, get),
    Route("GET", GUILD + "/channels", list_channels),
    Route("POST", GUILD + "/channels", create_channel),
    Route("GET", GUILD + "/roles", list_roles),
    Route("POST", GUILD + "/roles", create_role),
    Route("GET", GUILD + "/roles/{role_id}", get_role),
    Route("PATCH", GUILD + "/roles/{role_id}", change_role),
    Route("DELETE", GUILD + "/roles/{role_id}", remove_role, 204),
    Route("GET", GUILD + "/threads/active", active_threads),
    Route("GET", GUILD + "/audit-logs", audit_log),
    Route("GET", "/users/@me/guilds/{guild_id}/member", my_member),
    *(Route("GET", f"{GUILD}/{name}", nothing) for name in EMPTY),
)
