"""Writes a decision down: files kept, hold, finding, alert and what is said about it, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.hours import add_school_minutes
from bot.alerts.opening import LADDER, Alerts, NewAlert
from bot.clock import Clock, Ids
from bot.findings.evidence import EvidenceStore
from bot.findings.facts import AlertKind, FindingState, Outcome
from bot.findings.recording import find
from bot.media.config import Action, MediaConfig
from bot.media.decide import Decision, Looked, Why, signals
from bot.media.store import HeldFile, HoldState, HoldStore, Told, held_file
from bot.ports import ChatMessage, SurfaceKind
from bot.reports.kept import FileStore
from bot.school import ClassRoom, School
from bot.screening.verdict import Severity, Signal
from bot.storage.tables import alert, finding
from bot.timers import Timers

TAKE = "media_take"
REMIND = "media_remind"
SECOND = "media_second"
LOOK = "media_look"
LOOK_AFTER = timedelta(seconds=30)
MORE = "media.why.more"
LOOKED = "media.why.looked"
_CAPTIONS = frozenset({SurfaceKind.TEXT, SurfaceKind.FORWARD})  # what is posted again beside the files
WITHOUT_LADDER = {"next_rung_at": None}


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message with media, where it stands, and what was seen in its files."""

    message: ChatMessage
    school: School
    room: ClassRoom
    looked: tuple[Looked, ...]
    by_staff: bool = False
    links: int = 0
    objector: str = ""


class MediaWriter:
    """Writes rows; nothing is taken out of a channel before its row is committed."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        store: HoldStore,
        alerts: Alerts,
        evidence: EvidenceStore,
        timers: Timers,
        files: FileStore,
        config: MediaConfig,
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._store = store
        self._alerts = alerts
        self._evidence = evidence
        self._timers = timers
        self._files = files
        self._config = config

    async def keep(self, arrived: Arrived, decision: Decision) -> tuple[HeldFile, ...]:
        """Keep the files, encrypted; of what may be nudity only the hash and the facts, unless the board decided."""
        kept = []
        for one in arrived.looked:
            bare = decision.private and not self._config.nudity.keep
            content = None if bare else one.content
            name = await self._files.keep(arrived.school.guild, content) if content is not None else None
            kept.append(held_file(one.facts, len(one.content or b""), name))
        return tuple(kept)

    async def write(
        self, connection: AsyncConnection, arrived: Arrived, decision: Decision, files: Sequence[HeldFile]
    ) -> int:
        """Write hold, finding and alert, plan what follows, and return the hold."""
        message, school = arrived.message, arrived.school.guild
        told = Told(_caption(message), tuple(one.name for one in arrived.looked), objector=arrived.objector)
        state = _state(decision)
        where = {"class_name": arrived.room.name, "channel": message.channel, "message": message.id}
        what = {"author": message.author.id, "state": state, "severity": decision.severity.value}
        why = {"reasons": [one.value for one in decision.reasons], "private": decision.private}
        mark = self._store.mark(school, arrived.objector) if arrived.objector else None
        facts: dict[str, Any] = {**where, **what, **why, "objector_mark": mark, "said_at": message.at}
        hold = await self._store.add(connection, school, told, files, **facts)
        number = await self._alert(connection, arrived, decision, hold)
        seen = await self._finding(connection, arrived, decision, number)
        row = await self._store.get(connection, school, hold)
        await self._store.change(connection, row, alert=number, finding=seen)
        await self._remember(connection, decision, row)
        await self._plan(connection, arrived, decision, hold)
        return hold

    async def add(
        self,
        connection: AsyncConnection,
        arrived: Arrived,
        decision: Decision,
        files: Sequence[HeldFile],
        row: RowMapping,
    ) -> None:
        """Add the files that an edit brought to a message whose hold is known; it waits for an answer again."""
        files = [file for file in files if file.sha256 not in {known["sha256"] for known in row["files"]}]
        if not files:
            return
        told = self._store.told(row)
        told = replace(told, caption=_caption(arrived.message), files=(*told.files, *(o.name for o in arrived.looked)))
        worst = max(Severity(row["severity"]), decision.severity, key=lambda severity: severity.rank)
        reasons = list(dict.fromkeys([*row["reasons"], *(one.value for one in decision.reasons)]))
        facts: dict[str, Any] = {"state": _state(decision), "severity": worst.value, "reasons": reasons}
        facts |= {"files": [*row["files"], *map(asdict, files)], "told_sealed": self._store.sealed_told(row, told)}
        number = await self._alert_again(connection, arrived, decision, row, MORE)
        facts |= {"alert": number, "private": row["private"] or decision.private, "decided_by": None}
        await self._store.change(connection, row, **facts)
        await self._finding(connection, arrived, decision, number)
        await self._remember(connection, decision, await self._store.get(connection, row["school"], row["id"]))
        await self._plan(connection, arrived, decision, row["id"])

    async def settle(
        self,
        connection: AsyncConnection,
        arrived: Arrived,
        decision: Decision,
        files: Sequence[dict[str, Any]],
        row: RowMapping,
    ) -> None:
        """Write down what a later look at the files of a hold brought; whoever answers is told now."""
        number = await self._alert_again(connection, arrived, decision, row, LOOKED)
        facts: dict[str, Any] = {"files": list(files), "alert": number, "severity": decision.severity.value}
        facts |= {"reasons": [one.value for one in decision.reasons], "private": row["private"] or decision.private}
        facts["state"] = HoldState.HELD if row["state"] == HoldState.HELD else _state(decision)
        await self._store.change(connection, row, **facts)
        await self._finding(connection, arrived, decision, number)
        await self._remember(connection, decision, await self._store.get(connection, row["school"], row["id"]))
        await self._plan(connection, arrived, decision, row["id"])

    async def _alert_again(
        self, connection: AsyncConnection, arrived: Arrived, decision: Decision, row: RowMapping, why: str
    ) -> int:
        number: int = row["alert"]
        if not decision.private or row["private"]:
            await self._alerts.open_again(connection, row["school"], number, decision.severity, why)
            return number
        moved = {"state": "closed", "outcome": Outcome.MOVED, "closed_at": self._clock.now()}
        await connection.execute(update(alert).where(alert.c.id == number).values(**moved))
        await self._alerts.stop(connection, row["school"], number)
        await self._alerts.changed(connection, row["school"], number)
        return await self._alert(connection, arrived, decision, row["id"])  # others have the cards of the first

    async def _remember(self, connection: AsyncConnection, decision: Decision, row: RowMapping) -> None:
        if decision.private or Why.OBJECTION in decision.reasons or Why.COPY in decision.reasons:
            await self._store.remember_removed(connection, row)

    async def _alert(self, connection: AsyncConnection, arrived: Arrived, decision: Decision, hold: int) -> int:
        author = arrived.message.author.id
        out = frozenset({author}) if arrived.by_staff else frozenset[str]()
        only = arrived.school.coordinators if decision.private else ()
        group, room = f"media:{hold}", arrived.room.name
        new = NewAlert(arrived.school, AlertKind.MEDIA, decision.severity, group, room, only, out)
        number = await self._alerts.open(connection, new)
        if not decision.private:  # the photo road has reminders of its own, slower than the ladder's
            await self._timers.drop(connection, arrived.school.guild, (LADDER,), number)
            await connection.execute(update(alert).where(alert.c.id == number).values(**WITHOUT_LADDER))
        return number

    async def _finding(self, connection: AsyncConnection, arrived: Arrived, decision: Decision, number: int) -> int:
        message = arrived.message
        fresh = [_kept(one) for one in signals(decision, [one.facts for one in arrived.looked])]
        known = await find(connection, message.school, message.id)
        if known is not None and decision.private:  # a teacher reads of its words there, and of nothing else
            return int(known.id)
        if known is not None:  # its words were judged too: one finding, both alerts
            worst = max(Severity(known.severity), decision.severity, key=lambda severity: severity.rank)
            more = {"signals": [*known.signals, *fresh], "severity": worst.value}
            await connection.execute(update(finding).where(finding.c.id == known.id).values(**more))
            return int(known.id)
        row, now = self._ids.new(), self._clock.now()
        where = {"channel": message.channel, "message": message.id, "url": message.url, "class_name": arrived.room.name}
        who = {"author": message.author.id, "target": None, "revision": message.revision, "said_at": message.at}
        what = {"state": FindingState.OPEN, "severity": decision.severity.value, "signals": fresh, "engine": "model"}
        values: dict[str, Any] = {
            "id": row,
            "school": message.school,
            "alert": number,
            "created_at": now,
            "recheck": False,
        }
        await connection.execute(finding.insert().values(**values, **where, **who, **what))
        await self._evidence.keep(connection, row, message)
        return row

    async def _plan(self, connection: AsyncConnection, arrived: Arrived, decision: Decision, hold: int) -> None:
        school, now, road = arrived.school, self._clock.now(), self._config.road
        await self._timers.plan(connection, school.guild, TAKE, hold, now)
        if Why.WAITING in decision.reasons:
            await self._timers.plan(connection, school.guild, LOOK, hold, now + LOOK_AFTER)
        if decision.severity.flagged and not decision.private:
            remind = add_school_minutes(school, now, road.remind_minutes)
            await self._timers.plan(connection, school.guild, REMIND, hold, remind)
            second = max(now + timedelta(hours=road.second_hours), remind)
            await self._timers.plan(connection, school.guild, SECOND, hold, second)


def _state(decision: Decision) -> HoldState:
    return HoldState.TAKING if decision.action is Action.HOLD else HoldState.FLAGGED


def _caption(message: ChatMessage) -> str:
    return "\n".join(surface.text for surface in message.surfaces if surface.kind in _CAPTIONS)


async def class_of_alert(connection: AsyncConnection, school: str, number: int) -> tuple[str, str | None] | None:
    """Return state and owner of an alert."""
    asked = select(alert.c.state, alert.c.claimed_by).where(alert.c.school == school, alert.c.id == number)
    row = (await connection.execute(asked)).first()
    return (row.state, row.claimed_by) if row else None


def _kept(signal: Signal) -> dict[str, Any]:
    return {
        "signal": signal.signal.value,
        "score": round(signal.score, 4),
        "rule": signal.rule,
        "source": signal.source,
        "reason": signal.reason,
        "severity": signal.severity.value,
    }
