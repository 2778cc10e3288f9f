"""Answering a look: it stopped, or it goes on; and the look as it is shown when it arrives."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.facts import Answer, FollowUpView
from bot.cases.looking import seen_since
from bot.cases.store import CaseStore, Standing
from bot.cases.turn import Log, Turn, cleaned
from bot.clock import Clock
from bot.errors import WrongStateError


class Answers:
    """Writes what was found at a look, inside the caller's transaction."""

    def __init__(self, *, store: CaseStore, log: Log, clock: Clock) -> None:
        self._store = store
        self._log = log
        self._clock = clock

    async def answer(self, turn: Turn, look: int, answer: Answer, note: str) -> None:
        """Answer a look once it came. Raises ``WrongStateError``: not yet, or somebody did."""
        self._log.step(turn)
        found = next((one for one in turn.standing.followups if one.id == look), None)
        if found is None or found.state == "done":
            raise WrongStateError("error.case.answered", number=turn.number)
        if found.state == "planned":
            day = turn.day(found.due_at).strftime("%d-%m-%Y")
            raise WrongStateError("error.case.early", number=turn.number, date=day)
        text = cleaned(note)
        facts: dict[str, Any] = {"state": "done", "outcome": answer, "answered_by": turn.actor.id, "note": text}
        facts["answered_at"] = self._clock.now()
        await self._store.change_followup(turn.connection, turn.actor.school.guild, look, **facts)
        await self._store.move(turn.connection, turn.standing)
        await self._log.event(turn, "followup", detail=answer.value, text=text)
        await self._log.note(turn, "followup")

    async def view(self, connection: AsyncConnection, standing: Standing, row: RowMapping) -> FollowUpView:
        """Return a look with what was seen up to now."""
        agreement = standing.agreement
        others = [look for look in standing.followups if look.id != row["id"]]
        return FollowUpView(
            followup=self._store.as_followup(row),
            case=standing.id,
            number=standing.row["number"],
            class_name=standing.row["class_name"],
            hurt=standing.hurt,
            did=standing.did,
            seen_now=await seen_since(connection, standing, row["seen_from"]),
            last=not any(look.state in {"planned", "due"} for look in others),
            agreement=agreement.text if agreement else None,
            agreement_date=agreement.date if agreement else None,
        )
