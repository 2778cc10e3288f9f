"""P1 and F6: personal data in a message (telephone, mail, address, account numbers), also in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import phonenumbers
from stdnum import iban
from stdnum.nl import bsn

from bot.screening.address import addresses
from bot.screening.found import Found
from bot.screening.lexicon import plain

REGIONS: Final = ("NL", "BE")
_DIGIT_WORDS: Final = {
    "nul": "0", "een": "1", "één": "1", "twee": "2", "drie": "3", "vier": "4", "vijf": "5", "zes": "6", "zeven": "7",
    "acht": "8", "negen": "9", "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "tien": "10", "elf": "11", "twaalf": "12", "dertien": "13", "veertien": "14", "vijftien": "15", "zestien": "16",
    "zeventien": "17", "achttien": "18", "negentien": "19", "plus": "+",
}  # fmt: skip
_TENS: Final = {"twintig": 2, "dertig": 3, "veertig": 4, "vijftig": 5, "zestig": 6, "zeventig": 7, "tachtig": 8,
                "negentig": 9}  # fmt: skip
_UNITS: Final = {"een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9}
_LEAST_IN_WORDS: Final = 8
_SHORTEST: Final = 9
_EMAIL: Final = re.compile(r"(?<![\w.])[\w.+-]{1,60}@[\w-]{1,60}(?:\.[a-z]{2,10}){1,3}(?!\w)", re.IGNORECASE)
_SPELLED: Final = re.compile(
    r"(?<![\w.-])[\w.-]{1,64}(?:\s+(?:punt|dot|streepje|underscore)\s+[\w-]{1,64}){0,4}"
    r"\s*(?:\(at\)|\[at\]|\{at\}|\s(?:apenstaartje|apestaartje|at|apenstaart|@)\s)\s*"
    r"[\w-]{1,64}\s*(?:\.|\(dot\)|\(punt\)|\[dot\]|\s(?:punt|dot)\s)\s*(?:nl|be|com|net|org|eu|de|live|me)(?!\w)",
    re.IGNORECASE,
)
_PROVIDER: Final = re.compile(
    r"(?<![\w.-])[\w.-]{3,64}\s+(?:at\s+|apenstaartje\s+)?(?:gmail|hotmail|outlook|icloud|live|ziggo|kpnmail)"
    r"\s*(?:\.|\s(?:punt|dot)\s)\s*(?:com|nl|be)(?!\w)",
    re.IGNORECASE,
)
_NINE: Final = re.compile(r"(?<![\w.,:/-])\d{9}(?![\w:/-]|[.,]\d)")
_BSN_WORD: Final = re.compile(r"(?<!\w)(?:bsn|burgerservicenummer|sofi(?:nummer)?)(?!\w)", re.IGNORECASE)
_IBAN: Final = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}(?!\w)", re.IGNORECASE)
_SUM: Final = re.compile(r"[=+×*/^√<>%]|(?<!\w)(?:keer|plus|min|gedeeld door|wortel|jaar|punten|som)(?!\w)")


def personal_data(text: str, names: Iterable[str] = ()) -> list[Found]:
    """Return the personal data in a text. ``names``: the class list, for "X woont in de Kerkstraat"."""
    straight = text.replace("\u00a0", " ")
    found = [*_phones(straight), *_mails(straight), *addresses(straight, names), *_numbers(straight)]
    return list({(item.kind, item.words): item for item in found}.values())


def _phones(text: str) -> Iterator[Found]:
    for source, score in ((text, 0.95), (_numbers_in_words(text), 0.85)):
        if source is None or (source is text and not re.search(r"\d(?:\D{0,3}\d){7}", source)):
            continue
        for region in REGIONS:
            for match in phonenumbers.PhoneNumberMatcher(source, region, leniency=phonenumbers.Leniency.VALID):
                if _is_phone(match.raw_string, source, match.start, match.end):
                    yield Found("phone", match.raw_string, score)


def _is_phone(raw: str, text: str, start: int, end: int) -> bool:
    """Refuse sums, dates, account numbers and ids that look like a number."""
    digits = re.sub(r"\D", "", raw)
    national = raw.startswith(("0", "+", "(0", "(+")) or digits.startswith(("31", "32"))
    if not national or len(digits) < _SHORTEST:
        return False
    before = text[max(0, start - 2) : start]
    if _SUM.search(f"{before} {text[end : end + 3]}") or re.search(r"[\w.,:/#-]$", before):
        return False
    return not re.match(r"[.,:/]\d|\d|[A-Za-z]{2}", text[end : end + 2])


def _numbers_in_words(text: str) -> str | None:
    """Return the digits that a text spells ("nul zes twaalf ..."), or None where it spells too few."""
    spelled: list[str] = []
    best: list[str] = []
    words = 0
    for token in re.findall(r"\w+|\+", plain(text)):
        digits = token if token.isdigit() else _DIGIT_WORDS.get(token) or _compound(token)
        if digits is None:
            best, spelled = (spelled, []) if len(spelled) > len(best) else (best, [])
            continue
        words += not token.isdigit()
        spelled.append(digits)
    number = "".join(spelled if len(spelled) > len(best) else best)
    return number if words and len(re.sub(r"\D", "", number)) >= _LEAST_IN_WORDS else None


def _compound(word: str) -> str | None:
    """Read "vierendertig" as 34."""
    for tens, value in _TENS.items():
        if word == tens:
            return f"{value}0"
        if word.endswith(tens):
            unit = word.removesuffix(tens).removesuffix("en").rstrip("ë")
            if unit in _UNITS:
                return f"{value}{_UNITS[unit]}"
    return None


def _mails(text: str) -> Iterator[Found]:
    for pattern, score in ((_EMAIL, 0.95), (_SPELLED, 0.85), (_PROVIDER, 0.8)):
        for match in pattern.finditer(text):
            yield Found("email", match.group().strip(), score)


def _numbers(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        raw = match.group()
        candidates = [raw, *(raw[: space.start()] for space in re.finditer(" ", raw))]
        valid = next((candidate for candidate in candidates if iban.is_valid(candidate)), None)
        if valid:
            yield Found("iban", valid, 0.95)
    for match in _NINE.finditer(text):
        if bsn.is_valid(match.group()) and _BSN_WORD.search(text):
            yield Found("bsn", match.group(), 0.95)
