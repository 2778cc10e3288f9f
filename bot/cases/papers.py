"""The papers of a case: letters and dossiers, made of facts; no file name holds the name of a person."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.cases.dossier import DossierWriter, Gathered
from bot.cases.facts import CaseView, File, Form
from bot.cases.letters import Letter, LetterFacts, LetterWriter
from bot.cases.protocol import Protocol
from bot.cases.typeset import Typesetter
from bot.clock import Clock
from bot.people import Actor
from bot.school import School
from bot.texts import Texts


class Papers:
    """Makes papers."""

    def __init__(self, *, texts: Texts, clock: Clock, typesetter: Typesetter) -> None:
        self._texts = texts
        self._clock = clock
        self._typesetter = typesetter

    async def letter(self, school: School, facts: LetterFacts, protocol: Protocol, form: Form, language: str) -> File:
        """Return one letter."""
        today = self._clock.now().astimezone(school.zone)
        letter = LetterWriter(self._texts, language).write(facts, protocol, today.date())
        name = self._texts.get(f"cases.letter.file_{facts.side.value}", language, number=facts.number)
        name += f"-{facts.nth}" if facts.nth else ""
        if form is Form.DOCX:
            return File(f"{name}.docx", await asyncio.to_thread(_docx_of, letter, today))
        return File(f"{name}.pdf", await self._typesetter.pdf("letter", letter.data()))

    async def dossier(self, actor: Actor, case: CaseView, gathered: Gathered, *, police: bool) -> File:
        """Return the dossier, or the complete file for the police."""
        writer = DossierWriter(self._texts, actor.school, gathered, self._clock.now(), police=police)
        key = "cases.dossier.file_police" if police else "cases.dossier.file"
        name = self._texts.get(key, actor.school.language, number=case.number)
        return File(f"{name}.pdf", await self._typesetter.pdf("dossier", writer.write(case)))


def _docx_of(letter: Letter, made_at: datetime) -> bytes:
    from bot.cases.worddoc import docx_of  # noqa: PLC0415 - few starts ever need it, and it takes long to import

    return docx_of(letter, made_at)
