"""A case as one reader sees it: the step's words, what is needed, what can be done now."""

from __future__ import annotations

from bot.cases.conditions import checks, met, needs
from bot.cases.facts import Action, Answer, CaseLine, CaseState, CaseView, ReferenceLine, StepView
from bot.cases.path import lines, step_before
from bot.cases.protocol import Protocol, Step
from bot.cases.shorts import Short
from bot.cases.store import Standing
from bot.cases.walking import finished
from bot.people import Actor, Verb, may
from bot.texts import Texts

TOOL_ACTIONS = {"pupils": Action.PUPILS, "evidence": Action.EVIDENCE, "letters": Action.LETTER}


def view(standing: Standing, protocol: Protocol, texts: Texts, actor: Actor) -> CaseView:
    """Return a case with the step where it stands, in the reader's language."""
    row, step = standing.row, protocol.at(standing.step)
    agreement = standing.agreement
    return CaseView(
        id=standing.id,
        number=row["number"],
        school=row["school"],
        class_name=row["class_name"],
        state=CaseState(row["state"]),
        owner=row["owner"],
        forms=tuple(row["forms"]),
        hurt=standing.hurt,
        did=standing.did,
        step=step_view(standing, protocol, step, texts, actor.language),
        steps=lines(protocol, standing.events, step.id if standing.open else None, actor.language),
        actions=actions(standing, protocol, step, actor),
        findings=len(standing.findings),
        reports=standing.reports,
        evidence=standing.evidence,
        followups=standing.followups,
        agreement=agreement.text if agreement else None,
        agreement_date=agreement.date if agreement else None,
        events=standing.events,
        created_at=row["created_at"],
        closed_at=row["closed_at"],
        outcome=row["outcome"],
        version=row["version"],
    )


def step_view(standing: Standing, protocol: Protocol, step: Step, texts: Texts, language: str) -> StepView:
    """Return a step as it stands for a case."""
    words = step.words(language)
    return StepView(
        id=step.id,
        title=words.title,
        goal=words.goal,
        say=words.say,
        tips=words.tips,
        note_hint=words.note_hint,
        date_hint=words.date_hint,
        note=step.note,
        date=step.date,
        needs=needs(standing, step, texts, language),
        checks=checks(standing, step, language),
        references=references(protocol, step, language),
        tools=step.tools,
    )


def references(protocol: Protocol, step: Step, language: str) -> tuple[ReferenceLine, ...]:
    """Return the numbers and sites of a step."""
    found = ((key, protocol.references[key]) for key in step.references)
    return tuple(ReferenceLine(key, one.kind, one.value, one.label(language), one.checked) for key, one in found)


def actions(standing: Standing, protocol: Protocol, step: Step, actor: Actor) -> tuple[Action, ...]:
    """Return what this person can do with a case now, in the order of the buttons."""
    roles = actor.roles(standing.row["class_name"], owner=standing.row["owner"])
    papers = (Action.DOSSIER,) if may(roles, Verb.DOSSIER) else ()
    if not may(roles, Verb.CASE_STEP):
        return papers
    if not standing.open:
        return (*papers, Action.REOPEN)
    ready = all(met(standing, need) for need in step.needs)
    found = [Action.DONE]  # also when something is missing: pressing it says what
    found += [Action.CHECK] if step.checks else []
    found += [action for tool, action in TOOL_ACTIONS.items() if tool in step.tools]
    found += [Action.FOLLOWUP] if any(look.state == "due" for look in standing.followups) else []
    found += _goes_on(standing, protocol, step)
    found += [Action.SKIP]
    found += [Action.BACK] if step_before(protocol, standing.events, step.id) else []
    found += papers
    consented = all(standing.ticked(mark.key) for mark in step.checks)
    found += [Action.POLICE_FILE] if "police_file" in step.tools and consented else []
    found.append(Action.HAND_OVER)
    if not (step.followups and finished(standing) and ready):
        found.append(Action.CLOSE)
    return tuple(found)


def _goes_on(standing: Standing, protocol: Protocol, step: Step) -> list[Action]:
    answered = [look for look in standing.followups if look.outcome is not None]
    if not answered or answered[-1].outcome is not Answer.GOES_ON:
        return []
    agreeing = (protocol.at(to).date != "none" for to in step.goes_on)
    return [Action.AGREE_AGAIN if agrees else Action.POLICE for agrees in agreeing]


def line(short: Short, protocol: Protocol, language: str, people: frozenset[str] = frozenset()) -> CaseLine:
    """Return a case as one line of a list; ``people``: whom an alert is about, to tell whether it is the same pair."""
    row, step = short.row, protocol.at(short.row["step"])
    return CaseLine(
        id=row["id"],
        number=row["number"],
        class_name=row["class_name"],
        state=CaseState(row["state"]),
        step=step.id,
        title=step.words(language).title,
        owner=row["owner"],
        hurt=short.hurt,
        did=short.did,
        created_at=row["created_at"],
        next_look=short.next_look,
        same_pair=bool(people) and people <= {*short.hurt, *short.did},
    )
