"""Reads typed values out of one TOML table and says which line is wrong when they do not fit."""

from typing import Any, NoReturn

from cogs.practice.errors import SchoolFileError
from cogs.practice.school.facts import Ref
from cogs.practice.school.lines import TomlLines


class Table:
    """One table of the school file, with the lines of its keys."""

    def __init__(self, values: object, lines: TomlLines, name: str, index: int = 0) -> None:
        """Wrap the table ``name``; ``index`` counts within an array of tables."""
        self._lines = lines
        self._name = name
        self._index = index
        if not isinstance(values, dict):
            self.fail("", "school.not_a_table", table=name)
        self._values: dict[str, Any] = values

    def fail(self, key: str, text: str, /, **values: object) -> NoReturn:
        """Raise with the line of ``key``."""
        raise SchoolFileError(self._lines.of(self._name, self._index, key), text, **values)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there and not be empty."""
        value = self._values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fail(key, "school.text_needed", table=self._name, name=key)
        return str(value)

    def flag(self, key: str) -> bool:
        """Return a yes or no; no when it is not there."""
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, "school.flag_needed", table=self._name, name=key)
        return bool(value)

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """Return one of ``choices``."""
        value = self.text(key, default)
        if value not in choices:
            self.fail(key, "school.unknown_choice", name=key, value=value, choices=", ".join(choices))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty when it is not there."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(key, "school.list_needed", table=self._name, name=key)
        return tuple(value)

    def id(self, key: str) -> int:
        """Return an id: a text of decimal digits."""
        return self._as_id(key, self.text(key))

    def ids(self, key: str) -> tuple[int, ...]:
        """Return a list of ids."""
        return tuple(self._as_id(key, item) for item in self.texts(key))

    def refs(self, key: str) -> tuple[Ref, ...]:
        """Return ``user:ID`` and ``role:ID`` references; a single text counts as a list of one."""
        value = self._values.get(key, [])
        items = (value,) if isinstance(value, str) else self.texts(key)
        return tuple(self._as_ref(key, item) for item in items)

    def _as_ref(self, key: str, item: str) -> Ref:
        kind, _, number = item.partition(":")
        if kind not in {"user", "role"}:
            self.fail(key, "school.bad_ref", value=item)
        return Ref(kind, self._as_id(key, number))

    def _as_id(self, key: str, value: str) -> int:
        if not value.isascii() or not value.isdecimal() or int(value) == 0:
            self.fail(key, "school.bad_id", name=key, value=value)
        return int(value)
