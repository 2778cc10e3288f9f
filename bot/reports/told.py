"""What was filled in, made fit to keep; refused kindly when it can't be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import InputError
from bot.reports.facts import (
    ANSWER_LIMIT,
    FILE_BYTES_LIMIT,
    FILES_LIMIT,
    SINCE_LIMIT,
    WHAT_LIMIT,
    WHO_LIMIT,
    KeptFile,
)

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2800\u3164\x00"
"""Letters that show as nothing: a text of only these is empty."""
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """The fields of the form, cleaned."""

    what: str = field(repr=False)
    who: str = field(repr=False)
    since: str = field(repr=False)


def told(what: str, who: str, since: str) -> Told:
    """Return the cleaned fields. Raises ``InputError`` when ``what`` is empty, or something is too long."""
    fields = Told(_clean(what), _clean(who), _clean(since))
    if not visible(fields.what):
        raise InputError("error.report.empty")
    for text, limit in ((fields.what, WHAT_LIMIT), (fields.who, WHO_LIMIT), (fields.since, SINCE_LIMIT)):
        if len(text) > limit:
            raise InputError("error.report.long", limit=limit, length=len(text))
    return fields


def line(text: str, *, required: bool = True) -> str:
    """Return one cleaned line of the talk. Raises ``InputError`` when it is empty or too long."""
    cleaned = _clean(text)
    if required and not visible(cleaned):
        raise InputError("error.report.no_words")
    if len(cleaned) > ANSWER_LIMIT:
        raise InputError("error.report.long", limit=ANSWER_LIMIT, length=len(cleaned))
    return cleaned


def checked_files(files: Sequence[KeptFile]) -> tuple[KeptFile, ...]:
    """Return the files. Raises ``InputError`` when there are too many, or one is too large."""
    if len(files) > FILES_LIMIT:
        raise InputError("error.report.files", limit=FILES_LIMIT)
    if any(len(file.content) > FILE_BYTES_LIMIT for file in files):
        raise InputError("error.report.file", limit=FILE_BYTES_LIMIT // MEGABYTE)
    return tuple(files)


def visible(text: str) -> bool:
    """Tell whether a text shows anything."""
    return any(letter not in INVISIBLE and not letter.isspace() for letter in text)


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()
