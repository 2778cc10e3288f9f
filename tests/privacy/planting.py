"""Plants rows in every table, each personal column marked: built from the schema, so that a new column fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Boolean, Integer, LargeBinary, String, Table

from bot.privacy.columns import TREATMENT, Kind
from bot.privacy.erase import Eraser
from bot.privacy.erased import ErasureList
from bot.privacy.export import Exporter
from bot.privacy.people_in import place_of
from bot.privacy.retention import Retention
from bot.privacy.rules import RetentionRules, read_retention
from bot.privacy.trail import reporter_mark
from bot.settings import data_folder
from bot.storage.files import FileStore
from bot.storage.tables import Moment, metadata
from bot.storage.vault import Place
from bot.texts import Texts
from tests.builders import PUPIL, SCHOOL, STAFF_CHANNEL, TARGET, TUESDAY_10, Core, a_school

WORDS = "gemerkt-geheim"
SOMEBODY = "1100000000000000699"
SCHOOL_FACTS = a_school()
MARKS = {"report": "reporter", "pseudonym": "pseudonym", "media_hold": "objector"}
BARE = {"fact", "school_key", "watermark"}
"""Tables about nobody; they are not planted."""

CLOSED: dict[str, list[dict[str, Any]]] = {
    "school": [{"config": {"name": "x", "pupils": [{"account": PUPIL, "first_name": "Daan"}]}}],
    "recheck": [{}],
    "judged_edit": [{}],
    "alert": [
        {"group_key": f"{PUPIL}>{TARGET}", "receivers": [f"user:{PUPIL}"], "left_out": [PUPIL], "state": "closed"},
        {"group_key": f"{TARGET}>{PUPIL}", "receivers": [], "left_out": [], "state": "closed"},
        {"group_key": f"{SOMEBODY}>x", "receivers": [f"user:{PUPIL}", f"user:{SOMEBODY}"], "state": "closed"},
    ],
    "case": [{"state": "closed", "number": 1}],
    "finding": [
        {"state": "dismissed", "alert": "alert:0", "target": TARGET, "message": "1"},
        {"state": "case", "alert": "alert:1", "case": "case:0", "author": TARGET, "target": PUPIL, "message": "2"},
        {"state": "dismissed", "alert": "alert:2", "author": SOMEBODY, "target": TARGET, "message": "3"},
    ],
    "evidence": [
        {"finding": "finding:0"},
        {"finding": "finding:1"},
        {"case": "case:0"},
        {"report": "report:0"},
        {"report": "report:2", "kept_by": SOMEBODY},
    ],
    "outbox": [
        {"kind": "pupil_note", "receiver_kind": "user", "state": "sent", "subject": "finding:0"},
        {"kind": "alert", "receiver_kind": "channel", "receiver": STAFF_CHANNEL, "state": "sent", "subject": "alert:0"},
        {"kind": "notice", "receiver_kind": "user", "state": "sent", "subject": 0},
        {"kind": "notice", "receiver_kind": "channel", "receiver": STAFF_CHANNEL, "state": "sent", "subject": 0},
    ],
    "timer": [{"kind": "ladder", "subject": "alert:0"}],
    "dm_choice": [{}],
    "report": [
        {"state": "closed", "number": 1, "receiver": PUPIL},
        {"state": "closed", "number": 2, "case": "case:0"},
        {"state": "closed", "number": 3, "of": SOMEBODY, "left_out": [PUPIL, SOMEBODY], "receiver": PUPIL},
    ],
    "talk": [{"report": "report:0"}, {"report": "report:1"}, {"report": "report:2"}],
    "case_pupil": [{"case": "case:0"}],
    "case_event": [{"case": "case:0", "detail": f"owner:{PUPIL}"}],
    "followup": [{"case": "case:0"}],
    "audit": [{"actor": "f" * 16}],
    "pseudonym": [{"pseudonym": "f" * 16}],
    "consent": [{"until": "2026-11-01"}],
    "consent_use": [{"consent": "consent:0"}],
    "media_hold": [
        {"finding": "finding:0", "alert": "alert:0", "message": "1", "readers": [PUPIL]},
        {"message": "4", "author": SOMEBODY, "readers": [PUPIL, SOMEBODY], "objector_mark": "own"},
        {"message": "5", "readers": []},
    ],
    "removed_picture": [{"hold": "media_hold:2"}],
}
"""Everything is over: nothing of it must stay, but for a closed case's term."""


@dataclass
class Privacy:
    """A planted core and what works on it."""

    core: Core
    rules: RetentionRules
    files: FileStore
    erased: ErasureList
    retention: Retention
    eraser: Eraser
    exporter: Exporter
    names: list[str] = field(default_factory=list)

    async def values(self, table: Table) -> list[str]:
        """Every value of a table as text, sealed ones opened."""
        found = []
        for row in await self.core.rows(table):
            for column in table.columns:
                value = row[column.name]
                if isinstance(value, bytes):
                    value = self.opened(table, column.name, row)
                found.append(str(value))
        return found

    def opened(self, table: Table, column: str, row: dict[str, Any]) -> str:
        if table.name == "school_key":
            return ""
        return self.core.vault.open(place_of(table, column, Mapped(row)), row[column]) or ""  # type: ignore[arg-type]

    def bytes_on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.core.state.rglob("*")) if path.is_file())


@dataclass
class Mapped:
    _mapping: dict[str, Any]


async def privacy_of(core: Core, rules: RetentionRules | None = None) -> Privacy:
    """Give the services."""
    texts = Texts.load(data_folder() / "texts")
    rules = rules or read_retention(data_folder() / "retention.toml")
    files = FileStore(folder=core.state / "files", vault=core.vault)
    erased = ErasureList(state=core.state, vault=core.vault)
    base: dict[str, Any] = {"database": core.database, "vault": core.vault, "clock": core.clock}
    retention = Retention(**base, rules=rules, files=files, erased=erased, state=core.state)
    eraser = Eraser(**base, audit=core.audit, rules=rules, erased=erased, retention=retention)
    exporter = Exporter(**base, audit=core.audit, texts=texts)
    return Privacy(core, rules, files, erased, retention, eraser, exporter)


async def planted(core: Core, rows: dict[str, list[dict[str, Any]]] | None = None) -> Privacy:
    """Plant rows in every table and give the services."""
    privacy = await privacy_of(core)
    world = CLOSED if rows is None else rows
    ids: dict[str, list[Any]] = {}
    for table in metadata.sorted_tables:
        ids[table.name] = [core.ids.new() for _ in world.get(table.name, ())]
    for table in metadata.sorted_tables:
        for number, known in enumerate(world.get(table.name, ())):
            row = await _row(privacy, table, ids[table.name][number], _linked(known, ids))
            async with core.database.write() as connection:
                await connection.execute(table.insert().values({table.c[name]: value for name, value in row.items()}))
    return privacy


def _linked(known: dict[str, Any], ids: dict[str, list[Any]]) -> dict[str, Any]:
    done = dict(known)
    for name, value in known.items():
        table, _, number = value.partition(":") if isinstance(value, str) else ("", "", "")
        if table in ids and number.isdigit() and len(number) < 3:
            done[name] = ids[table][int(number)]
    return done


async def _row(privacy: Privacy, table: Table, row: int, known: dict[str, Any]) -> dict[str, Any]:
    user = known.pop("of", PUPIL)
    made: dict[str, Any] = {}
    for column in table.columns:
        name, kind = column.name, TREATMENT[table.name].columns[column.name]
        if name in known and known[name] != "own":
            made[name] = known[name]
        elif name == "id":
            made[name] = row
        elif name == "school":
            made[name] = SCHOOL
        elif kind is Kind.MARK:
            made[name] = _mark(privacy, table, user)
        elif kind is Kind.FILE:
            made[name] = await _file(privacy, column.type)
        elif not column.foreign_keys:
            made[name] = _value(column, kind, user)
    for name in TREATMENT[table.name].of(Kind.SEALED, Kind.WORDS):
        text = user if TREATMENT[table.name].columns[name] is Kind.SEALED else f"{WORDS}-{table.name}-{name}"
        place = place_of(table, name, Mapped(made))  # type: ignore[arg-type]
        assert isinstance(place, Place)
        made[name] = privacy.core.vault.seal(place, text)
    return made


def _mark(privacy: Privacy, table: Table, user: str) -> str:
    if table.name == "report":
        return reporter_mark(privacy.core.vault, SCHOOL, user)
    return privacy.core.vault.mark(SCHOOL, MARKS[table.name], user)


async def _file(privacy: Privacy, type_: Any) -> Any:
    name = await privacy.files.keep(SCHOOL, f"{WORDS} {len(privacy.names)}".encode())
    privacy.names.append(name)
    return [{"sha256": "0" * 64, "pdqs": [], "kept": name, "size": 3}] if isinstance(type_, JSON) else name


def _value(column: Any, kind: Kind, user: str) -> Any:
    if kind in {Kind.PERSON, Kind.STAFF}:
        return user
    if isinstance(column.type, JSON):
        return {"ping": f"{user} {SOMEBODY}"} if column.name == "values" else []
    if isinstance(column.type, String):
        return ("alert" if column.name == "severity" else "x")[: column.type.length]
    plain = ((LargeBinary, b""), (Boolean, True), (Integer, 1), (Moment, TUESDAY_10))
    return next((value for type_, value in plain if isinstance(column.type, type_)), 1)
