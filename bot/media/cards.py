"""What people see of a hold; made anew from the rows each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.consent.facts import ConsentKind, ConsentPlace
from bot.consent.register import ConsentRegister
from bot.media.decide import Why
from bot.media.names import pupils_named
from bot.media.ports import ReadersOf
from bot.media.store import HoldState, HoldStore, Source, source_of
from bot.media.unreadable import Reason, reason_of
from bot.school import School
from bot.screening.verdict import Severity
from bot.storage.audit import PROGRAM
from bot.storage.tables import case_
from bot.storage.tables import report as report_table


@dataclass(frozen=True, slots=True)
class OnRecord:
    """For what there is consent of a pupil that was named."""

    account: str
    name: str
    kinds: tuple[ConsentKind, ...]


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file on the card. ``can_show``: its contents are kept and may be looked at (blurred first)."""

    number: int
    kind: str
    faces: int
    people: str
    duration: float | None
    unreadable: Reason | None
    can_show: bool


@dataclass(frozen=True, slots=True)
class MediaCard:
    """A hold as the teacher sees it.

    ``said``: what the pupil says of who is in it; ``on_record``: the pupils named there or beside the picture;
    ``readers``: who could read it (``readers_of``: what was counted; ``readers_complete`` False: "onvolledig");
    ``objector``: who does not want it, for the teacher alone; ``source``: what it came with, when it was
    never posted, with the number of that report or case; without one the report is a draft, or about staff.
    ``handed``: why what lay sealed was handed over; ``by_bot``: a later look found nothing, nobody decided.
    """

    id: int
    school: str
    alert: int | None
    finding: int | None
    state: HoldState
    severity: Severity
    reasons: tuple[Why, ...]
    class_name: str | None
    channel: str
    message: str
    author: str
    files: tuple[FileLine, ...]
    faces: int
    said: str
    on_record: tuple[OnRecord, ...]
    private: bool
    objector: str
    readers: tuple[str, ...]
    readers_complete: bool
    readers_of: ReadersOf
    decided_by: str | None
    posted_message: str | None
    may_post_until: datetime | None
    said_at: datetime
    version: int
    source: str | None = None
    source_number: int | None = None
    handed: str = ""
    by_bot: bool = False


class MediaCards:
    """Makes cards."""

    def __init__(self, *, store: HoldStore, consents: ConsentRegister) -> None:
        self._store = store
        self._consents = consents

    async def of(self, connection: AsyncConnection, school: School, row: RowMapping) -> MediaCard:
        """Return the card of a hold."""
        told = self._store.told(row)
        beside = " ".join((told.caption, *told.files, told.named))
        names = {pupil.account: pupil.first_name for pupil in school.pupils}
        named = {account: names[account] for account in sorted(pupils_named(beside, school.pupils))}
        files = tuple(_line(number, file) for number, file in enumerate(row["files"], 1))
        source = source_of(row["message"])
        return MediaCard(
            state=HoldState(row["state"]),
            severity=Severity(row["severity"]),
            reasons=tuple(Why(why) for why in row["reasons"]),
            files=files,
            faces=max((file.faces for file in files), default=0),
            said=told.named,
            objector=told.objector,
            on_record=await self._recorded(connection, school, named, row["said_at"]),
            readers=tuple(row["readers"]),
            readers_of=ReadersOf(row["readers_of"] or ReadersOf.CHANNEL),
            source=source.kind if source else None,
            by_bot=row["decided_by"] == PROGRAM,
            handed=self._store.reason(row) if row["private"] else "",
            source_number=await _number(connection, school, source) if source else None,
            **{name: row[name] for name in _SAME},
        )

    async def _recorded(
        self, connection: AsyncConnection, school: School, named: Mapping[str, str], moment: datetime
    ) -> tuple[OnRecord, ...]:
        place, found = ConsentPlace.CLASS, dict[str, list[ConsentKind]]()
        for kind in ConsentKind:
            held = await self._consents.on_record(connection, school, named, kind=kind, place=place, moment=moment)
            for account, consent in held.items():
                found.setdefault(account, []).extend([kind] if consent is not None else [])
        return tuple(OnRecord(account, name, tuple(found.get(account, ()))) for account, name in named.items())


async def _number(connection: AsyncConnection, school: School, source: Source) -> int | None:
    if source.kind == "case":
        asked = select(case_.c.number).where(case_.c.school == school.guild, case_.c.id == source.row)
        return (await connection.execute(asked)).scalar()
    report = select(report_table.c.number, report_table.c.left_out)
    where = and_(report_table.c.school == school.guild, report_table.c.id == source.row)
    row = (await connection.execute(report.where(where))).first()
    return row.number if row is not None and not row.left_out else None


_SAME = (
    "id",
    "school",
    "alert",
    "finding",
    "class_name",
    "channel",
    "message",
    "author",
    "private",
    "readers_complete",
    "decided_by",
    "posted_message",
    "may_post_until",
    "said_at",
    "version",
)


def _line(number: int, file: Mapping[str, object]) -> FileLine:
    return FileLine(
        number=number,
        kind=str(file["kind"]),
        faces=int(str(file["faces"])),
        people=str(file["people"]),
        duration=float(str(file["duration"])) if file["duration"] is not None else None,
        unreadable=reason_of(str(file["error"])) if file["error"] else None,
        can_show=file["kept"] is not None,
    )
