"""Acts on components of messages: click a button, choose from a list."""

import re
from collections.abc import Iterator

from cogs.practice.errors import ActError
from cogs.practice.jsontypes import Json
from cogs.practice.stage.answering import interact
from cogs.practice.stage.options import OptionReader
from cogs.practice.stage.places import message_named
from cogs.practice.stage.script import Act
from cogs.practice.stage.select_values import select_values
from cogs.practice.stage.stage import Stage
from cogs.practice.world.component_limits import BUTTON, LINK, SELECTS
from cogs.practice.world.interactions import COMPONENT, Started
from cogs.practice.world.permissions import P, in_channel
from cogs.practice.world.reading import walk
from cogs.practice.world.records import Message
from cogs.practice.world.sight import labels_on, newest_first

EDGES = re.compile(r"^[^\w]+|[^\w]+$")
PREFIX = "kw:"


async def click(stage: Stage, act: Act) -> None:
    """Press a button on the newest message that shows it."""
    message, button = _target(stage, act, frozenset({BUTTON}))
    if button.get("style") == LINK:
        raise ActError("act.link_button", label=_wanted(act))
    data = {"custom_id": button["custom_id"], "component_type": BUTTON, "id": button["id"]}
    await _press(stage, act, message, data)


async def choose(stage: Stage, act: Act) -> None:
    """Choose from a list on the newest message that shows it."""
    message, select = _target(stage, act, SELECTS)
    reader = OptionReader(stage, act, {})
    values = select_values(select, act.texts("values"), reader)
    data: Json = {"custom_id": select["custom_id"], "component_type": select["type"], "id": select["id"]}
    data["values"] = values
    if reader.resolved:
        data["resolved"] = reader.resolved
    await _press(stage, act, message, data)


async def _press(stage: Stage, act: Act, message: Message, data: Json) -> None:
    channel = stage.world.channels[message.channel_id]
    await interact(stage, act.person, Started(COMPONENT, data, channel, message))


def _target(stage: Stage, act: Act, kinds: frozenset[int]) -> tuple[Message, Json]:
    messages = [message_named(stage, act)] if act.text("message") else newest_first(stage.world, act.person)
    for loose in (False, True):
        for message in messages:
            found = next(_matching(message, act, kinds, loose=loose), None)
            if found is not None:
                return _usable(stage, act, message, found)
    seen = [label for message in messages[:20] for label in labels_on(message)]
    raise ActError(
        "act.no_component", who=stage.name(act.person), wanted=_wanted(act), seen=", ".join(seen[:30]) or "-"
    )  # fmt: skip


def _usable(stage: Stage, act: Act, message: Message, found: Json) -> tuple[Message, Json]:
    if found.get("disabled"):
        raise ActError("act.disabled", who=stage.name(act.person), wanted=_wanted(act))
    channel = stage.world.channels[message.channel_id]
    held = in_channel(stage.world, stage.member(act.person), channel)
    if not channel.is_dm and not held & P.VIEW_CHANNEL:
        raise ActError("act.channel_hidden", who=stage.name(act.person), channel=channel.name)
    return message, found


def _matching(message: Message, act: Act, kinds: frozenset[int], *, loose: bool) -> Iterator[Json]:
    for component in walk(message.components):
        if component.get("type") in kinds and _fits(component, act, loose=loose):
            yield component


def _fits(component: Json, act: Act, *, loose: bool) -> bool:
    custom_id = str(component.get("custom_id") or "")
    if act.text("custom_id"):
        return not loose and custom_id == act.text("custom_id")
    if act.text("action") and not _is_action(custom_id, act.text("action")):
        return False
    wanted = act.text("label")
    if not wanted:
        return not loose
    shown = str(component.get("label") or component.get("placeholder") or (component.get("emoji") or {}).get("name"))
    if not loose:
        return wanted.casefold() == shown.casefold() or plain(wanted) == plain(shown)
    return bool(plain(wanted)) and plain(wanted) in plain(shown)


def _is_action(custom_id: str, action: str) -> bool:
    bare = action.removeprefix(PREFIX)
    return custom_id in {action, bare, PREFIX + bare} or custom_id.startswith(f"{PREFIX}{bare}:")


def plain(text: str) -> str:
    """Return a label without signs at its ends, in small letters."""
    return EDGES.sub("", text).casefold()


def _wanted(act: Act) -> str:
    return " / ".join(act.text(key) for key in ("label", "action", "custom_id") if act.text(key))
