"""School time: when the school is open, when it opens next, and minutes that count only while it is open.

Days begin and end on the school's own clock; what lies between two moments is counted in real minutes, so the nights
in which the clock changes make no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.school import School

LONGEST_BREAK_DAYS = 400  # longer than any holidays in a school file


def is_open(school: School, moment: datetime) -> bool:
    """Tell whether there is school at a moment."""
    local = moment.astimezone(school.zone)
    return school.is_school_day(local.date()) and school.opens <= local.time() < school.closes


def next_open(school: School, moment: datetime) -> datetime:
    """Return the moment itself when the school is open then, else when it opens next (UTC)."""
    return next((max(start, moment) for start, end in _days(school, moment) if end > moment), moment)


def next_morning(school: School, moment: datetime) -> datetime:
    """Return when the next school day begins, this one left out (UTC)."""
    return next((start for start, _ in _days(school, moment) if start > moment), moment + timedelta(days=1))


def add_school_minutes(school: School, moment: datetime, minutes: int) -> datetime:
    """Return the moment at which the school has been open for so many minutes since ``moment`` (UTC)."""
    left = timedelta(minutes=minutes)
    for start, end in _days(school, moment):
        begin = max(start, moment)
        if end <= begin:
            continue
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return moment + left


def _days(school: School, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    first = moment.astimezone(school.zone).date()
    for day in (first + timedelta(days=number) for number in range(LONGEST_BREAK_DAYS)):
        if school.is_school_day(day):
            opens = datetime.combine(day, school.opens, school.zone).astimezone(UTC)
            yield opens, datetime.combine(day, school.closes, school.zone).astimezone(UTC)
