"""The panel of a case: the step it stands at, what to do, what is needed to go on, and the buttons for it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.facts import Action as Can
from bot.cases.facts import Answer, CaseLine, CaseState, CaseView, EventLine, EvidenceLine, FollowUpView, Form, Side
from cogs.cards.words import CALM, DONE, moment, written_day
from cogs.items import Action, Item
from cogs.pages import FIELD_LIMIT, Choice, Page, embed
from cogs.plain import block, cut, inline, person, place
from cogs.widgets import GOOD, MAIN, PLAIN, RISKY, ROW_WIDTH, Kit, rows

EVENTS_SHOWN = 4
EVIDENCE_SHOWN = 10
MARKS = {"done": "✅", "skipped": "⏭️", "now": "▶️", "ahead": "▫️"}
STEP_BUTTONS = (
    (Can.DONE, Action.DONE),
    (Can.SKIP, Action.SKIP),
    (Can.BACK, Action.BACK),
    (Can.CLOSE, Action.CLOSE_CASE),
)


def case_page(kit: Kit, case: CaseView, lead: str = "") -> Page:
    """Return the panel of a case where it stands now."""
    title = kit.say("card.case.title", number=case.number, step=case.step.id, title=case.step.title)
    colour = DONE if case.state is CaseState.CLOSED else CALM
    shown = embed(title, _opening(kit, case), _fields(kit, case), _road(kit, case), colour)
    return Page(text=lead, embeds=(shown,), items=_items(kit, case))


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
        fields.append((_agreement(kit, case.agreement_date), block(case.agreement, 500)))
    if step.references:
        lines = [f"• {line.label}: **{line.value}**" for line in step.references]
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


def _agreement(kit: Kit, date: str | None) -> str:
    title = kit.say("card.case.agreement")
    return f"{title} ({written_day(kit, date)})" if date else title


def _looks(kit: Kit, case: CaseView) -> list[tuple[str, str]]:
    lines = []
    for look in case.followups:
        key = f"card.look_at.{look.outcome or look.state}"
        lines.append(kit.say(key, when=moment(look.due_at, "day"), seen=look.seen or 0))
    return [(kit.say("card.case.looks"), "\n".join(lines))] if lines else []


def _last_events(kit: Kit, case: CaseView) -> list[tuple[str, str]]:
    lines = [_event(kit, event) for event in case.events[-EVENTS_SHOWN:]]
    return [(kit.say("card.case.events"), "\n".join(lines))] if lines else []


def _event(kit: Kit, event: EventLine) -> str:
    what = kit.either(f"event.{event.action}", "event.other")
    note = f": {inline(event.text, 120)}" if event.text else ""
    return f"{moment(event.at, 'day')} · {event.step} · {what} · {person(event.by)}{note}"


def _bullets(lines: Sequence[str]) -> str:
    return cut("\n".join(f"• {line}" for line in lines), FIELD_LIMIT)


def _road(kit: Kit, case: CaseView) -> str:
    road = "  ".join(f"{MARKS.get(step.state, '▫️')}{step.id}" for step in case.steps)
    return f"{road}   {kit.say('card.case.footer')}"


def _items(kit: Kit, case: CaseView) -> tuple[Item, ...]:
    can = set(case.actions)
    return rows(
        _step_items(kit, case, can),
        _check_items(kit, case) if Can.CHECK in can else (),
        _look_items(kit, case, can),
        _paper_items(kit, case, can),
        (_letter_select(kit, case),) if Can.LETTER in can else (),
    )


def _step_items(kit: Kit, case: CaseView, can: set[Can]) -> list[Item]:
    step = case.step.id
    main = GOOD if case.step.ready else PLAIN
    items = [
        kit.button(action, case.id, step, style=main if action is Action.DONE else PLAIN)
        for wanted, action in STEP_BUTTONS
        if wanted in can or (wanted is Can.DONE and case.state is CaseState.OPEN)
    ]
    if Can.REOPEN in can:
        items.append(kit.button(Action.REOPEN_CASE, case.id))
    return items


def _check_items(kit: Kit, case: CaseView) -> list[Item]:
    return [
        kit.button(
            Action.CHECK,
            case.id,
            case.step.id,
            check.key,
            style=GOOD if check.ticked else PLAIN,
            label="label.ticked" if check.ticked else "label.tick",
            what=check.label,
        )
        for check in case.step.checks[:ROW_WIDTH]
    ]


def _look_items(kit: Kit, case: CaseView, can: set[Can]) -> list[Item]:
    due = next((look for look in case.followups if look.state == "due"), None)
    items = followup_items(kit, due.id) if Can.FOLLOWUP in can and due else []
    for wanted, to, style in ((Can.POLICE, "S8", RISKY), (Can.AGREE_AGAIN, "S6", PLAIN)):
        if wanted in can:
            items.append(kit.button(Action.GO_ON, case.id, case.step.id, to, style=style, label=f"label.{wanted}"))
    return items


def followup_items(kit: Kit, followup: int) -> list[Item]:
    """Return the two answers to a look."""
    stopped = kit.button(Action.FOLLOWUP, followup, Answer.STOPPED, style=GOOD, label="label.stopped")
    goes_on = kit.button(Action.FOLLOWUP, followup, Answer.GOES_ON, style=RISKY, label="label.goes_on")
    return [stopped, goes_on]


def _paper_items(kit: Kit, case: CaseView, can: set[Can]) -> list[Item]:
    papers = (
        (Can.PUPILS, Action.PUPILS),
        (Can.EVIDENCE, Action.EVIDENCE),
        (Can.DOSSIER, Action.DOSSIER),
        (Can.POLICE_FILE, Action.POLICE_FILE),
    )
    return [kit.button(action, case.id) for wanted, action in papers if wanted in can]


def _letter_select(kit: Kit, case: CaseView) -> Item:
    choices = [
        Choice(kit.say(f"letter.{side}.{form}"), f"{side}.{form}", kit.say(f"letter.{side}.about"))
        for side in Side
        for form in Form
    ]
    return kit.select(Action.LETTER, case.id, choices=choices)


def cases_page(kit: Kit, cases: Sequence[CaseLine], *, action: Action = Action.CASE_PICK, subject: int = 0) -> Page:
    """Return a list of cases with a select to open one (or to join)."""
    if not cases:
        return Page(embeds=(embed(kit.say("card.cases.title"), kit.say("card.cases.empty"), colour=CALM),))
    fields = [(_case_head(kit, line), _case_body(kit, line)) for line in cases[:20]]
    shown = embed(kit.say("card.cases.title"), "", fields, colour=CALM)
    choices = [
        Choice(_case_choice(kit, line), str(line.id), kit.say("card.cases.same") if line.same_pair else "")
        for line in cases
    ]
    hint = "command.join.pick" if action is Action.JOIN_PICK else "command.case.pick"
    return Page(embeds=(shown,), items=(kit.select(action, subject, choices=choices, hint=hint),))


def _case_head(kit: Kit, line: CaseLine) -> str:
    mark = "📁" if line.state is CaseState.OPEN else "🗄️"
    return f"{mark} {kit.say('card.cases.head', number=line.number, class_name=line.class_name or '–')}"


def _case_body(kit: Kit, line: CaseLine) -> str:
    hurt, did = (" ".join(map(person, side)) or kit.say("card.case.nobody") for side in (line.hurt, line.did))
    state = f"{line.step} · {line.title}" if line.state is CaseState.OPEN else kit.say("card.cases.closed")
    look = kit.say("card.cases.next", when=moment(line.next_look, "day")) if line.next_look else ""
    return "\n".join(part for part in (state, kit.say("card.cases.people", hurt=hurt, did=did), look) if part)


def _case_choice(kit: Kit, line: CaseLine) -> str:
    return kit.say("card.cases.choice", number=line.number, step=line.step, title=line.title)


def followup_page(kit: Kit, look: FollowUpView) -> Page:
    """Return a look that came by itself: the agreement, and what was seen since."""
    seen = (
        kit.say("card.followup.seen_none") if not look.seen_now else kit.say("card.followup.seen", count=look.seen_now)
    )
    people = kit.say(
        "card.cases.people", hurt=" ".join(map(person, look.hurt)) or "–", did=" ".join(map(person, look.did)) or "–"
    )
    since = kit.say("card.followup.since", when=moment(look.followup.seen_from, "day"))
    fields = [(kit.say("card.followup.seen_title"), f"{since} {seen}")]
    if look.agreement:
        fields.append((_agreement(kit, look.agreement_date), block(look.agreement, 600)))
    fields.append(
        (kit.say("card.followup.do"), kit.say("card.followup.do_last" if look.last else "card.followup.do_more"))
    )
    answered = look.followup.outcome is not None
    if answered:
        fields.append(
            (
                kit.say("card.alert.now"),
                kit.say(
                    f"card.look_at.{look.followup.outcome}",
                    when=moment(look.followup.due_at, "day"),
                    seen=look.seen_now,
                ),
            )
        )
    shown = embed(kit.say("card.followup.title", number=look.number), people, fields, colour=CALM)
    opened = kit.button(Action.CASE, look.case)
    return Page(embeds=(shown,), items=(*([] if answered else followup_items(kit, look.followup.id)), opened))


def evidence_page(kit: Kit, case: int, number: int, kept: Sequence[EvidenceLine], readers: Sequence[str]) -> Page:
    """Return what is kept, in order of time, and who may have seen it."""
    fields = [_evidence(kit, line) for line in kept[-EVIDENCE_SHOWN:]]
    if len(kept) > EVIDENCE_SHOWN:
        fields.insert(0, ("…", kit.say("card.evidence.more", count=len(kept) - EVIDENCE_SHOWN)))
    if readers:
        names = ", ".join(inline(name, 40) for name in readers[:30])
        fields.append((kit.say("card.evidence.readers"), names))
    title = kit.say("card.evidence.title", number=number)
    shown = embed(title, kit.say("card.evidence.lead" if kept else "card.evidence.none"), fields, colour=CALM)
    return Page(embeds=(shown,), items=(kit.button(Action.ADD_EVIDENCE, case, style=MAIN),))


def _evidence(kit: Kit, line: EvidenceLine) -> tuple[str, str]:
    kind = kit.either(f"evidence.{line.kind}", "evidence.other")
    who = f"{person(line.author)} · " if line.author else ""
    spot = f" · {place(line.channel)}" if line.channel else ""
    said = block(line.text or line.file or "–", 300)
    mark = f"\n-# SHA-256 {line.fingerprint[:16]}…" if line.fingerprint else ""
    return kind, f"{who}{moment(line.at or line.kept_at)}{spot}\n{said}{mark}"
