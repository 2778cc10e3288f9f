"""One person's turn at a case: who, which case as it stands now, and the transaction in which it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.protocol import Protocol, Protocols, Step
from bot.cases.store import CaseStore, Spot, Standing
from bot.errors import InputError, WrongStateError
from bot.people import Actor
from bot.reports.told import visible
from bot.storage.audit import Audit

NOTE_LIMIT = 4000  # characters; what a form of the platform holds


@dataclass(frozen=True, slots=True)
class Turn:
    """Who does something with which case."""

    connection: AsyncConnection
    actor: Actor
    standing: Standing

    @property
    def number(self) -> int:
        """The case's number, as people know it."""
        found: int = self.standing.row["number"]
        return found

    def day(self, moment: datetime) -> date:
        """Return the school's day of a moment."""
        return moment.astimezone(self.actor.school.zone).date()


class Log:
    """Finds the step of a turn, and writes down what happened: in the case and in the audit log."""

    def __init__(self, *, store: CaseStore, audit: Audit, protocols: Callable[[], Protocols]) -> None:
        self._store = store
        self._audit = audit
        self._protocols = protocols

    def protocol(self, school: str) -> Protocol:
        """Return the protocol of a school."""
        return self._protocols().of(school)

    def step(self, turn: Turn, step: str | None = None) -> Step:
        """Return the step where a case stands.

        Raises
        ------
        WrongStateError: the case is not open, or the person saw another step; says where the case is now.
        """
        if not turn.standing.open:
            raise WrongStateError("error.case.closed", number=turn.number)
        here = self.protocol(turn.actor.school.guild).at(turn.standing.step)
        if step is not None and step not in {turn.standing.step, here.id}:
            title = here.words(turn.actor.language).title
            raise WrongStateError("error.case.elsewhere", number=turn.number, step=here.id, title=title)
        return here

    async def event(self, turn: Turn, action: str, **facts: Any) -> None:
        """Write down in the case that something happened; ``facts``: detail, text, date."""
        spot = Spot(turn.actor.school.guild, turn.standing.id, turn.standing.step)
        await self._store.say(turn.connection, spot, action, turn.actor.id, **facts)

    async def note(self, turn: Turn, verb: str) -> None:
        """Write down in the audit log that somebody did something."""
        await self._audit.note(
            turn.connection, turn.actor.school.guild, turn.actor.id, verb, f"case:{turn.standing.id}"
        )


def cleaned(text: str) -> str:
    """Return a text without what surrounds it; one that shows nothing is empty. Raises ``InputError``: too long."""
    clean = text.replace("\x00", "").strip()
    if len(clean) > NOTE_LIMIT:
        raise InputError("error.case.long", limit=NOTE_LIMIT, length=len(clean))
    return clean if visible(clean) else ""


def required(text: str, key: str, **values: object) -> str:
    """Return a cleaned text. Raises ``InputError`` when it shows nothing."""
    clean = cleaned(text)
    if not clean:
        raise InputError(key, **values)
    return clean
