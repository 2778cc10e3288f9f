"""Names of the class list beside a picture."""

import pytest

from bot.media.names import pupils_named
from bot.school import Pupil

PUPILS = (Pupil("1", "Noor", "Bakker", "7b"), Pupil("2", "Daan", "de Boer", "7b"), Pupil("3", "J", "", "7b"))


@pytest.mark.parametrize(
    ("text", "accounts"),
    [
        ("kijk Noor in de kleedkamer", {"1"}),
        ("noor_en_daan2.jpg", {"1", "2"}),
        ("Daans verjaardag, NOOR's taart", {"1", "2"}),
        ("het noorden is koud", set()),
        ("Bakker om de hoek", set()),
        ("IMG_2041.JPG", set()),
        ("j", set()),
    ],
)
def test_first_names_as_words_are_found_and_nothing_else(text: str, accounts: set[str]) -> None:
    assert pupils_named(text, PUPILS) == accounts
