"""Letters and dossiers as people ask for them: who may, what they say, a line in the case and in the audit log."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.access import Access
from bot.cases.dossier import Gathered
from bot.cases.facts import File, Form, Side
from bot.cases.kept import CaseEvidence
from bot.cases.naming import Naming
from bot.cases.opening import ReportLinker
from bot.cases.papers import Papers
from bot.cases.turn import Log, Turn
from bot.people import Actor, Verb
from bot.storage.engine import Database


class Paperwork:
    """Gives the papers of cases."""

    def __init__(
        self,
        *,
        database: Database,
        access: Access,
        log: Log,
        naming: Naming,
        evidence: CaseEvidence,
        reports: ReportLinker,
        papers: Papers,
    ) -> None:
        self._database = database
        self._access = access
        self._log = log
        self._naming = naming
        self._evidence = evidence
        self._reports = reports
        self._papers = papers

    async def letters(
        self, actor: Actor, case: int, side: Side, form: Form = Form.PDF, language: str | None = None
    ) -> Sequence[File]:
        """Make the letters to the parents of one side, one for each child; each names only its own child.

        Raises
        ------
        WrongStateError: nobody is named on that side yet.
        """
        standing = await self._access.allowed(actor, case, Verb.LETTER)
        facts = await self._naming.letter_facts(actor.school, standing, side)
        async with self._database.write() as connection:
            turn = Turn(connection, actor, standing)
            await self._log.event(turn, "letter", detail=f"{side} {form}")
            await self._log.note(turn, Verb.LETTER)
        protocol, spoken = self._log.protocol(actor.school.guild), language or actor.school.language
        return [await self._papers.letter(actor.school, one, protocol, form, spoken) for one in facts]

    async def letter(
        self, actor: Actor, case: int, side: Side, form: Form = Form.PDF, language: str | None = None
    ) -> File:
        """Make the letter to the parents of the first child of one side; see ``letters``."""
        return (await self.letters(actor, case, side, form, language))[0]

    async def dossier(self, actor: Actor, case: int) -> File:
        """Make the dossier as PDF."""
        return await self._dossier(actor, case, police=False)

    async def police_file(self, actor: Actor, case: int) -> File:
        """Make the complete file for the police as PDF; only after both consents are noted."""
        return await self._dossier(actor, case, police=True)

    async def _dossier(self, actor: Actor, case: int, *, police: bool) -> File:
        verb = Verb.POLICE_FILE if police else Verb.DOSSIER
        standing = await self._access.allowed(actor, case, verb)
        if police:
            self._naming.require_consent(standing)
        async with self._database.write() as connection:
            evidence = await self._evidence.lines(connection, standing)
            reports = await self._reports.told_in(connection, actor.school.guild, case)
            await self._log.event(Turn(connection, actor, standing), "dossier", detail="police" if police else "")
            await self._log.note(Turn(connection, actor, standing), verb)
        names = await self._naming.names(actor.school, standing, evidence)
        gathered = Gathered(evidence, reports, names)
        return await self._papers.dossier(actor, self._access.view(actor, standing), gathered, police=police)
