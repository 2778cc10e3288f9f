"""REST: the bot's account, its application, its commands, and where the gateway is."""

from cogs.practice.errors import invalid_form, unknown
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.server.call import Call, Route
from cogs.practice.world.payloads import channel_payload, guild_payload, user_payload
from cogs.practice.world.state import World

CHAT_INPUT = 1
MOST_CHAT_INPUT, MOST_MENUS = 100, 15


def gateway(call: Call) -> Json:
    """GET /gateway."""
    return {"url": call.gateway_url}


def gateway_bot(call: Call) -> Json:
    """GET /gateway/bot."""
    limit = {"total": 1000, "remaining": 999, "reset_after": 14400000, "max_concurrency": 1}
    return {"url": call.gateway_url, "shards": 1, "session_start_limit": limit}


def me(call: Call) -> Json:
    """GET /users/@me."""
    own = {"verified": True, "mfa_enabled": True, "locale": "en-US", "email": None}
    return user_payload(call.world.bot) | own


def change_me(call: Call) -> Json:
    """PATCH /users/@me."""
    call.world.bot.name = str(call.json.get("username") or call.world.bot.name)
    return me(call)


def user(call: Call) -> Json:
    """GET an account."""
    member = call.world.members.get(call.id("user_id"))
    if member is None:
        raise unknown("User")
    return user_payload(member.user)


def open_dm(call: Call) -> Json:
    """POST /users/@me/channels: also for people who do not take messages, as on Discord."""
    recipient = str(call.json.get("recipient_id") or "")
    if not recipient.isdecimal() or int(recipient) not in call.world.members:
        raise invalid_form("recipient_id", "INVALID_RECIPIENT", "Unknown User")
    if int(recipient) == call.world.bot.id:
        raise invalid_form("recipient_id", "INVALID_RECIPIENT", "Cannot send messages to yourself")
    return channel_payload(call.world, call.world.dm_with(call.world.members[int(recipient)].user))


def my_guilds(call: Call) -> JsonList:
    """GET /users/@me/guilds."""
    keys = ("id", "name", "icon", "banner", "features")
    payload = guild_payload(call.world)
    return [{key: payload[key] for key in keys} | {"owner": False, "permissions": "0"}]


def application(call: Call) -> Json:
    """GET the application, with its owner."""
    return application_payload(call.world)


def application_payload(world: World) -> Json:
    """Return the application."""
    owner = world.members[world.owner_id].user
    return {
        "id": str(world.application_id),
        "name": world.bot.display,
        "icon": None,
        "description": "",
        "type": None,
        "summary": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": (1 << 13) | (1 << 15) | (1 << 19),
        "tags": [],
        "hook": True,
        "owner": user_payload(owner),
        "team": None,
        "bot": user_payload(world.bot),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": 1,
        "install_params": None,
        "integration_types_config": {"0": {}},
    } | world.application


def change_application(call: Call) -> Json:
    """PATCH the application."""
    call.world.application.update({key: call.json[key] for key in ("description", "tags") if key in call.json})
    return application_payload(call.world)


def _scope(call: Call) -> int | None:
    if call.id("application_id") != call.world.application_id:
        raise unknown("Application")
    return call.id("guild_id") if "guild_id" in call.params else None


def list_commands(call: Call) -> JsonList:
    """GET commands, everywhere or of the server."""
    return call.world.commands.get(_scope(call), [])


def replace_commands(call: Call) -> JsonList:
    """PUT all commands at once; known names keep their ids."""
    scope = _scope(call)
    bodies = call.body if isinstance(call.body, list) else []
    check_commands(bodies)
    old = {_key(command): command for command in call.world.commands.get(scope, [])}
    call.world.commands[scope] = [_kept(call.world, scope, body, old.get(_key(body))) for body in bodies]
    call.world.changed.ring()
    return call.world.commands[scope]


def add_command(call: Call) -> Json:
    """POST one command; a known name is replaced."""
    scope = _scope(call)
    known = call.world.commands.setdefault(scope, [])
    old = next((command for command in known if _key(command) == _key(call.json)), None)
    command = _kept(call.world, scope, call.json, old)
    call.world.commands[scope] = [item for item in known if item is not old] + [command]
    check_commands(call.world.commands[scope])
    return command


def get_command(call: Call) -> Json:
    """GET one command."""
    found = (item for item in list_commands(call) if item["id"] == call.params["command_id"])
    command = next(found, None)
    if command is None:
        raise unknown("application command")
    return command


def change_command(call: Call) -> Json:
    """PATCH one command."""
    command = get_command(call)
    command.update({key: value for key, value in call.json.items() if value is not None})
    return command


def remove_command(call: Call) -> None:
    """DELETE one command."""
    list_commands(call).remove(get_command(call))


def command_permissions(call: Call) -> JsonList:
    """GET the permissions of commands: the school has set none."""
    _scope(call)
    return []


def check_commands(bodies: JsonList) -> None:
    """Raise 50035 for too many commands, or two of one name."""
    chat = [body for body in bodies if body.get("type", CHAT_INPUT) == CHAT_INPUT]
    if len(chat) > MOST_CHAT_INPUT or len(bodies) - len(chat) > 2 * MOST_MENUS:
        raise invalid_form("", "BASE_TYPE_MAX_LENGTH", "Too many commands.")
    keys = [_key(body) for body in bodies]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
            raise invalid_form(f"{index}.name", code, "Application command names must be unique")


def _key(command: Json) -> tuple[str, int]:
    return str(command.get("name")), int(command.get("type") or CHAT_INPUT)


def _kept(world: World, scope: int | None, body: Json, old: Json | None) -> Json:
    fixed: Json = {
        "id": old["id"] if old else str(world.ids.next()),
        "application_id": str(world.application_id),
        "version": str(world.ids.next()),
        "type": body.get("type") or CHAT_INPUT,
    }
    if scope is not None:
        fixed["guild_id"] = str(scope)
    defaults: Json = {"default_member_permissions": None, "nsfw": False, "description": ""}
    return defaults | {key: value for key, value in body.items() if value is not None} | fixed


def nothing(_: Call) -> JsonList:
    """GET a list of which there is nothing."""
    return []


def no_emojis(_: Call) -> Json:
    """GET the application's emojis: none."""
    return {"items": []}


APP = "/applications/{application_id}"
GUILD_COMMANDS = APP + "/guilds/{guild_id}/commands"
ROUTES = (
    Route("GET", "/gateway", gateway, open=True),
    Route("GET", "/gateway/bot", gateway_bot),
    Route("GET", "/users/@me", me),
    Route("PATCH", "/users/@me", change_me),
    Route("GET", "/users/{user_id}", user),
    Route("POST", "/users/@me/channels", open_dm),
    Route("GET", "/users/@me/guilds", my_guilds),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
    Route("PATCH", "/applications/@me", change_application),
    Route("GET", APP + "/emojis", no_emojis),
    Route("GET", APP + "/entitlements", nothing),
    Route("GET", "/voice/regions", nothing),
    *(
        route
        for base in (APP + "/commands", GUILD_COMMANDS)
        for route in (
            Route("GET", base, list_commands),
            Route("PUT", base, replace_commands),
            Route("POST", base, add_command, 201),
            Route("GET", base + "/{command_id}", get_command),
            Route("PATCH", base + "/{command_id}", change_command),
            Route("DELETE", base + "/{command_id}", remove_command, 204),
        )
    ),
    Route("GET", GUILD_COMMANDS + "/permissions", command_permissions),
)
