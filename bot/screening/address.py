"""Addresses and postcodes in Dutch and Flemish text: a street needs its number, and a count is no house."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from stdnum.nl import postcode

from bot.screening.found import Found
from bot.screening.lexicon import plain

_POSTCODE: Final = re.compile(r"(?<![\w-])([1-9]\d{3}) ?([A-Za-z]{2})(?![\w])")
_NO_POSTCODE: Final = frozenset(
    {"ad", "bc", "ce", "mb", "kb", "gb", "tb", "mg", "kg", "km", "cm", "mm", "ml", "dl", "cl", "hz", "en", "of",
     "in", "op", "na", "is", "te", "de", "om", "tm", "we", "ik", "je", "ze", "al", "er", "ja", "to", "or", "pm",
     "am", "xp", "hp"}
)  # fmt: skip
_HOUSE: Final = re.compile(r"\s*,?\s*(?:huisnummer|nummer|nr\.?)?\s*\d{1,4}\s?[a-z]?(?!\w)", re.IGNORECASE)
_ENDS: Final = (
    "straat|straatje|laan|weg|plein|gracht|kade|singel|dreef|hof|steeg|dijk|pad|park|plantsoen|steenweg|lei|vest|wal|burg|"
    "hage|erf|akker|veld|kamp|donk|horst"
)
_COUNTED: Final = (
    r"uur|min|km|meter|m\b|euro|x\b|keer|jaar|graden|%|punten|stappen|blz|bladzijde|doelpunten|spelers|kinderen|pupillen|"
    r"leden|auto|bomen|konijnen|koeien|mensen|plekken|opties"
)
_STREET: Final = re.compile(
    rf"(?<!\w)(?:de |het |van |den )?\w*[a-zà-ÿ]{{2}}(?:{_ENDS})\s+(?:nummer\s+|nr\.?\s*|huisnummer\s+)?"
    rf"\d{{1,4}}\s?(?:[a-h]|bis|hs)?(?![\w:%]|[.,]\d)(?!\s*(?:{_COUNTED}))",
    re.IGNORECASE,
)
_NO_STREET: Final = re.compile(
    r"(?:^|\s)(?:onderweg|weg|middenweg|halverwege|uitweg|afweg|overweg|snelweg|fietspad|voetpad|tuinpad|zebrapad|rekenpad|"
    r"pad|speelveld|voetbalveld|sportveld|trapveld|hockeyveld|korfbalveld|middelveld|veld|pretpark|attractiepark|zwempark|"
    r"dierenpark|skatepark|vakantiepark|recreatiepark|kampeerpark|park|schoolplein|plein|hof|voorhof|doolhof|koolhof|kerkhof|"
    r"gerechtshof|kamp|zomerkamp|schoolkamp|vest|wal|dijk|straat|laan|burg|hamburg|limburg|luxemburg|freiburg)\s+\d",
    re.IGNORECASE,
)
_LIVES: Final = re.compile(
    r"(?<!\w)(?:woon(?:t|en)?|adres|huis|staat|thuis|wonen|kom naar|langs bij|achterdeur|live|lives)(?!\w)",
    re.IGNORECASE,
)
_BARE_STREET: Final = re.compile(r"(?<!\w)(?:straat|laan|weg|plein|gracht|kade)\s+\d{1,4}(?!\w)", re.IGNORECASE)


def addresses(text: str, names: Iterable[str]) -> Iterator[Found]:
    """Yield the addresses and postcodes in a text. ``names``: the class list, for "X woont in de Kerkstraat"."""
    for match in _POSTCODE.finditer(text):
        if match.group(2).lower() in _NO_POSTCODE or not postcode.is_valid(match.group()):
            continue
        sure = bool(_HOUSE.match(text[match.end() :])) or bool(_LIVES.search(text))
        if sure or match.group(2).isupper():
            yield Found("postcode", match.group(), 0.9 if sure else 0.7)
    for match in _STREET.finditer(text):
        if not _NO_STREET.search(match.group()) and not _NO_STREET.search(" " + match.group().lower()):
            yield Found("address", match.group().strip(), 0.85)
    people = {plain(name) for name in names}
    words = set(plain(text).split())
    if _LIVES.search(text) and (bare := _BARE_STREET.search(text)) and (people & words or "ik" in words):
        yield Found("address", bare.group(), 0.75)
