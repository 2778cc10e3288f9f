"""Tells cheaply whether a message is in a language that the model was not trained on."""

from __future__ import annotations

import re
from typing import Final

from bot.screening.letters import script
from bot.screening.lexicon import plain

_LEAST_WORDS: Final = 3
_LEAST_LETTERS: Final = 3
_OTHERS: Final = frozenset(
    # Turkish, Polish, French, German, Spanish, Arabic in Latin letters, Somali, Romanian: words that Dutch and English lack
    "ve bir bu icin cok ben sen biz siz degil nasil evet hayir tamam neden kim yok var seni beni ama gibi sana bana merhaba gel git "
    "nie jest sie na tak jak ale czy co to dzis jutro mam masz bardzo dobrze dziekuje prosze czesc kiedy gdzie dlaczego jestem moj "
    "je suis tu es nous vous pas est les des une dans pour avec sur mais tres bien merci bonjour quoi comment aujourd demain ecole "
    "ich bin du bist nicht und ist das wir sie ein eine auf mit fur aber sehr gut danke hallo morgen heute schule wie warum "
    "que es el los las una por para con pero muy bien gracias hola como donde manana hoy porque estoy eres "
    "ana inta enta kif shno labas hamdoulillah wash kayn bezaf waxaan waa iyo maxaa si este nu sunt esti foarte bine multumesc".split()
)


def unknown_language(text: str, own: frozenset[str]) -> bool:
    """Return whether a text is in another script, or in a Latin language of which none of our ``own`` words stands in it."""
    letters = [char for char in text if char.isalpha()]
    latin = sum(script(char) == "LATIN" for char in letters)
    if len(letters) >= _LEAST_LETTERS and latin * 2 < len(letters):
        return True
    words = re.findall(r"[^\W\d_]+", plain(text))
    strange = sum(word in _OTHERS and word not in own for word in words)
    familiar = sum(word in own and word not in _OTHERS for word in words)
    return len(words) >= _LEAST_WORDS and strange > familiar * 2 and strange * 3 >= len(words)
