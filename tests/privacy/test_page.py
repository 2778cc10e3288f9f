"""The page for parents and pupils: it fits messages, is easy to read, and says what the law and the platform ask."""

from __future__ import annotations

import re

import pytest

from bot.privacy.page import PIECE, pieces, read_page
from bot.privacy.rules import read_retention
from bot.settings import data_folder

LANGUAGES = ("nl", "en")
LONGEST_SENTENCE = 20  # words; most have about ten


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_comes_in_pieces_that_fit_a_message_and_loses_nothing(language: str) -> None:
    page = read_page(data_folder(), language)
    cut = pieces(page)
    assert [len(piece) <= PIECE for piece in cut] == [True] * len(cut)
    assert "\n\n".join(cut) == page.strip()


def test_a_text_without_any_space_is_cut_too() -> None:
    assert [len(piece) for piece in pieces("a" * 9000)] == [3900, 3900, 1200]


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_sentences_are_short(language: str) -> None:
    text = re.sub(r"\(https?://\S+\)", "", read_page(data_folder(), language))
    sentences = [one for line in text.splitlines() for one in re.split(r"(?<=[.?!:])\s", line.lstrip("-# ")) if one]
    assert [one for one in sentences if len(one.split()) > LONGEST_SENTENCE] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_tells_the_terms_of_the_table(language: str) -> None:
    page, rules = read_page(data_folder(), language), read_retention(data_folder() / "retention.toml").rules
    assert [rules[name].days for name in ("finding_dismissed", "report_closed", "finding_open", "draft")] == [
        30,
        30,
        90,
        1,
    ]
    assert rules["case_closed"].school_years == 2
    assert page.count(" 30 ") == 2
    assert page.count(" 90 ") == 1


@pytest.mark.parametrize("name", ["page.nl.md", "page.en.md", "dpia.nl.md", "dpia.en.md"])
def test_page_and_assessment_say_the_age_of_16(name: str) -> None:
    text = (data_folder() / "privacy" / name).read_text(encoding="utf-8")
    assert re.search(r"\b16\b", text)
    if "dpia" in name:
        assert [word for word in ("MR", "DISCORD_API_BASE", "DISCORD_GATEWAY_URL") if word not in text] == []
