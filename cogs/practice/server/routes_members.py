"""REST: members of the server: fetched, searched, timed out, given roles, removed, banned."""

from datetime import UTC, datetime, timedelta

from cogs.practice.errors import ApiError, invalid_form, unknown
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.server.call import Call, Route
from cogs.practice.world import members
from cogs.practice.world.limits import check_length
from cogs.practice.world.payloads import member_payload, user_payload
from cogs.practice.world.permissions import P, in_guild, require_above, require_in_guild, top
from cogs.practice.world.records import Member

LONGEST_TIME_OUT = timedelta(days=28, minutes=1)
NICK = 32


def get(call: Call) -> Json:
    """GET one member."""
    return member_payload(call.world.member(call.id("user_id")))


def list_all(call: Call) -> JsonList:
    """GET members, by rising id."""
    after = call.asked_id("after") or 0
    present = sorted(number for number, member in call.world.members.items() if member.present and number > after)
    return [member_payload(call.world.members[number]) for number in present[: call.limit(1, 1000)]]


def search(call: Call) -> JsonList:
    """GET members whose name or nickname begins with the query."""
    asked = call.query.get("query", "").casefold()
    found = [
        member for member in call.world.members.values()
        if member.present and any(name.casefold().startswith(asked) for name in _names(member))
    ]  # fmt: skip
    return [member_payload(member) for member in found[: call.limit(1, 1000)]]


def _names(member: Member) -> list[str]:
    return [name for name in (member.user.name, member.user.display, member.nick) if name]


def change(call: Call) -> Json:
    """PATCH a member: time-out, nickname, roles."""
    member = call.world.member(call.id("user_id"))
    body = call.json
    if "communication_disabled_until" in body:
        _time_out(call, member, body["communication_disabled_until"])
    if "nick" in body:
        require_in_guild(call.world, call.bot, P.MANAGE_NICKNAMES)
        _nick(call, member, body["nick"])
    if "roles" in body:
        _set_roles(call, member, [int(item) for item in body["roles"] or []])
    return member_payload(member)


def _time_out(call: Call, member: Member, until: str | None) -> None:
    require_in_guild(call.world, call.bot, P.MODERATE_MEMBERS)
    require_above(call.world, call.bot, member)
    if in_guild(call.world, member) & P.ADMINISTRATOR:
        raise ApiError(403, 50013, "Missing Permissions")
    moment = datetime.fromisoformat(until) if until else None
    if moment is not None:
        moment = moment.replace(tzinfo=moment.tzinfo or UTC)
        if moment > call.world.clock.now() + LONGEST_TIME_OUT:
            raise invalid_form("communication_disabled_until", "INVALID_COMMUNICATION_DISABLED_TIMESTAMP", "Too long.")
    members.time_out(call.world, member, moment)


def _nick(call: Call, member: Member, nick: str | None) -> None:
    check_length("nick", nick, NICK)
    if member is not call.bot:
        require_above(call.world, call.bot, member)
    members.rename(call.world, member, nick)


def _set_roles(call: Call, member: Member, roles: list[int]) -> None:
    require_in_guild(call.world, call.bot, P.MANAGE_ROLES)
    for role_id in set(roles) ^ set(member.roles):
        if role_id not in call.world.roles:
            raise unknown("Role")
        if call.world.roles[role_id].position >= top(call.world, call.bot):
            raise ApiError(403, 50013, "Missing Permissions")
    members.set_roles(call.world, member, roles)


def change_self(call: Call) -> Json:
    """PATCH the bot's own nickname."""
    _nick(call, call.bot, call.json.get("nick"))
    return member_payload(call.bot)


def add_role(call: Call) -> None:
    """PUT a role on a member."""
    member = call.world.member(call.id("user_id"))
    _set_roles(call, member, list(dict.fromkeys([*member.roles, call.id("role_id")])))


def remove_role(call: Call) -> None:
    """DELETE a role from a member."""
    member = call.world.member(call.id("user_id"))
    _set_roles(call, member, [role for role in member.roles if role != call.id("role_id")])


def kick(call: Call) -> None:
    """DELETE a member."""
    member = call.world.member(call.id("user_id"))
    require_in_guild(call.world, call.bot, P.KICK_MEMBERS)
    require_above(call.world, call.bot, member)
    members.leave(call.world, member)


def list_bans(call: Call) -> JsonList:
    """GET bans."""
    require_in_guild(call.world, call.bot, P.BAN_MEMBERS)
    return [_ban(call, user_id) for user_id in call.world.bans]


def get_ban(call: Call) -> Json:
    """GET one ban."""
    require_in_guild(call.world, call.bot, P.BAN_MEMBERS)
    return _ban(call, call.id("user_id"))


def _ban(call: Call, user_id: int) -> Json:
    if user_id not in call.world.bans:
        raise unknown("Ban")
    return {"user": user_payload(call.world.members[user_id].user), "reason": call.world.bans[user_id]}


def ban(call: Call) -> None:
    """PUT a ban."""
    member = call.world.member(call.id("user_id"))
    require_in_guild(call.world, call.bot, P.BAN_MEMBERS)
    require_above(call.world, call.bot, member)
    call.world.bans[member.user.id] = ""
    payload = {"guild_id": str(call.world.guild_id), "user": user_payload(member.user)}
    call.world.dispatch("GUILD_BAN_ADD", payload)
    members.leave(call.world, member)


def unban(call: Call) -> None:
    """DELETE a ban."""
    require_in_guild(call.world, call.bot, P.BAN_MEMBERS)
    if call.world.bans.pop(call.id("user_id"), None) is None:
        raise unknown("Ban")


MEMBERS = "/guilds/{guild_id}/members"
ROUTES = (
    Route("GET", MEMBERS, list_all),
    Route("GET", MEMBERS + "/search", search),
    Route("GET", MEMBERS + "/{user_id}", get),
    Route("PATCH", MEMBERS + "/@me", change_self),
    Route("PATCH", MEMBERS + "/{user_id}", change),
    Route("DELETE", MEMBERS + "/{user_id}", kick, 204),
    Route("PUT", MEMBERS + "/{user_id}/roles/{role_id}", add_role, 204),
    Route("DELETE", MEMBERS + "/{user_id}/roles/{role_id}", remove_role, 204),
    Route("GET", "/guilds/{guild_id}/bans", list_bans),
    Route("GET", "/guilds/{guild_id}/bans/{user_id}", get_ban),
    Route("PUT", "/guilds/{guild_id}/bans/{user_id}", ban, 204),
    Route("DELETE", "/guilds/{guild_id}/bans/{user_id}", unban, 204),
)
