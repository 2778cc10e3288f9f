"""Which score gives which severity: ``data/thresholds.toml``, per signal and age group, for a school to change."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.errors import SetupError
from bot.school import AgeGroup
from bot.screening.verdict import Severity, SignalName

SCORED: Final = (
    SignalName.INSULT, SignalName.THREAT, SignalName.IDENTITY_ATTACK, SignalName.SEXUAL,
    SignalName.INCITEMENT, SignalName.EXCLUSION, SignalName.CRISIS,
)  # fmt: skip
"""The signals that the model and the word lists give a score."""

NEVER: Final = 2.0
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class ThresholdFileError(SetupError):
    """A thresholds file is wrong; ``values`` name the file, the line and the reason."""


class Steps(BaseModel):
    """From which score on a signal is a notice, an alert, urgent; a step left out is never reached."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    notice: Share | None = None
    alert: Share | None = None
    urgent: Share | None = None

    @model_validator(mode="after")
    def _rising(self) -> Steps:
        given = [step for step in (self.notice, self.alert, self.urgent) if step is not None]
        if given != sorted(given):
            raise ValueError("notice, alert and urgent must rise")
        return self

    def severity(self, score: float) -> Severity:
        """Return how urgent a score is."""
        if score >= _or_never(self.urgent):
            return Severity.URGENT
        if score >= _or_never(self.alert):
            return Severity.ALERT
        return Severity.NOTICE if score >= _or_never(self.notice) else Severity.QUIET

    def over(self, other: Steps | None) -> Steps:
        """Return these steps, with the other's for what is left out here."""
        if other is None:
            return self
        return Steps.model_construct(
            notice=other.notice if self.notice is None else self.notice,
            alert=other.alert if self.alert is None else self.alert,
            urgent=other.urgent if self.urgent is None else self.urgent,
        )


NOTHING: Final = Steps()
"""The steps of a signal that has none: every score is quiet."""


class Together(BaseModel):
    """How far words move the model's score, in log odds: up by ``lift`` at a word's full weight, down by the others.

    ``relief``: a bad word is excused; ``brief``: a short text without a bad word; ``calm``: a set harmless phrase.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    lift: Annotated[float, Field(ge=0.0, le=8.0)]
    relief: Annotated[float, Field(ge=0.0, le=8.0)]
    brief: Annotated[float, Field(ge=0.0, le=8.0)]
    calm: Annotated[float, Field(ge=0.0, le=8.0)]
    counts: Share


ScoredName = Literal["insult", "threat", "identity_attack", "sexual", "incitement", "exclusion", "crisis", "toxicity"]
Table = dict[ScoredName, Steps]


class ThresholdFile(BaseModel):
    """The file as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    model: Table
    primary: Table = Field(default_factory=dict)
    secondary: Table = Field(default_factory=dict)
    words: Table
    together: Together
    alone: Share
    patterns: dict[str, Severity]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Answers how urgent a score is."""

    file: ThresholdFile

    def model(self, signal: str, score: float, age: AgeGroup) -> Severity:
        """Return the severity of a score of the model, 0 to 1, for an age group."""
        return self.steps(signal, age).severity(score)

    def steps(self, signal: str, age: AgeGroup) -> Steps:
        """Return the model's steps of a signal for an age group."""
        table: dict[Any, Steps] = self.file.primary if age is AgeGroup.PRIMARY else self.file.secondary
        general: dict[Any, Steps] = self.file.model
        own = table.get(signal)
        return own.over(general.get(signal)) if own else general.get(signal, NOTHING)

    def words(self, signal: str, score: float) -> Severity:
        """Return the severity of a score of the word lists while no model judges."""
        table: dict[Any, Steps] = self.file.words
        return table.get(signal, NOTHING).severity(score)

    def pattern(self, name: str) -> Severity:
        """Return the severity of a pattern (``phone``, ``invite``); a pattern not named is quiet."""
        return self.file.patterns.get(name, Severity.QUIET)


def read_thresholds(path: Path) -> Thresholds:
    """Read a thresholds file. Raises ``ThresholdFileError``: unreadable or wrong; names line and reason."""
    try:
        source = path.read_text(encoding="utf-8")
        raw = tomllib.loads(source)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ThresholdFileError("error.screening.thresholds", file=path.name, problems=str(error)) from error
    try:
        return Thresholds(ThresholdFile.model_validate(raw))
    except ValidationError as error:
        problems = "; ".join(_told(problem["loc"], problem["msg"], source) for problem in error.errors())
        raise ThresholdFileError("error.screening.thresholds", file=path.name, problems=problems) from error


def _told(loc: tuple[int | str, ...], message: str, source: str) -> str:
    names = [str(part) for part in loc if part != "[key]"]
    return f"line {_line(names, source)}: {'.'.join(names)}: {message}"


def _line(names: list[str], source: str) -> int:
    """Find the line that a location of pydantic speaks of: the table first, then the key in it."""
    lines = source.splitlines()
    heads = [f"[{'.'.join(names[:length])}]" for length in range(len(names), 0, -1)]
    for head in heads:
        for number, line in enumerate(lines, 1):
            if line.split("#")[0].strip() == head:
                return _key_line(lines, number, names[-1])
    return _key_line(lines, 0, names[0])


def _key_line(lines: list[str], start: int, key: str) -> int:
    for number, line in enumerate(lines[start:], start + 1):
        if line.startswith("["):
            break
        if line.split("=")[0].strip() == key:
            return number
    return max(start, 1)


def _or_never(step: float | None) -> float:
    return NEVER if step is None else step
