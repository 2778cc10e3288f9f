"""Hostile names and notes in letters and dossiers: they are made, and say what was written, as text."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import docx
import pypdf

from bot.cases.facts import Form, Side
from bot.errors import KlaswachtError
from bot.school import Pupil
from bot.storage.tables import finding
from tests.builders import CLASS, PUPIL, TARGET, TEACHER, a_message
from tests.trust.hostile import ALL, CONTROLS, DIRECTIONS, KINDS, PAPERS, SURROGATES
from tests.trust.whole import Whole, a_whole_core

INSULT = "jij bent een vieze kankerhoer"
NAMES = tuple(text.strip()[:100] for text in (*PAPERS[::2], *(kind[1] for kind in KINDS.values())) if text.strip())
IN_PDF = (*PAPERS[:8], CONTROLS[0], CONTROLS[6], DIRECTIONS[0], SURROGATES[0], "{name}", "../../x")
PLAIN = tuple(name for name in NAMES if name.isprintable())


async def _case(whole: Whole) -> tuple[Any, int]:
    await whole.say(a_message(INSULT))
    teacher = await whole.actor(TEACHER)
    [row] = await whole.rows(finding)
    case = await whole.core.cases.open_from(teacher, row["alert"])
    await whole.core.cases.pupils(teacher, case, hurt=(TARGET,), did=(PUPIL,))
    return teacher, case


async def _named(whole: Whole, name: str) -> Any:
    """Give the pupil who was hurt this name in the class list."""
    school = whole.core.book.current().all[next(iter(whole.core.book.current().all))]
    pupils = (Pupil(TARGET, name, name, CLASS), Pupil(PUPIL, "Daan", "de Boer", CLASS))
    whole.core.book.put(school.model_copy(update={"pupils": pupils}))
    return await whole.actor(TEACHER)


def test_a_letter_in_word_says_any_name_as_it_stands_in_the_class_list() -> None:
    missing = asyncio.run(_word_letters())
    assert missing == []


async def _word_letters() -> list[str]:
    missing = []
    async with a_whole_core() as whole:
        _, case = await _case(whole)
        for name in NAMES:
            teacher = await _named(whole, name)
            file = await whole.core.cases.papers.letter(teacher, case, Side.HURT, Form.DOCX)
            text = "\n".join(line.text for line in docx.Document(io.BytesIO(file.content)).paragraphs)
            said = " ".join(name.split()) in " ".join(text.split())
            if (name in PLAIN and not said) or name in file.name:
                missing.append(name)
    return missing


def test_a_letter_as_pdf_is_made_whatever_the_name_is() -> None:
    texts = asyncio.run(_pdf_letters())
    assert [len(text) > 300 for text in texts] == [True] * len(IN_PDF)
    assert [text for text in texts if "root:" in text] == []


async def _pdf_letters() -> list[str]:
    made = []
    async with a_whole_core() as whole:
        _, case = await _case(whole)
        for name in IN_PDF:
            teacher = await _named(whole, name)
            letter = await whole.core.cases.papers.letter(teacher, case, Side.HURT, Form.PDF)
            made.append("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(letter.content)).pages))
    return made


def test_a_dossier_with_every_hostile_string_is_made() -> None:
    start, size = asyncio.run(_dossier())
    assert start == b"%PDF"
    assert size > 50_000


async def _dossier() -> tuple[bytes, int]:
    async with a_whole_core() as whole:
        teacher, case = await _case(whole)
        for text in ALL:
            try:
                await whole.core.cases.add_evidence(teacher, case, note=text)
            except KlaswachtError:
                continue
        file = await whole.core.cases.papers.dossier(teacher, case)
        return file.content[:4], len(file.content)
