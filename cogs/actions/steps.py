"""The steps of a case: done, skip, back, check marks, looks afterwards, closing."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cases.facts import Answer, CaseView, Check
from bot.errors import NotFoundError
from cogs.actions.asking import form_for, note_field, reason_field
from cogs.ask import Handler, Outcome, Visit
from cogs.cards.case import case_page
from cogs.cards.case_lists import followup_page
from cogs.cards.words import written_day
from cogs.forms import form_id
from cogs.items import Action
from cogs.pages import Choice, Field, Form
from cogs.widgets import Target

DATE_LIMIT = 20


async def ask_done(visit: Visit) -> Outcome:
    """Go on, or first ask for the note and date that the step wants."""
    case = await visit.core.cases.reading.view(visit.actor, visit.subject)
    step, seen = case.step, visit.more(0)
    due = next((look for look in case.followups if look.state == "due"), None)
    if due and step.id == seen and not step.ready:
        return _look_form(visit, due.id)
    fields = []
    ahead = _look_ahead(visit, case)
    if step.note != "none":
        hint = visit.say("form.done.look_ahead", day=ahead) if ahead else step.note_hint
        fields.append(note_field(visit, required=bool(ahead) or step.note == "required", hint=hint))
    if step.date != "none":
        fields.append(_date_field(visit, required=step.date == "required", hint=step.date_hint))
    if step.id != seen or not fields or not step.ready:
        return case_page(visit.kit, await visit.core.cases.done(visit.actor, visit.subject, seen))
    return form_for(visit, "form.done.anyway" if ahead else "form.done.title", fields)


def _look_ahead(visit: Visit, case: CaseView) -> str:
    """Return the day of the look that is still to come where finishing the step closes the case; empty for none."""
    ahead = next((look for look in case.followups if look.state == "planned"), None)
    if ahead is None or "followups" not in case.step.tools:
        return ""
    return written_day(visit.kit, ahead.due_at.astimezone(visit.actor.school.zone).date().isoformat())


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


async def ask_followup(visit: Visit) -> Outcome:
    """Ask what was seen."""
    look = await visit.core.cases.reading.followup_view(visit.actor, visit.subject)
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
    await visit.core.cases.reading.view(visit.actor, visit.subject)
    return form_for(visit, "form.reopen_case.title", [reason_field(visit)])


async def reopen(visit: Visit) -> Outcome:
    """Open a closed case again."""
    return case_page(visit.kit, await visit.core.cases.reopen(visit.actor, visit.subject, visit.text("reason")))


async def _same_step(visit: Visit) -> CaseView:
    """Return the case; when it has moved on, the service says where it is now."""
    return await visit.core.cases.reading.view(visit.actor, visit.subject)


def _check(case: CaseView, key: str) -> Check:
    found = next((check for check in case.step.checks if check.key == key), None)
    if found is None:
        raise NotFoundError("error.discord.button")
    return found


def _answer(visit: Visit) -> Answer:
    chosen = visit.ask.submission.values.get("answer") or visit.ask.target.more or ("",)
    if chosen[0] not in set(Answer):
        raise NotFoundError("error.discord.button")
    return Answer(chosen[0])


def _date_field(visit: Visit, *, required: bool, hint: str = "") -> Field:
    label, example = visit.say("form.date.label"), visit.say("form.date.example")
    return Field("date", label, required=required, limit=DATE_LIMIT, hint=hint, example=example)


PRESSES: Mapping[str, Handler] = {
    Action.DONE: Handler(ask_done, in_place=True),
    Action.SKIP: Handler(ask_skip, in_place=True),
    Action.BACK: Handler(back, in_place=True),
    Action.CHECK: Handler(ask_check, in_place=True),
    Action.FOLLOWUP: Handler(ask_followup, in_place=True),
    Action.GO_ON: Handler(go_on, in_place=True),
    Action.CLOSE_CASE: Handler(ask_close, in_place=True),
    Action.REOPEN_CASE: Handler(ask_reopen, in_place=True),
}
FORMS: Mapping[str, Handler] = {
    Action.DONE: Handler(done, in_place=True),
    Action.SKIP: Handler(skip, in_place=True),
    Action.CHECK: Handler(check, in_place=True),
    Action.FOLLOWUP: Handler(followup, in_place=True),
    Action.CLOSE_CASE: Handler(close, in_place=True),
    Action.REOPEN_CASE: Handler(reopen, in_place=True),
}
