"""What is kept with a report: the message it is about, as it stood, and files; later edits and deletions too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import RowMapping, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, Ids
from bot.errors import NotFoundError
from bot.media.unreadable import Reason
from bot.ports import ChatMessage
from bot.reports.facts import Fate, KeptFile, KeptMessage, ReportFile
from bot.reports.sifting import Sent, Sifted
from bot.storage.tables import evidence, media_hold
from bot.storage.tables import report as report_table
from bot.storage.vault import Place, Vault

WITHHELD = "withheld"
"""Kind of a row that stands for a file which was not kept, or sealed: it may show nudity."""


async def loose(connection: AsyncConnection, school: str, names: set[str]) -> list[str]:
    """Return which of these kept files nothing needs any more, for ``FileStore.forget`` after the transaction."""
    others = select(evidence.c.file).where(evidence.c.school == school, evidence.c.file.in_(names))
    needed = set((await connection.execute(others)).scalars())
    if names - needed:  # a picture that was posted too lies under the same name
        holds = await connection.execute(select(media_hold.c.files).where(media_hold.c.school == school))
        needed |= {file["kept"] for files in holds.scalars() for file in files}
    return sorted(names - needed)


class FileStore(Protocol):
    """Where the contents of files lie, encrypted."""

    async def keep(self, school: str, content: bytes) -> str:
        """Keep a file's contents and return the name that it lies under."""
        ...

    async def read(self, school: str, name: str) -> bytes:
        """Return a kept file's contents. Raises ``NotFoundError``: it is gone."""
        ...

    async def forget(self, school: str, name: str) -> None:
        """Erase a kept file; one that is gone is no error."""
        ...


class Kept:
    """Writes and reads the evidence that belongs to reports (and what a person adds to a case)."""

    def __init__(self, *, vault: Vault, clock: Clock, ids: Ids, files: FileStore) -> None:
        self._vault = vault
        self._clock = clock
        self._ids = ids
        self._files = files

    async def message(self, connection: AsyncConnection, report: int, message: ChatMessage) -> None:
        """Keep a message as it stands now."""
        facts = _of_message(message, "edit" if message.revision else "message")
        await self.add(connection, message.school, message.text, report=report, **facts)

    async def context(self, connection: AsyncConnection, case: int, message: ChatMessage, by: str) -> None:
        """Keep a message that stands around those of a case, as it stands now."""
        facts = _of_message(message, "context")
        await self.add(connection, message.school, message.text, case=case, kept_by=by, **facts)

    async def changed(self, connection: AsyncConnection, message: ChatMessage) -> None:
        """Keep a later version of a message that a report is about; nothing for other messages."""
        for report, text in await self._reports_about(connection, message.school, message.id):
            if text != message.text:
                facts = _of_message(message, "edit")
                await self.add(connection, message.school, message.text, report=report, **facts)

    async def deleted(self, connection: AsyncConnection, school: str, message: str) -> None:
        """Note once that a message that a report is about was deleted."""
        gone = select(evidence.c.report).where(evidence.c.school == school, evidence.c.message == message)
        told = set((await connection.execute(gone.where(evidence.c.kind == "deletion"))).scalars())
        for report, _ in await self._reports_about(connection, school, message):
            if report not in told:
                facts = {"kind": "deletion", "message": message, "said_at": self._clock.now()}
                await self.add(connection, school, None, report=report, **facts)

    async def sifted(self, connection: AsyncConnection, school: str, one: Sifted, **about: Any) -> int:
        """Keep a file that was looked at; ``about``: report or case, and kept_by where a member of staff adds it.

        Of one that may show nudity only that it came, its size and its hash.
        """
        file, marks = one.file, _marks(one)
        told = {"name": file.name, "size": len(file.content), "type": file.content_type}
        facts = {**about, "fingerprint": one.facts.sha256 or hashlib.sha256(file.content).hexdigest()}
        if one.fate.away:
            return await self.add(connection, school, _packed({**told, "name": "", **marks}), kind=WITHHELD, **facts)
        facts |= {"kind": "file", "file": await self._files.keep(school, file.content)}
        return await self.add(connection, school, _packed({**told, **marks}), **facts)

    async def settle(self, connection: AsyncConnection, row: RowMapping, one: Sifted, tries: int) -> None:
        """Write down what became of a file that was put away."""
        told = {**self.told(row), **_marks(one), "tries": tries}
        facts: dict[str, Any] = {}
        if one.fate.away:
            told, facts = {**told, "name": ""}, {"kind": WITHHELD, "file": None}
        sealed = self._vault.seal(_place(row["school"], row["id"]), _packed(told))
        same = evidence.c.id == row["id"]
        await connection.execute(update(evidence).where(same).values(content_sealed=sealed, **facts))

    async def also_in(self, connection: AsyncConnection, row: RowMapping, case: int) -> None:
        """Let a file that came with a report stand with a case too, in a row that does not name the report."""
        school = row["school"]
        there = and_(evidence.c.school == school, evidence.c.case == case, evidence.c.file == row["file"])
        if (await connection.execute(select(evidence.c.id).where(there))).first() is None:
            told = {**self.told(row), "name": ""}
            facts = {"kind": "file", "file": row["file"], "fingerprint": row["fingerprint"], "case": case}
            await self.add(connection, school, _packed(told), **facts)

    async def add(self, connection: AsyncConnection, school: str, text: str | None, **facts: Any) -> int:
        """Add a row of evidence. Without a fingerprint of its own it gets that of the text."""
        row = self._ids.new()
        if text is not None:
            facts.setdefault("fingerprint", hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
        sealed = self._vault.seal(_place(school, row), text)
        facts = {"kept_at": self._clock.now(), **facts, "content_sealed": sealed}
        await connection.execute(evidence.insert().values(id=row, school=school, **facts))
        return row

    async def rows(self, connection: AsyncConnection, school: str, report: int) -> Sequence[RowMapping]:
        """Return all that is kept with a report, oldest first."""
        where = and_(evidence.c.school == school, evidence.c.report == report)
        return (await connection.execute(select(evidence).where(where).order_by(evidence.c.id))).mappings().all()

    async def of_report(
        self, connection: AsyncConnection, school: str, report: int
    ) -> tuple[KeptMessage | None, tuple[ReportFile, ...]]:
        """Return the message that a report is about, and its files."""
        rows = await self.rows(connection, school, report)
        message = next((self._message(row) for row in rows if row["message"] and row["content_sealed"]), None)
        return message, tuple(self._file(row) for row in rows if row["kind"] == "file")

    async def sent_rows(self, connection: AsyncConnection, school: str, report: int) -> list[RowMapping]:
        """Return the files that came with a report, those that were withheld too, oldest first."""
        return [row for row in await self.rows(connection, school, report) if row["kind"] in {"file", WITHHELD}]

    async def row(self, connection: AsyncConnection, school: str, row: int, **about: int) -> RowMapping:
        """Return the row of a kept file. Raises ``NotFoundError``: there is none, or it was withheld."""
        where = [evidence.c.school == school, evidence.c.id == row, evidence.c.kind == "file"]
        where += [evidence.c.file.is_not(None), *(evidence.c[column] == value for column, value in about.items())]
        found = (await connection.execute(select(evidence).where(and_(*where)))).mappings().first()
        if found is None:
            raise NotFoundError("error.report.gone")
        return found

    async def content(self, connection: AsyncConnection, school: str, row: int, **about: int) -> KeptFile:
        """Return one kept file; ``about`` names the report or case it must belong to. Raises ``NotFoundError``."""
        return await self.read(await self.row(connection, school, row, **about))

    async def read(self, row: RowMapping) -> KeptFile:
        """Return the file of a row. Raises ``NotFoundError``: it is gone."""
        told = self.told(row)
        return KeptFile(told["name"], await self._files.read(row["school"], row["file"]), told.get("type"))

    def fate(self, row: RowMapping) -> Fate:
        """Return what became of the file of a row."""
        told = self.told(row)
        if row["kind"] == WITHHELD:
            return Fate.SEALED if told.get("sealed") else Fate.WITHHELD
        unread = told.get("unread")
        return Fate.KEPT if unread is None else Fate.LATER if unread == Reason.BUSY else Fate.UNREAD

    async def sent(self, connection: AsyncConnection, row: RowMapping) -> Sent:
        """Return what a file came with."""
        asked = select(report_table.c.left_out).where(report_table.c.id == row["report"])
        left_out = (await connection.scalar(asked)) or ()
        return Sent(row["report"], row["case"], row["kept_by"], tuple(left_out))

    async def forget(self, connection: AsyncConnection, school: str, report: int) -> list[str]:
        """Erase what was kept with a draft; returns the files that nothing needs any more, for ``erase``."""
        rows = await self.rows(connection, school, report)
        await connection.execute(delete(evidence).where(evidence.c.school == school, evidence.c.report == report))
        return await loose(connection, school, {row["file"] for row in rows if row["file"]})

    async def erase(self, school: str, files: Sequence[str]) -> None:
        """Erase the contents of files, after the transaction that forgot them."""
        for name in files:
            await self._files.forget(school, name)

    async def move(self, connection: AsyncConnection, school: str, report: int, case: int) -> None:
        """Let what was kept with a report belong to a case too."""
        mine = and_(evidence.c.school == school, evidence.c.report == report)
        await connection.execute(update(evidence).where(mine).values(case=case))

    def text(self, row: RowMapping) -> str:
        """Return what a row of evidence says; empty for a deletion."""
        return self._vault.open(_place(row["school"], row["id"]), row["content_sealed"]) or ""

    def told(self, row: RowMapping) -> dict[str, Any]:
        """Return name, size and type of a kept file."""
        told: dict[str, Any] = json.loads(self.text(row))
        return told

    async def _reports_about(self, connection: AsyncConnection, school: str, message: str) -> list[tuple[int, str]]:
        where = [evidence.c.school == school, evidence.c.message == message]
        where += [evidence.c.report.is_not(None), or_(evidence.c.kind == "message", evidence.c.kind == "edit")]
        rows = (await connection.execute(select(evidence).where(and_(*where)).order_by(evidence.c.id))).mappings()
        return list({row["report"]: self.text(row) for row in rows}.items())

    def _message(self, row: RowMapping) -> KeptMessage:
        at: datetime = row["said_at"] or row["kept_at"]
        return KeptMessage(row["author"] or "", self.text(row), at, row["url"] or "", row["fingerprint"] or "")

    def _file(self, row: RowMapping) -> ReportFile:
        told = self.told(row)
        return ReportFile(row["id"], told["name"], told["size"], row["fingerprint"])


def _of_message(message: ChatMessage, kind: str) -> dict[str, Any]:
    where = {"channel": message.channel, "message": message.id, "url": message.url}
    return {"kind": kind, **where, "author": message.author.id, "said_at": message.at}


def _marks(one: Sifted) -> dict[str, Any]:
    marks = {"unread": one.unread and one.unread.value, "copy": one.copy, "sealed": one.fate is Fate.SEALED or None}
    return {name: value for name, value in marks.items() if value is not None or name == "unread"}


def _packed(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)


def _place(school: str, row: int) -> Place:
    return Place(school, "evidence", "content_sealed", row)
