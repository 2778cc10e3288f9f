"""Going through the steps: done, skipped with a reason, back, closed, opened again.

Each change names the step that the person saw, and goes through only when the case still stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.cases.conditions import met
from bot.cases.dates import read_date
from bot.cases.facts import Answer, CaseState
from bot.cases.looking import Looks
from bot.cases.path import step_before
from bot.cases.protocol import CLOSE, Step
from bot.cases.store import CaseStore, Standing
from bot.cases.turn import Log, Turn, cleaned, required
from bot.clock import Clock
from bot.errors import InputError, WrongStateError
from bot.texts import Texts

STOPPED = "stopped"
REPORTED = "reported"  # to the police
REASON = "reason"
"""How a case can end."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was filled in with a step: cleaned words and a day."""

    text: str
    day: date | None = None


class Walk:
    """Moves a case, inside the caller's transaction."""

    def __init__(self, *, store: CaseStore, log: Log, looks: Looks, texts: Texts, clock: Clock) -> None:
        self._store = store
        self._log = log
        self._looks = looks
        self._texts = texts
        self._clock = clock

    async def done(self, turn: Turn, step: str, note: str, when: str) -> str | None:
        """Go on to the next step; returns the outcome when that was the last one."""
        here = self._log.step(turn, step)
        self._ready(turn, here)
        said = self._said(turn, here, note, when)
        if here.next == CLOSE and here.followups:
            await self._finish_looks(turn, said)
        if said.day:
            await self._log.event(turn, "agreement", text=said.text, date=said.day.isoformat())
            said = Said("", said.day)
        await self._go(turn, "done", here.next, said)
        return (STOPPED if here.followups else REPORTED) if here.next == CLOSE else None

    async def skip(self, turn: Turn, step: str, reason: str) -> str | None:
        """Leave a step out, with a reason; returns the outcome when that was the last one."""
        here = self._log.step(turn, step)
        to = here.skip_to or here.next
        await self._go(turn, "skip", to, Said(required(reason, "error.case.skip_reason")))
        return REASON if to == CLOSE else None

    async def back(self, turn: Turn, step: str, reason: str) -> None:
        """Go back to the step before; looks that wait are taken back."""
        here = self._log.step(turn, step)
        before = step_before(self._log.protocol(turn.actor.school.guild), turn.standing.events, here.id)
        if before is None:
            raise WrongStateError("error.case.first", number=turn.number)
        if here.followups:
            await self._looks.drop(turn)
        await self._go(turn, "back", before, Said(cleaned(reason)))

    async def go_on(self, turn: Turn, step: str, to: str) -> None:
        """Take another way because it did not stop: to the police step, or back to the agreements."""
        here = self._log.step(turn, step)
        if to not in here.goes_on:
            raise WrongStateError("error.case.no_way", number=turn.number, step=to)
        if self._log.protocol(turn.actor.school.guild).at(to).date != "none":
            await self._looks.drop(turn)
        await self._go(turn, "goes_on", to, Said(""))

    async def close(self, turn: Turn, step: str, reason: str) -> None:
        """Close a case; a reason is needed unless the looks found that it stopped."""
        here = self._log.step(turn, step)
        stopped = bool(here.followups) and finished(turn.standing)
        words = cleaned(reason) if stopped else required(reason, "error.case.close_reason")
        await self.end(turn, STOPPED if stopped else REASON, words)

    async def end(self, turn: Turn, outcome: str, words: str) -> None:
        """Write down that a case is closed; looks that wait are taken back."""
        await self._looks.drop(turn)
        facts = {"state": CaseState.CLOSED, "closed_at": self._clock.now(), "outcome": outcome}
        await self._store.move(turn.connection, turn.standing, **facts)
        await self._log.event(turn, "closed", detail=outcome, text=words)
        await self._log.note(turn, "close_case")

    async def reopen(self, turn: Turn, reason: str) -> None:
        """Open a closed case where it was; its looks are planned anew."""
        if turn.standing.open:
            raise WrongStateError("error.case.open", number=turn.number)
        words = required(reason, "error.case.reopen_reason")
        facts = {"state": CaseState.OPEN, "closed_at": None, "outcome": None}
        await self._store.move(turn.connection, turn.standing, **facts)
        await self._log.event(turn, "reopened", text=words)
        await self._log.note(turn, "reopen_case")
        here = self._log.protocol(turn.actor.school.guild).at(turn.standing.step)
        if here.followups:
            await self._looks.plan(turn, here, None)

    def _ready(self, turn: Turn, here: Step) -> None:
        missing = next((key for key in here.needs if not met(turn.standing, key)), None)
        if missing is None:
            return
        mark, language = here.check_mark(missing), turn.actor.language
        label = mark.label(language) if mark else self._texts.get(f"cases.need.{missing}", language)
        raise WrongStateError("error.case.not_ready", number=turn.number, need=label)

    def _said(self, turn: Turn, here: Step, note: str, when: str) -> Said:
        hint = here.words(turn.actor.language).note_hint
        text = required(note, "error.case.note", hint=hint) if here.note == "required" else cleaned(note)
        if here.date == "none" or (here.date == "optional" and not when.strip()):
            return Said(text)
        return Said(text, read_date(when, turn.day(self._clock.now())))

    async def _finish_looks(self, turn: Turn, said: Said) -> None:
        """Answer the looks that came with "it stopped"; ending before the last look needs words."""
        looks = turn.standing.followups
        upcoming = next((look for look in looks if look.state == "planned"), None)
        if upcoming and not said.text:
            raise InputError("error.case.looks_left", date=turn.day(upcoming.due_at).strftime("%d-%m-%Y"))
        now = self._clock.now()
        for look in (look for look in looks if look.state == "due"):
            facts: dict[str, Any] = {"state": "done", "outcome": Answer.STOPPED, "answered_by": turn.actor.id}
            facts |= {"answered_at": now, "note": said.text}
            await self._store.change_followup(turn.connection, turn.actor.school.guild, look.id, **facts)

    async def _go(self, turn: Turn, action: str, to: str, said: Said) -> None:
        day = said.day.isoformat() if said.day else None
        await self._log.event(turn, action, detail=to, text=said.text, date=day)
        if to == CLOSE:
            return
        await self._store.move(turn.connection, turn.standing, step=to)
        await self._log.note(turn, "case_step")
        target = self._log.protocol(turn.actor.school.guild).at(to)
        if target.followups and not waiting(turn.standing):
            await self._looks.plan(turn, target, said.day or _agreed(turn.standing))


def waiting(standing: Standing) -> bool:
    """Tell whether a look is planned or came without an answer yet."""
    return any(look.state in {"planned", "due"} for look in standing.followups)


def finished(standing: Standing) -> bool:
    """Tell whether all looks came and the last answer was that it stopped."""
    return standing.looked_back and not waiting(standing)


def _agreed(standing: Standing) -> date | None:
    event = standing.agreement
    return date.fromisoformat(event.date) if event and event.date else None
