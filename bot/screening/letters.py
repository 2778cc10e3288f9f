"""Characters that pretend to be others: mathematical and look-alike letters, invisible and stacked marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from confusable_homoglyphs import confusables

_INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
)
_BESIDE_LETTER: Final = re.compile(rf"(?<=\w)[{_INVISIBLE}]+|[{_INVISIBLE}]+(?=\w)|(?<=\w)\ufe0f")
_OVERRIDE: Final = re.compile("\u202e([^\u202c\n]+)\u202c?")
_BOXED: Final = ((0x1F110, 26), (0x1F130, 26), (0x1F150, 26), (0x1F170, 26))
_OWN: Final = dict(zip("ктмнвгпияйзклуцшщчьъбдёэоасехріїјѕԁԛԝһ", "ktmhbrnuruzknyuwwybbbaeeoacexpiijsdqwh", strict=True))
"""Cyrillic letters used as Latin ones that the Unicode table gives another or no partner for."""
_OWN_GREEK: Final = dict(zip("αβγδεζηικλμνορστυφχω", "abydeznikluvopotuqxw", strict=True))
_SMALL_CAPS: Final = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_TURNED: Final = dict(zip("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ", "acefghijkmrtvwy", strict=True))
_TURNED_ASCII: Final = str.maketrans("qpbdnu", "bdqpun")
_LEAST_TURNED: Final = 2


def safe(text: str) -> str:
    """Return a text that every library accepts: no lone surrogates, no control characters but line ends."""
    repaired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(" " if unicodedata.category(char) == "Cc" and char != "\n" else char for char in repaired)


def unmasked(text: str) -> str:
    """Return a text with Latin letters where characters only look like them."""
    turned = _OVERRIDE.sub(lambda found: found.group(1)[::-1], text)
    bare = _without_marks(_BESIDE_LETTER.sub("", turned))
    latin = "".join(_one(char) for char in bare)
    if latin.isascii():
        return latin
    mostly = _mostly_latin(latin)
    return re.sub(r"\S+", lambda found: _look_alikes(found.group(), mostly=mostly), latin)


def _one(char: str) -> str:
    if char.isascii():
        return char
    if small := _SMALL_CAPS.get(char):
        return small
    for start, length in _BOXED:
        if start <= ord(char) < start + length:
            return chr(ord("a") + ord(char) - start)
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and plain.isascii() and plain.isalpha() else char


def _without_marks(text: str) -> str:
    """Drop marks that no ordinary letter carries (struck through, stacked) from Latin letters."""
    kept: list[str] = []
    latin = False
    for char in unicodedata.normalize("NFC", text):
        if unicodedata.combining(char) and latin:
            continue
        latin = _script(char) == "LATIN"
        kept.append(char)
    return "".join(kept)


def _look_alikes(word: str, *, mostly: bool) -> str:
    if word.isascii():
        return word
    turned = sum(char in _TURNED for char in word)
    if turned >= _LEAST_TURNED:
        return "".join(_TURNED.get(char, char.translate(_TURNED_ASCII)) for char in reversed(word))
    letters = [char for char in word if char.isalpha()]
    foreign = [char for char in letters if _script(char) != "LATIN"]
    if not foreign or (len(foreign) == len(letters) and not mostly):
        return word
    if any(partner(char) is None for char in foreign):
        return word
    return "".join(char if char.isascii() else partner(char) or char for char in word)


def _mostly_latin(text: str) -> bool:
    """Whether a text is Latin but for a few letters, so that a whole foreign word is no foreign text."""
    letters = [char for char in text if char.isalpha()]
    return sum(_script(char) == "LATIN" for char in letters) * 2 > len(letters)


@lru_cache(maxsize=4096)
def partner(char: str) -> str | None:
    """Return the small Latin letter that a letter looks like, or None (Unicode's table of confusables)."""
    small = char.lower()
    if _script(char) == "LATIN" and unicodedata.normalize("NFD", small)[0].isascii():
        return small
    if own := _OWN.get(small) or _OWN_GREEK.get(small):
        return own
    known = confusables.confusables_data.get(char) or confusables.confusables_data.get(small) or []
    found = (item["c"] for item in known if len(item["c"]) == 1 and item["c"].isascii() and item["c"].isalpha())
    first: str | None = next(found, None)
    return first.lower() if first else None


@lru_cache(maxsize=8192)
def _script(char: str) -> str:
    if char.isascii():
        return "LATIN" if char.isalpha() else ""
    return unicodedata.name(char, "").split(" ")[0] if char.isalpha() else ""


def has_invisible(text: str) -> bool:
    """Tell whether characters stand in a text that nobody sees, beside a letter."""
    return bool(_BESIDE_LETTER.search(text))


def script(char: str) -> str:
    """Return the script of a letter (``LATIN``, ``CYRILLIC``, ...), empty for anything else."""
    return _script(char)
