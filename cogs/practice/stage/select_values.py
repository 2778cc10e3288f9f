"""What a person picks in a list or group: labels or values of options, or people, roles and channels."""

from cogs.practice.errors import ActError
from cogs.practice.jsontypes import Json
from cogs.practice.stage.options import OptionReader
from cogs.practice.world.component_limits import CHANNEL_SELECT, ROLE_SELECT, STRING_SELECT, USER_SELECT
from cogs.practice.world.modal_limits import GROUPS


def select_values(select: Json, wanted: list[str], reader: OptionReader) -> list[str]:
    """Return the values that the client sends; too few, too many or unknown ones are refused."""
    name = str(select.get("placeholder") or select.get("custom_id"))
    least = select.get("min_values")
    most = select.get("max_values") or (len(select["options"]) if select["type"] in GROUPS else 1)
    if not (1 if least is None else least) <= len(wanted) <= most:
        raise ActError("act.wrong_number", name=name, least=1 if least is None else least, most=most)
    return [one_value(select, item, reader, name) for item in wanted]


def one_value(select: Json, item: str, reader: OptionReader, name: str) -> str:
    """Return one value."""
    kind = select["type"]
    if kind == STRING_SELECT or kind in GROUPS or "options" in select:
        return _option(select, item, name)
    if kind == USER_SELECT:
        return reader.user(item)
    if kind == ROLE_SELECT:
        return reader.role(item)
    if kind == CHANNEL_SELECT:
        return reader.channel(item)
    return reader.mentionable(item)


def _option(select: Json, item: str, name: str) -> str:
    options = select.get("options") or []
    for fits in (_is_same, _is_inside):
        for option in options:
            if fits(option, item):
                return str(option["value"])
    known = ", ".join(str(option["label"]) for option in options)
    raise ActError("act.unknown_choice", name=name, value=item, known=known)


def _is_same(option: Json, item: str) -> bool:
    return item.strip().casefold() in {str(option["label"]).strip().casefold(), str(option["value"]).casefold()}


def _is_inside(option: Json, item: str) -> bool:
    return bool(item.strip()) and item.strip().casefold() in str(option["label"]).casefold()
