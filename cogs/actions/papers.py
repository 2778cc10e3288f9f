"""The papers of a case: letters, dossier, the file for the police, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.cases.facts import Form as Shape
from bot.cases.facts import Side
from bot.errors import NotFoundError
from cogs.actions.asking import fetched, form_for, note_field
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.case_lists import added_files, evidence_page
from cogs.items import Action
from cogs.pages import Field, Page, Upload

FILES_LIMIT = 5


async def letter(visit: Visit) -> Outcome:
    """Make the letter that was chosen: for one side, in one shape."""
    side, _, form = (visit.ask.values[0] if visit.ask.values else "").partition(".")
    if form not in set(Shape):
        raise NotFoundError("error.discord.button")
    files = await visit.core.cases.papers.letters(visit.actor, visit.subject, _side(side), Shape(form))
    return Page(text=visit.say(f"command.letter.{side}"), files=tuple(Upload(one.name, one.content) for one in files))


async def dossier(visit: Visit) -> Outcome:
    """Make the dossier."""
    file = await visit.core.cases.papers.dossier(visit.actor, visit.subject)
    return Page(text=visit.say("command.dossier"), files=(Upload(file.name, file.content),))


async def police_file(visit: Visit) -> Outcome:
    """Make the file for the police."""
    file = await visit.core.cases.papers.police_file(visit.actor, visit.subject)
    return Page(text=visit.say("command.police_file"), files=(Upload(file.name, file.content),))


async def evidence(visit: Visit) -> Outcome:
    """Show what is kept, and who may have seen it."""
    return await _evidence(visit)


async def _evidence(visit: Visit) -> Page:
    case = await visit.core.cases.reading.view(visit.actor, visit.subject)
    kept = await visit.core.cases.reading.evidence(visit.actor, visit.subject)
    readers = await visit.core.cases.reading.readers(visit.actor, visit.subject)
    return evidence_page(visit.kit, case.id, case.number, kept, readers)


async def ask_evidence(visit: Visit) -> Outcome:
    """Ask what to add."""
    await visit.core.cases.reading.view(visit.actor, visit.subject)
    file = Field("file", visit.say("form.file.label"), "file", required=False, limit=FILES_LIMIT)
    return form_for(visit, "form.evidence.title", [note_field(visit, required=False), file])


async def add_evidence(visit: Visit) -> Outcome:
    """Add what was found elsewhere."""
    files = await fetched(visit, visit.ask.submission.files)
    case = await visit.core.cases.add_evidence(visit.actor, visit.subject, note=visit.text("note"), files=files)
    return replace(await _evidence(visit), text=added_files(visit.kit, case.told))


def _side(value: str) -> Side:
    if value not in set(Side):
        raise NotFoundError("error.discord.button")
    return Side(value)


PRESSES: Mapping[str, Handler] = {
    Action.EVIDENCE: Handler(evidence),
    Action.ADD_EVIDENCE: Handler(ask_evidence, in_place=True),
    Action.LETTER: Handler(letter),
    Action.DOSSIER: Handler(dossier),
    Action.POLICE_FILE: Handler(police_file),
}
FORMS: Mapping[str, Handler] = {Action.ADD_EVIDENCE: Handler(add_evidence, in_place=True)}
