"""Files that people send (a report, a private message, evidence for a case) on the photo road, before they are kept.

The same look as at a posted file. What may be nudity is shown to nobody and not kept (unless the board decided that it
is kept, sealed): a hold carries its hash and the facts, and the coordinators alone are told, without who sent it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.opening import Alerts, NewAlert
from bot.alerts.routing import USER, Holders
from bot.clock import Clock
from bot.errors import NotFoundError
from bot.findings.facts import AlertKind
from bot.media.config import MediaConfig
from bot.media.decide import Why
from bot.media.facts import MediaFacts
from bot.media.patience import Onlooker
from bot.media.store import Copy, HeldFile, HoldState, HoldStore, Source, Told, held_file
from bot.media.unreadable import Reason, reason_of
from bot.reports.facts import Fate, KeptFile
from bot.reports.kept import FileStore
from bot.reports.seal import ANONYMOUS
from bot.reports.sifting import Sent, Sifted
from bot.school import School, Schools
from bot.screening.verdict import Severity
from bot.storage.engine import Database
from bot.storage.tables import alert, media_hold, removed_picture

LATE_S = 30.0
"""Seconds for looking at the files that came together; a pupil who tells something waits no longer for an answer."""


class SentFiles:
    """Looks at what people send, and keeps from everybody what may be nudity."""

    def __init__(
        self,
        *,
        onlooker: Onlooker,
        database: Database,
        clock: Clock,
        store: HoldStore,
        alerts: Alerts,
        files: FileStore,
        schools: Callable[[], Schools],
        config: MediaConfig,
        late_s: float = LATE_S,
    ) -> None:
        self._onlooker = onlooker
        self._database = database
        self._clock = clock
        self._store = store
        self._alerts = alerts
        self._files = files
        self._schools = schools
        self._config = config
        self._late_s = late_s

    async def look(self, school: str, files: Sequence[KeptFile]) -> tuple[Sifted, ...]:
        """Return what becomes of each file."""
        looks = (self._onlooker.look(file.name, file.content, self._late_s) for file in files)
        seen = await asyncio.gather(*looks)
        most, found = self._config.same_picture.distance, []
        async with self._database.read() as connection:
            for file, facts in zip(files, seen, strict=True):
                copy = await self._store.copy_of(connection, school, (facts,), most)
                found.append(Sifted(file, facts, self._fate(facts, copy), copy.hold if copy else None))
        return tuple(found)

    async def withhold(self, connection: AsyncConnection, school: str, files: Sequence[Sifted], sent: Sent) -> None:
        """Keep hash and facts, and tell the coordinators alone; a file that they have an open alert about joins it."""
        facts = self._schools().get(school)
        if facts is None:
            raise NotFoundError("error.school.unknown")
        fresh = [one for one in files if sent.left_out or not await self._joined(connection, school, one)]
        if not fresh:
            return
        source = Source("case", sent.case or 0) if sent.report is None else Source("report", sent.report)
        message = source.message(fresh[0].facts.sha256)
        if await self._store.find(connection, school, message) is None:
            await self._hold(connection, facts, [await self._held(school, one) for one in fresh], (message, sent))

    async def case_of(self, connection: AsyncConnection, school: str, hold: int) -> int | None:
        """Return the case that a removed picture belongs to."""
        return await self._store.case_of(connection, school, hold)

    def _fate(self, facts: MediaFacts, copy: Copy | None) -> Fate:
        if facts.nudity >= self._config.nudity.urgent or (copy is not None and copy.private):
            return Fate.SEALED if self._config.nudity.keep else Fate.WITHHELD
        unread = reason_of(facts.error)
        return Fate.KEPT if unread is None else Fate.LATER if unread is Reason.BUSY else Fate.UNREAD

    async def _held(self, school: str, one: Sifted) -> HeldFile:
        kept = await self._files.keep(school, one.file.content) if one.fate is Fate.SEALED else None
        return held_file(one.facts, len(one.file.content), kept)

    async def _hold(
        self, connection: AsyncConnection, school: School, files: Sequence[HeldFile], came: tuple[str, Sent]
    ) -> None:
        (message, sent), now = came, self._clock.now()
        where = {"class_name": None, "channel": "", "message": message, "author": sent.by or ANONYMOUS}
        what = {"state": HoldState.HELD, "severity": Severity.URGENT.value, "reasons": [Why.NUDITY.value]}
        hold = await self._store.add(
            connection, school.guild, Told(), files, **where, **what, private=True, said_at=now, readers_complete=True
        )
        only, out = _receivers(school, sent.left_out), frozenset(sent.left_out)
        new = NewAlert(school, AlertKind.MEDIA, Severity.URGENT, f"media:{hold}", None, only, out)
        number = await self._alerts.open(connection, new)
        await self._store.change(connection, await self._store.get(connection, school.guild, hold), alert=number)
        await self._store.remember_removed(connection, await self._store.get(connection, school.guild, hold))

    async def _joined(self, connection: AsyncConnection, school: str, one: Sifted) -> bool:
        """Whether the coordinators have an open alert about exactly this file; then it counts once more there."""
        held = and_(media_hold.c.id == removed_picture.c.hold, media_hold.c.private)
        asked = select(alert).join(media_hold, media_hold.c.alert == alert.c.id).join(removed_picture, held)
        same = and_(removed_picture.c.school == school, removed_picture.c.sha256 == one.facts.sha256)
        row = (await connection.execute(asked.where(same, alert.c.state != "closed").limit(1))).first()
        if row is not None:
            await self._alerts.join(connection, row, Severity.URGENT)
        return row is not None


def _receivers(school: School, left_out: Sequence[str]) -> Holders:
    """Return who is told: the coordinators, or when it is about one of them somebody else; never nobody."""
    out = {f"{USER}{user}" for user in left_out}
    asked = (*school.coordinators,), ((school.supervisor,) if school.supervisor else ()), (*school.crisis,)
    free = (tuple(holder for holder in holders if holder not in out) for holders in asked)
    return next((holders for holders in free if holders), tuple(school.coordinators))
