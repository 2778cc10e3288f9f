"""A file that nobody looked at in time is looked at when the machine is free; then its message comes back or not.

Timer ``media_look``: busy still -> later, so often; looked at -> what was seen in it decides, as for any other file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.opening import Alerts
from bot.alerts.outbox import Outbox, Priority
from bot.clock import Clock
from bot.errors import NotFoundError
from bot.media.config import Action, MediaConfig
from bot.media.decide import BUSY, Looked, Why, of_reasons
from bot.media.facts import MediaFacts, MediaKind
from bot.media.judging import MediaJudge
from bot.media.patience import Onlooker
from bot.media.store import HoldState, HoldStore, held_file
from bot.media.tally import unseen
from bot.media.unreadable import Reason, told
from bot.media.using import ConsentUse
from bot.media.writing import LOOK, LOOK_AFTER, Arrived, MediaWriter
from bot.ports import ChatMessage, Person, Receiver, Surface, SurfaceKind
from bot.reports.kept import FileStore, loose
from bot.school import School, Schools
from bot.screening.verdict import Severity
from bot.storage.audit import PROGRAM
from bot.storage.engine import Database
from bot.storage.tables import alert
from bot.timers import Timers

POST = "media_post"
APPROVED = "approved"
TRIES = 20
LOOK_S = 90.0
"""Seconds for one file, a fresh child process included; the limits of one file end the look before that."""


@dataclass(frozen=True, slots=True)
class Again:
    """What a new look brought. ``files``: of the hold, as they are kept now; ``seen``: those that were looked at."""

    files: list[dict[str, Any]]
    seen: tuple[Looked, ...]
    waiting: bool


class LooksAgain:
    """Does the timer."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        store: HoldStore,
        judge: MediaJudge,
        writer: MediaWriter,
        uses: ConsentUse,
        alerts: Alerts,
        outbox: Outbox,
        timers: Timers,
        files: FileStore,
        schools: Callable[[], Schools],
        onlooker: Onlooker,
        config: MediaConfig,
    ) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._judge = judge
        self._writer = writer
        self._uses = uses
        self._alerts = alerts
        self._outbox = outbox
        self._timers = timers
        self._files = files
        self._schools = schools
        self._onlooker = onlooker
        self._config = config

    async def due(self, subject: int, school: str) -> None:
        """Look at the files of a hold that nobody looked at yet (``media_look``)."""
        facts = self._schools().get(school)
        async with self._database.read() as connection:
            try:
                row = await self._store.get(connection, school, subject)
            except NotFoundError:
                return  # erased meanwhile
        waits = any(file["error"] == BUSY for file in row["files"])
        if facts is None or not waits or not HoldState(row["state"]).undecided:
            return
        if row["state"] == HoldState.TAKING or not (self._onlooker.free or _last(row)):
            await self._later(row, _tried(row["files"]))
            return
        again = await self._look(row)
        if again.waiting:
            await self._later(row, again.files)
        else:
            await self._settle(facts, row, again)

    async def _later(self, row: RowMapping, files: list[dict[str, Any]]) -> None:
        async with self._database.write() as connection:
            fresh = await self._store.get(connection, row["school"], row["id"])
            await self._store.change(connection, fresh, files=files)
            await self._timers.plan(connection, row["school"], LOOK, row["id"], self._clock.now() + LOOK_AFTER)

    async def _look(self, row: RowMapping) -> Again:
        names, files, seen, waiting = self._store.told(row).files, [], list[Looked](), False
        for place, file in enumerate(row["files"]):
            if file["error"] != BUSY:
                files.append(file)
                continue
            name = names[place] if place < len(names) else ""
            one = await self._one(row, name, file)
            waiting |= one.facts.error == BUSY
            seen.append(one)
            files.append({**_held(one.facts, file), "tries": file.get("tries", 0) + 1})
        return Again(files, tuple(seen), waiting)

    async def _one(self, row: RowMapping, name: str, file: dict[str, Any]) -> Looked:
        try:
            content = await self._files.read(row["school"], file["kept"] or "")
        except (NotFoundError, OSError):
            return Looked(name, None, unseen(name, MediaKind(file["kind"]), file["sha256"], Reason.GONE))
        facts = await self._onlooker.look(name, content, LOOK_S)
        if facts.error == BUSY and _last(row):
            facts = replace(facts, error=told(Reason.TOO_SLOW))
        return Looked(name, content, facts)

    async def _settle(self, school: School, row: RowMapping, again: Again) -> None:
        gone: Sequence[str] = ()
        async with self._database.write() as connection:
            fresh = await self._store.get(connection, school.guild, row["id"])
            if not HoldState(fresh["state"]).undecided:
                return
            arrived = await self._arrived(connection, school, fresh, again.seen)
            seen = (await self._judge.judge(connection, arrived)).decision.reasons
            left = [Why(why) for why in fresh["reasons"] if why != Why.WAITING]
            decision = of_reasons(tuple(dict.fromkeys([*left, *seen])), self._config, by_staff=arrived.by_staff)
            fine = decision.action is Action.PASS
            if decision.action is Action.FLAG and fresh["state"] == HoldState.HELD:  # out already: a person must answer
                decision = replace(decision, action=Action.HOLD, severity=Severity.ALERT)
            bare = fresh["state"] == HoldState.FLAGGED if fine else decision.private and not self._config.nudity.keep
            files = [{**file, "kept": None} for file in again.files] if bare else again.files
            if fine:
                await self._let_back(connection, school, fresh, files)
            else:
                await self._writer.settle(connection, arrived, decision, files, fresh)
                await self._tell_pupil(connection, fresh, private=decision.private)
            if bare:
                names = {file["kept"] for file in fresh["files"] if file["kept"]}
                gone = await loose(connection, school.guild, names)
        for name in gone:
            await self._files.forget(school.guild, name)

    async def _let_back(
        self, connection: AsyncConnection, school: School, row: RowMapping, files: list[dict[str, Any]]
    ) -> None:
        """Nothing was wrong with it: post it again, or where it still stands let it stand."""
        done = {"state": HoldState.APPROVED, "decided_by": PROGRAM, "decided_at": self._clock.now()}
        await self._store.change(connection, row, files=files, **done)
        await self._alerts.close(connection, school.guild, row["alert"], APPROVED, PROGRAM)
        if row["state"] == HoldState.FLAGGED:
            await self._uses.note(connection, school, row, row["message"])
        else:
            await self._timers.plan(connection, school.guild, POST, row["id"], self._clock.now())

    async def _tell_pupil(self, connection: AsyncConnection, row: RowMapping, *, private: bool) -> None:
        if row["state"] != HoldState.HELD:
            return  # the timer that takes it out tells it
        values = {"text": f"media.pupil.{'private' if private else 'held'}"}
        about = (row["school"], "media_held", row["id"], Receiver("user", row["author"]))
        await self._outbox.enqueue(connection, *about, values=values, priority=Priority.PUPIL)

    async def _arrived(
        self, connection: AsyncConnection, school: School, row: RowMapping, seen: tuple[Looked, ...]
    ) -> Arrived:
        caption = self._store.told(row).caption
        message = ChatMessage(
            school=school.guild,
            channel=row["channel"],
            id=row["message"],
            author=Person(row["author"], ""),
            at=row["said_at"],
            surfaces=(Surface(SurfaceKind.TEXT, caption),),
        )
        out = await connection.scalar(select(alert.c.left_out).where(alert.c.id == row["alert"]))
        room = school.class_named(row["class_name"]) or school.classes[0]  # classes were renamed meanwhile
        return Arrived(message, school, room, seen, by_staff=row["author"] in (out or ()))


def _tried(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**file, "tries": file.get("tries", 0) + 1} if file["error"] == BUSY else file for file in files]


def _last(row: RowMapping) -> bool:
    return all(file.get("tries", 0) + 1 >= TRIES for file in row["files"] if file["error"] == BUSY)


def _held(facts: MediaFacts, file: dict[str, Any]) -> dict[str, Any]:
    fresh = held_file(facts, file["size"], file["kept"])
    return {name: getattr(fresh, name) for name in fresh.__dataclass_fields__}
