"""The way to a case: found in its school, and only for who may do this with it now."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.facts import CaseView
from bot.cases.showing import view
from bot.cases.store import CaseStore, Standing
from bot.cases.turn import Log
from bot.people import Actor, Role, Verb, require
from bot.storage.engine import Database
from bot.texts import Texts


class Access:
    """Finds cases for people."""

    def __init__(self, *, database: Database, store: CaseStore, log: Log, texts: Texts) -> None:
        self._database = database
        self._store = store
        self._log = log
        self._texts = texts

    async def allowed(self, actor: Actor, case: int, verb: Verb) -> Standing:
        """Return a case on which this person may do this now. Raises ``NotAllowedError``, ``NotFoundError``."""
        async with self._database.read() as connection:
            return await self.standing(connection, actor, case, verb)

    async def standing(self, connection: AsyncConnection, actor: Actor, case: int, verb: Verb) -> Standing:
        """Return the same inside the caller's transaction."""
        standing = await self._store.standing(connection, actor.school.guild, case)
        self.require(actor, standing, verb)
        return standing

    def require(self, actor: Actor, standing: Standing, verb: Verb) -> None:
        """Go on only when this person may do this with a case. Raises ``NotAllowedError``."""
        extra = frozenset({Role.FLAGGED}) if actor.id in standing.about else frozenset()
        require(actor, verb, standing.row["class_name"], owner=standing.row["owner"], extra=extra)

    def view(self, actor: Actor, standing: Standing) -> CaseView:
        """Return a case as this person sees it."""
        return view(standing, self._log.protocol(actor.school.guild), self._texts, actor)
