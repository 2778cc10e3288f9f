"""Which words fit hidden letters, and which of them are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.screening.lexicon import Lexicon
from bot.screening.wording import WordFileError, Wording, read_wording

KNOWN = Wording(
    {"hier": 10, "hoer": 1, "kom": 8, "boek": 4, "beek": 4, "een": 9}, {("kom", "hier"): 5, ("een", "boek"): 3}
)


def test_words_fit_their_consonants_and_their_stars() -> None:
    assert (KNOWN.bare("hr"), KNOWN.fitting("h**r")) == (["hier", "hoer"], ["hier", "hoer"])
    assert (KNOWN.bare("xyz"), KNOWN.fitting("q*")) == ([], [])


def test_neighbours_decide_between_words_that_fit() -> None:
    slots = [{"een": 0.0}, {"boek": 0.0, "beek": 0.0}]
    assert KNOWN.likeliest(slots) == ["een", "boek"]


def test_what_a_word_costs_beside_counts() -> None:
    assert KNOWN.likeliest([{"hier": 9.0, "hoer": 0.0}]) == ["hoer"]


@pytest.mark.parametrize("text", ["no number\tword\n", "1\ta\tb\n", "\x00"])
def test_a_wrong_list_is_told(tmp_path: Path, lexicon: Lexicon, text: str) -> None:
    (tmp_path / "words.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(WordFileError):
        read_wording(tmp_path / "words.tsv", lexicon)
