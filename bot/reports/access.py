"""Who may read a report: whom the pupil chose, and the coordinators; never those it is about."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import RowMapping

from bot.errors import NotAllowedError
from bot.people import Actor, Role, Verb, require
from bot.reports.receivers import SUPERVISOR


def require_reader(actor: Actor, row: RowMapping, about: Collection[str], verb: Verb = Verb.REPLY) -> None:
    """Go on only when this member of staff may do this with this report; ``about``: whom it is about.

    Raises ``NotAllowedError``: no rights here, the pupil chose somebody else, or the report is about this person (the
    words are the same, so that nobody learns what a report says from a refusal).
    """
    if actor.id in about:
        raise NotAllowedError("error.report.not_yours")
    roles = actor.roles(row["class_name"], owner=row["taken_by"])
    if _special(row) & roles:
        return
    require(actor, verb, row["class_name"], owner=row["taken_by"])
    if not _chosen(actor, row):
        raise NotAllowedError("error.report.not_yours")


def _special(row: RowMapping) -> set[Role]:
    """Return the roles that read this report besides: for staff matters, and when a pupil is in distress."""
    found = {Role.SUPERVISOR} if row["receiver"] == SUPERVISOR else set()
    return found | ({Role.CRISIS} if row["crisis"] else set())


def _chosen(actor: Actor, row: RowMapping) -> bool:
    roles = actor.roles(row["class_name"], owner=row["taken_by"])
    if roles & {Role.COORDINATOR, Role.OWNER}:
        return True
    return row["receiver"] is None or row["receiver"] == actor.id
