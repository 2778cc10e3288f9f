"""Names of people are never a bad word."""

from __future__ import annotations

import pytest

from bot.school import Pupil
from bot.screening.lexicon import Lexicon
from bot.screening.names import Names

PUPILS = (Pupil("1", "Emma", "Dik", "7b"), Pupil("2", "Sem", "Hoer", "7b"), Pupil("3", "Noor", "Bakker", "7b"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("meneer Dik is ziek", "meneer Jansen is ziek"),
        ("mevrouw de Heks geeft gym", "mevrouw Jansen geeft gym"),
        ("familie de boer", "familie Jansen"),
        ("Thomas Pik staat op de lijst", "Thomas Jansen staat op de lijst"),
        ("Sem Hoer komt niet", "Sem Jansen komt niet"),
        ("vraag maar aan hoer", "vraag maar aan Jansen"),
        ("jij bent een hoer", "jij bent een hoer"),
        ("je bent dik", "je bent dik"),
        ("Noor komt ook", "Noor komt ook"),
    ],
)
def test_a_name_is_replaced_and_a_word_is_not(lexicon: Lexicon, text: str, shown: str) -> None:
    assert Names(lexicon).hidden(text, PUPILS) == shown
