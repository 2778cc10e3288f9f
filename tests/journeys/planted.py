"""What people wrote in a journey, their names and the secrets of the run, and whether any of it lies in a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.school.loading import load_school

WRITING = frozenset(("post", "edit", "dm", "submit", "command", "rename", "thread", "menu"))
LONG_WORD = re.compile(r"[^\W\d_]{7,}")
SHORT = 6
OWN_WORDS = frozenset(("channel", "message", "moderator", "leerling", "reason", "consent"))
"""Words of the program's own columns and names, which people use too."""


def planted(journey: Path) -> frozenset[str]:
    """Return every sentence and every long word that people wrote, and the names of all pupils."""
    acts = [json.loads(line) for line in journey.read_text(encoding="utf-8").splitlines() if line.strip()]
    acts += [one for act in acts for one in act.get("acts", ())]
    said = {text for act in acts if act["act"] in WRITING for text in _texts(act) if not _is_code(text)}
    words = {word for text in said for word in LONG_WORD.findall(text) if word.lower() not in OWN_WORDS}
    return frozenset({text for text in said if len(text) > SHORT} | words | names())


def names() -> frozenset[str]:
    """Return first and last names of the practice school's pupils, those that are no part of other words."""
    people = load_school(DEFAULT_SCHOOL).people
    full = {str(person.name) for person in people}
    return frozenset(name for name in full if " " in name)


def found(folder: Path, words: frozenset[str]) -> list[tuple[str, str]]:
    """Return which words lie readable in which files, or in the files' names."""
    leaks = []
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        leaks += [(path.name, word) for word in sorted(words) if _holds(content, path.name, word)]
    return leaks


def _holds(content: bytes, name: str, word: str) -> bool:
    return word in name or any(word.encode(code) in content for code in ("utf-8", "utf-16-le"))


def _texts(act: dict[str, Any]) -> Iterator[str]:
    for key in ("text", "name", "title", "fields", "options", "poll", "description"):
        yield from _strings(act.get(key))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _is_code(text: str) -> bool:
    return bool(re.fullmatch(r"[\d<@#&!>/:.\-]*|[a-z_]+|\d{4}-\d\d-\d\d", text))
