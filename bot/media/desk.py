"""The photo road: what happens to a message with media, from what was seen in it to the teacher's answer.

take_in -> (timer) taken out of the channel -> the pupil hears why and may say who is in it -> a teacher approves
(timer: posted again) or refuses, with a reason. Decide, write, then act.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.opening import Alerts
from bot.alerts.outbox import Outbox, Priority
from bot.clock import Clock
from bot.consent.register import ConsentRegister
from bot.errors import InputError, NotAllowedError, NotFoundError, TakenError, WrongStateError
from bot.findings.facts import FindingState
from bot.media.cards import MediaCard, MediaCards
from bot.media.config import Action, MediaConfig
from bot.media.decide import BUSY, NOTHING, Decision, Looked, Why
from bot.media.judging import Judged, MediaJudge
from bot.media.store import HoldState, HoldStore
from bot.media.using import ConsentUse
from bot.media.writing import TAKE, Arrived, MediaWriter
from bot.people import Actor, Role, Verb, require
from bot.ports import ChatMessage, Receiver
from bot.reports.facts import KeptFile
from bot.reports.kept import FileStore
from bot.school import ClassRoom, School
from bot.screening.verdict import Severity
from bot.storage.audit import PROGRAM, Audit
from bot.storage.engine import Database
from bot.storage.tables import finding, media_hold
from bot.timers import Timers

POST = "media_post"
OBJECTED = "media.why.objected"
TEXT_LIMIT = 500
APPROVED, REFUSED = "approved", "refused"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was decided, and the hold that came of it (None: the message was left alone)."""

    decision: Decision
    hold: int | None


class MediaDesk:
    """What can be done on the photo road."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        store: HoldStore,
        writer: MediaWriter,
        judge: MediaJudge,
        consents: ConsentRegister,
        uses: ConsentUse,
        alerts: Alerts,
        outbox: Outbox,
        timers: Timers,
        audit: Audit,
        files: FileStore,
        config: MediaConfig,
    ) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._writer = writer
        self._judge = judge
        self._consents = consents
        self._uses = uses
        self._alerts = alerts
        self._outbox = outbox
        self._timers = timers
        self._audit = audit
        self._files = files
        self._config = config
        self._cards = MediaCards(store=store, consents=consents)

    async def take_in(self, arrived: Arrived) -> TakenIn:
        """Decide about a message whose files were looked at; a hold is carried out by the timer ``media_take``."""
        school = arrived.school.guild
        async with self._database.read() as connection:
            known = await self._store.find(connection, school, arrived.message.id)
            if known is not None:
                arrived = replace(arrived, looked=_new_files(known, arrived.looked), links=0)
                if not arrived.looked:
                    return TakenIn(NOTHING, known["id"])
            judged = await self._judge.judge(connection, arrived)
        if judged.decision.action is Action.PASS:
            await self._passed(arrived, judged.consents)
            return TakenIn(judged.decision, known["id"] if known is not None else None)
        return await self._hold(arrived, judged)

    async def object_to(
        self, actor: Actor, message: ChatMessage, room: ClassRoom, looked: Sequence[Looked], *, by_staff: bool
    ) -> TakenIn:
        """Somebody in the class says: that is me, I don't want this. Held at once, no questions first.

        The fourth of a person in a day, and media posted by staff, go to the teacher without a hold.
        """
        require(actor, Verb.REPORT)
        mark = self._store.mark(actor.school.guild, actor.id)
        arrived = Arrived(message, actor.school, room, tuple(looked), by_staff=by_staff, objector=actor.id)
        async with self._database.read() as connection:
            known = await self._store.find(connection, actor.school.guild, message.id)
            count = await self._store.objections(connection, actor.school.guild, mark, self._morning(actor.school))
            judged = await self._judge.judge(connection, arrived)
        leave = count >= self._config.road.objections_a_day or by_staff
        if known is not None:
            return await self._objected_again(actor, known["id"], leave=leave)
        if leave and not judged.decision.private:
            judged = replace(judged, decision=replace(judged.decision, action=Action.FLAG))
        return await self._hold(arrived, judged)

    async def card(self, school: School, hold: int) -> MediaCard:
        """Return the card of a hold, for the messenger; no rights are asked."""
        async with self._database.read() as connection:
            return await self._cards.of(connection, school, await self._store.get(connection, school.guild, hold))

    async def hold_of_alert(self, school: str, alert: int) -> int | None:
        """Return the hold that an alert is about."""
        where = and_(media_hold.c.school == school, media_hold.c.alert == alert)
        async with self._database.read() as connection:
            found: int | None = await connection.scalar(select(media_hold.c.id).where(where))
        return found

    async def show(self, actor: Actor, hold: int) -> list[KeptFile]:
        """Return the files behind "Toon"; audited. What may be nudity is never shown."""
        school = actor.school.guild
        async with self._database.write() as connection:
            row = await self._allowed(connection, actor, hold)
            if row["private"]:
                raise NotAllowedError("error.media.never_shown")
            _require_looked(row)
            await self._audit.note(connection, school, actor.id, "show", f"hold:{hold}")
        return await self._contents(row)

    async def ready(self, actor: Actor, hold: int) -> None:
        """Go on only when this person could decide now: asked before a form is filled in. Raises as ``refuse``."""
        async with self._database.read() as connection:
            await self._undecided(connection, actor, hold)

    async def may_tell(self, actor: Actor, hold: int) -> None:
        """Go on only for the pupil who posted it: asked before a form is filled in. Raises ``NotAllowedError``."""
        async with self._database.read() as connection:
            await self._poster(connection, actor, hold)

    async def approve(self, actor: Actor, hold: int) -> MediaCard:
        """Let it be posted again; the timer ``media_post`` does it.

        Raises
        ------
        TakenError: somebody decided before; NotAllowedError: no rights, or what may be nudity.
        """
        async with self._database.write() as connection:
            row = await self._undecided(connection, actor, hold)
            if row["private"]:
                raise NotAllowedError("error.media.never_posted")
            _require_looked(row)
            state = HoldState(row["state"])
            await self._decided(connection, actor, row, HoldState.APPROVED, APPROVED)
            await self._store.forget_removed(connection, row)
            if Why.COPY in row["reasons"]:
                await self._store.forget_copied(connection, row, self._config.same_picture.distance)
            if state is HoldState.FLAGGED:
                await self._uses.note(connection, actor.school, row, row["message"])
            else:
                await self._timers.plan(connection, actor.school.guild, POST, hold, self._clock.now())
            return await self._now(connection, actor, hold)

    async def refuse(self, actor: Actor, hold: int, reason: str) -> MediaCard:
        """Keep it out of the channel; the pupil gets the reason (T4) and copies will be found.

        Raises
        ------
        InputError: no reason, or too long; TakenError: somebody decided before.
        """
        told = _checked(reason)
        async with self._database.write() as connection:
            row = await self._undecided(connection, actor, hold)
            sealed = self._store.sealed_reason(row, told)
            await self._decided(connection, actor, row, HoldState.REFUSED, REFUSED, reason_sealed=sealed)
            await self._store.remember_removed(connection, row)
            if row["state"] == HoldState.FLAGGED:  # perhaps the right was given meanwhile
                await self._timers.plan(connection, actor.school.guild, "media_take", hold, self._clock.now())
            await self._tell_refused(connection, row)
            return await self._now(connection, actor, hold)

    async def ask_consent(self, actor: Actor, hold: int, names: str) -> MediaCard:
        """Let the pupil who posted it say who is in it; the teacher's card shows what is on record for them."""
        told = _checked(names)
        async with self._database.write() as connection:
            row = await self._poster(connection, actor, hold)
            if not HoldState(row["state"]).undecided:
                raise WrongStateError("error.media.decided")
            sealed = self._store.sealed_told(row, replace(self._store.told(row), named=told))
            await self._store.change(connection, row, told_sealed=sealed)
            await self._alerts.changed(connection, actor.school.guild, row["alert"])
            return await self._now(connection, actor, hold)

    async def reason(self, school: str, hold: int) -> str:
        """Return the teacher's reason, for the message to the pupil."""
        async with self._database.read() as connection:
            return self._store.reason(await self._store.get(connection, school, hold))

    async def caption(self, school: str, hold: int) -> str:
        """Return what the pupil wrote beside it, for who may see the files."""
        async with self._database.read() as connection:
            return self._store.told(await self._store.get(connection, school, hold)).caption

    async def poster(self, school: str, message: str) -> str | None:
        """Return who first posted what the bot posted again as this message."""
        where = and_(media_hold.c.school == school, media_hold.c.posted_message == message)
        async with self._database.read() as connection:
            found: str | None = await connection.scalar(select(media_hold.c.author).where(where))
        return found

    async def came_in(
        self, school: School, room: ClassRoom, user: str, reads: Callable[[str], Awaitable[bool]]
    ) -> None:
        """Note that somebody can read channels or threads of a class from now on: what stands there can be seen."""
        here = and_(media_hold.c.class_name == room.name, _stands(school))
        async with self._database.read() as connection:
            rows = (await connection.execute(select(media_hold).where(here))).mappings().all()
        for known in rows:
            if user in known["readers"] or not await reads(known["channel"]):
                continue
            async with self._database.write() as connection:
                row = await self._store.get(connection, school.guild, known["id"])
                await self._store.change(connection, row, readers=sorted({*row["readers"], user}))

    async def unsure(self, school: School) -> None:
        """Note that others may read channels from now on, and it is not known who: lists of readers are incomplete."""
        async with self._database.write() as connection:
            await connection.execute(update(media_hold).where(_stands(school)).values(readers_complete=False))

    async def _passed(self, arrived: Arrived, covering: tuple[int, ...]) -> None:
        if covering:
            message = arrived.message
            async with self._database.write() as connection:
                await self._consents.used(connection, message.school, covering, message.channel, message.id)

    async def _hold(self, arrived: Arrived, judged: Judged) -> TakenIn:
        files = await self._writer.keep(arrived, judged.decision)
        async with self._database.write() as connection:
            known = await self._store.find(connection, arrived.school.guild, arrived.message.id)
            if known is not None:
                await self._writer.add(connection, arrived, judged.decision, files, known)
                return TakenIn(judged.decision, known["id"])
            hold = await self._writer.write(connection, arrived, judged.decision, files)
            if judged.decision.action is Action.FLAG:
                where = (arrived.message.channel, arrived.message.id)
                await self._consents.used(connection, arrived.school.guild, judged.consents, *where)
            if judged.case is not None:
                row = await self._store.get(connection, arrived.school.guild, hold)
                values = {"case": judged.case, "state": FindingState.CASE}
                await connection.execute(update(finding).where(finding.c.id == row["finding"]).values(**values))
        return TakenIn(judged.decision, hold)

    async def _objected_again(self, actor: Actor, hold: int, *, leave: bool) -> TakenIn:
        school, now = actor.school.guild, self._clock.now()
        async with self._database.write() as connection:
            row = await self._store.get(connection, school, hold)
            told = replace(self._store.told(row), objector=actor.id)
            facts: dict[str, Any] = {"reasons": list(dict.fromkeys([*row["reasons"], Why.OBJECTION.value]))}
            facts |= {"told_sealed": self._store.sealed_told(row, told)}
            facts |= {"objector_mark": self._store.mark(school, actor.id)}
            if row["state"] not in {HoldState.FLAGGED, HoldState.APPROVED} or leave:
                await self._store.change(connection, row, **facts)
                await self._alerts.changed(connection, school, row["alert"])
                return TakenIn(NOTHING, hold)
            await self._store.change(connection, row, **facts, state=HoldState.TAKING, decided_by=None)
            await self._store.remember_removed(connection, row)
            await self._alerts.open_again(connection, school, row["alert"], Severity.ALERT, OBJECTED)
            await self._timers.plan(connection, school, TAKE, hold, now)
        return TakenIn(NOTHING, hold)

    async def _allowed(self, connection: AsyncConnection, actor: Actor, hold: int) -> RowMapping:
        row = await self._store.get(connection, actor.school.guild, hold)
        require(actor, Verb.DECIDE_MEDIA, row["class_name"], extra=_flagged(actor, row))
        if row["private"] and Role.COORDINATOR not in actor.roles():
            raise NotAllowedError("error.media.coordinator_only")
        return row

    async def _poster(self, connection: AsyncConnection, actor: Actor, hold: int) -> RowMapping:
        row = await self._store.get(connection, actor.school.guild, hold)
        require(actor, Verb.TELL_WHO, row["class_name"], extra=_flagged(actor, row))
        return row

    async def _undecided(self, connection: AsyncConnection, actor: Actor, hold: int) -> RowMapping:
        row = await self._allowed(connection, actor, hold)
        if row["decided_by"] == PROGRAM:
            raise WrongStateError("error.media.taken_bot")
        if not HoldState(row["state"]).undecided:
            raise TakenError("error.media.taken", who=row["decided_by"])
        if row["state"] == HoldState.TAKING:
            raise WrongStateError("error.media.moving")
        return row

    async def _decided(
        self,
        connection: AsyncConnection,
        actor: Actor,
        row: RowMapping,
        state: HoldState,
        outcome: str,
        **facts: object,
    ) -> None:
        now = self._clock.now()
        values = {"state": state, "decided_by": actor.id, "decided_at": now, **facts}
        await self._store.change(connection, row, **values)
        await self._alerts.close(connection, actor.school.guild, row["alert"], outcome, actor.id)
        await self._timers.drop(connection, actor.school.guild, ("media_remind", "media_second"), row["id"])
        await self._audit.note(connection, actor.school.guild, actor.id, f"media_{outcome}", f"hold:{row['id']}")

    async def _now(self, connection: AsyncConnection, actor: Actor, hold: int) -> MediaCard:
        row = await self._store.get(connection, actor.school.guild, hold)
        return await self._cards.of(connection, actor.school, row)

    async def _tell_refused(self, connection: AsyncConnection, row: RowMapping) -> None:
        # the reason is the teacher's own words: whoever delivers asks for it (``reason``)
        receiver, values = Receiver("user", row["author"]), {"text": "media.pupil.refused"}
        about = (connection, row["school"], "media_refused", row["id"], receiver)
        await self._outbox.enqueue(*about, values=values, priority=Priority.PUPIL)

    async def _contents(self, row: RowMapping) -> list[KeptFile]:
        names = self._store.told(row).files
        found = []
        for place, file in enumerate(row["files"]):
            if file["kept"] is None:
                continue
            name = names[place] if place < len(names) else f"bestand-{place + 1}"
            found.append(KeptFile(name, await self._files.read(row["school"], file["kept"])))
        if not found:
            raise NotFoundError("error.media.not_kept")
        return found

    def _morning(self, school: School) -> datetime:
        today = self._clock.now().astimezone(school.zone).date()
        return datetime.combine(today, time(), school.zone)


def _require_looked(row: RowMapping) -> None:
    """Nobody sees or gets what nobody looked at yet. Raises ``WrongStateError``."""
    if any(file["error"] == BUSY for file in row["files"]):
        raise WrongStateError("error.media.busy")


def _stands(school: School) -> ColumnElement[bool]:
    states = media_hold.c.state.in_((HoldState.TAKING, HoldState.FLAGGED))
    return and_(media_hold.c.school == school.guild, states)


def _new_files(row: RowMapping, looked: Sequence[Looked]) -> tuple[Looked, ...]:
    """Return the files that an edit added to a message with a hold."""
    known = {file["sha256"] for file in row["files"]}
    return tuple(one for one in looked if one.facts.sha256 not in known)


def _flagged(actor: Actor, row: RowMapping) -> frozenset[Role]:
    return frozenset({Role.FLAGGED}) if row["author"] == actor.id else frozenset()


def _checked(text: str) -> str:
    told = text.strip()
    if not told:
        raise InputError("error.media.empty")
    if len(told) > TEXT_LIMIT:
        raise InputError("error.media.long", count=TEXT_LIMIT)
    return told
