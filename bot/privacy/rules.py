"""The table ``data/retention.toml``: what is kept, why, on what legal ground, how long, and what then."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from bot.errors import SetupError

RULES = (
    "finding_dismissed",
    "finding_open",
    "case_closed",
    "draft",
    "report_closed",
    "report_open",
    "report_in_case",
    "seal",
    "consent",
    "media",
    "removed_picture",
    "outbox",
    "timer",
    "judged_edit",
    "recheck",
    "pseudonym",
    "dm_choice",
    "erasure_list",
    "backup_local",
)
"""What the program knows how to do; the table must name each once."""
CAN_ANONYMISE = frozenset({"case_closed"})
AT_LEAST_DAYS = {"judged_edit": 8, "outbox": 7, "timer": 1, "erasure_list": 365}
"""Below these the program would not work as it should (edits of 7 days are read back, for example)."""
LAST_MONTH = 7  # a school year ends on 31 July

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(_Table):
    """A sentence in both languages."""

    nl: Words
    en: Words

    def get(self, language: str) -> str:
        """Return it in one language."""
        return self.en if language == "en" else self.nl


class Rule(_Table):
    """One line of the table."""

    id: Literal[RULES]  # type: ignore[valid-type]
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    school_years: Annotated[int, Field(ge=0, le=10)] | None = None
    then: Literal["erase", "anonymise"]
    ground: str
    from_: Annotated[Said, Field(alias="from")]
    what: Said
    why: Said
    who: Said

    @model_validator(mode="after")
    def _fits(self) -> Rule:
        if (self.days is None) == (self.school_years is None):
            raise ValueError("give either days or school_years")
        if self.days is not None and self.days < AT_LEAST_DAYS.get(self.id, 1):
            raise ValueError(f"days must be at least {AT_LEAST_DAYS[self.id]}")
        if self.school_years is not None and self.id != "case_closed":
            raise ValueError("school_years is for case_closed only")
        if self.then == "anonymise" and self.id not in CAN_ANONYMISE:
            raise ValueError("only erase is possible here")
        return self

    def before(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the moment before which something must have begun its term to be over it now."""
        if self.days is not None:
            return now - timedelta(days=self.days)
        local, years = now.astimezone(zone), self.school_years or 0
        ended = local.year if local.month > LAST_MONTH else local.year - 1
        return datetime(ended - years, LAST_MONTH + 1, 1, tzinfo=zone)

    def until(self, begun: datetime, zone: ZoneInfo) -> datetime:
        """Return until when something is kept whose term began at a moment."""
        if self.days is not None:
            return begun + timedelta(days=self.days)
        local, years = begun.astimezone(zone), self.school_years or 0
        ends = local.year if local.month <= LAST_MONTH else local.year + 1
        return datetime(ends + years, LAST_MONTH + 1, 1, tzinfo=zone)


class Register(_Table):
    """What the register of processing says beside the rules."""

    controller: Said
    processors: Said
    transfers: Said
    security: Said


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """The whole table."""

    register: Register
    grounds: Mapping[str, Said]
    rules: Mapping[str, Rule]
    schools: Mapping[str, Mapping[str, Rule]]

    def of(self, school: str, rule: str) -> Rule:
        """Return a rule as a school has it."""
        return self.schools.get(school, {}).get(rule, self.rules[rule])


def read_retention(path: Path) -> RetentionRules:
    """Read the table.

    Raises
    ------
    SetupError: unreadable, no TOML, a rule missing, double, unknown or with a wrong figure; names lines and reasons.
    """
    try:
        source = path.read_text(encoding="utf-8")
        raw = tomllib.loads(source)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        raise SetupError("error.privacy.retention", file=path.name, problems=reason) from error
    except tomllib.TOMLDecodeError as error:
        raise SetupError("error.privacy.retention", file=path.name, problems=error) from error
    reader = _Reader(source)
    found = reader.read(raw)
    if reader.problems or found is None:
        raise SetupError("error.privacy.retention", file=path.name, problems="; ".join(reader.problems))
    return found


class _Reader:
    """Collects all mistakes of a table, each with its line."""

    def __init__(self, source: str) -> None:
        self.problems: list[str] = []
        self._lines = source.splitlines()

    def read(self, raw: dict[str, object]) -> RetentionRules | None:
        for name in raw.keys() - {"register", "ground", "rule", "school"}:
            self._tell(self._line(name), f"{name} is unknown")
        grounds = self._grounds(raw.get("ground"))
        rules = self._rules(raw.get("rule"), grounds)
        register = self._valid(Register, raw.get("register", {}), "[register]")
        schools = self._schools(raw.get("school", {}), rules)
        if self.problems or not isinstance(register, Register):
            return None
        return RetentionRules(register, grounds, rules, schools)

    def _grounds(self, raw: object) -> dict[str, Said]:
        tables = raw if isinstance(raw, dict) else {}
        read = {name: self._valid(Said, table, f"[ground.{name}]") for name, table in tables.items()}
        return {name: said for name, said in read.items() if isinstance(said, Said)}

    def _rules(self, raw: object, grounds: Mapping[str, Said]) -> dict[str, Rule]:
        rules: dict[str, Rule] = {}
        for nth, table in enumerate(raw if isinstance(raw, list) else []):
            rule = self._valid(Rule, table, "[[rule]]", nth)
            if not isinstance(rule, Rule):
                continue
            if rule.id in rules:
                self._tell(self._line("id", nth), f"{rule.id} stands twice")
            if rule.ground not in grounds:
                self._tell(self._line("ground", nth), f"[ground.{rule.ground}] is missing")
            rules[rule.id] = rule
        if not self.problems:
            for name in RULES:
                if name not in rules:
                    self._tell(len(self._lines), f"rule {name} is missing")
        return rules

    def _schools(self, raw: object, rules: Mapping[str, Rule]) -> dict[str, dict[str, Rule]]:
        found: dict[str, dict[str, Rule]] = {}
        for guild, terms in (raw if isinstance(raw, dict) else {}).items():
            for name, term in (terms if isinstance(terms, dict) else {}).items():
                if name not in rules:
                    self._tell(self._line(name), f"{name} is no rule")
                    continue
                unit = "days" if rules[name].days is not None else "school_years"
                changed = {**rules[name].model_dump(by_alias=True), unit: term}
                rule = self._valid(Rule, changed, name)
                if isinstance(rule, Rule):
                    found.setdefault(guild, {})[name] = rule
        return found

    def _valid(self, model: type[BaseModel], table: object, where: str, nth: int | None = None) -> BaseModel | None:
        try:
            return model.model_validate(table)
        except ValidationError as error:
            for one in error.errors():
                name = next((str(part) for part in one["loc"] if isinstance(part, str)), "")
                line = self._line(name, nth) or self._line(where)
                self._tell(line, f"{where} {'.'.join(map(str, one['loc']))}: {one['msg']}")
            return None

    def _line(self, name: str, nth: int | None = None) -> int:
        """Return the line of a key (in the nth rule), or where that rule or table begins; 0 when it is nowhere."""
        rule, begins = -1, 0
        for number, line in enumerate(self._lines, 1):
            text = line.strip()
            rule += text == "[[rule]]"
            if nth is not None and rule != nth:
                continue
            begins = begins or number
            if name and (text.startswith((f"{name} ", f"{name}.", f"{name}=")) or text == name):
                return number
        return begins if nth is not None else 0

    def _tell(self, line: int, problem: str) -> None:
        self.problems.append(f"line {line}: {problem}" if line else problem)
