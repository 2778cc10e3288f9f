"""School time, also in the nights in which the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.alerts.hours import add_school_minutes, is_open, next_morning, next_open
from tests.builders import a_school

SCHOOL = a_school()


def at(text: str) -> datetime:
    """A moment in the school's own time."""
    return datetime.fromisoformat(text).replace(tzinfo=SCHOOL.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-24T08:14", False),
        ("2026-11-24T08:15", True),
        ("2026-11-24T15:29", True),
        ("2026-11-24T15:30", False),
        ("2026-11-28T10:00", False),
        ("2026-12-22T10:00", False),
    ],
)
def test_school_is_open_on_school_days_between_its_hours(moment: str, opened: bool) -> None:
    assert is_open(SCHOOL, at(moment)) == opened


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24T10:00", "2026-11-24T10:00"),
        ("2026-11-24T20:00", "2026-11-25T08:15"),
        ("2026-11-24T06:00", "2026-11-24T08:15"),
        ("2026-11-27T16:00", "2026-11-30T08:15"),
        ("2026-12-18T16:00", "2027-01-04T08:15"),
        ("2026-03-27T16:00", "2026-03-30T08:15"),
        ("2026-10-23T16:00", "2026-10-26T08:15"),
    ],
)
def test_it_opens_next_on_the_following_school_day(moment: str, opens: str) -> None:
    assert next_open(SCHOOL, at(moment)) == at(opens)


@pytest.mark.parametrize(
    ("moment", "minutes", "ends"),
    [
        ("2026-11-24T10:00", 30, "2026-11-24T10:30"),
        ("2026-11-24T15:20", 30, "2026-11-25T08:35"),
        ("2026-11-27T15:20", 30, "2026-11-30T08:35"),
        ("2026-10-23T15:00", 435, "2026-10-26T15:00"),
    ],
)
def test_minutes_count_only_while_school_is_open(moment: str, minutes: int, ends: str) -> None:
    assert add_school_minutes(SCHOOL, at(moment), minutes) == at(ends)


def test_the_next_morning_is_never_this_one() -> None:
    assert next_morning(SCHOOL, at("2026-11-24T08:15")) == at("2026-11-25T08:15")


def test_a_school_that_never_opens_holds_up_nothing() -> None:
    closed = a_school(holidays=["2026-11-01/2027-10-30", "2027-10-31/2028-10-29"])
    assert next_open(closed, at("2026-11-24T10:00")) == at("2026-11-24T10:00")
