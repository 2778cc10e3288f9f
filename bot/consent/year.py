"""When a Dutch school year ends: by law on 31 July (Wet voortgezet onderwijs 2020, article 1.1; primary alike)."""

from __future__ import annotations

from datetime import date

LAST_MONTH, LAST_DAY = 7, 31


def end_of_school_year(day: date) -> date:
    """Return the last day of the school year in which a day lies."""
    end = date(day.year, LAST_MONTH, LAST_DAY)
    return end if day <= end else end.replace(year=day.year + 1)
