"""What pupils read around a report."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.reports.facts import Waiting
from bot.reports.words import Page, ReportWords
from tests.builders import COORDINATOR, PUPIL, SCHOOL, SECOND, TEACHER, TUESDAY_10, a_member
from tests.desks import TEXTS, Desks

NUMBERS = ("112", "113", "0800-0113", "0800-0432")


def lines(page: Page) -> str:
    """All that a page says."""
    return "\n".join([page.title, *(line for one in page.sections for line in (one.title, *one.lines))])


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_page_names_receivers_the_seal_the_hours_and_the_numbers(desks: Desks, language: str) -> None:
    desks.core.roster.add(SCHOOL, a_member(TEACHER, "juf Els"), a_member(SECOND, "meester Ali"))
    page = await desks.reports.page(await desks.actor(PUPIL))
    told = lines(ReportWords(TEXTS, language, TUESDAY_10).page(page))
    wanted = ["juf Els", "meester Ali", COORDINATOR, "Groep 7b", "08:15 - 15:30", *NUMBERS]
    assert [one for one in wanted if one not in told] == []


async def test_a_receipt_says_not_your_fault_dont_answer_and_what_happens_next(desks: Desks) -> None:
    desks.core.clock.forward(hours=9)
    receipt = await desks.filed(anonymous=True)
    told = lines(ReportWords(TEXTS, "nl", desks.core.clock.now()).receipt(receipt))
    wanted = [
        "nummer 1",
        "niet jouw schuld",
        "geen antwoord",
        "Morgen" if "Morgen vanaf" in told else "morgen",
        "08:15",
    ]
    assert [one for one in wanted if one not in told] == []


async def test_a_receipt_of_a_pupil_in_despair_begins_with_help(desks: Desks) -> None:
    receipt = await desks.filed(what="ik wil niet meer leven")
    page = ReportWords(TEXTS, "nl", TUESDAY_10).receipt(receipt)
    first = "\n".join(page.sections[0].lines)
    assert [one for one in NUMBERS if one not in first] == []


def test_far_days_are_told_with_their_date() -> None:
    words = ReportWords(TEXTS, "nl", TUESDAY_10)
    told = [words.day_word(TUESDAY_10 + timedelta(days=days)) for days in (0, 1, 3, 41)]
    assert told == ["vandaag", "morgen", "vrijdag", "maandag 4 januari"]


def test_other_peoples_words_are_cleaned() -> None:
    words = ReportWords(TEXTS, "nl", TUESDAY_10, clean=lambda text: text.replace("*", ""))
    assert words.told("report_answer", 3, "*Els*", "*hoi*\ntot zo") == (
        "Melding 3: Els schrijft je:",
        "> hoi\n> tot zo",
        "Wil je iets terugzeggen? Druk op 'Terugschrijven'.",
    )


def test_every_kind_that_waits_can_be_said() -> None:
    words = ReportWords(TEXTS, "nl", TUESDAY_10)
    for kind, values in (
        ("report_taken", {}),
        ("report_closed", {}),
        ("crisis_pupil", {}),
        ("pupil_note", {"text": "reports.seal.told", "number": "1"}),
    ):
        one = Waiting(kind, 1, 1, 1, None, TUESDAY_10, values)
        assert all(words.waiting(one))


KEYS = sorted(TEXTS.keys())
PUPIL_AREAS = ("page", "form", "receipt", "crisis", "dm", "told", "mine", "state")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_words_for_children_are_short_and_never_blame(language: str) -> None:
    keys = [key for key in KEYS if key.startswith(tuple(f"reports.{area}." for area in PUPIL_AREAS))]
    table = TEXTS._tables[language]
    for key in (*keys, "reports.seal.told", "error.report.empty", "error.report.long"):
        text = table[key]
        assert not re.search(r"dader|slachtoffer|aanklacht|geheim|victim|offender|secret", text.lower()), key
        for sentence in re.split(r"[.!?:]\s+|\n", text):
            assert len(sentence.split()) <= 16, (key, sentence)


def test_a_sentence_for_children_has_about_ten_words() -> None:
    keys = [key for key in KEYS if key.startswith(tuple(f"reports.{area}." for area in PUPIL_AREAS))]
    sentences = [one for key in keys for one in re.split(r"[.!?:]\s+", TEXTS._tables["nl"][key]) if one]
    assert sum(len(one.split()) for one in sentences) / len(sentences) < 8
