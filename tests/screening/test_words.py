"""The word lists: what is aimed at somebody counts, what is not or is excused does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.screening.lexicon import plain
from bot.screening.words import WordLists

ALERT = 0.6


@pytest.mark.parametrize(
    "text",
    [
        "jij bent echt een dikke loser, niemand vindt je leuk",
        "je moeder is een hoer",
        "kk homo",
        "wacht maar na school dan sla ik je in elkaar",
        "ik maak je dood",
        "ik wil niet meer leven",
        "maak jezelf af",
        "sukkel!",
        "hou je bek",
        "gij zijt nen onnozelaar",
        "krijg de kanker",
        "ga terug naar je eigen land",
        "kys",
        "shut up you absolute clown",
        "niemand wil met jou spelen",
        "stuur me je nudes",
        "je bent zo lelijk",
        "domme koe",
        "zij is een trut",
        "vuile flikker",
        "ik ga je vermoorden",
        "de wereld is beter zonder jou",
        "ik denk elke dag aan zelfmoord",
        "kankerhoer",
        "oprotten jij",
    ],
)
def test_what_is_aimed_at_somebody_counts(highest: Callable[[str], float], text: str) -> None:
    assert highest(text) >= ALERT


@pytest.mark.parametrize(
    "text",
    [
        "wat is het huiswerk voor wiskunde?",
        "kutweer vandaag",
        "je bent niet dom",
        "ik ga dood van het lachen",
        "we maken ze in zaterdag",
        "hij zei dat ik dom ben",
        "wat een kuttoets",
        "die wifi is echt kanker",
        "ik ben zo dom haha",
        "niemand haat je",
        "je bent geen loser",
        "ze noemde mij een hoer",
        "wat betekent hoer eigenlijk",
        "homo is geen scheldwoord",
        "mag je dat zeggen, sukkel?",
        "mijn oom heeft kanker",
        "ik ben moslim en trots",
        "ze is lesbisch en dat is prima",
        "ben jij joods?",
        "kill me now haha",
        "de boer heeft koeien en een hond",
        "stop met schelden, sukkel is niet lief",
        "je mag altijd bij ons zitten",
        "ik sla je over met uitdelen",
        "in de film zegt hij: ik maak je dood",
        "ik kom je halen met de fiets",
        "regenen doet het weer",
        "die hond van ons is lief",
        "schiet dan op de goal",
        "je bent mijn beste vriend",
    ],
)
def test_what_is_not_aimed_or_excused_stays_below_an_alert(highest: Callable[[str], float], text: str) -> None:
    assert highest(text) < ALERT


def test_identity_words_never_score_by_themselves(words: WordLists) -> None:
    for word in ("moslim", "homo", "jood", "turk", "marokkaan", "lesbisch", "trans", "christen", "gehandicapt"):
        assert words.score(f"ik ben {word}").scores == {}
        assert words.score(word).scores == {}


def test_an_excuse_is_told(words: WordLists) -> None:
    assert words.score("hij noemde mij een sukkel").excuses == ("quoted",)


def test_a_mention_makes_a_short_word_aimed(words: WordLists) -> None:
    assert words.score("weer een kneusje sukkel hier", aimed=True).scores["insult"].aimed


def test_a_phrase_inside_a_longer_one_counts_once(words: WordLists) -> None:
    assert set(words.score("ik maak je dood").scores) == {"threat"}


def test_plain_text_has_no_capitals_accents_or_curly_quotes() -> None:
    assert plain("  HÉ, “Zus”  ’t\n is ") == 'he, "zus" \'t is'
