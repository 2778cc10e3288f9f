"""The desk of the photo road: what people do with a hold that ``bot.media.intake`` made.

The pupil hears why and may say who is in it -> a teacher approves (timer: posted again) or refuses, with a reason.
Decide, write, then act.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import RowMapping, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.opening import Alerts
from bot.alerts.outbox import Outbox, Priority
from bot.clock import Clock
from bot.consent.register import ConsentRegister
from bot.errors import InputError, NotAllowedError, NotFoundError, TakenError, WrongStateError
from bot.media.cards import MediaCard, MediaCards
from bot.media.config import MediaConfig
from bot.media.decide import BUSY, Why
from bot.media.store import HoldState, HoldStore
from bot.media.using import ConsentUse
from bot.people import Actor, Role, Verb, require
from bot.ports import Receiver
from bot.reports.facts import KeptFile
from bot.reports.kept import FileStore
from bot.school import School
from bot.storage.audit import PROGRAM, Audit
from bot.storage.engine import Database
from bot.storage.tables import media_hold
from bot.timers import Timers

POST = "media_post"
TEXT_LIMIT = 500
APPROVED, REFUSED = "approved", "refused"


class MediaDesk:
    """What can be done on the photo road."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        store: HoldStore,
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
        self._uses = uses
        self._alerts = alerts
        self._outbox = outbox
        self._timers = timers
        self._audit = audit
        self._files = files
        self._config = config
        self._cards = MediaCards(store=store, consents=consents)

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


def _require_looked(row: RowMapping) -> None:
    """Nobody sees or gets what nobody looked at yet. Raises ``WrongStateError``."""
    if any(file["error"] == BUSY for file in row["files"]):
        raise WrongStateError("error.media.busy")


def _flagged(actor: Actor, row: RowMapping) -> frozenset[Role]:
    return frozenset({Role.FLAGGED}) if row["author"] == actor.id else frozenset()


def _checked(text: str) -> str:
    told = text.strip()
    if not told:
        raise InputError("error.media.empty")
    if len(told) > TEXT_LIMIT:
        raise InputError("error.media.long", count=TEXT_LIMIT)
    return told
