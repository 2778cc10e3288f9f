"""Files that people send with a report, a private message or to a case: looked at, then kept; told what became of them.

look (before the transaction) -> keep (inside it) -> told. A file that could not be looked at in time is put away and
looked at again, by a timer or when somebody asks for it; nobody gets it before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import NotFoundError, WrongStateError
from bot.media.unreadable import Reason, told
from bot.reports.facts import Fate, FileTold, KeptFile
from bot.reports.kept import Kept, loose
from bot.reports.sifting import Sent, Sieve, Sifted
from bot.reports.told import checked_files
from bot.storage.engine import Database
from bot.timers import Timers

SENT_LOOK = "sent_look"
"""Timer: look again at a file that was put away; its subject is the row of evidence."""
AGAIN = timedelta(minutes=1)
TRIES = 10


class Receiving:
    """Takes files in."""

    def __init__(self, *, database: Database, clock: Clock, timers: Timers, kept: Kept, sieve: Sieve) -> None:
        self._database = database
        self._clock = clock
        self._timers = timers
        self._kept = kept
        self._sieve = sieve

    async def look(self, school: str, files: Sequence[KeptFile]) -> tuple[Sifted, ...]:
        """Return what becomes of each file. Raises ``InputError``: too many, or too large."""
        kept = checked_files(files)
        return await self._sieve.look(school, kept) if kept else ()

    async def keep(
        self, connection: AsyncConnection, school: str, files: Sequence[Sifted], sent: Sent
    ) -> tuple[FileTold, ...]:
        """Keep what may be kept, inside the caller's transaction, and return what became of each file."""
        for one in files:
            row = await self._kept.sifted(connection, school, one, **_about(sent))
            if one.fate is Fate.LATER:
                await self._timers.plan(connection, school, SENT_LOOK, row, self._clock.now() + AGAIN)
        away = [one for one in files if one.fate.away]
        if away:
            await self._sieve.withhold(connection, school, away, sent)
        found = [
            FileTold(number, one.fate, one.unread, one.copy is not None, await self._case(connection, school, one.copy))
            for number, one in enumerate(files, 1)
        ]
        return tuple(found)

    async def told(self, connection: AsyncConnection, school: str, report: int) -> tuple[FileTold, ...]:
        """Return what became of the files of a report, in the order in which they came."""
        rows = await self._kept.sent_rows(connection, school, report)
        return tuple([await self._told(connection, row, number) for number, row in enumerate(rows, 1)])

    async def into_case(self, connection: AsyncConnection, school: str, report: int) -> None:
        """Let the files of a report that show a removed picture again stand with its case, without the report."""
        for row in await self._kept.sent_rows(connection, school, report):
            case = await self._case(connection, school, self._kept.told(row).get("copy"))
            if case is not None and row["file"] is not None:
                await self._kept.also_in(connection, row, case)

    async def content(self, school: str, evidence: int, **about: int) -> KeptFile:
        """Return one kept file; one that was put away is looked at now.

        Raises
        ------
        NotFoundError: there is none. WrongStateError: it can't be looked at now.
        """
        async with self._database.read() as connection:
            row = await self._kept.row(connection, school, evidence, **about)
        if self._kept.fate(row) is Fate.LATER and await self._again(row, last=False) is Fate.LATER:
            raise WrongStateError("error.report.file_later")
        async with self._database.read() as connection:
            return await self._kept.content(connection, school, evidence, **about)

    async def on_look(self, subject: int, school: str) -> None:
        """Timer ``sent_look``: look again; after the last try the file counts as one that can't be looked at."""
        async with self._database.read() as connection:
            try:
                row = await self._kept.row(connection, school, subject)
            except NotFoundError:
                return  # erased meanwhile, or withheld when somebody asked for it
        if self._kept.fate(row) is not Fate.LATER:
            return
        tries = self._tries(row) + 1
        if await self._again(row, last=tries >= TRIES, tries=tries) is Fate.LATER:
            async with self._database.write() as connection:
                await self._timers.plan(connection, school, SENT_LOOK, subject, self._clock.now() + AGAIN)

    async def _again(self, row: RowMapping, *, last: bool, tries: int | None = None) -> Fate:
        """Look at a file that was put away and write down what became of it."""
        school, file = row["school"], await self._kept.read(row)
        one = (await self._sieve.look(school, (file,)))[0]
        if last and one.fate is Fate.LATER:
            one = replace(one, fate=Fate.UNREAD, facts=replace(one.facts, error=told(Reason.TOO_SLOW)))
        gone: Sequence[str] = ()
        async with self._database.write() as connection:
            try:
                row = await self._kept.row(connection, school, row["id"])
            except NotFoundError:
                return one.fate
            if self._kept.fate(row) is not Fate.LATER:
                return one.fate  # somebody else was first
            await self._kept.settle(connection, row, one, self._tries(row) if tries is None else tries)
            if one.fate.away:
                await self._sieve.withhold(connection, school, (one,), await self._kept.sent(connection, row))
                gone = await loose(connection, school, {row["file"]})
        await self._kept.erase(school, gone)
        return one.fate

    def _tries(self, row: RowMapping) -> int:
        return int(self._kept.told(row).get("tries", 0))

    async def _told(self, connection: AsyncConnection, row: RowMapping, number: int) -> FileTold:
        marks = self._kept.told(row)
        copy, unread = marks.get("copy"), marks.get("unread")
        case = await self._case(connection, row["school"], copy)
        return FileTold(number, self._kept.fate(row), Reason(unread) if unread else None, copy is not None, case)

    async def _case(self, connection: AsyncConnection, school: str, hold: Any) -> int | None:
        return await self._sieve.case_of(connection, school, int(hold)) if hold is not None else None


def _about(sent: Sent) -> dict[str, Any]:
    named = {"report": sent.report, "case": sent.case, "kept_by": sent.by if sent.case is not None else None}
    return {name: value for name, value in named.items() if value is not None}
