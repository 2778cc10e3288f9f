"""The audit log: who saw, changed, exported or opened what.

Rows are only added. Each carries an HMAC over itself and the row before, so that a changed or missing row shows; the
newest HMAC ("head") is posted daily to the staff channel, so that cutting off the end shows too. People stand in it by
pseudonym: erasing somebody deletes the pseudonym's meaning, the chain stays whole.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import InputError, StorageError
from bot.storage.engine import Database
from bot.storage.tables import audit, pseudonym
from bot.storage.vault import Place, Vault

PROGRAM = "program"  # who acts when nobody does: a timer, the program itself
PSEUDONYM_BYTES = 8
PERSON = "user:"
"""How a subject that is a person begins; the log writes that person's pseudonym behind it."""
HEAD = re.compile(r"(\d{1,18})-([0-9a-f]{16})", re.ASCII)
HEAD_LENGTH = 16  # hex digits of the head that are posted: 64 bits can't be hit by trying


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row for people to read. ``actor`` is a user id, ``program``, or None when that person was erased."""

    number: int
    at: datetime
    actor: str | None
    verb: str
    subject: str


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What verifying found: how many rows, the number of the first that is wrong, and the head.

    ``wrong_names``: how many pseudonyms do not stand for whom they were made.
    """

    rows: int
    first_wrong: int | None
    head: str
    wrong_names: int = 0


class Audit:
    """Writes and reads the log of every school."""

    def __init__(self, *, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def note(self, connection: AsyncConnection, school: str, actor_id: str, verb: str, subject: str) -> None:
        """Add a row inside the caller's transaction.

        ``subject`` names a thing by its id (``alert:12``), or a person (``user:ID``).
        """
        last = (
            await connection.execute(
                select(audit.c.number, audit.c.mac)
                .where(audit.c.school == school)
                .order_by(audit.c.number.desc())
                .limit(1)
            )
        ).first()
        number, before = (last.number + 1, last.mac) if last else (1, "")
        who = await self._pseudonym(connection, school, actor_id)
        if subject.startswith(PERSON):
            subject = PERSON + await self._pseudonym(connection, school, subject.removeprefix(PERSON))
        at = self._clock.now()
        mac = self._mac(school, (str(number), at.isoformat(), who, verb, subject, before))
        row = {"number": number, "at": at, "actor": who, "verb": verb, "subject": subject, "mac": mac}
        await connection.execute(audit.insert().values(school=school, **row))

    async def verify(self, school: str) -> AuditCheck:
        """Go through a school's whole chain."""
        before, expected, wrong = "", 1, None
        async with self._database.read() as connection:
            rows = await connection.stream(select(audit).where(audit.c.school == school).order_by(audit.c.number))
            async for row in rows:
                if wrong is None and (row.number != expected or row.mac != self._mac_of(row, before)):
                    wrong = row.number
                before, expected = row.mac, expected + 1
            names = (await connection.execute(select(pseudonym).where(pseudonym.c.school == school))).all()
        wrong_names = sum(not self._stands_for(row) for row in names)
        return AuditCheck(expected - 1, wrong, head_of(expected - 1, before), wrong_names)

    async def head(self, school: str) -> str:
        """Return the newest row's number and the beginning of its HMAC, e.g. ``41-9f2c...``."""
        newest = select(audit.c.number, audit.c.mac).where(audit.c.school == school).order_by(audit.c.number.desc())
        async with self._database.read() as connection:
            last = (await connection.execute(newest.limit(1))).first()
        return head_of(last.number, last.mac) if last else head_of(0, "")

    async def holds(self, school: str, head: str) -> bool:
        """Whether the row that a posted head names is still there, unchanged. Raises ``InputError``: it is no head."""
        if head.strip() == head_of(0, ""):
            return True  # the log was empty then: nothing can have been cut off
        found = HEAD.fullmatch(head.strip())
        if not found:
            raise InputError("error.keeping.head", head=head)
        number, start = int(found[1]), found[2]
        async with self._database.read() as connection:
            mac = await connection.scalar(select(audit.c.mac).where(audit.c.school == school, audit.c.number == number))
        return str(mac or "").startswith(start)

    async def lines(self, school: str, *, limit: int = 50, before: int | None = None) -> list[AuditLine]:
        """Return the newest rows, newest first; ``before`` a row's number pages on."""
        asked = select(audit).where(audit.c.school == school).order_by(audit.c.number.desc()).limit(limit)
        if before is not None:
            asked = asked.where(audit.c.number < before)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
            named = {row.actor for row in rows} | {row.subject.removeprefix(PERSON) for row in rows}
            known = select(pseudonym).where(pseudonym.c.school == school, pseudonym.c.pseudonym.in_(named))
            people = {row.pseudonym: self._user(row) for row in await connection.execute(known)}
        return [
            AuditLine(row.number, row.at, _who(row.actor, people), row.verb, _about(row.subject, people))
            for row in rows
        ]

    async def _pseudonym(self, connection: AsyncConnection, school: str, user: str) -> str:
        if user == PROGRAM:
            return PROGRAM
        mark = self._vault.mark(school, "pseudonym", user)
        same = (pseudonym.c.school == school) & (pseudonym.c.user_mark == mark)
        known = await connection.scalar(select(pseudonym.c.pseudonym).where(same))
        if known:
            return str(known)
        fresh = secrets.token_hex(PSEUDONYM_BYTES)
        sealed = self._vault.seal(pseudonym_place(school, fresh), user)
        await connection.execute(
            pseudonym.insert().values(school=school, user_mark=mark, pseudonym=fresh, user_sealed=sealed)
        )
        return fresh

    def _user(self, row: Row[tuple[object, ...]]) -> str | None:
        return self._vault.open(pseudonym_place(row.school, row.pseudonym), row.user_sealed)

    def _stands_for(self, row: Row[tuple[object, ...]]) -> bool:
        try:
            return self._vault.mark(row.school, "pseudonym", self._user(row) or "") == str(row.user_mark)
        except StorageError:
            return False

    def _mac_of(self, row: Row[tuple[object, ...]], before: str) -> str:
        parts = (str(row.number), row.at.isoformat(), row.actor, row.verb, row.subject, before)
        return self._mac(row.school, parts)

    def _mac(self, school: str, parts: tuple[str, ...]) -> str:
        return self._vault.mark(school, "audit", "\n".join(parts))


def head_of(number: int, mac: str) -> str:
    """Return how a head is written."""
    return f"{number}-{mac[:HEAD_LENGTH]}"


def seen_in(school: str, when: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Return, as a query, the pseudonyms of who acted in some rows, or whom they are about."""
    actors = select(audit.c.actor).where(audit.c.school == school, when)
    about = select(func.substr(audit.c.subject, len(PERSON) + 1))
    return actors.union(about.where(audit.c.school == school, when, audit.c.subject.startswith(PERSON)))


def pseudonym_place(school: str, pseudonym_: str) -> Place:
    """Return where a pseudonym's user id stands; the pseudonym is the row's number, so that it can't be exchanged."""
    return Place(school, "pseudonym", "user_sealed", int(pseudonym_, 16))


def _who(actor: str, people: Mapping[str, str | None]) -> str | None:
    return PROGRAM if actor == PROGRAM else people.get(actor)


def _about(subject: str, people: Mapping[str, str | None]) -> str:
    if not subject.startswith(PERSON):
        return subject
    return PERSON + (people.get(subject.removeprefix(PERSON)) or "")
