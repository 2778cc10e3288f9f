"""The way that a case took through its steps, read from its events."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cases.facts import EventLine, StepLine
from bot.cases.protocol import Protocol

FORWARD = frozenset({"done", "skip", "goes_on"})


def step_before(protocol: Protocol, events: Iterable[EventLine], step: str) -> str | None:
    """Return the step from which a case came here, else the one before it in the file; None at the first."""
    came = [event.step for event in events if event.action in FORWARD and event.detail == step]
    if came and protocol.find(came[-1]) and came[-1] != step:
        return came[-1]
    ids = [one.id for one in protocol.steps]
    place = ids.index(protocol.at(step).id)
    return ids[place - 1] if place else None


def lines(protocol: Protocol, events: Iterable[EventLine], step: str | None, language: str) -> tuple[StepLine, ...]:
    """Return all steps with how they stand: done, skipped, now or ahead; ``step`` is None for a closed case."""
    states: dict[str, str] = {}
    for event in events:
        if event.action in FORWARD:
            states[event.step] = "skipped" if event.action == "skip" else "done"
    if step:
        states[step] = "now"
    return tuple(StepLine(one.id, one.words(language).title, states.get(one.id, "ahead")) for one in protocol.steps)
