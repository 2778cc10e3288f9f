"""Acts with the app's commands: a slash command, the menu of a message or a person."""

from pathlib import Path

from cogs.practice.errors import ActError
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.stage.answering import interact
from cogs.practice.stage.options import OptionReader
from cogs.practice.stage.places import home_channel, message_named, require_present, seen_channel
from cogs.practice.stage.script import Act
from cogs.practice.stage.stage import Stage
from cogs.practice.world.interactions import AUTOCOMPLETE, COMMAND, Started
from cogs.practice.world.message_payloads import message_payload
from cogs.practice.world.payloads import member_payload, user_payload
from cogs.practice.world.permissions import EVERYTHING, in_guild
from cogs.practice.world.records import Channel

CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2
BOT_DM = 1


async def command(stage: Stage, act: Act) -> None:
    """Type a slash command."""
    require_present(stage, act.person)
    channel = _channel(stage, act)
    first, *rest = act.text("name").lstrip("/").split()
    found = find(stage, act.person, first, (CHAT_INPUT,), channel)
    path, leaf = _descend(found, rest)
    reader = OptionReader(stage, act, leaf)
    values = await reader.read(
        act.data.get("options") or {}, lambda options: _complete(stage, act, found, path, options)
    )
    data = _data(stage, found, CHAT_INPUT) | {"options": _nest(path, values)}
    if reader.resolved:
        data["resolved"] = reader.resolved
    await interact(stage, act.person, Started(COMMAND, data, channel, name=_full_name(found, path)))


async def _complete(stage: Stage, act: Act, found: Json, path: JsonList, options: JsonList) -> JsonList:
    """Ask the bot what may be picked while typing."""
    data = _data(stage, found, CHAT_INPUT) | {"options": _nest(path, options)}
    started = Started(AUTOCOMPLETE, data, _channel(stage, act), name=_full_name(found, path))
    interaction = await interact(stage, act.person, started)
    return interaction.choices if interaction else []


async def suggestions(stage: Stage, person: int, asked: Json) -> JsonList:
    """Return what the bot offers while a person types an option: ``name``, ``option``, ``text``, ``options``."""
    data = {"name": str(asked["name"]), "channel": asked.get("channel")}
    act = Act(0, "command", person, data, Path())
    channel = _channel(stage, act)
    first, *rest = act.text("name").lstrip("/").split()
    found = find(stage, person, first, (CHAT_INPUT,), channel)
    path, leaf = _descend(found, rest)
    return await OptionReader(stage, act, leaf).suggest(
        str(asked["option"]), str(asked.get("text") or ""), lambda options: _complete(stage, act, found, path, options)
    )


def _channel(stage: Stage, act: Act) -> Channel:
    name = act.text("channel")
    if name == "dm":
        return stage.world.dm_with(stage.member(act.person).user)
    return seen_channel(stage, act.person, name) if name else home_channel(stage, act.person)


def _data(stage: Stage, found: Json, kind: int) -> Json:
    data: Json = {"id": found["id"], "name": found["name"], "type": kind}
    return data | ({"guild_id": str(stage.world.guild_id)} if "guild_id" in found else {})


def _nest(path: JsonList, values: JsonList) -> JsonList:
    for part in reversed(path):
        values = [{"name": part["name"], "type": part["type"], "options": values}]
    return values


def _full_name(found: Json, path: JsonList) -> str:
    return " ".join(str(part["name"]) for part in [found, *path])


def _descend(found: Json, rest: list[str]) -> tuple[JsonList, Json]:
    path, at = [], found
    for word in rest:
        subs = [option for option in at.get("options") or [] if option["type"] in {SUBCOMMAND, SUBCOMMAND_GROUP}]
        at = next((option for option in subs if is_called(option, word)), {})
        if not at:
            known = ", ".join(option["name"] for option in subs)
            raise ActError("act.unknown_subcommand", name=word, command=found["name"], known=known or "-")
        path.append(at)
    subs = [option for option in at.get("options") or [] if option["type"] in {SUBCOMMAND, SUBCOMMAND_GROUP}]
    if subs:
        known = ", ".join(option["name"] for option in subs)
        raise ActError("act.subcommand_needed", command=found["name"], known=known)
    return path, at


def is_called(thing: Json, name: str) -> bool:
    """Return whether a command, option or choice has this name, in any language."""
    names = [thing["name"], *(thing.get("name_localizations") or {}).values()]
    return name.strip().casefold() in {str(item).casefold() for item in names}


def find(stage: Stage, person: int, name: str, kinds: tuple[int, ...], channel: Channel) -> Json:
    """Return the command with this name that this person sees here."""
    shown = available(stage, person, channel, kinds)
    for command_ in shown:
        if is_called(command_, name):
            return command_
    known = ", ".join(str(item["name"]) for item in shown) or "-"
    everywhere = [item for listed in stage.world.commands.values() for item in listed if item["type"] in kinds]
    if any(is_called(item, name) for item in everywhere):
        raise ActError("act.command_hidden", who=stage.name(person), name=name, known=known)
    raise ActError("act.unknown_command", name=name, known=known)


def available(stage: Stage, person: int, channel: Channel, kinds: tuple[int, ...]) -> JsonList:
    """Return the commands that this person sees in this channel."""
    everything = [*stage.world.commands.get(stage.world.guild_id, []), *stage.world.commands.get(None, [])]
    return [item for item in everything if item["type"] in kinds and _is_shown(stage, person, channel, item)]


def _is_shown(stage: Stage, person: int, channel: Channel, item: Json) -> bool:
    contexts = item.get("contexts")
    if channel.is_dm:
        if "guild_id" in item or item.get("dm_permission") is False:
            return False
        return contexts is None or BOT_DM in contexts
    if contexts is not None and 0 not in contexts:
        return False
    needed = item.get("default_member_permissions")
    held = in_guild(stage.world, stage.member(person))
    if needed is None or held == EVERYTHING:
        return True
    return int(needed) != 0 and held & int(needed) == int(needed)


async def menu(stage: Stage, act: Act) -> None:
    """Pick an item from the menu of a message or of a person."""
    require_present(stage, act.person)
    data: Json
    if act.text("message"):
        message = message_named(stage, act)
        channel, kind, target = stage.world.channels[message.channel_id], MESSAGE_MENU, message.id
        resolved = {"messages": {str(message.id): message_payload(stage.world, message)}}
    else:
        user = OptionReader(stage, act, {}).member(act.text("user")).user
        channel, kind, target = _channel(stage, act), USER_MENU, user.id
        resolved = {"users": {str(user.id): user_payload(user)}}
        if not channel.is_dm:
            resolved["members"] = {str(user.id): member_payload(stage.member(user.id), with_user=False)}
    found = find(stage, act.person, act.text("name"), (kind,), channel)
    data = _data(stage, found, kind) | {"target_id": str(target), "resolved": resolved}
    await interact(stage, act.person, Started(COMMAND, data, channel, name=found["name"]))
