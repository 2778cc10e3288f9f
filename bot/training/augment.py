"""Disguises and voices: what pupils do to a word to slip past a filter, and how the same sentence is typed elsewhere.

Used on the fly in training, with a random source that the caller seeds, and by the evaluation (all eight disguises).
The label never changes.
"""

import random
import re
from collections.abc import Callable, Mapping
from typing import Final

_VOWELS: Final = "aeiou"
_LEET: Final = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "b": "8", "g": "9"}
_LOOK_ALIKES: Final = {
    "a": "аα", "c": "с", "e": "еε", "i": "іι", "o": "оο", "p": "рρ", "x": "х", "y": "у", "k": "кκ", "h": "һ",
    "n": "п", "t": "т", "u": "υ", "v": "ν", "m": "м", "s": "ѕ",
}  # fmt: skip
_EMOJI: Final = ("🙂", "😂", "💀", "🔥", "❤️", "👀", "🤡", "✨")
_HIDDEN: Final = ("\u200b", "\u200d", "\u2060", "\u0336", "\u0301")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_FEWEST: Final = 3

Disguise = Callable[[str, random.Random], str]


def leet(word: str, chance: random.Random) -> str:
    """Figures and signs for letters."""
    return _exchange(word, _LEET, chance)


def look_alikes(word: str, chance: random.Random) -> str:
    """Cyrillic and Greek letters that look Latin."""
    return _exchange(word, _LOOK_ALIKES, chance)


def spaced(word: str, _: random.Random) -> str:
    """Blanks between all letters."""
    return " ".join(word)


def dotted(word: str, chance: random.Random) -> str:
    """One sign between all letters."""
    return chance.choice(".-_*").join(word)


def repeated(word: str, chance: random.Random) -> str:
    """Repeat some letter many times."""
    place = chance.randrange(len(word))
    return word[:place] + word[place] * chance.randint(3, 7) + word[place + 1 :]


def starred(word: str, chance: random.Random) -> str:
    """Put a star or two inside instead of letters, a vowel first of all."""
    vowels = [i for i in range(1, len(word) - 1) if word[i] in _VOWELS] or list(range(1, len(word) - 1))
    hidden = set(chance.sample(vowels, min(len(vowels), chance.randint(1, 2))))
    sign = chance.choice("**#")
    return "".join(sign if i in hidden else letter for i, letter in enumerate(word))


def without_vowels(word: str, _: random.Random) -> str:
    """Only consonants after the first letter."""
    rest = "".join(letter for letter in word[1:] if letter not in _VOWELS)
    return word[0] + rest if rest else word


def parted(word: str, chance: random.Random) -> str:
    """Put an emoji or an invisible sign in the middle."""
    place = chance.randrange(1, len(word))
    return word[:place] + chance.choice(_EMOJI + _HIDDEN) + word[place:]


DISGUISES: Final[Mapping[str, Disguise]] = {
    "leet": leet, "look_alikes": look_alikes, "spaced": spaced, "dotted": dotted,
    "repeated": repeated, "starred": starred, "without_vowels": without_vowels, "parted": parted,
}  # fmt: skip


def disguised(text: str, kind: str, chance: random.Random, share: float = 1.0) -> str:
    """Disguise about ``share`` of the words of three letters and more, one at least."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    chosen = {w.start() for w in words if chance.random() < share} or {max(words, key=_length).start()}
    make = DISGUISES[kind]
    return _WORD.sub(lambda w: make(w.group(), chance) if w.start() in chosen else w.group(), text)


def _length(word: re.Match[str]) -> int:
    return len(word.group())


def revoiced(text: str, voices: Mapping[str, Mapping[str, list[str]]], chance: random.Random) -> str:
    """Retype some words as in chat, in Flanders or in full (``voices``: word to ways of typing it)."""
    table = voices[chance.choice(sorted(voices))]

    def other(word: re.Match[str]) -> str:
        ways = table.get(word.group().lower())
        return chance.choice(ways) if ways and chance.random() < 0.6 else word.group()  # noqa: PLR2004

    return re.sub(r"[^\W\d_]+", other, text)


def renamed(text: str, names: frozenset[str], pool: list[str], chance: random.Random) -> str:
    """Give other first names to the people in a message."""
    return re.sub(
        r"[^\W\d_]+",
        lambda w: chance.choice(pool) if w.group().lower() in names else w.group(),
        text,
    )


def mistyped(text: str, chance: random.Random) -> str:
    """Swap, drop or double a letter somewhere in a longer word."""
    words = [w for w in _WORD.finditer(text) if len(w.group()) > _FEWEST]
    if not words:
        return text
    word = chance.choice(words)
    place = word.start() + chance.randrange(1, len(word.group()) - 1)
    middle = chance.choice((text[place + 1] + text[place], text[place + 1], text[place] * 2 + text[place + 1]))
    return text[:place] + middle + text[place + 2 :]


def _exchange(word: str, table: Mapping[str, str], chance: random.Random) -> str:
    known = [i for i, letter in enumerate(word.lower()) if letter in table]
    if not known:
        return word
    some = set(chance.sample(known, chance.randint(1, len(known))))
    return "".join(chance.choice(table[c.lower()]) if i in some else c for i, c in enumerate(word))
