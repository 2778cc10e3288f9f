"""When somebody looks at a report: now, or when the school opens next."""

from __future__ import annotations

from datetime import datetime

from bot.alerts.hours import is_open, next_open
from bot.reports.facts import LookMoment
from bot.school import School


def look_moment(school: School, now: datetime) -> LookMoment:
    """Return whether the school is open, and else when it opens next."""
    at = next_open(school, now)
    return LookMoment(open_now=is_open(school, now), at=at, local=at.astimezone(school.zone), hours=school.hours)
