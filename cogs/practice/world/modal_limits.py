"""Discord's rules for forms: the title, at most five items, labels that wrap one field each."""

from cogs.practice.errors import invalid_form
from cogs.practice.jsontypes import Json
from cogs.practice.world.component_limits import (
    ROW,
    SELECTS,
    TEXT_DISPLAY,
    TEXT_INPUT,
    check_custom_id,
    check_select,
    check_unique_ids,
)
from cogs.practice.world.limits import REQUIRED, TOO_LONG, check_length

LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 18, 19, 21, 22, 23
GROUPS = frozenset({RADIO_GROUP, CHECKBOX_GROUP})
FIELDS = SELECTS | GROUPS | {TEXT_INPUT, FILE_UPLOAD, CHECKBOX}
ITEMS, TITLE, LABEL_TEXT, DESCRIPTION, INPUT, INPUT_PLACEHOLDER = 5, 45, 45, 100, 4000, 100


def check_modal(data: Json) -> None:
    """Raise 50035 for a form that Discord would not open."""
    check_custom_id("data", data)
    if not data.get("title"):
        raise invalid_form("data.title", REQUIRED, "This field is required")
    check_length("data.title", data["title"], TITLE)
    items = data.get("components") or []
    if not 1 <= len(items) <= ITEMS:
        raise invalid_form("data.components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {ITEMS} in length.")
    for index, item in enumerate(items):
        _check_item(f"data.components.{index}", item)
    check_unique_ids(items)


def _check_item(path: str, item: Json) -> None:
    if item.get("type") == ROW:
        for index, child in enumerate(item.get("components") or []):
            at = f"{path}.components.{index}"
            if not child.get("label"):
                raise invalid_form(f"{at}.label", REQUIRED, "This field is required")
            check_length(f"{at}.label", child.get("label"), LABEL_TEXT)
            _check_field(at, child)
    elif item.get("type") == LABEL:
        check_length(f"{path}.label", item.get("label"), LABEL_TEXT)
        check_length(f"{path}.description", item.get("description"), DESCRIPTION)
        _check_field(f"{path}.component", item.get("component") or {})
    elif item.get("type") != TEXT_DISPLAY:
        raise invalid_form(f"{path}.type", "UNION_TYPE_CHOICES", "Not for a form.")


def _check_field(path: str, field: Json) -> None:
    if field.get("type") not in FIELDS:
        raise invalid_form(f"{path}.type", "UNION_TYPE_CHOICES", "Not for a form.")
    check_custom_id(path, field)
    if field["type"] in SELECTS:
        check_select(path, field)
    elif field["type"] == TEXT_INPUT:
        _check_input(path, field)
    elif field["type"] in GROUPS:
        _check_group(path, field)


def _check_input(path: str, field: Json) -> None:
    check_length(f"{path}.placeholder", field.get("placeholder"), INPUT_PLACEHOLDER)
    most = INPUT if field.get("max_length") is None else field["max_length"]
    least = field.get("min_length") or 0
    if not 1 <= most <= INPUT or not 0 <= least <= most:
        raise invalid_form(f"{path}.max_length", "NUMBER_TYPE_MAX", f"int value should be at most {INPUT}.")
    length = check_length(f"{path}.value", field.get("value"), most)
    if length and length < least:
        raise invalid_form(f"{path}.value", "BASE_TYPE_MIN_LENGTH", f"Must be {least} or more in length.")


def _check_group(path: str, field: Json) -> None:
    options = field.get("options") or []
    for index, option in enumerate(options):
        for key in ("label", "value", "description"):
            check_length(f"{path}.options.{index}.{key}", option.get(key), 100)
    values = [option.get("value") for option in options]
    if len(set(values)) != len(values):
        raise invalid_form(f"{path}.options", TOO_LONG, "Values must be unique.")
