"""The panel of a case: the step it stands at, what to do, and what is needed to go on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.facts import CaseState, CaseView, EventLine
from cogs.cards.case_buttons import case_items
from cogs.cards.words import CALM, DONE, agreement_title, moment
from cogs.pages import FIELD_LIMIT, Page, embed
from cogs.plain import block, cut, inline, person
from cogs.widgets import Kit

EVENTS_SHOWN = 3
EVENT_NOTE = 60  # characters of a note in the list of what happened; the dossier has all of it
MARKS = {"done": "✅", "skipped": "⏭️", "now": "▶️", "ahead": "▫️"}


def case_page(kit: Kit, case: CaseView, lead: str = "") -> Page:
    """Return the panel of a case where it stands now."""
    title = kit.say("card.case.title", number=case.number, step=case.step.id, title=case.step.title)
    colour = DONE if case.state is CaseState.CLOSED else CALM
    hint = kit.say("card.case.footer") if _place(case) == 1 else ""
    shown = embed(title, _opening(kit, case), [_road(kit, case), *_fields(kit, case)], hint, colour)
    return Page(text=lead, embeds=(shown,), items=case_items(kit, case))


def _opening(kit: Kit, case: CaseView) -> str:
    if case.state is CaseState.CLOSED:
        return kit.say("card.case.closed", when=moment(case.closed_at) if case.closed_at else "–")
    return f"**{kit.say('card.case.goal')}** {case.step.goal}"


def _fields(kit: Kit, case: CaseView) -> list[tuple[str, str]]:
    fields = [(kit.say("card.case.who"), _people(kit, case))]
    if case.state is CaseState.CLOSED:
        return [*fields, *_last_events(kit, case)]
    step = case.step
    if step.say:
        fields.append((kit.say("card.case.say"), _bullets(step.say)))
    if step.tips:
        fields.append((kit.say("card.case.tips"), _bullets(step.tips)))
    if step.note != "none" and step.note_hint:
        fields.append((kit.say("card.case.note"), step.note_hint))
    if case.agreement:
        fields.append((agreement_title(kit, case.agreement_date), block(case.agreement, 500)))
    if step.references:
        lines = [f"• **{line.value}**: {line.label}" for line in step.references]
        fields.append((kit.say("card.case.references"), "\n".join(lines)))
    needs = [f"{'✓' if need.met else '○'} {need.label}" for need in step.needs]
    fields.append((kit.say("card.case.needs"), "\n".join(needs) or kit.say("card.case.needs_nothing")))
    return [*fields, *_looks(kit, case), *_last_events(kit, case)]


def _people(kit: Kit, case: CaseView) -> str:
    nobody = kit.say("card.case.nobody")
    hurt = " ".join(map(person, case.hurt)) or nobody
    did = " ".join(map(person, case.did)) or nobody
    return kit.say(
        "card.case.people", hurt=hurt, did=did, owner=person(case.owner), seen=case.findings, evidence=case.evidence
    )


def _looks(kit: Kit, case: CaseView) -> list[tuple[str, str]]:
    lines = []
    for look in case.followups:
        key = f"card.look_at.{look.outcome or look.state}"
        lines.append(kit.say(key, when=moment(look.due_at, "day"), seen=_seen(kit, look.seen or 0)))
    return [(kit.say("card.case.looks"), "\n".join(lines))] if lines else []


def _seen(kit: Kit, count: int) -> str:
    key = {0: "none", 1: "one"}.get(count, "some")
    return kit.say(f"card.look_at.seen_{key}", count=count)


def _last_events(kit: Kit, case: CaseView) -> list[tuple[str, str]]:
    lines = [_event(kit, event) for event in case.events[-EVENTS_SHOWN:]]
    return [(kit.say("card.case.events"), "\n".join(lines))] if lines else []


def _event(kit: Kit, event: EventLine) -> str:
    to = person(event.detail) if event.action == "owner" else ""
    what = kit.either(f"event.{event.action}", "event.other", to=to)
    note = f": {inline(event.text, EVENT_NOTE)}" if event.text else ""
    return f"{moment(event.at, 'day')} · {event.step} · {what} · {person(event.by)}{note}"


def _bullets(lines: Sequence[str]) -> str:
    return cut("\n".join(f"• {line}" for line in lines), FIELD_LIMIT)


def _place(case: CaseView) -> int:
    """Return which of the steps the case stands at, counted from 1; 0 once it is closed."""
    if case.state is CaseState.CLOSED:
        return 0
    return next((number for number, step in enumerate(case.steps, 1) if step.id == case.step.id), 0)


def _road(kit: Kit, case: CaseView) -> tuple[str, str]:
    place = _place(case)
    title = kit.say("card.case.place", number=place, of=len(case.steps)) if place else kit.say("card.case.steps")
    return title, "  ".join(f"{MARKS.get(step.state, '▫️')}{step.id}" for step in case.steps)
