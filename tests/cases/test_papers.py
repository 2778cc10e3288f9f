"""Letters and dossiers: what stands in them, and what never does."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

import pytest
from docx import Document

from bot.cases.facts import File, Form, Side
from bot.cases.fonts import Fonts
from bot.cases.letters import LetterWriter
from bot.cases.papers import unshown
from bot.cases.typeset import Typesetter, printable
from bot.errors import KlaswachtError, WrongStateError
from bot.school import Pupil
from bot.storage.tables import audit, case_event
from tests.builders import CLASS, PUPIL, TARGET, TEACHER, THIRD, a_member, a_school
from tests.desks import TEXTS, Desks, the_desks

REFERENCES = ("0800-5010", "www.mijnkindonline.nl", "www.meldknop.nl")
KEYS = sorted(TEXTS.keys())
OTHER = "Plantnaam-Ánders"


def words_of(file: File) -> str:
    """All text of a DOCX with its properties."""
    document = Document(io.BytesIO(file.content))
    facts = document.core_properties
    texts = [one.text for one in document.paragraphs] + [one.text for one in document.sections[0].footer.paragraphs]
    return "\n".join([*texts, facts.author, facts.title, facts.last_modified_by, facts.comments, facts.subject])


def parts_of(file: File) -> bytes:
    """Everything that lies in a document, unpacked."""
    if file.name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
            return b"".join(packed.read(name) for name in packed.namelist())
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", file.content, re.DOTALL)
    return file.content + b"".join(zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"\x78")


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("language", ["nl", "en"])
async def test_a_letter_names_the_own_child_the_references_and_nobody_else(side: Side, language: str) -> None:
    own = Pupil(PUPIL if side is Side.DID else TARGET, "Gülşah", "Đặng", CLASS)
    other = Pupil(TARGET if side is Side.DID else PUPIL, OTHER, OTHER, CLASS)
    async with the_desks(a_school(pupils=(own, other))) as desks:
        case, actor, _ = await desks.at("S5")
        desks.core.roster.add(actor.school.guild, a_member(TEACHER, "meester Žižek"))
        file = await desks.cases.papers.letter(actor, case, side, Form.DOCX, language)
        told = words_of(file)
        assert "Gülşah" in told
        assert "meester Žižek" in told
        assert [one for one in REFERENCES if one not in told] == []
        pdf = await desks.cases.papers.letter(actor, case, side, Form.PDF, language)
    for made in (file, pdf):
        unpacked = parts_of(made)
        for planted in (OTHER, "Plantnaam", other.account, "stomme sukkel", "python-docx"):
            assert planted.encode() not in unpacked
            assert planted.encode("utf-16-be") not in unpacked


@pytest.mark.parametrize("form", list(Form))
async def test_a_letter_is_a_whole_document_without_a_name_in_its_file_name(desks: Desks, form: Form) -> None:
    case, actor, _ = await desks.at("S5")
    file = await desks.cases.papers.letter(actor, case, Side.HURT, form)
    assert file.name == f"brief-ouders-a-zaak-1.{form.value}"
    assert file.content[:4] == {Form.PDF: b"%PDF", Form.DOCX: b"PK\x03\x04"}[form]


async def test_two_children_on_one_side_get_a_letter_each(desks: Desks) -> None:
    case, actor, _ = await desks.at("S5")
    await desks.cases.pupils(actor, case, hurt=(TARGET,), did=(PUPIL, THIRD))
    files = await desks.cases.papers.letters(actor, case, Side.DID, Form.DOCX)
    assert [one.name for one in files] == ["brief-ouders-b-zaak-1-1.docx", "brief-ouders-b-zaak-1-2.docx"]
    first, second = map(words_of, files)
    assert "Daan" in first
    assert "Daan" not in second


async def test_a_letter_says_only_what_was_done(desks: Desks) -> None:
    case, actor = await desks.a_case(), await desks.actor(TEACHER)
    await desks.cases.done(actor, case, "S1")
    for step in ("S2", "S3", "S4"):
        await desks.cases.skip(actor, case, step, "nog niet")
    told = words_of(await desks.cases.papers.letter(actor, case, Side.HURT, Form.DOCX))
    assert TEXTS.get("cases.letter.hurt.done_s2", "nl") not in told
    assert TEXTS.get("cases.letter.hurt.done_s4", "nl") not in told


async def test_a_letter_for_nobody_is_refused(desks: Desks) -> None:
    case, actor, _ = await desks.at("S5")
    await desks.cases.pupils(actor, case, hurt=(), did=(PUPIL,))
    with pytest.raises(WrongStateError) as told:
        await desks.cases.papers.letter(actor, case, Side.HURT)
    assert told.value.key == "error.case.no_hurt"


async def test_making_a_paper_is_noted(desks: Desks) -> None:
    case, actor, _ = await desks.at("S5")
    await desks.cases.papers.letter(actor, case, Side.DID, Form.DOCX)
    await desks.cases.papers.dossier(actor, case)
    assert [row["verb"] for row in await desks.core.rows(audit)][-2:] == ["letter", "dossier"]
    assert [row["action"] for row in await desks.core.rows(case_event)][-2:] == ["letter", "dossier"]


async def test_a_dossier_is_a_pdf_whatever_was_written(desks: Desks) -> None:
    case, actor, _ = await desks.at("S3")
    hostile = '#import "x" $a$ *b* `c` <d> @e \\u{41} // f \x07 \ud83d 😂👩‍👧 {{}} #panic() ' + "\u202e"
    await desks.cases.add_evidence(actor, case, note=hostile)
    file = await desks.cases.papers.dossier(actor, case)
    assert file.name == "dossier-zaak-1.pdf"
    assert file.content.startswith(b"%PDF")


def test_what_no_font_holds_is_named() -> None:
    assert printable({"a": ["😂\ufe0f", "é\x07\n", "\ud83d"]}) == {"a": ["[face with tears of joy]", "é\n", "\ufffd"]}


def test_with_a_font_for_them_emoji_are_shown_whole() -> None:
    family = "👩\u200d👧\ufe0f \u202e"
    assert printable([family], pictures=True) == ["👩\u200d👧\ufe0f "]


def test_a_dossier_says_at_its_end_what_it_cannot_show(tmp_path: Path) -> None:
    data = {"sections": [{"entries": [{"text": "你好 😂"}]}]}
    assert list(unshown(Fonts(()), data)) == ["cases.dossier.emoji_named", "cases.dossier.letters_unshown"]
    assert list(unshown(Fonts(()), {"text": "Zoë, ğış, привет, שלום, مرحبا"})) == []
    for name in ("NotoColorEmoji.ttf", "DroidSansFallbackFull.ttf"):
        (tmp_path / name).touch()
    assert list(unshown(Fonts((tmp_path, tmp_path / "none")), data)) == []


def test_letters_are_formal_and_never_blame() -> None:
    for language in ("nl", "en"):
        keys = [key for key in KEYS if key.startswith("cases.letter.")]
        told = " ".join(TEXTS.get(key, language, **_any()) for key in keys).lower()
        found = re.findall(r"\b(dader|slachtoffer|pester|je|jij|jouw|jullie|bully|victim|culprit)\b", told)
        assert found == []


def test_days_are_written_out() -> None:
    from datetime import date  # noqa: PLC0415 - only here

    assert LetterWriter(TEXTS, "nl").day(date(2026, 11, 24)) == "24 november 2026"


def _any() -> dict[str, str]:
    names = ("child", "date", "class_name", "forms", "school", "teacher", "number")
    return dict.fromkeys(names, "x")


async def test_a_paper_that_cannot_be_set_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "letter.typ").write_text("#panic()", encoding="utf-8")
    with pytest.raises(KlaswachtError) as told:
        await Typesetter(tmp_path, Fonts(())).pdf("letter", {})
    assert TEXTS.get(told.value.key, "nl", **told.value.values)
