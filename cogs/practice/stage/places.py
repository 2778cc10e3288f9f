"""Which channel, thread or message an act means, and whether this person can reach it."""

from cogs.practice.errors import ActError, ScriptError
from cogs.practice.stage.script import Act
from cogs.practice.stage.stage import Stage
from cogs.practice.world.permissions import P, can_see, in_channel
from cogs.practice.world.records import DM, THREADS, Channel, Message
from cogs.practice.world.sight import newest_first, place_name, recipients


def channel_named(stage: Stage, name: str) -> Channel:
    """Return a channel or thread by id, by name, or by the name that the scenario gave it."""
    if name in stage.threads:
        return stage.threads[name]
    channels = [channel for channel in stage.world.channels.values() if channel.kind != DM]
    plain = name.removeprefix("#")
    found = [channel for channel in channels if plain in {str(channel.id), channel.name}]
    if not found:
        raise ScriptError("script.unknown_channel", value=name)
    return found[0]


def seen_channel(stage: Stage, person: int, name: str) -> Channel:
    """Return a channel that this person sees."""
    channel = channel_named(stage, name)
    if not can_see(stage.world, stage.member(person), channel):
        raise ActError("act.channel_hidden", who=stage.name(person), channel=place_name(stage.world, channel))
    return channel


def writable_channel(stage: Stage, person: int, name: str, right: P = P.SEND_MESSAGES) -> Channel:
    """Return a channel in which this person may write."""
    require_present(stage, person)
    channel = seen_channel(stage, person, name)
    if right is P.SEND_MESSAGES and channel.kind in THREADS:
        right = P.SEND_MESSAGES_IN_THREADS
    member = stage.member(person)
    until = member.timed_out_until
    if until is not None and until > stage.world.clock.now():
        raise ActError("act.timed_out", who=stage.name(person), until=until.isoformat(timespec="minutes"))
    if not in_channel(stage.world, member, channel) & right:
        raise ActError("act.not_allowed", who=stage.name(person), channel=place_name(stage.world, channel))
    if channel.thread is not None and channel.thread.locked:
        raise ActError("act.thread_locked", channel=place_name(stage.world, channel))
    return channel


def require_present(stage: Stage, person: int) -> None:
    """Raise when this person left the server."""
    if not stage.member(person).present:
        raise ActError("act.left", who=stage.name(person))


def message_named(stage: Stage, act: Act, key: str = "message") -> Message:
    """Return the message that an act names, which this person must see."""
    name = act.text(key)
    found = _find(stage, act.person, name)
    if found is None:
        raise ScriptError("script.unknown_message", value=name)
    if not is_there(stage, found):
        raise ActError("act.message_gone", who=stage.name(act.person), message=name)
    if act.person not in recipients(stage.world, found):
        raise ActError("act.message_hidden", who=stage.name(act.person), message=name)
    return found


def _find(stage: Stage, person: int, name: str) -> Message | None:
    if name in stage.messages:
        return stage.messages[name]
    seen = newest_first(stage.world, person)
    if name == "last":
        return seen[0] if seen else None
    return next((message for message in seen if str(message.id) == name), None)


def is_there(stage: Stage, message: Message) -> bool:
    """Return whether a message was not deleted."""
    channel = stage.world.channels.get(message.channel_id)
    return message.id in stage.world.ephemerals or (channel is not None and message.id in channel.messages)


def home_channel(stage: Stage, person: int) -> Channel:
    """Return where a person types a command when the act does not say: the first class, else the staff channel."""
    school = stage.world.school
    facts = school.person(person)
    names = facts.classes if facts else ()
    own = [number for group in school.classes if group.name in names for number in group.channels]
    for number in [*own, school.staff_channel, *(item.id for item in school.channels)]:
        channel = stage.world.channels[number]
        if can_see(stage.world, stage.member(person), channel):
            return channel
    return stage.world.dm_with(stage.member(person).user)
