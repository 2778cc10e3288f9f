"""Every sentence that a person reads, in Dutch and English, from ``data/texts/*.toml``.

Files are ``NAME.nl.toml`` and ``NAME.en.toml`` with equal keys; a nested table gives a dotted key. A placeholder is
``{name}``; values are inserted as they are, so whoever shows text of a pupil cleans it first.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from pathlib import Path

from bot.errors import SetupError

LANGUAGES = ("nl", "en")
DEFAULT_LANGUAGE = "nl"


def language_of(locale: str | None, default: str = DEFAULT_LANGUAGE) -> str:
    """Return the language to answer in for a platform's locale such as ``en-US`` or ``nl``."""
    short = (locale or "").split("-")[0].lower()
    return short if short in LANGUAGES else default


class _Formatter(string.Formatter):
    """Formats ``{name}`` only: no attribute or index access reaches an object."""

    def get_field(self, field_name: str, _args: object, kwargs: Mapping[str, object]) -> tuple[object, str]:
        return kwargs[field_name], field_name


_FORMAT = _Formatter()


class Texts:
    """All texts of all languages."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        self._tables = tables

    @classmethod
    def load(cls, folder: Path, own: Path | None = None) -> Texts:
        """Read all text files of a folder; texts in files of the school's ``own`` folder replace those of the same key.

        Raises
        ------
        SetupError: a file can't be read, two say the same key, or the languages differ in keys or placeholders.
        """
        tables: dict[str, dict[str, str]] = {language: _read(folder, language) for language in LANGUAGES}
        if own:
            tables = {language: {**texts, **_read(own, language)} for language, texts in tables.items()}
        _compare(tables)
        return cls(tables)

    def get(self, key: str, language: str, **values: object) -> str:
        """Return one text, its placeholders filled.

        Raises ``KeyError`` for a key or placeholder that does not exist: a mistake of the programmer, found by tests.
        """
        table = self._tables.get(language) or self._tables[DEFAULT_LANGUAGE]
        return _FORMAT.vformat(table[key], (), values)

    def has(self, key: str) -> bool:
        """Tell whether a text exists."""
        return key in self._tables[DEFAULT_LANGUAGE]

    def keys(self) -> frozenset[str]:
        """Return all keys."""
        return frozenset(self._tables[DEFAULT_LANGUAGE])


def placeholders(text: str) -> frozenset[str]:
    """Return the names of a text's placeholders."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _read(folder: Path, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(folder.glob(f"*.{language}.toml")):
        try:
            texts = _flatten(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SetupError("error.texts.unreadable", file=path.name, reason=error) from error
        for key in sorted(found.keys() & texts.keys()):
            raise SetupError("error.texts.double", text=key, file=path.name)
        found |= texts
    return found


def _flatten(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flatten(value, f"{prefix}{name}."))
        else:
            flat[f"{prefix}{name}"] = str(value).strip("\n")
    return flat


def _compare(tables: Mapping[str, Mapping[str, str]]) -> None:
    dutch, english = tables["nl"], tables["en"]
    for key in sorted(dutch.keys() ^ english.keys()):
        raise SetupError("error.texts.missing", text=key)
    for key, text in dutch.items():
        if placeholders(text) != placeholders(english[key]):
            raise SetupError("error.texts.placeholders", text=key)
