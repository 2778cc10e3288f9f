"""Tells cheaply whether a message is in a language that the model was not trained on."""

from __future__ import annotations

import re
from typing import Final

from bot.screening.letters import script
from bot.screening.lexicon import plain

_LEAST_WORDS: Final = 3
_LEAST_LETTERS: Final = 3


def unknown_language(text: str, own: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether a text is in another script, or has more words of ``others`` than of ``own`` languages."""
    letters = [char for char in text if char.isalpha()]
    latin = sum(script(char) == "LATIN" for char in letters)
    if len(letters) >= _LEAST_LETTERS and latin * 2 < len(letters):
        return True
    words = re.findall(r"[^\W\d_]+", plain(text))
    strange = sum(word in others and word not in own for word in words)
    familiar = sum(word in own and word not in others for word in words)
    return len(words) >= _LEAST_WORDS and strange > familiar * 2 and strange * 3 >= len(words)
