"""What a paper can show: the letters of the typst package's own fonts, and of free fonts that stand on this machine.

Debian's fonts-noto-color-emoji and fonts-droid-fallback bring emoji, Chinese and Japanese; any other font in these
folders is used as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

FOLDERS = tuple(
    Path("/usr/share/fonts") / name for name in ("truetype/noto", "truetype/droid", "opentype/noto", "noto")
)
PICTURES = "*Emoji*"
EAST_ASIAN = ("DroidSansFallback*", "Noto*CJK*")
FIRST_PICTOGRAM = 0x2600  # from here on, symbols are pictures that the package's fonts don't hold
OWN = ((0x0, 0x52F), (0x590, 0x669), (0x900, 0x97F), (0x10A0, 0x10FF), (0x1D00, 0x2BFF), (0xFB00, 0xFB4F))
"""Where the package's fonts have nearly all letters: Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Georgian."""
ASIA = ((0x2E80, 0x312F), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFF5F))


class Fonts:
    """The fonts that papers are set in."""

    def __init__(self, folders: Iterable[Path] = FOLDERS) -> None:
        self.folders = tuple(folder for folder in folders if folder.is_dir())
        self.pictures = self._has(PICTURES)
        self._shown = OWN + (ASIA if any(map(self._has, EAST_ASIAN)) else ())

    def named(self, value: Any) -> bool:
        """Tell whether a text in this data holds emoji that stand by their names."""
        return not self.pictures and any(is_pictogram(letter) for text in _texts(value) for letter in text)

    def unshown(self, value: Any) -> bool:
        """Tell whether a text in this data holds letters of a script that no font here has."""
        return any(self._lacks(letter) for text in _texts(value) for letter in text)

    def _lacks(self, letter: str) -> bool:
        if unicodedata.category(letter)[0] != "L":
            return False
        return not any(first <= ord(letter) <= last for first, last in self._shown)

    def _has(self, pattern: str) -> bool:
        return any(True for folder in self.folders for _ in folder.rglob(pattern))


def is_pictogram(letter: str) -> bool:
    """Tell whether this is a picture, not a letter."""
    return ord(letter) >= FIRST_PICTOGRAM and unicodedata.category(letter) in {"So", "Sk"}


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in _texts(one))
