"""The buttons of a case's panel: those that make sense at the step where it stands."""

from __future__ import annotations

from bot.cases.facts import Action as Can
from bot.cases.facts import Answer, CaseState, CaseView, Form, Side
from cogs.items import Action, Item
from cogs.pages import Choice
from cogs.widgets import GOOD, PLAIN, RISKY, ROW_WIDTH, Kit, rows

STEP_BUTTONS = (
    (Can.DONE, Action.DONE),
    (Can.SKIP, Action.SKIP),
    (Can.BACK, Action.BACK),
    (Can.CLOSE, Action.CLOSE_CASE),
)


def case_items(kit: Kit, case: CaseView) -> tuple[Item, ...]:
    """Return what can be done with a case now; going on is always offered, and says what is missing."""
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
        (Can.HAND_OVER, Action.HAND_OVER),
    )
    return [kit.button(action, case.id) for wanted, action in papers if wanted in can]


def _letter_select(kit: Kit, case: CaseView) -> Item:
    choices = [
        Choice(kit.say(f"letter.{side}.{form}"), f"{side}.{form}", kit.say(f"letter.{side}.about"))
        for side in Side
        for form in Form
    ]
    return kit.select(Action.LETTER, case.id, choices=choices)
