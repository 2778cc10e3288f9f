"""The rules of ``data/alerts.toml``: who is told when, what is one alert, which patterns count."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SetupError
from bot.screening.verdict import Severity

Count = Annotated[int, Field(ge=1, le=100_000)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rung(_Table):
    """How long each person on the ladder has, in minutes of the school's or of real time."""

    minutes: Count
    clock: Literal["school", "real"]


class Ladders(_Table):
    """One ladder for each urgency."""

    alert: Rung
    urgent: Rung
    crisis: Rung

    def of(self, kind: str, severity: Severity) -> Rung:
        """Return the ladder of an alert."""
        if kind == "crisis":
            return self.crisis
        return self.urgent if severity is Severity.URGENT else self.alert


class Repeat(_Table):
    """How often the last rung is reminded."""

    mornings: Annotated[int, Field(ge=0, le=60)]


class Group(_Table):
    """What is one alert."""

    minutes: Count


class Flood(_Table):
    """When many messages to one pupil are a flood."""

    messages: Count
    within_seconds: Count
    answers: Annotated[int, Field(ge=0, le=100)]


class Repeated(_Table):
    """When the same pair makes a finding more urgent."""

    findings: Count
    days: Count


class Heated(_Table):
    """When a conversation is about to derail."""

    findings: Count
    people: Count
    within_minutes: Count


class AlertRules(_Table):
    """All of the file."""

    ladder: Ladders
    repeat: Repeat
    group: Group
    flood: Flood
    repeated: Repeated
    heated: Heated


def read_rules(path: Path) -> AlertRules:
    """Read the file. Raises ``SetupError`` with the file and the reasons."""
    try:
        return AlertRules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SetupError("error.alert.rules", file=path.name, problems=error) from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise SetupError("error.alert.rules", file=path.name, problems=problems) from error
