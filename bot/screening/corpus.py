"""Reads labelled messages for ``klaswacht evaluate``: TSV, CSV or JSON Lines with id, text, label and more."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import InputError
from bot.school import AgeGroup


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
        text = path.read_text(encoding="utf-8-sig")
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


def _rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, object]]]:
    first = text.lstrip()[:1]
    if first == "{" or path.suffix in {".jsonl", ".ndjson"}:
        yield from _json_rows(path, text)
        return
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    lines = text.splitlines()
    tabs = path.suffix == ".tsv" or (lines and "\t" in lines[0])
    reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if tabs else csv.DictReader(lines)
    for row in reader:
        yield reader.line_num, {key.strip().lower(): value for key, value in row.items() if key}


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError("error.screening.corpus_line", file=path.name, line=number) from error
        if not isinstance(row, dict):
            raise InputError("error.screening.corpus_line", file=path.name, line=number)
        yield number, row


def _labelled(row: dict[str, object], line: int) -> Labelled:
    label = row["label"]
    kinds = row.get("category") or row.get("categories") or ""
    names = [str(kind) for kind in kinds] if isinstance(kinds, list) else str(kinds).replace(";", ",").split(",")
    age = row.get("age_group") or row.get("age")
    return Labelled(
        id=str(row.get("id") or line),
        text=str(row["text"] if row["text"] is not None else ""),
        label=int(label in {True, "true", "True"})
        if isinstance(label, bool) or label in {"true", "True", "false", "False"}
        else _bit(label),
        categories=tuple(name.strip() for name in names if name.strip() and name.strip() != "-"),
        group=str(row.get("group") or ""),
        lang=str(row.get("lang") or ""),
        age=AgeGroup.PRIMARY if age == AgeGroup.PRIMARY else AgeGroup.SECONDARY,
        author=str(row.get("author") or ""),
    )


def _bit(label: object) -> int:
    value = int(float(str(label)))
    if value not in {0, 1}:
        raise ValueError("a label is 0 or 1")
    return value
