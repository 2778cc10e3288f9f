"""The consent register: who consented, for which pupil, to what, where and until when (rules A6, P4, T8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.outbox import Outbox
from bot.clock import Clock, Ids
from bot.consent.csvfile import read_grants
from bot.consent.facts import ConsentKind, ConsentLine, ConsentPlace, GivenBy, Grant, Imported, Posted
from bot.consent.store import ConsentStore
from bot.consent.year import end_of_school_year
from bot.errors import InputError, WrongStateError
from bot.people import Actor, Verb, require
from bot.ports import Receiver
from bot.school import AgeGroup, School, Schools
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.vault import Vault
from bot.timers import Timers

ENDS = "consent_ends"
"""The timer kind that warns; its subject is the last day's ordinal, so that one warning tells of all that end then."""
WARN_DAYS = 42  # six weeks: a letter to parents and back
TEXT_LIMIT = 200
YEARS_AHEAD = 8  # a pupil's whole time at a school


class ConsentRegister:
    """What can be done with the register."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        audit: Audit,
        timers: Timers,
        outbox: Outbox,
        schools: Callable[[], Schools],
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._timers = timers
        self._outbox = outbox
        self._schools = schools
        self._store = ConsentStore(vault=vault, clock=clock, ids=ids)

    async def grant(self, actor: Actor, grant: Grant) -> int:
        """Record a consent and return its id.

        Raises
        ------
        InputError: a last day in the past or too far ahead, a text too long, or a primary pupil's own consent.
        """
        require(actor, Verb.CONSENT)
        until = self._checked(actor.school, grant)
        async with self._database.write() as connection:
            return await self._add(connection, actor, grant, until)

    async def withdraw(self, actor: Actor, consent: int) -> tuple[Posted, ...]:
        """End a consent at once and return what was posted under it, oldest first.

        Raises
        ------
        NotFoundError: no such consent at this school; WrongStateError: withdrawn before.
        """
        require(actor, Verb.CONSENT)
        school = actor.school.guild
        async with self._database.write() as connection:
            await self._store.one(connection, school, consent)
            if not await self._store.withdraw(connection, school, consent, actor.id):
                raise WrongStateError("error.consent.withdrawn")
            await self._audit.note(connection, school, actor.id, "consent_withdraw", f"consent:{consent}")
            return await self._store.posted(connection, school, consent)

    async def list(self, actor: Actor, pupil: str | None = None) -> list[ConsentLine]:
        """Return a pupil's consents, or all, newest first, withdrawn ones too; audited."""
        require(actor, Verb.CONSENT)
        school = actor.school.guild
        async with self._database.write() as connection:
            await self._audit.note(connection, school, actor.id, "consent_list", f"user:{pupil}" if pupil else "all")
            return await self._store.lines(connection, school, None if pupil is None else [pupil])

    async def import_csv(self, actor: Actor, content: bytes) -> Imported:
        """Take over the school's own register: all lines, or none when one can't be used.

        Raises ``InputError``: the file as a whole can't be read.
        """
        require(actor, Verb.CONSENT)
        grants, problems = read_grants(content, actor.school)
        untils = [self._checked(actor.school, grant) for grant in grants] if not problems else []
        if problems:
            return Imported(0, 0, tuple(problems))
        async with self._database.write() as connection:
            lines = await self._store.lines(connection, actor.school.guild, {grant.pupil for grant in grants})
            known = {(one.pupil, one.kind, one.place, one.until) for one in lines if one.withdrawn_at is None}
            fresh = [
                (grant, until)
                for grant, until in zip(grants, untils, strict=True)
                if (grant.pupil, grant.kind, grant.place, until) not in known
            ]
            for grant, until in fresh:
                await self._add(connection, actor, grant, until)
        return Imported(len(fresh), len(grants) - len(fresh), ())

    async def on_record(
        self,
        connection: AsyncConnection,
        school: School,
        pupils: Iterable[str],
        *,
        kind: ConsentKind,
        place: ConsentPlace,
        moment: datetime,
    ) -> Mapping[str, int | None]:
        """Return for each pupil the consent that covers this at a moment, or None."""
        asked, day = list(dict.fromkeys(pupils)), moment.astimezone(school.zone).date()
        places = {place, ConsentPlace.SCHOOL}
        found: dict[str, int | None] = dict.fromkeys(asked)
        for line in await self._store.lines(connection, school.guild, asked):
            if line.kind is kind and line.place in places and line.holds(day):
                found[line.pupil] = line.id
        return found

    async def used(
        self, connection: AsyncConnection, school: str, consents: Iterable[int], channel: str, message: str
    ) -> None:
        """Note what was posted under consents, so that withdrawing one lists it."""
        for consent in consents:
            await self._store.used(connection, school, consent, channel, message)

    async def ends_soon(self, subject: int, school: str) -> None:
        """Warn the coordinators that consents end on a day (``subject``: its ordinal); no name is said."""
        until, facts = date.fromordinal(subject), self._schools().get(school)
        if facts is None:
            return
        async with self._database.write() as connection:
            if not (pupils := await self._store.ending(connection, school, until)):
                return
            values = {"text": "consent.ends", "count": str(len(pupils)), "until": until.isoformat()}
            for receiver in _coordinators(facts):
                await self._outbox.enqueue(connection, school, "notice", 0, receiver, values=values)

    async def _add(self, connection: AsyncConnection, actor: Actor, grant: Grant, until: date) -> int:
        school = actor.school.guild
        row = await self._store.add(connection, school, grant, until, actor.id)
        await self._audit.note(connection, school, actor.id, "consent_grant", f"consent:{row}")
        warn = datetime.combine(until - timedelta(days=WARN_DAYS), time(8), actor.school.zone).astimezone(UTC)
        await self._timers.plan(connection, school, ENDS, until.toordinal(), max(warn, self._clock.now()))
        return row

    def _checked(self, school: School, grant: Grant) -> date:
        today = self._clock.now().astimezone(school.zone).date()
        until = grant.until or end_of_school_year(today)
        if until < today or until.year > today.year + YEARS_AHEAD:
            raise InputError("error.consent.until")
        if max(len(grant.name), len(grant.proof)) > TEXT_LIMIT:
            raise InputError("error.consent.long", count=TEXT_LIMIT)
        if grant.given_by is GivenBy.PUPIL and _is_primary(school, grant.pupil):
            raise InputError("error.consent.too_young")
        return until


def _is_primary(school: School, account: str) -> bool:
    pupil = school.pupil(account)
    room = school.class_named(pupil.class_name) if pupil else None
    return room is not None and room.age_group is AgeGroup.PRIMARY


def _coordinators(school: School) -> list[Receiver]:
    users = [holder.removeprefix("user:") for holder in school.coordinators if holder.startswith("user:")]
    return [Receiver("user", user) for user in users] or [Receiver("channel", school.staff_channel)]
