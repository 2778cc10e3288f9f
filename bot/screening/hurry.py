"""Which messages go first when more come than can be judged: a quick look at the lists, and not around the words."""

from __future__ import annotations

from typing import Final

from bot.screening.lexicon import TOKEN, Lexicon, plain

URGENT: Final = frozenset({"threat", "incitement", "crisis"})


class Hurry:
    """Knows the words and phrases of the urgent categories."""

    def __init__(self, lexicon: Lexicon) -> None:
        found = ((word, entry) for word, entries in lexicon.words.items() for entry in entries)
        self._words = frozenset(word for word, entry in found if URGENT & set(entry.category))
        self._phrases = tuple(pattern for entry, pattern in lexicon.patterns if URGENT & set(entry.category))

    def needed(self, text: str) -> bool:
        """Whether a text holds any of them, whatever it says with them."""
        bare = plain(text)
        if not self._words.isdisjoint(TOKEN.findall(bare)):
            return True
        return any(phrase.search(bare) for phrase in self._phrases)
