"""Reads labelled messages for ``klaswacht evaluate``: TSV, CSV or JSON Lines with id, text, label and more."""

from __future__ import annotations

import codecs
import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import InputError
from bot.school import AgeGroup

_BITS: Final = {"0": 0, "1": 1, "0.0": 0, "1.0": 1, "false": 0, "true": 1}
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message whose right answer is known; ``label`` is 1 when a person should look."""

    id: str
    text: str
    label: int
    categories: tuple[str, ...] = ()
    group: str = ""
    lang: str = ""
    age: AgeGroup = AgeGroup.SECONDARY
    author: str = ""


def read_corpus(path: Path, part: str | None = None) -> list[Labelled]:
    """Read a labelled file, or its rows of one ``part``. Raises ``InputError``: unreadable; names the line."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-16" if raw.startswith(_WIDE) else "utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("error.screening.corpus_unreadable", file=path.name) from error
    found = []
    for line, row in _rows(path, text):
        if part and row.get("part", part) != part:
            continue
        try:
            found.append(_labelled(row, line))
        except (KeyError, ValueError, TypeError) as error:
            raise InputError("error.screening.corpus_line", file=path.name, line=line) from error
    if not found:
        raise InputError("error.screening.corpus_empty", file=path.name)
    return found


def _rows(path: Path, text: str) -> Iterator[tuple[int, Row]]:
    if text.lstrip()[:1] == "{" or path.suffix in {".jsonl", ".ndjson"}:
        return _json_rows(path, text)
    return _table_rows(path, text)


def _table_rows(path: Path, text: str) -> Iterator[tuple[int, Row]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    head, _, rest = text.partition("\n")
    delimiter = max("\t;,", key=head.count)
    lines = io.StringIO(text, newline="")
    if delimiter == "\t" and not _all_quoted(rest):
        reader = csv.DictReader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.DictReader(lines, delimiter=delimiter)
    try:
        for row in reader:
            yield reader.line_num, {key.strip().lower(): value for key, value in row.items() if key}
    except csv.Error as error:
        raise InputError("error.screening.corpus_line", file=path.name, line=reader.line_num + 1) from error


def _all_quoted(lines: str) -> bool:
    """Tell whether every line has a quoted cell: a spreadsheet quotes, somebody's message may begin with a quote."""
    return all('\t"' in line or line.startswith('"') for line in lines.split("\n") if line.strip())


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError("error.screening.corpus_line", file=path.name, line=number) from error
        if not isinstance(row, dict):
            raise InputError("error.screening.corpus_line", file=path.name, line=number)
        yield number, {str(key).strip().lower(): value for key, value in row.items()}


def _labelled(row: Row, line: int) -> Labelled:
    if row["text"] is None or isinstance(row["text"], dict | list):
        raise TypeError("a text is a string")
    age = row.get("age_group") or row.get("age")
    return Labelled(
        id=str(line if row.get("id") in {None, ""} else row["id"]),
        text=str(row["text"]),
        label=_BITS[str(row["label"]).strip().lower()],
        categories=_categories(row.get("category") or row.get("categories") or ""),
        group=str(row.get("group") or ""),
        lang=str(row.get("lang") or ""),
        age=AgeGroup.PRIMARY if age == AgeGroup.PRIMARY else AgeGroup.SECONDARY,
        author=str(row.get("author") or ""),
    )


def _categories(given: object) -> tuple[str, ...]:
    names = map(str, given) if isinstance(given, list) else str(given).replace(";", ",").split(",")
    return tuple(name for one in names if (name := one.strip()) and name != "-")
