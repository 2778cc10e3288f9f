"""Small helpers of the handlers: asking for a reason or note, files that come with a form."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import InputError
from bot.ports import Attachment
from bot.reports.facts import FILE_BYTES_LIMIT, KeptFile
from cogs.ask import Visit
from cogs.forms import form_id
from cogs.pages import Field, Form
from cogs.widgets import Target

REASON_LIMIT = 500
NOTE_LIMIT = 2000


def form_for(visit: Visit, title: str, fields: Sequence[Field], *, action: str = "", more: Sequence[str] = ()) -> Form:
    """Return a form about the subject of this visit."""
    tail = tuple(more) or visit.ask.target.more
    target = Target(action or visit.ask.target.action, visit.subject, tail, visit.kit.school)
    return Form(form_id(target), visit.say(title), tuple(fields))


def reason_field(visit: Visit, *, required: bool = True, hint: str = "form.reason.hint") -> Field:
    """Return the field that asks why."""
    label, told = visit.say("form.reason.label"), visit.say(hint)
    return Field("reason", label, "long", required=required, limit=REASON_LIMIT, hint=told)


def note_field(visit: Visit, *, required: bool = True, label: str = "form.note.label", hint: str = "") -> Field:
    """Return the field for a note."""
    return Field("note", visit.say(label), "long", required=required, limit=NOTE_LIMIT, hint=hint)


async def fetched(visit: Visit, files: Sequence[Attachment]) -> tuple[KeptFile, ...]:
    """Return the files of a form. Raises ``InputError`` for one that is too large or can't be had any more."""
    kept = []
    for file in files:
        content = await visit.wire.download(file.url, FILE_BYTES_LIMIT) if file.size <= FILE_BYTES_LIMIT else None
        if content is None:
            raise InputError("error.report.file", limit=FILE_BYTES_LIMIT // (1024 * 1024))
        kept.append(KeptFile(file.name, content, file.content_type))
    return tuple(kept)
