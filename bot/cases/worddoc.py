"""A letter as a word processor's file (DOCX), to be edited before it goes out."""

from __future__ import annotations

import io
from datetime import datetime

from docx import Document
from docx.document import Document as Doc
from docx.shared import Cm, Pt, RGBColor

from bot.cases.letters import Letter
from bot.cases.typeset import printable

BLUE = RGBColor(0x1F, 0x4E, 0x79)


def docx_of(letter: Letter, made_at: datetime) -> bytes:
    """Return a letter as DOCX. Its properties name the school, never a child."""
    document = Document()
    _page(document, letter, made_at)
    head = document.add_paragraph().add_run(printable(letter.school))
    head.bold, head.font.size, head.font.color.rgb = True, Pt(17), BLUE
    for text in (letter.to, letter.day, ""):
        document.add_paragraph(printable(text))
    document.add_paragraph().add_run(printable(letter.subject)).bold = True
    for part in letter.parts:
        if part.title:
            document.add_paragraph().add_run(printable(part.title)).bold = True
        for paragraph in part.paragraphs:
            document.add_paragraph(printable(paragraph))
        for point in part.points:
            document.add_paragraph(printable(point), style="List Bullet")
    for text in (letter.closing, "", letter.teacher, letter.role):
        document.add_paragraph(printable(text))
    document.sections[0].footer.paragraphs[0].text = printable(letter.footer)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _page(document: Doc, letter: Letter, made_at: datetime) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(11)
    style.paragraph_format.space_after = Pt(7)
    facts = document.core_properties
    facts.author = facts.last_modified_by = printable(letter.school)
    facts.title, facts.language = letter.title, letter.language
    facts.comments = facts.subject = facts.keywords = ""
    facts.created = facts.modified = made_at.replace(tzinfo=None)
