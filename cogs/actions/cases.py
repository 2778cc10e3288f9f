"""The buttons of a case: opening, joining, the steps, letters, dossier, looks afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cases.facts import Answer, CaseView, Check, Side
from bot.cases.facts import Form as Shape
from bot.errors import InputError, NotFoundError
from cogs.actions.asking import fetched, form_for, note_field, reason_field
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.case import case_page, cases_page, evidence_page, followup_page
from cogs.forms import form_id
from cogs.items import Action
from cogs.pages import Choice, Field, Form, Page, Upload
from cogs.widgets import Target

DATE_LIMIT = 20
FILES_LIMIT = 5
SIDE_LIMIT = 10  # pupils on one side of a case


async def open_case(visit: Visit) -> Outcome:
    """Open a case from an alert and show its first step."""
    case = await visit.core.cases.open_from(visit.actor, visit.subject)
    return await _panel(visit, case, visit.say("command.case.opened"))


async def join_case(visit: Visit) -> Outcome:
    """Show the open cases that an alert can join."""
    lines = await visit.core.cases.joinable(visit.actor, visit.subject)
    if not lines:
        return Page(text=visit.say("command.join.none"))
    return cases_page(visit.kit, lines, action=Action.JOIN_PICK, subject=visit.subject)


async def join_pick(visit: Visit) -> Outcome:
    """Join the chosen case."""
    case = _chosen(visit)
    await visit.core.cases.join(visit.actor, visit.subject, case)
    return await _panel(visit, case, visit.say("command.case.joined"))


async def case_list(visit: Visit) -> Outcome:
    """Show the cases that somebody may see."""
    return cases_page(visit.kit, await visit.core.cases.list(visit.actor))


async def case_pick(visit: Visit) -> Outcome:
    """Show the chosen case."""
    return await _panel(visit, _chosen(visit))


async def show_case(visit: Visit) -> Outcome:
    """Show a case."""
    return await _panel(visit, visit.subject)


async def ask_done(visit: Visit) -> Outcome:
    """Go on, or first ask for the note and date that the step wants."""
    case = await visit.core.cases.view(visit.actor, visit.subject)
    step, seen = case.step, visit.more(0)
    due = next((look for look in case.followups if look.state == "due"), None)
    if due and step.id == seen and not step.ready:
        return _look_form(visit, due.id)
    fields = []
    if step.note != "none":
        hint = step.note_hint
        fields.append(note_field(visit, required=step.note == "required", hint=hint))
    if step.date != "none":
        fields.append(_date_field(visit, required=step.date == "required", hint=step.date_hint))
    if step.id != seen or not fields or not step.ready:
        return case_page(visit.kit, await visit.core.cases.done(visit.actor, visit.subject, seen))
    return form_for(visit, "form.done.title", fields)


def _look_form(visit: Visit, followup: int) -> Form:
    """Return the form that asks what a look found: the step wants that before it is done."""
    answers = tuple(Choice(visit.say(f"label.{answer}"), answer, chosen=answer is Answer.STOPPED) for answer in Answer)
    answer = Field("answer", visit.say("form.followup.answer"), "select", choices=answers)
    target = Target(Action.FOLLOWUP, followup, (), visit.kit.school)
    fields = (answer, note_field(visit, required=False, hint=visit.say("form.followup.hint")))
    return Form(form_id(target), visit.say("form.followup.title"), fields)


async def done(visit: Visit) -> Outcome:
    """Go on to the next step."""
    note, date = visit.text("note"), visit.text("date")
    case = await visit.core.cases.done(visit.actor, visit.subject, visit.more(0), note=note, date=date)
    return case_page(visit.kit, case)


async def ask_skip(visit: Visit) -> Outcome:
    """Ask why a step is left out."""
    await _same_step(visit)
    return form_for(visit, "form.skip.title", [reason_field(visit)])


async def skip(visit: Visit) -> Outcome:
    """Leave a step out."""
    case = await visit.core.cases.skip(visit.actor, visit.subject, visit.more(0), visit.text("reason"))
    return case_page(visit.kit, case)


async def back(visit: Visit) -> Outcome:
    """Go back a step."""
    return case_page(visit.kit, await visit.core.cases.back(visit.actor, visit.subject, visit.more(0)))


async def ask_check(visit: Visit) -> Outcome:
    """Set or take away a check mark; consent asks who agreed and when."""
    case, key = await _same_step(visit), visit.more(1)
    check = _check(case, key)
    if check.asks_who and not check.ticked:
        note = note_field(visit, label="form.consent.label", hint=visit.say("form.consent.hint"))
        return form_for(visit, "form.consent.title", [note, _date_field(visit, required=True)])
    told = await visit.core.cases.check(visit.actor, visit.subject, visit.more(0), key, ticked=not check.ticked)
    return case_page(visit.kit, told)


async def check(visit: Visit) -> Outcome:
    """Note a consent: who agreed and when."""
    note, date = visit.text("note"), visit.text("date")
    step, key = visit.more(0), visit.more(1)
    told = await visit.core.cases.check(visit.actor, visit.subject, step, key, ticked=True, note=note, date=date)
    return case_page(visit.kit, told)


async def ask_pupils(visit: Visit) -> Outcome:
    """Ask which pupils it is about, on both sides."""
    case = await visit.core.cases.view(visit.actor, visit.subject)
    sides = ((Side.HURT, case.hurt), (Side.DID, case.did))
    fields = [
        Field(side, visit.say(f"form.pupils.{side}"), "users", required=False, limit=SIDE_LIMIT, value=" ".join(named))
        for side, named in sides
    ]
    return form_for(visit, "form.pupils.title", fields)


async def pupils(visit: Visit) -> Outcome:
    """Name the pupils of both sides."""
    hurt, did = (visit.ask.submission.values.get(side, ()) for side in (Side.HURT, Side.DID))
    told = await visit.core.cases.pupils(visit.actor, visit.subject, hurt=hurt, did=did)
    return case_page(visit.kit, told)


async def letter(visit: Visit) -> Outcome:
    """Make the letter that was chosen: for one side, in one shape."""
    side, _, form = (visit.ask.values[0] if visit.ask.values else "").partition(".")
    if form not in set(Shape):
        raise NotFoundError("error.discord.button")
    file = await visit.core.cases.letter(visit.actor, visit.subject, _side(side), Shape(form))
    return Page(text=visit.say(f"command.letter.{side}"), files=(Upload(file.name, file.content),))


async def dossier(visit: Visit) -> Outcome:
    """Make the dossier."""
    file = await visit.core.cases.dossier(visit.actor, visit.subject)
    return Page(text=visit.say("command.dossier"), files=(Upload(file.name, file.content),))


async def police_file(visit: Visit) -> Outcome:
    """Make the file for the police."""
    file = await visit.core.cases.police_file(visit.actor, visit.subject)
    return Page(text=visit.say("command.police_file"), files=(Upload(file.name, file.content),))


async def evidence(visit: Visit) -> Outcome:
    """Show what is kept, and who may have seen it."""
    case = await visit.core.cases.view(visit.actor, visit.subject)
    kept = await visit.core.cases.evidence(visit.actor, visit.subject)
    readers = await visit.core.cases.readers(visit.actor, visit.subject)
    return evidence_page(visit.kit, case.id, case.number, kept, readers)


async def ask_evidence(visit: Visit) -> Outcome:
    """Ask what to add."""
    await visit.core.cases.view(visit.actor, visit.subject)
    file = Field("file", visit.say("form.file.label"), "file", required=False, limit=FILES_LIMIT)
    return form_for(visit, "form.evidence.title", [note_field(visit, required=False), file])


async def add_evidence(visit: Visit) -> Outcome:
    """Add what was found elsewhere."""
    files = await fetched(visit, visit.ask.submission.files)
    await visit.core.cases.add_evidence(visit.actor, visit.subject, note=visit.text("note"), files=files)
    return await evidence(visit)


async def ask_followup(visit: Visit) -> Outcome:
    """Ask what was seen."""
    look = await visit.core.cases.followup_view(visit.actor, visit.subject)
    if look.followup.outcome is not None:
        return followup_page(visit.kit, look)
    goes_on = _answer(visit) is Answer.GOES_ON
    title = "form.followup.goes_on" if goes_on else "form.followup.stopped"
    return form_for(visit, title, [note_field(visit, required=False, hint=visit.say("form.followup.hint"))])


async def followup(visit: Visit) -> Outcome:
    """Note what a look found."""
    case = await visit.core.cases.followup(visit.actor, visit.subject, _answer(visit), visit.text("note"))
    return case_page(visit.kit, case, visit.say(f"command.followup.{_answer(visit)}"))


async def go_on(visit: Visit) -> Outcome:
    """Go on after it did not stop: to the police, or back to the agreements."""
    case = await visit.core.cases.go_on(visit.actor, visit.subject, visit.more(0), visit.more(1))
    return case_page(visit.kit, case)


async def ask_close(visit: Visit) -> Outcome:
    """Close, or ask for the reason when the last look did not find that it stopped."""
    case = await _same_step(visit)
    stopped = bool(case.followups) and case.followups[-1].outcome is Answer.STOPPED
    return form_for(visit, "form.close_case.title", [reason_field(visit, required=not stopped)])


async def close(visit: Visit) -> Outcome:
    """Close a case."""
    case = await visit.core.cases.close(visit.actor, visit.subject, visit.more(0), visit.text("reason"))
    return case_page(visit.kit, case, visit.say("command.case.closed"))


async def ask_reopen(visit: Visit) -> Outcome:
    """Ask why a closed case is opened again."""
    await visit.core.cases.view(visit.actor, visit.subject)
    return form_for(visit, "form.reopen_case.title", [reason_field(visit)])


async def reopen(visit: Visit) -> Outcome:
    """Open a closed case again."""
    return case_page(visit.kit, await visit.core.cases.reopen(visit.actor, visit.subject, visit.text("reason")))


async def _panel(visit: Visit, case: int, lead: str = "") -> Page:
    return case_page(visit.kit, await visit.core.cases.view(visit.actor, case), lead)


async def _same_step(visit: Visit) -> CaseView:
    """Return the case; when it has moved on, the service says where it is now."""
    return await visit.core.cases.view(visit.actor, visit.subject)


def _check(case: CaseView, key: str) -> Check:
    found = next((check for check in case.step.checks if check.key == key), None)
    if found is None:
        raise NotFoundError("error.discord.button")
    return found


def _chosen(visit: Visit) -> int:
    value = visit.ask.values[0] if visit.ask.values else ""
    if not value.isdecimal():
        raise InputError("error.discord.choose")
    return int(value)


def _side(value: str) -> Side:
    if value not in set(Side):
        raise NotFoundError("error.discord.button")
    return Side(value)


def _answer(visit: Visit) -> Answer:
    chosen = visit.ask.submission.values.get("answer") or visit.ask.target.more or ("",)
    if chosen[0] not in set(Answer):
        raise NotFoundError("error.discord.button")
    return Answer(chosen[0])


def _date_field(visit: Visit, *, required: bool, hint: str = "") -> Field:
    label, example = visit.say("form.date.label"), visit.say("form.date.example")
    return Field("date", label, required=required, limit=DATE_LIMIT, hint=hint, example=example)


PRESSES: Mapping[str, Handler] = {
    Action.OPEN_CASE: Handler(open_case),
    Action.JOIN_CASE: Handler(join_case),
    Action.JOIN_PICK: Handler(join_pick, in_place=True),
    Action.CASE: Handler(show_case),
    Action.CASE_PICK: Handler(case_pick, in_place=True),
    Action.DONE: Handler(ask_done, in_place=True),
    Action.SKIP: Handler(ask_skip, in_place=True),
    Action.BACK: Handler(back, in_place=True),
    Action.CHECK: Handler(ask_check, in_place=True),
    Action.PUPILS: Handler(ask_pupils, in_place=True),
    Action.EVIDENCE: Handler(evidence),
    Action.ADD_EVIDENCE: Handler(ask_evidence, in_place=True),
    Action.LETTER: Handler(letter),
    Action.DOSSIER: Handler(dossier),
    Action.POLICE_FILE: Handler(police_file),
    Action.FOLLOWUP: Handler(ask_followup, in_place=True),
    Action.GO_ON: Handler(go_on, in_place=True),
    Action.CLOSE_CASE: Handler(ask_close, in_place=True),
    Action.REOPEN_CASE: Handler(ask_reopen, in_place=True),
}
FORMS: Mapping[str, Handler] = {
    Action.DONE: Handler(done, in_place=True),
    Action.PUPILS: Handler(pupils, in_place=True),
    Action.SKIP: Handler(skip, in_place=True),
    Action.CHECK: Handler(check, in_place=True),
    Action.ADD_EVIDENCE: Handler(add_evidence, in_place=True),
    Action.FOLLOWUP: Handler(followup, in_place=True),
    Action.CLOSE_CASE: Handler(close, in_place=True),
    Action.REOPEN_CASE: Handler(reopen, in_place=True),
}
