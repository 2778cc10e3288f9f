"""Dates as teachers write them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.cases.dates import named_day, read_date
from bot.errors import InputError
from tests.desks import TEXTS

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("01-12-2026", date(2026, 12, 1)),
        ("1/12/26", date(2026, 12, 1)),
        ("1-12", date(2026, 12, 1)),
        ("14-1", date(2027, 1, 14)),
        ("14 januari", date(2027, 1, 14)),
        ("dinsdag 1 december 2026", date(2026, 12, 1)),
        ("1 Maart", date(2027, 3, 1)),
        ("March 1, 2027", date(2027, 3, 1)),
        ("vandaag", TODAY),
        ("Morgen", date(2026, 11, 25)),
        ("over 2 weken", date(2026, 12, 8)),
        ("over een week", date(2026, 12, 1)),
        ("in 10 days", date(2026, 12, 4)),
        ("vrijdag", date(2026, 11, 27)),
        ("dinsdag", date(2026, 12, 1)),
        ("volgende week vrijdag", date(2026, 12, 4)),
        ("vrijdag volgende week", date(2026, 12, 4)),
        ("next week Friday", date(2026, 12, 4)),
    ],
)
def test_many_ways_to_write_a_day(written: str, day: date) -> None:
    assert read_date(written, TODAY) == day


@pytest.mark.parametrize("written", ["", "  ", "binnenkort", "31-02-2027", "0-0", "over 2", "over 9 eeuwen", "99999"])
def test_what_is_no_day_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(InputError) as told:
        read_date(written, TODAY)
    assert "08-12-2026" in TEXTS.get(told.value.key, "nl", **told.value.values)


@pytest.mark.parametrize("written", ["23-11-2026", "gisteren", "2025-12-01"])
def test_a_day_that_is_over_is_refused(written: str) -> None:
    with pytest.raises(InputError) as told:
        read_date(written, TODAY)
    assert told.value.key == "error.case.date_past"


def test_looking_back_a_day_without_a_year_is_the_last_one() -> None:
    assert named_day("20 november", TODAY, back=True) == date(2026, 11, 20)
    assert named_day("20 december", TODAY, back=True) == date(2025, 12, 20)
