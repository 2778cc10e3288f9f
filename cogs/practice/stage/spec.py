"""The acts of a scenario: which there are, and what each needs. A wrong script is refused before the bot starts."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from cogs.practice.errors import ScriptError

Check = Callable[[str, object], None]


def is_text(name: str, value: object) -> None:
    """Accept a text."""
    if not isinstance(value, str):
        raise ScriptError("script.text_needed", name=name)


def is_id(name: str, value: object) -> None:
    """Accept an id or a name, as a text or a whole number."""
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise ScriptError("script.id_needed", name=name)


def is_texts(name: str, value: object) -> None:
    """Accept one text or a list of texts."""
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str | int) and not isinstance(item, bool) for item in items):
        raise ScriptError("script.list_needed", name=name)


def is_object(name: str, value: object) -> None:
    """Accept an object."""
    if not isinstance(value, dict):
        raise ScriptError("script.object_needed", name=name)


def is_number(name: str, value: object) -> None:
    """Accept a number of zero or more."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ScriptError("script.number_needed", name=name)


def is_flag(name: str, value: object) -> None:
    """Accept yes or no."""
    if not isinstance(value, bool):
        raise ScriptError("script.flag_needed", name=name)


def is_pattern(name: str, value: object) -> None:
    """Accept a text, a ``/regular expression/`` that compiles, or a list of these."""
    for item in value if isinstance(value, list) else [value]:
        is_text(name, item)
        try:
            compiled_pattern(str(item))
        except re.error as error:
            raise ScriptError("script.bad_pattern", value=item, why=error) from error


def compiled_pattern(text: str) -> re.Pattern[str]:
    """Return the expression for a text to find: between slashes a regular expression, else the text itself."""
    is_expression = len(text) > 2 and text.startswith("/") and text.endswith("/")  # noqa: PLR2004 - two slashes
    source = text[1:-1] if is_expression else re.escape(text.strip())
    return re.compile(source, re.IGNORECASE | re.DOTALL)


def is_acts(name: str, value: object) -> None:
    """Accept a list of acts."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ScriptError("script.acts_needed", name=name)


def is_last(name: str, value: object) -> None:
    """Accept the word "last"."""
    if value != "last":
        raise ScriptError("script.unknown_choice", name=name, value=value, choices="last")


@dataclass(frozen=True, slots=True)
class Spec:
    """What an act needs: a person, fields that must be there, at least one of some, and others."""

    person: bool = True
    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    @property
    def known(self) -> set[str]:
        """Every field that this act has."""
        return {*self.needs, *self.one_of, *self.may}


FIELDS: dict[str, Check] = {
    "channel": is_id, "text": is_text, "files": is_texts, "id": is_id, "reply_to": is_id, "thread": is_id,
    "message": is_id, "emoji": is_text, "name": is_text, "options": is_object, "fields": is_object,
    "label": is_text, "action": is_text, "custom_id": is_text, "values": is_texts, "question": is_text,
    "answers": is_texts, "hours": is_number, "days": is_number, "acts": is_acts, "kind": is_text, "for": is_id,
    "times": is_number, "where": is_id, "sees": is_pattern, "not_sees": is_pattern, "within_s": is_number,
    "since": is_last, "performed": is_flag, "user": is_id, "voice": is_number,
}  # fmt: skip
TARGET = ("label", "action", "custom_id")
ACTS: dict[str, Spec] = {
    "post": Spec(one_of=("channel", "thread"), may=("text", "files", "id", "reply_to", "voice")),
    "edit": Spec(needs=("message", "text"), may=("files",)),
    "sticker": Spec(needs=("channel", "files"), may=("id",)),
    "delete": Spec(needs=("message",)),
    "react": Spec(needs=("message", "emoji")),
    "dm": Spec(may=("text", "files", "id", "reply_to")),
    "command": Spec(needs=("name",), may=("options", "channel")),
    "menu": Spec(needs=("name",), one_of=("message", "user"), may=("channel",)),
    "submit": Spec(may=("fields",)),
    "click": Spec(one_of=TARGET, may=("message",)),
    "choose": Spec(one_of=TARGET, needs=("values",), may=("message",)),
    "thread": Spec(needs=("channel", "name"), may=("id", "text", "message", "files")),
    "forward": Spec(needs=("message", "channel"), may=("id",)),
    "poll": Spec(needs=("channel", "question", "answers"), may=("id",)),
    "join": Spec(),
    "leave": Spec(),
    "rename": Spec(needs=("name",)),
    "close_form": Spec(),
    "hide": Spec(needs=("message",)),
    "advance": Spec(person=False, one_of=("hours", "days")),
    "stop": Spec(person=False),
    "start": Spec(person=False),
    "restart": Spec(person=False),
    "settle": Spec(person=False),
    "together": Spec(person=False, needs=("acts",)),
    "fault": Spec(person=False, needs=("kind",), may=("for", "times", "performed")),
    "expect": Spec(one_of=("sees", "not_sees"), may=("where", "within_s", "since")),
}
