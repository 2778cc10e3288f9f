"""Reading cases: lists, a case, its evidence, its looks; to see a case or its evidence is a line in the audit log."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.access import Access
from bot.cases.facts import CaseLine, CaseView, EvidenceLine, FollowUpView
from bot.cases.kept import CaseEvidence
from bot.cases.naming import Naming
from bot.cases.opening import Opening
from bot.cases.shorts import Wanted, shorts
from bot.cases.showing import line
from bot.cases.store import CaseStore, Standing
from bot.cases.telling import Answers
from bot.cases.turn import Log, Turn
from bot.people import Actor, Verb
from bot.reports.facts import KeptFile
from bot.reports.receiving import Receiving
from bot.storage.engine import Database


class Reading:
    """What can be read of cases."""

    def __init__(
        self,
        *,
        database: Database,
        access: Access,
        store: CaseStore,
        log: Log,
        opening: Opening,
        naming: Naming,
        answers: Answers,
        evidence: CaseEvidence,
        receiving: Receiving,
    ) -> None:
        self._database = database
        self._access = access
        self._store = store
        self._log = log
        self._opening = opening
        self._naming = naming
        self._answers = answers
        self._evidence = evidence
        self._receiving = receiving

    async def view(self, actor: Actor, case: int) -> CaseView:
        """Return a case; audited."""
        async with self._database.write() as connection:
            standing = await self._access.standing(connection, actor, case, Verb.CASE)
            await self._log.note(Turn(connection, actor, standing), Verb.CASE)
        return self._access.view(actor, standing)

    async def list(self, actor: Actor) -> Sequence[CaseLine]:
        """Return the cases that somebody may see, open ones first, then the newest."""
        async with self._database.read() as connection:
            found = await shorts(connection, Wanted.of(actor, Verb.CASE))
        protocol = self._log.protocol(actor.school.guild)
        return [line(one, protocol, actor.language) for one in found]

    async def joinable(self, actor: Actor, alert: int) -> Sequence[CaseLine]:
        """Return the open cases that an alert can join, those about the same pupils first (``same_pair``)."""
        async with self._database.read() as connection:
            people = await self._opening.people_of(connection, actor, alert)
            found = await shorts(connection, Wanted.of(actor, Verb.JOIN_CASE, open_only=True))
        protocol = self._log.protocol(actor.school.guild)
        lines = [line(one, protocol, actor.language, people) for one in found]
        return sorted(lines, key=lambda one: not one.same_pair)

    async def evidence(self, actor: Actor, case: int) -> Sequence[EvidenceLine]:
        """Return all that is kept, in order of time; audited."""
        async with self._database.write() as connection:
            standing = await self._access.standing(connection, actor, case, Verb.CASE)
            await self._log.note(Turn(connection, actor, standing), "show_evidence")
            return await self._evidence.lines(connection, standing)

    async def evidence_file(self, actor: Actor, case: int, evidence: int) -> KeptFile:
        """Return one kept file of a case; audited."""
        async with self._database.write() as connection:
            standing = await self._access.standing(connection, actor, case, Verb.CASE)
            await self._log.note(Turn(connection, actor, standing), "export")
        return await self._receiving.content(actor.school.guild, evidence, case=case)

    async def readers(self, actor: Actor, case: int) -> Sequence[str]:
        """Return the pupils of the class list who may have seen the messages, by user id."""
        return self._naming.readers(actor.school, await self._access.allowed(actor, case, Verb.CASE))

    async def followup_view(self, actor: Actor, followup: int) -> FollowUpView:
        """Return a look as it stands now."""
        found, standing = await self._look(actor.school.guild, followup)
        self._access.require(actor, standing, Verb.CASE)
        return found

    async def followup_card(self, school: str, followup: int) -> FollowUpView:
        """Return a look for the messenger; no rights asked."""
        return (await self._look(school, followup))[0]

    async def _look(self, school: str, followup: int) -> tuple[FollowUpView, Standing]:
        async with self._database.read() as connection:
            row = await self._store.followup(connection, school, followup)
            standing = await self._store.standing(connection, school, row["case"])
            return await self._answers.view(connection, standing, row), standing
