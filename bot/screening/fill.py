"""Fills in hidden letters: stars instead of letters, or no vowels at all. The likeliest row of words is taken."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.screening.lexicon import Lexicon, plain
from bot.screening.wording import Wording, skeleton

MASKED: Final = re.compile(r"(?<!\w)[^\W\d_]+(?:[*#•×✱%]+[^\W\d_]+)+(?!\w)|(?<!\w)[^\W\d_]{2,}[*#•✱]+(?!\w)")
_TOKEN: Final = re.compile(rf"{MASKED.pattern}|[^\W\d_]+")
_SIGNS: Final = re.compile(r"[*#•×✱%]")
_HEAVY: Final = 0.6
_FAVOUR: Final = 5.0
"""How much likelier a bad word is where only few words hide letters: nobody masks "hier"."""

_FEW: Final = 0.4
_BARE_SHARE: Final = 0.5
_LEAST: Final = 3
_MOST: Final = 160
"""Words of a text that are looked at."""


class Filler:
    """Undoes masking stars and missing vowels."""

    def __init__(self, lexicon: Lexicon, wording: Wording) -> None:
        self._lexicon = lexicon
        self._wording = wording

    def filled(self, text: str) -> str:
        """Return a text with hidden letters filled in where known words fit."""
        found = list(_TOKEN.finditer(text))[:_MOST]
        words = [plain(match.group()) for match in found]
        hidden = [bool(_SIGNS.search(word)) for word in words]
        all_bare = self._all_bare(words)
        wanted = [
            masked or self._missing(word, everywhere=all_bare) for word, masked in zip(words, hidden, strict=True)
        ]
        if not any(wanted):
            return text
        favour = _FAVOUR if sum(wanted) <= max(1.0, _FEW * len(words)) else 0.0
        slots = [self._slot(word, favour) if want else {word: 0.0} for word, want in zip(words, wanted, strict=True)]
        return _put(text, found, wanted, self._wording.likeliest(slots))

    def _all_bare(self, words: Sequence[str]) -> bool:
        """Tell whether a whole text seems to be written without vowels."""
        bare = [word for word in words if _is_bare(word)]
        strange = sum(len(word) >= _LEAST and word not in self._wording for word in bare)
        return bool(words) and strange >= 1 and len(bare) >= _BARE_SHARE * len(words)

    def _missing(self, word: str, *, everywhere: bool) -> bool:
        if not _is_bare(word) or not self._wording.bare(word):
            return False
        return everywhere or (len(word) >= _LEAST and word not in self._wording)

    def _slot(self, word: str, favour: float) -> Mapping[str, float]:
        """Return the words that fit, with what each costs beside its rareness; the word itself where nothing does."""
        fits = self._fits(word) if _SIGNS.search(word) else [*self._wording.bare(word), word]
        return {one: 0.0 if self._lexicon.weight(one) < _HEAVY else -favour for one in fits} or {word: 0.0}

    def _fits(self, word: str) -> list[str]:
        """Return the words for a masked one; a row of signs may stand for one letter more."""
        together = _SIGNS.sub("", word)
        exact = self._wording.fitting(word)
        if exact:
            return exact
        if together in self._wording:
            return [together]
        longer = re.sub(r"([*#•×✱%])(?=[^*#•×✱%]|$)", r"\1\1", word, count=1)
        return self._wording.fitting(longer)


def _is_bare(word: str) -> bool:
    return len(word) > 1 and skeleton(word) == word and not set("aeiou") & set(word[1:])


def _put(text: str, found: Sequence[re.Match[str]], wanted: Sequence[bool], words: Sequence[str]) -> str:
    pieces, end = [], 0
    for match, change, word in zip(found, wanted, words, strict=True):
        if change and word != plain(match.group()):
            pieces += [text[end : match.start()], word]
            end = match.end()
    return "".join([*pieces, text[end:]])
