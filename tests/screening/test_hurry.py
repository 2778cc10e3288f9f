"""Which messages go first when many wait."""

from pathlib import Path

import pytest

from bot.screening.hurry import Hurry
from bot.screening.opening import lexicon_of

DATA = Path(__file__).parent.parent.parent / "data"


@pytest.fixture(scope="module")
def hurry() -> Hurry:
    return Hurry(lexicon_of(DATA))


@pytest.mark.parametrize(
    "text", ["Ik maak je kapot na school", "niemand mag jou, ga dood man", "ik wil niet meer leven"]
)
def test_what_may_be_urgent_goes_first(hurry: Hurry, text: str) -> None:
    assert hurry.needed(text)


@pytest.mark.parametrize("text", ["hoe laat begint de les?", "jij bent een loser", ""])
def test_the_rest_keeps_its_place(hurry: Hurry, text: str) -> None:
    assert not hurry.needed(text)
