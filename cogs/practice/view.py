"""What one person's screen shows, as JSON for the page."""

from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.stage.commands import CHAT_INPUT, MESSAGE_MENU, USER_MENU, available
from cogs.practice.stage.places import home_channel
from cogs.practice.stage.stage import Stage
from cogs.practice.world.message_payloads import message_payload
from cogs.practice.world.payloads import user_payload
from cogs.practice.world.permissions import P, in_channel
from cogs.practice.world.reading import as_shown
from cogs.practice.world.records import LOADING, THREADS, Channel, Message
from cogs.practice.world.sight import visible_channels

LATEST = 200


def state_of(stage: Stage, person: int) -> Json:
    """Return everything that a person sees now."""
    world, member = stage.world, stage.member(person)
    return {
        "event": "state",
        "me": _person(stage, person),
        "people": [_person(stage, item.id) for item in world.school.people],
        "bot": _bot(stage),
        "guild": {"id": str(world.guild_id), "name": world.school.name, "language": world.school.language},
        "clock": world.clock.now().isoformat(timespec="seconds"),
        "timezone": world.school.timezone,
        "roles": [{"id": str(role.id), "name": role.name, "color": role.color} for role in world.roles.values()],
        "channels": [_channel(stage, person, item) for item in visible_channels(world, person)],
        "dm": _channel(stage, person, world.dm_with(member.user)),
        "modal": _modal(stage, person),
        "notices": world.notices.get(person, []),
        "home": str(home_channel(stage, person).id),
    }


def _bot(stage: Stage) -> Json:
    state = {"running": stage.process.running, "ready": stage.server.control.ready.is_set()}
    return user_payload(stage.world.bot) | state


def _person(stage: Stage, person: int) -> Json:
    member = stage.member(person)
    facts = stage.world.school.person(person)
    own = {
        "name": member.user.display,
        "shown_name": member.shown_name,
        "kinds": sorted(facts.roles) if facts else [],
        "classes": list(facts.classes) if facts else [],
        "locale": member.user.locale,
        "present": member.present,
        "timed_out_until": member.timed_out_until.isoformat() if member.timed_out_until else None,
        "dms_closed": person in stage.world.closed_dms,
        "owner": bool(facts and facts.owner),
    }
    return user_payload(member.user) | own | _talk(stage, person)


def _talk(stage: Stage, person: int) -> Json:
    """Return where this person talks with the bot, and the bot's last word there, for the page's unread mark."""
    if person not in stage.world.dms:
        return {"dm": None, "last_dm": None}
    channel = stage.world.channels[stage.world.dms[person]]
    said = [message.id for message in channel.messages.values() if message.author.id == stage.world.bot.id]
    return {"dm": str(channel.id), "last_dm": str(said[-1]) if said else None}


def _channel(stage: Stage, person: int, channel: Channel) -> Json:
    world = stage.world
    facts = next((item for item in world.school.channels if item.id == channel.id), None)
    rights = in_channel(world, stage.member(person), channel)
    writing = P.SEND_MESSAGES_IN_THREADS if channel.kind in THREADS else P.SEND_MESSAGES
    return {
        "id": str(channel.id),
        "name": channel.name or world.bot.display,
        "type": channel.kind,
        "kind": "dm" if channel.is_dm else facts.kind if facts else "thread" if channel.kind in THREADS else "other",
        "topic": channel.topic,
        "parent_id": str(channel.parent_id) if channel.parent_id else None,
        "can_write": bool(rights & writing),
        "pins": [str(number) for number in channel.pins],
        "messages": _messages(stage, person, channel),
        "commands": _commands(stage, person, channel, CHAT_INPUT),
        "message_menus": _commands(stage, person, channel, MESSAGE_MENU),
        "user_menus": _commands(stage, person, channel, USER_MENU),
    }


def _messages(stage: Stage, person: int, channel: Channel) -> JsonList:
    mine = [item for item in stage.world.ephemerals.values() if item.only_for == person]
    here = [*channel.messages.values(), *(item for item in mine if item.channel_id == channel.id)]
    here.sort(key=lambda message: message.id)
    return [_message(stage, person, message) for message in here[-LATEST:]]


def _message(stage: Stage, person: int, message: Message) -> Json:
    payload = message_payload(stage.world, message)
    member = stage.world.members.get(message.author.id)
    shown = message.author_name or (member.shown_name if member else message.author.display)
    return payload | {
        "author_name": shown,
        "shown_content": as_shown(stage.world, message.content),
        "ephemeral": message.only_for is not None,
        "loading": bool(message.flags & LOADING),
        "mine": message.author.id == person,
    }


def _commands(stage: Stage, person: int, channel: Channel, kind: int) -> JsonList:
    locale = stage.member(person).user.locale
    return [_translated(item, locale) for item in available(stage, person, channel, (kind,))]


def _translated(item: Json, locale: str) -> Json:
    """Return a command or option with the names that this person's client shows."""
    shown = {
        "shown_name": _localised(item, "name", locale),
        "shown_description": _localised(item, "description", locale),
    }
    options = [_translated(option, locale) for option in item.get("options") or []]
    choices = [choice | {"shown_name": _localised(choice, "name", locale)} for choice in item.get("choices") or []]
    return item | shown | {"options": options, "choices": choices}


def _localised(item: Json, key: str, locale: str) -> str:
    return str((item.get(f"{key}_localizations") or {}).get(locale) or item.get(key) or "")


def _modal(stage: Stage, person: int) -> Json | None:
    modal = stage.world.modals.get(person)
    if modal is None:
        return None
    return {"custom_id": modal.custom_id, "title": modal.title, "components": modal.components}
