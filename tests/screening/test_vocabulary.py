"""The notation of the word lists."""

from __future__ import annotations

import re

import pytest

from bot.screening.vocabulary import AFTER, BEFORE, alternatives, forms, to_pattern

SHORT = {"je": "jij|je|ge"}


def matches(written: str, text: str) -> bool:
    return bool(re.search(f"{BEFORE}(?:{to_pattern(written, SHORT)}){AFTER}", text))


def test_a_word_with_endings_gives_plain_words() -> None:
    assert forms("sukkel(s|tje)?") == ("sukkels", "sukkeltje", "sukkel")


def test_two_groups_give_every_pair() -> None:
    assert forms("(kut|rot)(wijf|kind)") == ("kutwijf", "kutkind", "rotwijf", "rotkind")


@pytest.mark.parametrize("written", ["rot op", "scheld*", "<je> bent", "a ... b"])
def test_a_phrase_gives_no_plain_words(written: str) -> None:
    assert forms(written) == ()


@pytest.mark.parametrize(
    ("written", "text", "expected"),
    [
        ("ga (toch|nou)? weg", "ga weg", True),
        ("ga (toch|nou)? weg", "ga nou weg", True),
        ("ga (toch|nou)? weg", "ga zo weg", False),
        ("(heel|erg)* dom", "heel erg heel dom", True),
        ("(heel|erg)+ dom", "wat dom", False),
        ("(i|we)+ (will|am)* (kill|beat) you", "i will beat you", True),
        ("<je> bent", "ge bent", True),
        ("<je>? bent", "bent", True),
        ("ik ... dood", "ik wil nu echt dood", True),
        ("ik ... dood", "ik wil hier nu heel erg graag dood", False),
        ("scheld*", "scheldwoord", True),
        ("rot op", "verrot op", False),
        ("rot op", "rot oppas", False),
        ("rot op", "rot,  op", True),
        ("ga dood", "ga 💀 dood", True),
    ],
)
def test_the_notation_means_what_it_says(written: str, text: str, expected: bool) -> None:
    assert matches(written, text) is expected


@pytest.mark.parametrize("written", ["a.b", "[ab]", "a{3}", "(open", "close)", "<onbekend>", "?start"])
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        to_pattern(written, SHORT)


def test_bars_in_brackets_do_not_split_a_line() -> None:
    assert alternatives("a(b|c)|d") == ["a(b|c)", "d"]
