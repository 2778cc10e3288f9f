"""Reads the school's own register of consent from a CSV file (Dutch or English head, comma, semicolon or tab)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from bot.consent.facts import ConsentKind, ConsentPlace, GivenBy, Grant, Problem
from bot.errors import InputError
from bot.school import School

T = TypeVar("T")

MOST_LINES = 5000
COLUMNS: dict[str, tuple[str, ...]] = {
    "pupil": ("account", "leerling", "pupil"),
    "kind": ("kind", "soort", "waarvoor"),
    "place": ("place", "plek", "waar"),
    "given_by": ("given by", "gegeven door", "door"),
    "name": ("name", "naam"),
    "until": ("until", "tot", "tot en met"),
    "proof": ("proof", "bewijs"),
}
WORDS: dict[str, str] = {
    **dict.fromkeys(("photo", "foto", "foto's"), "photo"),
    **dict.fromkeys(("film", "video", "filmpje"), "film"),
    **dict.fromkeys(("sound", "geluid", "audio"), "sound"),
    **dict.fromkeys(("class", "klas", "klaskanaal"), "class"),
    **dict.fromkeys(("school", "schoolkanalen"), "school"),
    **dict.fromkeys(("guardian", "parent", "ouder", "verzorger", "ouder of verzorger"), "guardian"),
    **dict.fromkeys(("pupil", "leerling"), "pupil"),
}
NEEDED = ("pupil", "kind", "given_by")


class _LineError(Exception):
    pass


def read_grants(content: bytes, school: School) -> tuple[list[Grant], list[Problem]]:
    """Return what a file holds and which lines can't be used.

    Raises
    ------
    InputError: no CSV in UTF-8, no head with account, kind and given by, or more than 5,000 lines.
    """
    rows = _rows(content)
    places = _places(rows[0] if rows else [])
    grants, problems = list[Grant](), list[Problem]()
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        try:
            grants.append(_grant(cells, school))
        except _LineError as error:
            problems.append(Problem(number, str(error)))
    return grants, problems


def _rows(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        first = text.splitlines()[0] if text.strip() else ""
        mark = max(",;\t", key=first.count)
        rows = list(csv.reader(io.StringIO(text), delimiter=mark))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError("error.consent.file") from error
    if len(rows) > MOST_LINES + 1:
        raise InputError("error.consent.file_long", count=MOST_LINES)
    return rows


def _places(head: list[str]) -> dict[str, int]:
    told = [cell.strip().lower().replace("_", " ") for cell in head]
    found = {name: told.index(word) for name, words in COLUMNS.items() for word in words[::-1] if word in told}
    if any(name not in found for name in NEEDED):
        raise InputError("error.consent.file")
    return found


def _grant(cells: dict[str, str], school: School) -> Grant:
    return Grant(
        pupil=_pupil(cells["pupil"], school),
        kind=_word(ConsentKind, cells["kind"], "consent.problem.kind"),
        place=_word(ConsentPlace, cells.get("place") or ConsentPlace.CLASS, "consent.problem.place"),
        given_by=_word(GivenBy, cells["given_by"], "consent.problem.given_by"),
        name=cells.get("name", ""),
        until=_day(cells.get("until", "")),
        proof=cells.get("proof", ""),
    )


def _pupil(told: str, school: School) -> str:
    if told.isdecimal():
        return told
    same = [pupil.account for pupil in school.pupils if f"{pupil.first_name} {pupil.last_name}".lower() == told.lower()]
    if len(same) != 1:
        raise _LineError("consent.problem.pupil")
    return same[0]


def _word(kind: Callable[[str], T], told: str, problem: str) -> T:
    try:
        return kind(WORDS.get(told.lower(), told.lower()))
    except ValueError as error:
        raise _LineError(problem) from error


def read_day(told: str) -> date | None:
    """Return the day of ``2027-07-31`` or ``31-07-2027``; nothing is None. Raises ``ValueError``: no day."""
    if not told:
        return None
    day, _, rest = told.partition("-")
    if len(day) <= 2:  # noqa: PLR2004 - Dutch order
        month, _, year = rest.partition("-")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(told)


def _day(told: str) -> date | None:
    try:
        return read_day(told)
    except ValueError as error:
        raise _LineError("consent.problem.until") from error
