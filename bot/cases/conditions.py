"""What a step asks before it is done: found out by the program, or marked by a person."""

from __future__ import annotations

from bot.cases.facts import Check, Need
from bot.cases.protocol import Step
from bot.cases.store import Standing
from bot.texts import Texts


def met(standing: Standing, key: str) -> bool:
    """Tell whether a condition holds for a case."""
    facts = {
        "claimed": bool(standing.row["owner"]),
        "pupils": bool(standing.hurt or standing.did),
        "hurt": bool(standing.hurt),
        "did": bool(standing.did),
        "evidence": bool(standing.evidence or standing.reports),
        "looked_back": standing.looked_back,
    }
    return facts[key] if key in facts else standing.ticked(key) is not None


def needs(standing: Standing, step: Step, texts: Texts, language: str) -> tuple[Need, ...]:
    """Return the conditions of a step in a reader's language."""
    return tuple(Need(key, _label(step, key, texts, language), met(standing, key)) for key in step.needs)


def checks(standing: Standing, step: Step, language: str) -> tuple[Check, ...]:
    """Return the check marks of a step as they stand."""
    return tuple(_check(standing, mark.key, mark.label(language), asks_who=mark.who) for mark in step.checks)


def _check(standing: Standing, key: str, label: str, *, asks_who: bool) -> Check:
    event = standing.ticked(key)
    if event is None:
        return Check(key, label, ticked=False, asks_who=asks_who)
    return Check(key, label, True, asks_who, by=event.by, at=event.at, note=event.text, date=event.date)  # noqa: FBT003 - ticked


def _label(step: Step, key: str, texts: Texts, language: str) -> str:
    mark = step.check_mark(key)
    return mark.label(language) if mark else texts.get(f"cases.need.{key}", language)
