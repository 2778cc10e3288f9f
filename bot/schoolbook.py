"""The schools in use now: from school files at start, or from ``/setup``; a file wins over it."""

from __future__ import annotations

from bot.school import School, Schools


class SchoolBook:
    """Holds the present ``Schools``; replaced as a whole, so that a reader never sees half a change."""

    def __init__(self, schools: Schools | None = None) -> None:
        self._schools = schools or Schools()

    def current(self) -> Schools:
        """Return all schools."""
        return self._schools

    def put(self, school: School) -> None:
        """Add a school or replace it."""
        self._schools = self._schools.with_school(school)
