"""The papers of a case: letters and dossiers, made of facts; no file name holds the name of a person."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.cases.dossier import DossierWriter, Gathered
from bot.cases.facts import CaseView, File, Form
from bot.cases.fonts import Fonts
from bot.cases.letters import Letter, LetterFacts, LetterWriter
from bot.cases.protocol import Protocol
from bot.cases.typeset import Typesetter
from bot.clock import Clock
from bot.people import Actor
from bot.school import School
from bot.texts import Texts


class Papers:
    """Makes papers."""

    def __init__(self, *, texts: Texts, clock: Clock, fonts: Fonts, folder: Path) -> None:
        self._texts = texts
        self._clock = clock
        self._fonts = fonts
        self._typesetter = Typesetter(folder, fonts)

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
        data = writer.write(case)
        data["notes"] = [self._texts.get(key, actor.school.language) for key in unshown(self._fonts, data)]
        return File(f"{name}.pdf", await self._typesetter.pdf("dossier", data))


def unshown(fonts: Fonts, data: Mapping[str, Any]) -> Iterator[str]:
    """Return the keys of what a dossier must say at its end about letters that it does not show as they are."""
    if fonts.named(data):
        yield "cases.dossier.emoji_named"
    if fonts.unshown(data):
        yield "cases.dossier.letters_unshown"


def _docx_of(letter: Letter, made_at: datetime) -> bytes:
    from bot.cases.worddoc import docx_of  # noqa: PLC0415 - few starts ever need it, and it takes long to import

    return docx_of(letter, made_at)
