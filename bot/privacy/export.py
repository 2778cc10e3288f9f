"""Showing one person what is kept about them (AVG art. 15): as data and as text, everybody else masked.

What others told in a report is not shown: it would betray them (art. 15(4)); the text says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.privacy.columns import TREATMENT, Kind
from bot.privacy.masking import Masker
from bot.privacy.people_in import place_of
from bot.privacy.removal import chunks
from bot.privacy.trail import Trail, trail_of
from bot.school import School
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.tables import metadata
from bot.storage.vault import Vault
from bot.texts import Texts

SHOWN = (Kind.PERSON, Kind.STAFF, Kind.SEALED, Kind.WORDS, Kind.FACT)
AROUND = {
    "talk": ("report",),
    "case_event": ("case",),
    "followup": ("case",),
    "evidence": ("finding",),
    "consent_use": ("consent",),
}
"""Tables whose rows are shown because of what they belong to."""
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Export:
    """What is kept on one person: rows by table, masked."""

    school: str
    made_at: datetime
    language: str
    tables: dict[str, list[Record]] = field(repr=False)

    def as_json(self) -> str:
        """Return it as data."""
        facts = {"school": self.school, "made_at": self.made_at.isoformat(), "kept": self.tables}
        return json.dumps(facts, ensure_ascii=False, indent=2, default=str) + "\n"

    def as_text(self, texts: Texts) -> str:
        """Return it for reading."""
        said = self.language
        local = self.made_at.strftime("%d-%m-%Y %H:%M UTC")
        head = texts.get("privacy.export.head", said, school=self.school, date=local)
        parts = [head, *(self._table(texts, name) for name in self.tables), texts.get("privacy.export.foot", said)]
        return "\n\n".join(parts) + "\n"

    def _table(self, texts: Texts, name: str) -> str:
        lines = [f"## {texts.get(f'privacy.table.{name}', self.language)}"]
        for number, record in enumerate(self.tables[name], 1):
            lines.append(f"{number}.")
            for column, value in record.items():
                label = texts.get(f"privacy.column.{column}", self.language)
                lines += [f"   {label}: {_plain(value)}"]
        return "\n".join(lines)


class Exporter:
    """Makes exports."""

    def __init__(self, *, database: Database, vault: Vault, clock: Clock, audit: Audit, texts: Texts) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._audit = audit
        self._texts = texts

    async def export(self, school: School, user: str, *, subject: str, by: str, language: str = "nl") -> Export:
        """Return what is kept on somebody; audited as ``subject``."""
        masker = Masker(school, user, self._texts, language)
        async with self._database.write() as connection:
            trail = await trail_of(connection, self._vault, school.guild, user)
            tables: dict[str, list[Record]] = {}
            for table in metadata.tables.values():
                if shown := await self._rows(connection, table, school.guild, user, trail):
                    tables[table.name] = [self._record(table, row, masker) for row in shown]
            await self._audit.note(connection, school.guild, by, "privacy_export", subject)
        own = school.pupil(user)
        if own is not None:
            listed = {"first_name": own.first_name, "last_name": own.last_name, "class_name": own.class_name}
            tables = {"class_list": [listed], **tables}
        return Export(school.name, self._clock.now(), language, tables)

    async def _rows(
        self, connection: AsyncConnection, table: Table, school: str, user: str, trail: Trail
    ) -> Iterable[Any]:
        if not TREATMENT[table.name].of(*SHOWN, Kind.MARK):
            return ()
        found: dict[tuple[Any, ...], Any] = {}
        for which in self._about(table, school, user, trail):
            asked = select(table).where(table.c.school == school, which).order_by(*table.primary_key.columns)
            for row in (await connection.execute(asked)).all():
                found[tuple(row[: len(table.primary_key.columns)])] = row
        return found.values()

    def _about(self, table: Table, school: str, user: str, trail: Trail) -> Iterator[Any]:
        named = [table.c[name] == user for name in TREATMENT[table.name].of(Kind.PERSON, Kind.STAFF)]
        if named:
            to_person = or_(*named)
            yield and_(to_person, table.c.receiver_kind == "user") if table.name == "outbox" else to_person
        if table.name == "pseudonym":
            yield table.c.user_mark == self._vault.mark(school, "pseudonym", user)
        roots: dict[str, Iterable[Any]] = {
            "finding": trail.findings,
            "report": trail.reports,
            "case": trail.cases,
            "consent": trail.consents,
            "alert": trail.alerts.values(),
        }
        for name in AROUND.get(table.name, ()) if table.name not in roots else ("id",):
            ids = [row.id for row in roots[table.name if name == "id" else name]]
            for some in chunks(ids):
                yield table.c[name].in_(some)

    def _record(self, table: Table, row: Any, masker: Masker) -> Record:
        record: Record = {}
        for name in TREATMENT[table.name].of(*SHOWN):
            value = row._mapping[table.c[name]]  # noqa: SLF001 - SQLAlchemy's public name for it
            if value is not None:
                record[name] = self._shown(table, row, name, value, masker)
        return record

    def _shown(self, table: Table, row: Any, name: str, value: Any, masker: Masker) -> Any:
        kind = TREATMENT[table.name].columns[name]
        if kind in {Kind.PERSON, Kind.STAFF}:
            return masker.person(value)
        if kind in {Kind.SEALED, Kind.WORDS}:
            opened = self._vault.open(place_of(table, name, row), value) or ""
            return masker.person(opened) if kind is Kind.SEALED else masker.text(opened)
        if isinstance(value, datetime):
            return value.isoformat()
        return masker.text(value) if isinstance(value, str) else value


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items())
    return " ".join(str(value).split())
