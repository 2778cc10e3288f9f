"""Who may do what with one alert: the table of ``bot.people``, and what this alert adds to it.

A private alert is only for its people; whoever it is about never decides; after somebody claimed it, only they, the
class teachers and a coordinator decide.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Row

from bot.errors import InputError, NotAllowedError, TakenError
from bot.findings.facts import AlertKind
from bot.people import Actor, Role, Verb, require

_PRIVATE_VERBS = {AlertKind.CRISIS: Verb.CRISIS_CARD, AlertKind.STAFF: Verb.STAFF_CARD}
_OVER_A_CLAIM = frozenset({Role.TEACHER, Role.SECOND, Role.OWNER, Role.COORDINATOR})
LONGEST_REASON = 1000
AnyRow = Row[tuple[object, ...]]


def require_for(actor: Actor, verb: Verb, row: AnyRow, about: Collection[str]) -> None:
    """Go on only when this person may do this with this alert (``about``: whom it is about).

    Raises ``NotAllowedError``. A time-out always asks for its own right, also on a private card.
    """
    extra = frozenset({Role.FLAGGED}) if actor.id in about else frozenset()
    private = _PRIVATE_VERBS.get(row.kind)
    if private is None and row.receivers and not _told_privately(actor, row):
        raise NotAllowedError("error.alert.private")
    if private is not None and actor.holds(tuple(row.receivers)):
        extra |= {Role.CRISIS if private is Verb.CRISIS_CARD else Role.SUPERVISOR}
    elif row.receivers and actor.staff and actor.holds(tuple(row.receivers)):
        extra |= {Role.OWNER}
    require(actor, private or verb, row.class_name, owner=row.claimed_by, extra=extra)
    if verb is Verb.TIME_OUT:
        require(actor, verb, row.class_name, owner=row.claimed_by, extra=extra)


def require_decision(actor: Actor, verb: Verb, row: AnyRow, about: Collection[str]) -> None:
    """Go on only when this person may decide about this alert now. Raises ``NotAllowedError``, ``TakenError``."""
    require_for(actor, verb, row, about)
    roles = actor.roles(row.class_name, owner=row.claimed_by)
    if row.claimed_by and row.state == "claimed" and roles.isdisjoint(_OVER_A_CLAIM):
        raise TakenError("error.alert.taken", who=row.claimed_by)


def wanted(text: str) -> str:
    """Return a reason that was filled in. Raises ``InputError``: empty or too long."""
    told = text.strip()
    if not told:
        raise InputError("error.alert.reason_empty")
    if len(told) > LONGEST_REASON:
        raise InputError("error.alert.reason_long", limit=LONGEST_REASON)
    return told


def _told_privately(actor: Actor, row: AnyRow) -> bool:
    return actor.holds(tuple(row.receivers)) or Role.COORDINATOR in actor.roles()
