"""The timers of the photo road: take out of the channel, post again, remind, and tell the second teacher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.opening import Alerts
from bot.alerts.outbox import Outbox, Priority
from bot.alerts.routing import USER, Holders, Route, rungs
from bot.clock import Clock
from bot.errors import DeliveryRefusedError, NotFoundError
from bot.findings.facts import AlertKind
from bot.media.config import MediaConfig
from bot.media.decide import Why
from bot.media.ports import MediaGateway, PostAgain, Readers
from bot.media.position import strip
from bot.media.store import HoldState, HoldStore
from bot.media.unreadable import UnreadableError
from bot.media.using import ConsentUse
from bot.media.writing import class_of_alert
from bot.ports import Receiver
from bot.reports.facts import KeptFile
from bot.reports.kept import FileStore
from bot.school import School, Schools
from bot.storage.audit import PROGRAM
from bot.storage.engine import Database

REMINDER = "media.why.reminder"
SECOND_TEACHER = "media.why.second"


class MediaMoves:
    """Handlers for ``Runner.on``; each may be called twice for one timer.

    ``DeliveryFailedError`` of the gateway goes through: the runner tries again later.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        store: HoldStore,
        alerts: Alerts,
        outbox: Outbox,
        files: FileStore,
        gateway: MediaGateway,
        schools: Callable[[], Schools],
        uses: ConsentUse,
        config: MediaConfig,
    ) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._alerts = alerts
        self._outbox = outbox
        self._files = files
        self._gateway = gateway
        self._schools = schools
        self._uses = uses
        self._config = config

    async def take(self, subject: int, school: str) -> None:
        """Note who can read it, then take it out of its channel where that was decided (``media_take``)."""
        row = await self._row(subject, school)
        if row is None or HoldState(row["state"]) not in {HoldState.TAKING, HoldState.REFUSED, HoldState.FLAGGED}:
            return
        readers = await self._readers(row)
        state = HoldState.FLAGGED if row["state"] == HoldState.FLAGGED else await self._taken_out(row)
        async with self._database.write() as connection:
            fresh = await self._store.get(connection, school, subject)
            users = sorted({*fresh["readers"], *readers.users})
            noted = {"readers": users, "readers_complete": readers.complete, "readers_of": readers.of}
            if fresh["state"] == HoldState.TAKING:
                await self._store.change(connection, fresh, state=state, **noted)
                await self._taken(connection, fresh, state)
            else:
                await self._store.change(connection, fresh, **noted)
            await self._alerts.changed(connection, school, fresh["alert"])

    async def post(self, subject: int, school: str) -> None:
        """Post what was approved again, without its position (``media_post``)."""
        row = await self._row(subject, school)
        if row is None or row["state"] != HoldState.APPROVED:
            return
        try:
            message = await self._gateway.post_again(await self._again(row))
        except (DeliveryRefusedError, UnreadableError, NotFoundError):
            await self._let_pupil_post(row)
            return
        async with self._database.write() as connection:
            fresh = await self._store.get(connection, school, subject)
            await self._store.change(connection, fresh, state=HoldState.RETURNED, posted_message=message)
            if facts := self._schools().get(school):
                await self._uses.note(connection, facts, fresh, message)
            await self._tell_pupil(connection, row, "media_returned", _by("returned", row))
            await self._alerts.changed(connection, school, row["alert"])

    async def remind(self, subject: int, school: str) -> None:
        """Remind whoever has it, else the teacher (``media_remind``)."""
        await self._tell(subject, school, 0, REMINDER)

    async def second(self, subject: int, school: str) -> None:
        """Tell the second teacher (``media_second``)."""
        await self._tell(subject, school, 1, SECOND_TEACHER)

    async def _row(self, subject: int, school: str) -> RowMapping | None:
        async with self._database.read() as connection:
            try:
                return await self._store.get(connection, school, subject)
            except NotFoundError:
                return None  # erased meanwhile

    async def _taken_out(self, row: RowMapping) -> HoldState:
        try:
            await self._gateway.hold(row["channel"], row["message"])
        except DeliveryRefusedError:
            return HoldState.FLAGGED
        return HoldState.HELD

    async def _readers(self, row: RowMapping) -> Readers:
        try:
            return await self._gateway.readers(row["school"], row["channel"], row["message"])
        except DeliveryRefusedError:
            return Readers(frozenset(), complete=False)

    async def _taken(self, connection: AsyncConnection, row: RowMapping, state: HoldState) -> None:
        text = "held" if state is HoldState.HELD else "flagged"
        if row["reasons"] == [Why.WAITING]:
            text = "waiting"
        await self._tell_pupil(connection, row, "media_held", "private" if row["private"] else text)
        school = self._schools().get(row["school"])
        if state is HoldState.HELD or school is None:
            return
        values = {"text": "media.notice.no_right", "channel": row["channel"]}
        for receiver in _ict(school):
            await self._outbox.enqueue(connection, row["school"], "notice", 0, receiver, values=values)

    async def _again(self, row: RowMapping) -> PostAgain:
        told, files = self._store.told(row), []
        for place, file in enumerate(row["files"]):
            if file["kept"] is None:
                raise NotFoundError("error.media.not_kept")
            content = await self._files.read(row["school"], file["kept"])
            files.append(KeptFile(told.files[place], strip(content)))
        whose = (row["school"], row["channel"], row["message"], row["author"])
        return PostAgain(*whose, told.caption, tuple(files))

    async def _let_pupil_post(self, row: RowMapping) -> None:
        until = self._clock.now() + timedelta(hours=self._config.road.post_again_hours)
        async with self._database.write() as connection:
            fresh = await self._store.get(connection, row["school"], row["id"])
            await self._store.change(connection, fresh, state=HoldState.AGAIN, may_post_until=until)
            await self._tell_pupil(connection, row, "media_again", _by("again", row))
            await self._alerts.changed(connection, row["school"], row["alert"])

    async def _tell(self, subject: int, school: str, rung: int, why: str) -> None:
        row, facts = await self._row(subject, school), self._schools().get(school)
        if row is None or facts is None or not HoldState(row["state"]).undecided:
            return
        async with self._database.write() as connection:
            standing = await class_of_alert(connection, school, row["alert"])
            if standing is None or standing[0] == "closed":
                return
            holders = _holders(facts, row, standing[1], rung)
            if holders:
                await self._alerts.tell_also(connection, school, row["alert"], holders, why)

    async def _tell_pupil(self, connection: AsyncConnection, row: RowMapping, kind: str, text: str) -> None:
        receiver, values = Receiver("user", row["author"]), {"text": f"media.pupil.{text}"}
        await self._outbox.enqueue(
            connection, row["school"], kind, row["id"], receiver, values=values, priority=Priority.PUPIL
        )


def _by(text: str, row: RowMapping) -> str:
    return f"{text}_bot" if row["decided_by"] == PROGRAM else text


def _holders(school: School, row: RowMapping, owner: str | None, rung: int) -> Holders:
    if owner is not None and rung == 0:
        return (f"{USER}{owner}",)
    route = Route(AlertKind.MEDIA, row["class_name"], (), frozenset({row["author"]}))
    found = rungs(school, route)
    return found[min(rung, len(found) - 1)] if found else ()


def _ict(school: School) -> list[Receiver]:
    users = [holder.removeprefix(USER) for holder in school.ict if holder.startswith(USER)]
    return [Receiver("user", user) for user in users] or [Receiver("channel", school.staff_channel)]
