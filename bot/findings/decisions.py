"""What people decided about findings, as scores and yes or no: what thresholds may learn from. No text is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.findings.facts import FindingState
from bot.school import AgeGroup, School
from bot.screening.propose import Decision
from bot.storage.tables import finding

MODEL = "model"
DECIDED = {FindingState.CASE: True, FindingState.DISMISSED: False}


async def decisions(connection: AsyncConnection, schools: Mapping[str, School]) -> list[Decision]:
    """Return a decision for each of the model's signals in the decided findings of these schools."""
    columns = (finding.c.school, finding.c.class_name, finding.c.state, finding.c.signals)
    asked = select(*columns).where(finding.c.school.in_(list(schools)), finding.c.state.in_(list(DECIDED)))
    found: list[Decision] = []
    for row in await connection.execute(asked):
        age, right = _age(schools[row.school], row.class_name), DECIDED[FindingState(row.state)]
        found += [_decision(signal, age, right=right) for signal in row.signals if signal.get("source") == MODEL]
    return found


def _decision(signal: Mapping[str, Any], age: AgeGroup, *, right: bool) -> Decision:
    return Decision(str(signal["signal"]), float(signal["score"]), right, age)


def _age(school: School, class_name: str | None) -> AgeGroup:
    known = (room.age_group for room in school.classes if room.name == class_name)
    return next(known, AgeGroup.SECONDARY)
