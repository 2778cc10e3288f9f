"""Notes under which consents something stands in a channel after all, so that withdrawing one lists it."""

from __future__ import annotations

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.consent.facts import ConsentKind, ConsentPlace
from bot.consent.register import ConsentRegister
from bot.media.names import pupils_named
from bot.media.store import HoldStore
from bot.school import School

KINDS = {"film": ConsentKind.FILM, "sound": ConsentKind.SOUND}


class ConsentUse:
    """Writes inside the caller's transaction."""

    def __init__(self, *, store: HoldStore, consents: ConsentRegister) -> None:
        self._store = store
        self._consents = consents

    async def note(self, connection: AsyncConnection, school: School, row: RowMapping, message: str) -> None:
        """Note that a hold's files stand in ``message``: under the consents of who posted it and who was named."""
        told = self._store.told(row)
        named = pupils_named(" ".join((told.caption, *told.files, told.named)), school.pupils)
        found: list[int] = []
        for kind in {KINDS.get(file["kind"], ConsentKind.PHOTO) for file in row["files"]}:
            on_record = await self._consents.on_record(
                connection,
                school,
                {row["author"], *named},
                kind=kind,
                place=ConsentPlace.CLASS,
                moment=row["said_at"],
            )
            found += [consent for consent in on_record.values() if consent is not None]
        await self._consents.used(connection, school.guild, found, row["channel"], message)
