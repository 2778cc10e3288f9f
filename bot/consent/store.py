"""The rows of the consent register, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import RowMapping, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, Ids
from bot.consent.facts import ConsentKind, ConsentLine, ConsentPlace, GivenBy, Grant, Posted
from bot.errors import NotFoundError
from bot.storage.tables import consent, consent_use
from bot.storage.vault import Place, Vault


class ConsentStore:
    """Reads and writes rows."""

    def __init__(self, *, vault: Vault, clock: Clock, ids: Ids) -> None:
        self._vault = vault
        self._clock = clock
        self._ids = ids

    async def add(self, connection: AsyncConnection, school: str, grant: Grant, until: date, by: str) -> int:
        """Write a consent and return its id."""
        row = self._ids.new()
        sealed = {
            "given_name_sealed": self._vault.seal(_place(school, "given_name_sealed", row), grant.name or None),
            "proof_sealed": self._vault.seal(_place(school, "proof_sealed", row), grant.proof or None),
        }
        what = {"pupil": grant.pupil, "kind": grant.kind, "place": grant.place, "given_by": grant.given_by}
        who = {"until": until.isoformat(), "recorded_by": by, "recorded_at": self._clock.now()}
        await connection.execute(consent.insert().values(id=row, school=school, **what, **who, **sealed))
        return row

    async def lines(self, connection: AsyncConnection, school: str, pupils: Iterable[str] | None) -> list[ConsentLine]:
        """Return the consents of pupils (None: of all), newest first, withdrawn ones too."""
        asked = select(consent).where(consent.c.school == school).order_by(consent.c.id.desc())
        if pupils is not None:
            asked = asked.where(consent.c.pupil.in_(list(pupils)))
        return [self._line(row) for row in (await connection.execute(asked)).mappings()]

    async def one(self, connection: AsyncConnection, school: str, row: int) -> ConsentLine:
        """Return one consent. Raises ``NotFoundError``."""
        asked = select(consent).where(consent.c.school == school, consent.c.id == row)
        found = (await connection.execute(asked)).mappings().first()
        if found is None:
            raise NotFoundError("error.consent.gone")
        return self._line(found)

    async def withdraw(self, connection: AsyncConnection, school: str, row: int, by: str) -> bool:
        """Let a consent end now; False when it was withdrawn before."""
        where = and_(consent.c.school == school, consent.c.id == row, consent.c.withdrawn_at.is_(None))
        values = {"withdrawn_at": self._clock.now(), "withdrawn_by": by}
        return (await connection.execute(update(consent).where(where).values(**values))).rowcount > 0

    async def used(self, connection: AsyncConnection, school: str, row: int, channel: str, message: str) -> None:
        """Note that something was posted under a consent."""
        known = select(consent_use.c.id).where(consent_use.c.consent == row, consent_use.c.message == message)
        if await connection.scalar(known) is not None:
            return
        what = {"consent": row, "channel": channel, "message": message, "posted_at": self._clock.now()}
        await connection.execute(consent_use.insert().values(id=self._ids.new(), school=school, **what))

    async def posted(self, connection: AsyncConnection, school: str, row: int) -> tuple[Posted, ...]:
        """Return what was posted under a consent, oldest first."""
        where = and_(consent_use.c.school == school, consent_use.c.consent == row)
        rows = (await connection.execute(select(consent_use).where(where).order_by(consent_use.c.posted_at))).all()
        return tuple(Posted(one.channel, one.message, one.posted_at) for one in rows)

    async def ending(self, connection: AsyncConnection, school: str, until: date) -> Sequence[str]:
        """Return the pupils whose consent ends on a day and was not given anew for longer."""
        lines = [line for line in await self.lines(connection, school, None) if line.withdrawn_at is None]
        longer = {(line.pupil, line.kind, line.place) for line in lines if line.until > until}
        ends = [line for line in lines if line.until == until]
        return sorted({line.pupil for line in ends if (line.pupil, line.kind, line.place) not in longer})

    def _line(self, row: RowMapping) -> ConsentLine:
        recorded: datetime = row["recorded_at"]
        return ConsentLine(
            id=row["id"],
            pupil=row["pupil"],
            kind=ConsentKind(row["kind"]),
            place=ConsentPlace(row["place"]),
            given_by=GivenBy(row["given_by"]),
            name=self._opened(row, "given_name_sealed"),
            until=date.fromisoformat(row["until"]),
            proof=self._opened(row, "proof_sealed"),
            recorded_by=row["recorded_by"],
            recorded_at=recorded,
            withdrawn_at=row["withdrawn_at"],
        )

    def _opened(self, row: RowMapping, column: str) -> str:
        return self._vault.open(_place(row["school"], column, row["id"]), row[column]) or ""


def _place(school: str, column: str, row: int) -> Place:
    return Place(school, "consent", column, row)
