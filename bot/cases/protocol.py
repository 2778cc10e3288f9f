"""The school's protocol as data: steps, words, conditions and references from ``data/protocol/*.toml``.

A school copies ``default.toml`` and changes it. A wrong file is refused at start with file, line and reason, all
mistakes at once.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import ProtocolFileError

CLOSE = "close"  # where a last step leads: the end of the case
STALE_AFTER = timedelta(days=365)
CONDITIONS = frozenset({"claimed", "pupils", "hurt", "did", "evidence", "looked_back"})
"""What the program can find out by itself; the rest are check marks of the step."""

Filled = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
StepId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
Ask = Literal["required", "optional", "none"]
Tool = Literal["pupils", "evidence", "letters", "dossier", "police_file", "followups"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reference(_Part):
    """A number or site to hand on; ``checked``: the day on which somebody made sure that it is right."""

    kind: Literal["phone", "site"]
    value: Filled
    checked: date
    nl: Filled
    en: Filled

    def label(self, language: str) -> str:
        """Return what it is for, in a language."""
        return self.en if language == "en" else self.nl


class CheckMark(_Part):
    """A mark that a person sets. ``who``: with it stands who agreed, and when."""

    key: Key
    nl: Filled
    en: Filled
    who: bool = False

    def label(self, language: str) -> str:
        """Return what is marked, in a language."""
        return self.en if language == "en" else self.nl


class StepWords(_Part):
    """What a person reads at a step, in one language."""

    title: Annotated[Filled, StringConstraints(max_length=80)]
    goal: Filled
    say: tuple[Filled, ...] = ()
    tips: tuple[Filled, ...] = ()
    note_hint: Annotated[str, StringConstraints(max_length=100)] = ""
    date_hint: Annotated[str, StringConstraints(max_length=100)] = ""


class Step(_Part):
    """One step. ``next``: the step after it, or ``close``; ``goes_on``: where it can go when it did not stop."""

    id: StepId
    next: str
    skip_to: str | None = None
    goes_on: tuple[str, ...] = ()
    note: Ask = "none"
    date: Ask = "none"
    needs: tuple[Key, ...] = ()
    tools: tuple[Tool, ...] = ()
    checks: tuple[CheckMark, ...] = Field(default=(), alias="check")
    references: tuple[Key, ...] = ()
    followups: tuple[Annotated[int, Field(ge=1, le=366)], ...] = ()
    nl: StepWords
    en: StepWords

    def words(self, language: str) -> StepWords:
        """Return the step's words in a language."""
        return self.en if language == "en" else self.nl

    @property
    def ways(self) -> tuple[str, ...]:
        """All steps that can follow."""
        return tuple(dict.fromkeys((self.next, self.skip_to or self.next, *self.goes_on)))

    def check_mark(self, key: str) -> CheckMark | None:
        """Return one of the step's check marks."""
        return next((mark for mark in self.checks if mark.key == key), None)


class _File(_Part):
    references: dict[Key, Reference]
    forms: dict[Annotated[str, StringConstraints(pattern=r"^F\d$")], FormWords] = Field(default_factory=dict)
    steps: tuple[Step, ...] = Field(alias="step", min_length=1)


class FormWords(_Part):
    """What a form of digital bullying (F1 to F6) is called: it says what was done, never what somebody is."""

    nl: Filled
    en: Filled

    def label(self, language: str) -> str:
        """Return the form's name, in a language."""
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, slots=True)
class Protocol:
    """One school's protocol. ``hash``: SHA-256 (hex) of the file, kept with each case that it opened."""

    name: str
    hash: str
    steps: tuple[Step, ...]
    references: dict[str, Reference]
    forms: dict[str, FormWords]

    @property
    def first(self) -> Step:
        """The step at which a case opens."""
        return self.steps[0]

    def find(self, step: str) -> Step | None:
        """Return a step by its id, or None."""
        return next((one for one in self.steps if one.id == step), None)

    def at(self, step: str) -> Step:
        """Return a step by its id; when the file lost it since, the last one that sorts before it."""
        earlier = [one for one in self.steps if one.id <= step]
        return self.find(step) or (earlier[-1] if earlier else self.first)

    def stale_references(self, today: date) -> tuple[str, ...]:
        """Return the references that nobody checked for a year."""
        return tuple(key for key, one in self.references.items() if today - one.checked > STALE_AFTER)


class Protocols:
    """The protocols in use: ``default.toml``, and ``GUILD.toml`` for a school that has its own."""

    def __init__(self, protocols: dict[str, Protocol]) -> None:
        self._protocols = protocols

    def of(self, school: str) -> Protocol:
        """Return the protocol of a school."""
        return self._protocols.get(school) or self._protocols["default"]

    def all(self) -> tuple[Protocol, ...]:
        """Return all protocols."""
        return tuple(self._protocols.values())


def read_protocols(folder: Path, own: Path | None = None) -> Protocols:
    """Read all protocol files of a folder; files of the same name in ``own`` (a school's folder) replace them.

    Raises
    ------
    ProtocolFileError: a file is wrong, or there is no ``default.toml``.
    """
    paths = {path.stem: path for place in (folder, own) if place for path in sorted(place.glob("*.toml"))}
    if "default" not in paths:
        raise ProtocolFileError("error.protocol.none", file="default.toml")
    return Protocols({name: read_protocol(path) for name, path in paths.items()})


def read_protocol(path: Path) -> Protocol:
    """Read one protocol file.

    Raises
    ------
    ProtocolFileError: unreadable, no TOML, or wrong; ``problems`` names the line and the reason of each mistake.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProtocolFileError("error.protocol.unreadable", file=path.name) from error
    try:
        content = _File.model_validate(tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        raise ProtocolFileError("error.protocol.wrong", file=path.name, problems=error) from error
    except ValidationError as error:
        raise ProtocolFileError("error.protocol.wrong", file=path.name, problems=_told(error, source)) from error
    if problems := [_at(source, step, key) + told for step, key, told in _problems(content)]:
        raise ProtocolFileError("error.protocol.wrong", file=path.name, problems="; ".join(problems))
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Protocol(path.stem, digest, content.steps, content.references, content.forms)


def _problems(content: _File) -> Iterator[tuple[int, str, str]]:
    ids = [step.id for step in content.steps]
    for index, step in enumerate(content.steps):
        if ids.index(step.id) != index:
            yield index, "id", f"step {step.id} stands twice"
        yield from ((index, *problem) for problem in _step_problems(step, ids, content.references))
    for step_id in _unreachable(content.steps):
        yield ids.index(step_id), "id", f"no step leads to {step_id}"


def _step_problems(step: Step, ids: list[str], references: dict[str, Reference]) -> Iterator[tuple[str, str]]:
    for key, ways in (("next", (step.next,)), ("skip_to", (step.skip_to,)), ("goes_on", step.goes_on)):
        yield from ((key, f"unknown step {way}") for way in ways if way not in {None, CLOSE, *ids})
    known = CONDITIONS | {mark.key for mark in step.checks}
    yield from (("needs", f"unknown check {need}") for need in step.needs if need not in known)
    yield from (("references", f"unknown reference {key}") for key in step.references if key not in references)
    if list(step.followups) != sorted(set(step.followups)):
        yield "followups", "days must go up"
    if len({mark.key for mark in step.checks}) != len(step.checks):
        yield "key", "a check mark stands twice"


def _unreachable(steps: tuple[Step, ...]) -> list[str]:
    ways = {step.id: step.ways for step in steps}
    reached: set[str] = set()
    waiting = [steps[0].id]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting.extend(ways.get(here, ()))
    return [step.id for step in steps if step.id not in reached]


def _told(error: ValidationError, source: str) -> str:
    return "; ".join(_one(problem["loc"], problem["msg"], source) for problem in error.errors())


def _one(place: tuple[Any, ...], message: str, source: str) -> str:
    names = [str(part) for part in place if isinstance(part, str)]
    step = next((part for part in place if isinstance(part, int)), -1) if "step" in names else -1
    missing = "field required" in message.lower()
    told = f"{'.'.join(names)}: {message}"
    where = names[:-1] if missing and len(names) > 1 else names
    table = next((name for name in where if name in {"nl", "en"}), "") if step >= 0 else ".".join(where[:2])
    return _at(source, step, names[-1] if names else "", table) + told


def _at(source: str, step: int, key: str, table: str = "") -> str:
    """Return ``line N: `` for a key of the step with this number (from 0), or of a table when it is -1."""
    lines = source.splitlines()
    heads = [number for number, line in enumerate(lines) if line.strip() == "[[step]]"]
    start = heads[step] if 0 <= step < len(heads) else 0
    end = heads[step + 1] if 0 <= step < len(heads) - 1 else len(lines)
    if table:
        wanted = f"[step.{table}]" if step >= 0 else f"[{table}]"
        start = next((n for n in range(start, end) if lines[n].strip() == wanted), start)
    found = (n for n in range(start, end) if re.match(rf"\s*{re.escape(key)}\s*=", lines[n]))
    return f"line {next(found, start) + 1}: "
