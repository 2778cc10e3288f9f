"""The rows of the photo road, inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, Ids
from bot.errors import NotFoundError
from bot.media.facts import MediaFacts, MediaKind
from bot.media.fingerprint import TURNS, same_picture
from bot.storage.tables import finding, media_hold, removed_picture
from bot.storage.vault import Place, Vault


class HoldState(StrEnum):
    """How far a message on the photo road is.

    ``taking``: to be taken out of the channel; ``flagged``: stands there still; ``returned``: posted again by the bot;
    ``again``: approved, but the pupil must post it again.
    """

    TAKING = "taking"
    HELD = "held"
    FLAGGED = "flagged"
    APPROVED = "approved"
    RETURNED = "returned"
    AGAIN = "again"
    REFUSED = "refused"

    @property
    def undecided(self) -> bool:
        """Whether a teacher has still to answer."""
        return self in {HoldState.TAKING, HoldState.HELD, HoldState.FLAGGED}


@dataclass(frozen=True, slots=True)
class Told:
    """What people wrote beside a file: sealed. ``named``: whom the pupil says is in it."""

    caption: str = ""
    files: tuple[str, ...] = ()
    named: str = ""
    objector: str = ""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """What is known of a held file; ``kept``: the name that its contents lie under, None when they are not kept."""

    sha256: str
    size: int
    kind: str
    faces: int
    people: str
    nudity: float
    error: str | None
    duration: float | None
    pdqs: tuple[str, ...] = field(default=(), repr=False)
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a file came with that was never posted: ``kind`` is report or case; ``row`` its id."""

    kind: str
    row: int

    def message(self, sha256: str) -> str:
        """Return what stands in the place of a message's id."""
        return f"{self.kind}:{self.row}:{sha256[:12]}"


@dataclass(frozen=True, slots=True)
class Copy:
    """The hold of a removed picture that was seen again, its case, and whether it may be nudity."""

    hold: int
    case: int | None
    private: bool


def source_of(message: str) -> Source | None:
    """Return what the file of a hold came with; None: it was posted."""
    kind, _, rest = message.partition(":")
    row = rest.partition(":")[0]
    return Source(kind, int(row)) if kind in {"report", "case"} and row.isdecimal() else None


def held_file(facts: MediaFacts, size: int, kept: str | None) -> HeldFile:
    """Return what is kept of a file that was looked at."""
    prints = facts.pdqs if facts.kind is MediaKind.FILM else facts.pdqs[::TURNS]  # a copy brings its own turns
    seen = (facts.kind.value, facts.faces, facts.people.value, round(facts.nudity, 4), facts.error, facts.duration)
    return HeldFile(facts.sha256, size, *seen, pdqs=prints, kept=kept)


class HoldStore:
    """Reads and writes holds and removed pictures."""

    def __init__(self, *, vault: Vault, clock: Clock, ids: Ids) -> None:
        self._vault = vault
        self._clock = clock
        self._ids = ids

    async def add(
        self, connection: AsyncConnection, school: str, told: Told, files: Iterable[HeldFile], **facts: Any
    ) -> int:
        """Write a hold and return its id."""
        row = self._ids.new()
        sealed = self._vault.seal(_place(school, "told_sealed", row), json.dumps(asdict(told), ensure_ascii=False))
        values = {"files": [asdict(file) for file in files], "created_at": self._clock.now(), **facts}
        await connection.execute(media_hold.insert().values(id=row, school=school, told_sealed=sealed, **values))
        return row

    async def find(self, connection: AsyncConnection, school: str, message: str) -> RowMapping | None:
        """Return the hold of a message."""
        where = and_(media_hold.c.school == school, media_hold.c.message == message)
        return (await connection.execute(select(media_hold).where(where))).mappings().first()

    async def get(self, connection: AsyncConnection, school: str, row: int) -> RowMapping:
        """Return a hold. Raises ``NotFoundError``."""
        where = and_(media_hold.c.school == school, media_hold.c.id == row)
        found = (await connection.execute(select(media_hold).where(where))).mappings().first()
        if found is None:
            raise NotFoundError("error.media.gone")
        return found

    async def change(self, connection: AsyncConnection, row: RowMapping, **facts: Any) -> bool:
        """Change a hold that still is in the state that was read; False when somebody was first."""
        same = and_(media_hold.c.id == row["id"], media_hold.c.version == row["version"])
        values = {"version": media_hold.c.version + 1, **facts}
        return (await connection.execute(update(media_hold).where(same).values(**values))).rowcount > 0

    def told(self, row: RowMapping) -> Told:
        """Return what was written beside it."""
        values = json.loads(
            self._vault.open(_place(row["school"], "told_sealed", row["id"]), row["told_sealed"]) or "{}"
        )
        return Told(**{**values, "files": tuple(values.get("files", ()))})

    def sealed_told(self, row: RowMapping, told: Told) -> bytes | None:
        """Seal what was written beside it anew."""
        place = _place(row["school"], "told_sealed", row["id"])
        return self._vault.seal(place, json.dumps(asdict(told), ensure_ascii=False))

    def sealed_reason(self, row: RowMapping, reason: str) -> bytes | None:
        """Seal a teacher's reason."""
        return self._vault.seal(_place(row["school"], "reason_sealed", row["id"]), reason)

    def reason(self, row: RowMapping) -> str:
        """Return a teacher's reason; empty when there is none."""
        return self._vault.open(_place(row["school"], "reason_sealed", row["id"]), row["reason_sealed"]) or ""

    def mark(self, school: str, user: str) -> str:
        """Return what somebody's objections are counted by."""
        return self._vault.mark(school, "objector", user)

    async def objections(self, connection: AsyncConnection, school: str, mark: str, since: datetime) -> int:
        """Return how often somebody objected since a moment."""
        mine = and_(media_hold.c.school == school, media_hold.c.objector_mark == mark)
        counted = select(func.count()).select_from(media_hold).where(mine, media_hold.c.created_at >= since)
        return await connection.scalar(counted) or 0

    async def may_post(self, connection: AsyncConnection, school: str, author: str, hashes: Sequence[str]) -> bool:
        """Whether an author posts exactly what was approved within the last day."""
        mine = and_(media_hold.c.school == school, media_hold.c.author == author)
        again = and_(media_hold.c.state == HoldState.AGAIN, media_hold.c.may_post_until > self._clock.now())
        rows = (await connection.execute(select(media_hold.c.files).where(mine, again))).scalars()
        return any(set(hashes) <= {file["sha256"] for file in files} for files in rows) if hashes else False

    async def remember_removed(self, connection: AsyncConnection, row: RowMapping) -> None:
        """Let copies of a hold's pictures be found again."""
        known = select(removed_picture.c.id).where(removed_picture.c.hold == row["id"])
        if await connection.scalar(known.limit(1)) is not None:
            return
        for file in row["files"]:
            what = {"hold": row["id"], "sha256": file["sha256"], "pdqs": file["pdqs"], "removed_at": self._clock.now()}
            await connection.execute(removed_picture.insert().values(id=self._ids.new(), school=row["school"], **what))

    async def forget_removed(self, connection: AsyncConnection, row: RowMapping) -> None:
        """Let a picture that turned out to be fine be posted again."""
        await connection.execute(delete(removed_picture).where(removed_picture.c.hold == row["id"]))

    async def forget_copied(self, connection: AsyncConnection, row: RowMapping, most: int) -> None:
        """Let a picture that a teacher finds fine be posted again, where it was taken away for the words beside it."""
        joined = select(removed_picture, media_hold.c.reasons).join(media_hold)
        for one in (await connection.execute(joined.where(removed_picture.c.school == row["school"]))).all():
            files = () if one.reasons else row["files"]
            if any(file["sha256"] == one.sha256 or same_picture(file["pdqs"], one.pdqs, most) for file in files):
                await connection.execute(delete(removed_picture).where(removed_picture.c.id == one.id))

    async def copy_of(
        self, connection: AsyncConnection, school: str, facts: Iterable[MediaFacts], most: int
    ) -> Copy | None:
        """Return the removed picture that one of these files shows again; what may be nudity goes before the rest."""
        joined = removed_picture.join(media_hold).outerjoin(finding, finding.c.id == media_hold.c.finding)
        asked = select(removed_picture, media_hold.c.private, media_hold.c.message, finding.c.case.label("case"))
        ordered = asked.select_from(joined).order_by(media_hold.c.private.desc(), removed_picture.c.id)
        rows = (await connection.execute(ordered.where(removed_picture.c.school == school))).all()
        seen = list(facts)
        for row in rows:
            for one in seen:
                if (one.sha256 and row.sha256 == one.sha256) or same_picture(one.pdqs, row.pdqs, most):
                    return Copy(row.hold, row.case or _added_to(row.message), row.private)
        return None

    async def case_of(self, connection: AsyncConnection, school: str, hold: int) -> int | None:
        """Return the case that the message of a hold belongs to, or to which its file was added."""
        joined = media_hold.outerjoin(finding, finding.c.id == media_hold.c.finding)
        asked = select(media_hold.c.message, finding.c.case.label("case")).select_from(joined)
        where = and_(media_hold.c.school == school, media_hold.c.id == hold)
        row = (await connection.execute(asked.where(where))).first()
        return (row.case or _added_to(row.message)) if row is not None else None


def _added_to(message: str) -> int | None:
    source = source_of(message)
    return source.row if source and source.kind == "case" else None


def _place(school: str, column: str, row: int) -> Place:
    return Place(school, "media_hold", column, row)
