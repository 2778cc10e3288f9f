"""Dates as people write them: 2027-01-14, 14-01-2027, 14 januari, over 2 weken, morgen, volgende week vrijdag."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.errors import InputError

FURTHEST = timedelta(days=366)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{2}|\d{4}))?")
_NAMED = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:st|nd|rd|th|e)? ([a-z]+)\.?(?: (\d{4}))?")
_NAMED_FIRST = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?")
_SPAN = re.compile(r"(?:over|in|na|after) (\d{1,3}|een|één|a|one|twee|two|drie|three|vier|four) (\w+)")
_NEXT = re.compile(
    r"(?:(volgende week|next week|komende|aanstaande|next|coming) )?([a-z]+)(?: (volgende week|next week))?"
)
_COUNTS = {"een": 1, "één": 1, "a": 1, "one": 1, "twee": 2, "two": 2, "drie": 3, "three": 3, "vier": 4, "four": 4}
_UNITS = {"dag": 1, "dagen": 1, "day": 1, "days": 1, "week": 7, "weken": 7, "weeks": 7}
_UNITS |= {"maand": 30, "maanden": 30, "month": 30, "months": 30}
_WORDS = {"gisteren": -1, "yesterday": -1, "vandaag": 0, "today": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2}
_WORDS |= {"volgende week": 7, "next week": 7}
_MONTHS = ("jan", "feb", "maart|mrt|mar", "apr", "mei|may", "jun", "jul", "aug", "sep", "okt|oct", "nov", "dec")
_DAYS = ("ma|mo", "di|tu", "wo|we", "do|th", "vr|fr", "za|sa", "zo|su")


def read_date(text: str, today: date) -> date:
    """Return the day that a text names.

    Raises
    ------
    InputError: it names no day, a day that is over, or one more than a year away; the words say what to write.
    """
    plain = " ".join(text.casefold().split())
    if not plain:
        raise InputError("error.case.date_missing", example=_example(today))
    found = named_day(plain, today)
    if found is None:
        raise InputError("error.case.date_unclear", example=_example(today))
    if found < today:
        raise InputError("error.case.date_past", date=found.strftime("%d-%m-%Y"), example=_example(today))
    if found - today > FURTHEST:
        raise InputError("error.case.date_far", date=found.strftime("%d-%m-%Y"))
    return found


def named_day(text: str, today: date, *, back: bool = False) -> date | None:
    """Return the day that a text names, None when it names none. Without a year: the next such day, or the last."""
    plain = " ".join(text.casefold().split())
    found = _exact(plain, today) or _spoken(plain, today)
    if found is None or not back or found <= today or str(found.year) in plain:
        return found
    return _day(found.year - 1, found.month, found.day)


def _exact(text: str, today: date) -> date | None:
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(text):
        year = int(match[3]) if match[3] else None
        return _in_year(today, year + 2000 if year is not None and year < 100 else year, int(match[2]), int(match[1]))  # noqa: PLR2004 - two digits
    if match := _NAMED.fullmatch(text):
        return _in_year(today, int(match[3]) if match[3] else None, _month(match[2]), int(match[1]))
    if match := _NAMED_FIRST.fullmatch(text):
        return _in_year(today, int(match[3]) if match[3] else None, _month(match[1]), int(match[2]))
    return None


def _spoken(text: str, today: date) -> date | None:
    if text in _WORDS:
        return today + timedelta(days=_WORDS[text])
    if (match := _SPAN.fullmatch(text)) and match[2] in _UNITS:
        count = _COUNTS.get(match[1]) or int(match[1])
        return today + timedelta(days=count * _UNITS[match[2]])
    if match := _NEXT.fullmatch(text):
        return _weekday(match[2], today, in_next_week="week" in (match[1] or "") + (match[3] or ""))
    return None


def _weekday(name: str, today: date, *, in_next_week: bool) -> date | None:
    number = next((n for n, starts in enumerate(_DAYS) if re.match(rf"(?:{starts})\w*", name)), None)
    if number is None or len(name) < 4:  # noqa: PLR2004 - "do" or "we" alone is no day
        return None
    if in_next_week:
        return today - timedelta(days=today.weekday()) + timedelta(days=7 + number)
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _month(name: str) -> int:
    return next((number for number, starts in enumerate(_MONTHS, 1) if re.match(rf"(?:{starts})", name)), 0)


def _in_year(today: date, year: int | None, month: int, day: int) -> date | None:
    if year is not None:
        return _day(year, month, day)
    found = _day(today.year, month, day)
    return _day(today.year + 1, month, day) if found is not None and found < today else found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _example(today: date) -> str:
    return (today + timedelta(days=14)).strftime("%d-%m-%Y")
