"""The act of filling in the open form and sending it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cogs.practice.errors import ActError
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.stage.answering import interact
from cogs.practice.stage.options import OptionReader
from cogs.practice.stage.pressing import plain
from cogs.practice.stage.script import Act
from cogs.practice.stage.select_values import one_value, select_values
from cogs.practice.stage.stage import Stage
from cogs.practice.world.component_limits import ROW, TEXT_DISPLAY, TEXT_INPUT
from cogs.practice.world.interactions import SUBMIT, Started
from cogs.practice.world.modal_limits import CHECKBOX, FILE_UPLOAD, LABEL, RADIO_GROUP
from cogs.practice.world.records import Modal


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form, with the label that stands above it."""

    label: str
    component: Json

    @property
    def custom_id(self) -> str:
        """The field's own id."""
        return str(self.component["custom_id"])

    def is_called(self, name: str) -> bool:
        """Return whether a scenario means this field: by label, id, or a part of the id."""
        if name == self.custom_id or plain(name) == plain(self.label):
            return True
        return name.casefold() in self.custom_id.casefold().split(":")


async def submit(stage: Stage, act: Act) -> None:
    """Fill in the open form and send it; it stays open when no answer comes."""
    modal = stage.world.modals.get(act.person)
    if modal is None:
        raise ActError("act.no_form", who=stage.name(act.person))
    reader = OptionReader(stage, act, {})
    given = _by_field(list(_fields(modal)), act.data.get("fields") or {})
    channel = stage.world.channels[modal.interaction.channel_id]
    data: Json = {"custom_id": modal.custom_id, "components": _filled(modal.components, given, reader)}
    if reader.resolved:
        data["resolved"] = reader.resolved
    answered = await interact(
        stage, act.person, Started(SUBMIT, data, channel, modal.interaction.message, name=modal.title)
    )  # fmt: skip
    if answered is not None and stage.world.modals.get(act.person) is modal:
        del stage.world.modals[act.person]
        stage.world.changed.ring()


def _fields(modal: Modal) -> Iterator[Field]:
    for item in modal.components:
        if item["type"] == LABEL:
            yield Field(str(item["label"]), item["component"])
        elif item["type"] == ROW:
            yield from (Field(str(child["label"]), child) for child in item["components"])


def _by_field(fields: list[Field], given: Json) -> dict[str, Any]:
    """Return the values by custom_id."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        found = [field for field in fields if field.is_called(name)]
        if not found:
            known = ", ".join(f"{field.label} ({field.custom_id})" for field in fields)
            raise ActError("act.unknown_field", name=name, known=known)
        if value is not None:
            values[found[0].custom_id] = value
    return values


def _filled(components: JsonList, given: dict[str, Any], reader: OptionReader) -> JsonList:
    filled: JsonList = []
    for item in components:
        if item["type"] == LABEL:
            inner = _answer(Field(str(item["label"]), item["component"]), given, reader)
            filled.append({"type": LABEL, "id": item["id"], "component": inner})
        elif item["type"] == ROW:
            children = [_answer(Field(str(child["label"]), child), given, reader) for child in item["components"]]
            filled.append({"type": ROW, "id": item["id"], "components": children})
        elif item["type"] == TEXT_DISPLAY:
            filled.append({"type": TEXT_DISPLAY, "id": item["id"]})
    return filled


def _answer(field: Field, given: dict[str, Any], reader: OptionReader) -> Json:
    component, value = field.component, given.get(field.custom_id)
    answer: Json = {"type": component["type"], "id": component["id"], "custom_id": field.custom_id}
    kind = component["type"]
    if kind == TEXT_INPUT:
        return answer | {"value": _text(field, value)}
    if kind == CHECKBOX:
        return answer | {"value": bool(component.get("default") if value is None else value)}
    if kind == RADIO_GROUP:
        return answer | {"value": _radio(field, value, reader)}
    return answer | {"values": _several(field, value, reader)}


def _text(field: Field, value: Any) -> str:
    component = field.component
    text = str(component.get("value") or "") if value is None else str(value)
    least, most = component.get("min_length") or 0, component.get("max_length") or 4000
    if not text and component.get("required", True):
        raise ActError("act.field_required", name=field.label)
    if len(text) > most:
        raise ActError("act.field_too_long", name=field.label, most=most, length=len(text))
    if text and len(text) < least:
        raise ActError("act.field_too_short", name=field.label, least=least, length=len(text))
    return text


def _radio(field: Field, value: Any, reader: OptionReader) -> str | None:
    options = field.component["options"]
    if value is None:
        value = next((option["value"] for option in options if option.get("default")), None)
    if value is None:
        if field.component.get("required", True):
            raise ActError("act.field_required", name=field.label)
        return None
    return one_value(field.component, str(value), reader, field.label)


def _several(field: Field, value: Any, reader: OptionReader) -> list[str]:
    component = field.component
    wanted = _defaults(component) if value is None else _listed(value)
    if not wanted:
        if component.get("required", True) and component.get("min_values") != 0:
            raise ActError("act.field_required", name=field.label)
        return []
    if component["type"] == FILE_UPLOAD:
        most = component.get("max_values") or 1
        if not (component.get("min_values") or 0) <= len(wanted) <= most:
            raise ActError("act.wrong_number", name=field.label, least=component.get("min_values") or 0, most=most)
        return [reader.file(name) for name in wanted]
    return select_values({"placeholder": field.label} | component, wanted, reader)


def _listed(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [str(item) for item in items if str(item)]


def _defaults(component: Json) -> list[str]:
    chosen = [str(option["value"]) for option in component.get("options") or [] if option.get("default")]
    return chosen + [str(item["id"]) for item in component.get("default_values") or []]
