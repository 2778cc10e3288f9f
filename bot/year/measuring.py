"""How long people wait for a year's data, through the bot's own services; a bare row is the yardstick."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, select

from bot.commands.status_lines import lines
from bot.core import Core
from bot.people import Actor
from bot.privacy.retention import Retention
from bot.school import School
from bot.storage.engine import Database
from bot.storage.opening import Storage
from bot.storage.tables import alert, case_, fact, finding
from bot.texts import Texts

ROUNDS = 60
WRITE_S = 0.02
YARDSTICK = "yardstick"
WRITES = frozenset({"show", "case", "evidence"})
"""Questions whose asking is noted in the audit log: they are held against a bare write."""


@dataclass(frozen=True, slots=True)
class Night:
    """What a night's erasing took, how long an alert waited for it at most, how many rows went or changed."""

    seconds: float
    waited_s: float
    rows: int


class Asked:
    """Asks as the coordinator does, who may see everything. ``rounds``: how often each question."""

    def __init__(self, core: Core, storage: Storage, actor: Actor, texts: Texts, rounds: int = ROUNDS) -> None:
        self._core = core
        self._storage = storage
        self._actor = actor
        self._texts = texts
        self._rounds = rounds

    async def times(self) -> dict[str, list[float]]:
        """Return the milliseconds of every asking, by question."""
        cases, alerts, waiting = await self._ids()
        bare = select(finding).where(finding.c.id == await self._first_finding())
        core, actor, guild = self._core, self._actor, self._actor.school.guild
        questions: Mapping[str, Callable[[int], Awaitable[object]]] = {
            "bare": lambda _: self._row(bare),
            "bare_write": self._write,
            "queue": lambda _: core.review.queue(actor),
            "card": lambda turn: core.review.card(guild, alerts[turn % len(alerts)]),
            "show": lambda turn: core.review.show(actor, alerts[turn % len(alerts)]),
            "case": lambda turn: core.cases.reading.view(actor, cases[turn % len(cases)]),
            "evidence": lambda turn: core.cases.reading.evidence(actor, cases[turn % len(cases)]),
            "cases": lambda _: core.cases.reading.list(actor),
            "search": lambda turn: core.cases.reading.joinable(actor, waiting[turn % len(waiting)]),
            "audit": lambda _: core.audit.lines(guild),
            "due": lambda _: core.runner.due_count(),
            "status": lambda _: lines(self._storage.database, self._storage.clock.now(), self._texts, "nl"),
        }
        return {name: [await _took(ask, turn) for turn in range(self._rounds)] for name, ask in questions.items()}

    async def _ids(self) -> tuple[list[int], list[int], list[int]]:
        guild = self._actor.school.guild
        async with self._storage.database.read() as connection:
            cases = (await connection.execute(select(case_.c.id).where(case_.c.school == guild))).scalars().all()
            asked = select(alert.c.id, alert.c.state).where(alert.c.school == guild)
            rows = [(row.id, row.state) for row in await connection.execute(asked)]
        step = max(1, len(rows) // self._rounds)
        return list(cases[:: max(1, len(cases) // self._rounds)]), [one for one, _ in rows[::step]], _waiting(rows)

    async def _first_finding(self) -> int:
        async with self._storage.database.read() as connection:
            return int(await connection.scalar(select(finding.c.id).limit(1)) or 0)

    async def _write(self, turn: int) -> None:
        kept = {"name": YARDSTICK, "value": str(turn)}
        async with self._storage.database.write() as connection:
            await connection.execute(delete(fact).where(fact.c.name == YARDSTICK))
            await connection.execute(fact.insert().values(**kept))

    async def _row(self, asked: Select[Any]) -> object:
        async with self._storage.database.read() as connection:
            return (await connection.execute(asked)).first()


async def night(retention: Retention, database: Database, school: School) -> Night:
    """Let a night's erasing run, and meanwhile write as an alert would, to see how long that waits."""
    waits: list[float] = []
    writing = asyncio.create_task(_write_on(database, waits))
    began = time.perf_counter()
    try:
        counts = await retention.run(school)
    finally:
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writing
    return Night(time.perf_counter() - began, max(waits, default=0.0), sum(counts.values()))


async def _write_on(database: Database, waits: list[float]) -> None:
    while True:
        began = time.perf_counter()
        async with database.write():
            waits.append(time.perf_counter() - began)
        await asyncio.sleep(WRITE_S)


async def _took(ask: Callable[[int], Awaitable[object]], turn: int) -> float:
    began = time.perf_counter()
    await ask(turn)
    return (time.perf_counter() - began) * 1000


def _waiting(rows: Sequence[tuple[int, str]]) -> list[int]:
    """Return the alerts that wait, or the newest when none does."""
    return [one for one, state in rows if state == "open"] or [rows[-1][0]]
