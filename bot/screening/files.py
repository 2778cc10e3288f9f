"""F2 by name: attachments that may do harm or hide what they are; photo, film and sound are of ``bot.media``."""

from __future__ import annotations

import re
from typing import Final

from bot.ports import Attachment
from bot.screening.tables import FileTable

_OVERRIDES: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_PROGRAM: Final = re.compile(r"x-ms(?:download|dos)|x-executable|java-archive|android\.package")
_HIDDEN_END: Final = re.compile(r"\s{3,}|[\u200b-\u200d\u2060\ufeff]")


class Files:
    """Judges attachments by their names and stated types."""

    def __init__(self, table: FileTable) -> None:
        self._table = table

    def risk(self, attachment: Attachment) -> str | None:
        """Return ``dangerous_file``, ``disguised_file``, ``macro_file``, ``archive_file``, or None."""
        endings = _endings(attachment.name)
        last = endings[-1] if endings else ""
        kind = (attachment.content_type or "").lower()
        if self._disguised(attachment.name, endings, kind):
            return "disguised_file"
        if last in self._table.dangerous or _PROGRAM.search(kind):
            return "dangerous_file"
        if last in self._table.macro or "macroenabled" in kind:
            return "macro_file"
        return "archive_file" if last in self._table.archive else None

    def _disguised(self, name: str, endings: list[str], kind: str) -> bool:
        """Tell whether a name hides its end: turned around, doubled, far to the right, or of another type."""
        last = endings[-1] if endings else ""
        runs = last in self._table.dangerous
        two = runs and any(ending in self._table.harmless for ending in endings[:-1])
        far = runs and bool(_HIDDEN_END.search(name))
        other = last in self._table.harmless and bool(_PROGRAM.search(kind))
        return bool(_OVERRIDES.search(name)) or two or far or other


def _endings(name: str) -> list[str]:
    clean = _HIDDEN_END.sub("", _OVERRIDES.sub("", name)).strip().rstrip(". ")
    return [part.strip().lower() for part in clean.split(".")[1:]]
