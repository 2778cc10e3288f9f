"""Puts together what model and word lists say of one text: the model decides, words raise within limits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.school import AgeGroup
from bot.screening.thresholds import SCORED, Steps, Thresholds, Together
from bot.screening.verdict import Severity, Signal, SignalName
from bot.screening.words import WordScore

RULES: Final = {
    SignalName.INSULT: "F1",
    SignalName.THREAT: "A8",
    SignalName.IDENTITY_ATTACK: "F1",
    SignalName.SEXUAL: "A8",
    SignalName.INCITEMENT: "A8",
    SignalName.EXCLUSION: "A8",
    SignalName.CRISIS: "crisis",
    SignalName.PERSONAL_DATA: "P1",
    SignalName.CONTACT: "P3",
    SignalName.LINK: "T2",
    SignalName.FLOOD: "F3",
    SignalName.DANGEROUS_FILE: "F2",
    SignalName.MEDIA: "A6",
    SignalName.CAPTION_NAMES: "T8",
    SignalName.IMITATION: "F5",
}
"""The rule of the protocol that each signal rests on; a writer's own despair stands beside the protocol."""

TOXICITY: Final = "toxicity"
ALERT_AT: Final = 0.5
BELOW_ALERT: Final = 0.4999
_LEAST: Final = 1e-4
NO_WORD: Final = 0.3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one text. ``model`` is None while no model judges it.

    ``excused``: a bad word had an excuse; ``brief``: five words or fewer; ``calm``: mostly a set harmless phrase.
    """

    model: Mapping[str, float] | None
    words: Mapping[str, WordScore]
    excused: bool = False
    brief: bool = False
    calm: bool = False


def signals(evidence: Evidence, thresholds: Thresholds, age: AgeGroup) -> list[Signal]:
    """Return the signals of one text that are more than quiet."""
    if evidence.model is None:
        found = [_of_words(name, evidence.words.get(name), thresholds) for name in SCORED]
        return [signal for signal in found if signal.severity is not Severity.QUIET]
    together = joined(evidence, thresholds)
    found = [_one(name, evidence, together.get(name, 0.0), thresholds, age) for name in SCORED]
    loud = [signal for signal in found if signal.severity is not Severity.QUIET]
    return _general(loud, together, thresholds, age)


def joined(evidence: Evidence, thresholds: Thresholds) -> dict[str, float]:
    """Return the model's scores, lifted by words that count and lowered by excuses, on the scale of log odds."""
    model, together = evidence.model or {}, thresholds.file.together
    words = {name: word.score for name, word in evidence.words.items()}
    words[TOXICITY] = max((score for name, score in words.items() if name != SignalName.CRISIS), default=0.0)
    down = _relief(evidence, together, max(words.values()))
    return {name: _shifted(score, together.lift * words.get(name, 0.0) - down) for name, score in model.items()}


def _relief(evidence: Evidence, together: Together, word: float) -> float:
    """Return how far a text is lowered: the model says much of short texts, and little of that is sure."""
    if word >= together.counts:
        return 0.0
    brief = together.brief if evidence.brief and word < NO_WORD else 0.0
    return brief + (together.relief if evidence.excused else 0.0) + (together.calm if evidence.calm else 0.0)


def _shifted(score: float, shift: float) -> float:
    inside = min(max(score, _LEAST), 1 - _LEAST)
    return 1 / (1 + math.exp(-(math.log(inside / (1 - inside)) + shift))) if shift else score


def _one(name: SignalName, evidence: Evidence, score: float, thresholds: Thresholds, age: AgeGroup) -> Signal:
    """Judge one signal; a word that is unmistakable and aimed at somebody is enough by itself."""
    word = evidence.words.get(name)
    severity = thresholds.model(name, score, age)
    by_model = thresholds.model(name, (evidence.model or {}).get(name, 0.0), age)
    alone = thresholds.words(name, word.score) if word and word.sure and word.score >= thresholds.file.alone else None
    if alone and alone.rank > severity.rank:
        return _of_words(name, word, thresholds)
    helped = word is not None and (severity.rank > by_model.rank or word.aimed)
    reason = f"reason.{name}.{'both' if helped else 'model'}"
    return Signal(name, score, RULES[name], "model", reason, severity, word.words if word and helped else ())


def _of_words(name: SignalName, word: WordScore | None, thresholds: Thresholds) -> Signal:
    score = word.score if word else 0.0
    severity = thresholds.words(name, score)
    return Signal(name, score, RULES[name], "words", f"reason.{name}.words", severity, word.words if word else ())


def _general(loud: list[Signal], scores: Mapping[str, float], thresholds: Thresholds, age: AgeGroup) -> list[Signal]:
    """Count the model's overall toxicity: it raises the strongest signal, never the writer's own despair."""
    if any(signal.severity.flagged for signal in loud):
        return loud
    severity = thresholds.model(TOXICITY, scores[TOXICITY], age) if TOXICITY in scores else Severity.QUIET
    strongest = max((name for name in SCORED if name is not SignalName.CRISIS), key=lambda name: scores.get(name, 0.0))
    if severity is Severity.QUIET or any(s.signal is strongest and s.severity.rank >= severity.rank for s in loud):
        return loud
    general = Signal(strongest, scores[TOXICITY], RULES[strongest], "model", f"reason.{strongest}.model", severity)
    return [*(signal for signal in loud if signal.signal is not strongest), general]


def nearness(evidence: Evidence, thresholds: Thresholds, age: AgeGroup) -> float:
    """Return how near a text comes to an alert: 0 to 1, 0.5 at the threshold itself, comparable between signals."""
    judged = signals(evidence, thresholds, age)
    if evidence.model is None:
        near = [_near(word.score, thresholds.file.words.get(name)) for name, word in _scored(evidence.words)]
    else:
        near = [_near(score, thresholds.steps(name, age)) for name, score in joined(evidence, thresholds).items()]
    best = max(near, default=0.0)
    return max(best, ALERT_AT) if any(signal.severity.flagged for signal in judged) else min(best, BELOW_ALERT)


def _scored(words: Mapping[str, WordScore]) -> list[tuple[Any, WordScore]]:
    return [(name, word) for name, word in words.items() if name in SCORED]


def _near(score: float, steps: Steps | None) -> float:
    bar = steps.alert if steps and steps.alert else 1.0
    if score < bar or bar >= 1.0:
        return ALERT_AT * min(score / bar, 1.0)
    return ALERT_AT + (1 - ALERT_AT) * (score - bar) / (1 - bar)


def merged(found: Iterable[Signal]) -> tuple[Signal, ...]:
    """Keep the worst of each kind of signal, the most urgent first."""
    best: dict[tuple[SignalName, str], Signal] = {}
    for signal in found:
        key = (signal.signal, signal.reason if signal.signal in _SEVERAL else "")
        if key not in best or _weight(signal) > _weight(best[key]):
            best[key] = signal
    return tuple(sorted(best.values(), key=_weight, reverse=True))


_SEVERAL: Final = frozenset(
    {SignalName.PERSONAL_DATA, SignalName.CONTACT, SignalName.LINK, SignalName.DANGEROUS_FILE, SignalName.MEDIA}
)


def _weight(signal: Signal) -> tuple[int, float]:
    return signal.severity.rank, signal.score


def worst(found: Iterable[Signal]) -> Severity:
    """Return the most urgent severity among signals."""
    return max((signal.severity for signal in found), key=lambda severity: severity.rank, default=Severity.QUIET)
