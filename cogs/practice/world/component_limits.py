"""Discord's rules for components on messages: rows, buttons, selects, and the second generation of layouts."""

from collections.abc import Iterator

from cogs.practice.errors import invalid_form
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.world.reading import walk

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
V2_TOP = frozenset({ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER})
LINK, PREMIUM = 5, 6
ROWS, IN_ROW, ALL_V2, V2_TEXT, OPTIONS = 5, 5, 40, 4000, 25
LABEL, CUSTOM_ID, PLACEHOLDER, OPTION_TEXT, URL = 80, 100, 150, 100, 512


def check_components(components: JsonList, *, uses_v2: bool) -> None:
    """Raise 50035 for anything that Discord would not show."""
    allowed, most = (V2_TOP, ALL_V2) if uses_v2 else (frozenset({ROW}), ROWS)
    if len(components) > most:
        raise invalid_form("components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
    for index, component in enumerate(components):
        path = f"components.{index}"
        if component.get("type") not in allowed:
            raise invalid_form(f"{path}.type", "UNION_TYPE_CHOICES", f"Must be one of {sorted(allowed)}.")
        _check_one(path, component)
    if uses_v2:
        _check_v2_total(components)
    check_unique_ids(components)


def _check_one(path: str, component: Json) -> None:
    kind = component.get("type")
    if kind == ROW:
        _check_row(path, component)
    elif kind == BUTTON:
        _check_button(path, component)
    elif kind in SELECTS:
        check_select(path, component)
    for index, child in enumerate(component.get("components") or []):
        _check_one(f"{path}.components.{index}", child)
    if isinstance(component.get("accessory"), dict):
        _check_one(f"{path}.accessory", component["accessory"])


def _check_row(path: str, row: Json) -> None:
    children = row.get("components") or []
    selects = [child for child in children if child.get("type") in SELECTS]
    if not 1 <= len(children) <= IN_ROW or (selects and len(children) > 1):
        raise invalid_form(f"{path}.components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {IN_ROW} in length.")
    for index, child in enumerate(children):
        if child.get("type") != BUTTON and child not in selects:
            raise invalid_form(f"{path}.components.{index}.type", "UNION_TYPE_CHOICES", "Not for a message.")


def _check_button(path: str, button: Json) -> None:
    _most(f"{path}.label", button.get("label"), LABEL)
    if not button.get("label") and not button.get("emoji") and button.get("style") != PREMIUM:
        raise invalid_form(path, "BUTTON_COMPONENT_INVALID_LABEL", "A button needs a label or an emoji.")
    if button.get("style") == LINK:
        if not button.get("url") or button.get("custom_id"):
            raise invalid_form(f"{path}.url", "BASE_TYPE_REQUIRED", "This field is required")
        _most(f"{path}.url", button["url"], URL)
    elif button.get("style") != PREMIUM:
        check_custom_id(path, button)


def check_select(path: str, select: Json) -> None:
    """Check one select, on a message or in a form."""
    check_custom_id(path, select)
    _most(f"{path}.placeholder", select.get("placeholder"), PLACEHOLDER)
    low, high = select.get("min_values"), select.get("max_values")
    if not 0 <= (1 if low is None else low) <= OPTIONS or not 1 <= (1 if high is None else high) <= OPTIONS:
        raise invalid_form(f"{path}.max_values", "NUMBER_TYPE_MAX", f"int value should be at most {OPTIONS}.")
    if low is not None and high is not None and low > high:
        raise invalid_form(f"{path}.min_values", "NUMBER_TYPE_MAX", "min_values is above max_values.")
    if select["type"] == STRING_SELECT:
        _check_options(path, select)


def _check_options(path: str, select: Json) -> None:
    options = select.get("options") or []
    if not 1 <= len(options) <= OPTIONS:
        raise invalid_form(f"{path}.options", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {OPTIONS} in length.")
    if (select.get("max_values") or 1) > len(options):
        raise invalid_form(f"{path}.max_values", "SELECT_COMPONENT_INVALID_MAX", "More than there are options.")
    for index, option in enumerate(options):
        for key in ("label", "value", "description"):
            _most(f"{path}.options.{index}.{key}", option.get(key), OPTION_TEXT)
        if not option.get("label") or not option.get("value"):
            raise invalid_form(f"{path}.options.{index}.label", "BASE_TYPE_REQUIRED", "This field is required")
    values = [option["value"] for option in options]
    if len(set(values)) != len(values):
        raise invalid_form(f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Values must be unique.")


def check_custom_id(path: str, component: Json) -> None:
    """Raise unless there is a custom_id of 1 to 100 characters."""
    if not component.get("custom_id"):
        raise invalid_form(f"{path}.custom_id", "BASE_TYPE_REQUIRED", "This field is required")
    _most(f"{path}.custom_id", component["custom_id"], CUSTOM_ID)


def check_unique_ids(components: JsonList) -> None:
    """Raise when two components carry one custom_id."""
    ids = [component["custom_id"] for component in walk(components) if component.get("custom_id")]
    if len(set(ids)) != len(ids):
        raise invalid_form("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")


def _check_v2_total(components: JsonList) -> None:
    every = list(walk(components))
    if len(every) > ALL_V2:
        raise invalid_form("components", "COMPONENT_MAX_TOTAL", f"At most {ALL_V2} components in all.")
    if sum(len(item.get("content") or "") for item in every if item.get("type") == TEXT_DISPLAY) > V2_TEXT:
        raise invalid_form("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", f"At most {V2_TEXT} characters.")


def _most(path: str, text: object, most: int) -> None:
    if isinstance(text, str) and len(text) > most:
        raise invalid_form(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def numbered(components: JsonList) -> JsonList:
    """Return the components as Discord keeps them: each with an id, counted from 1."""
    taken = {component["id"] for component in walk(components) if component.get("id")}
    counter = iter(number for number in range(1, 1_000_000) if number not in taken)
    return [_numbered(component, counter) for component in components]


def _numbered(component: Json, counter: Iterator[int]) -> Json:
    known = component.get("id") or next(counter)
    copy = {key: value for key, value in component.items() if value is not None} | {"id": known}
    if isinstance(copy.get("components"), list):
        copy["components"] = [_numbered(child, counter) for child in copy["components"]]
    for key in ("component", "accessory"):
        if isinstance(copy.get(key), dict):
            copy[key] = _numbered(copy[key], counter)
    return copy
