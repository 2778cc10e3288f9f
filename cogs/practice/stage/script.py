"""Reads a scenario: one JSON object a line becomes an act, checked against the school and the files beside it."""

import json
from dataclasses import dataclass
from pathlib import Path

from cogs.practice.errors import ScriptError
from cogs.practice.jsontypes import Json
from cogs.practice.school.facts import School
from cogs.practice.server.api import ALL_ROUTES
from cogs.practice.server.faults import KINDS
from cogs.practice.server.router import Router
from cogs.practice.stage.spec import ACTS, FIELDS, Spec

ACT_KEYS = ("act", "do", "type")
ROUTER = Router(ALL_ROUTES)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens. ``person`` is 0 for acts that nobody does."""

    line: int
    kind: str
    person: int
    data: Json
    folder: Path
    acts: "tuple[Act, ...]" = ()

    def text(self, key: str, default: str = "") -> str:
        """Return a field as text."""
        value = self.data.get(key)
        return default if value is None else str(value)

    def texts(self, key: str) -> list[str]:
        """Return a field as a list of texts; a single text counts as a list of one."""
        value = self.data.get(key)
        if value is None:
            return []
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]

    def path(self, name: str) -> Path:
        """Return a path that the script names, relative to the script."""
        return self.folder / Path(name).expanduser()


class Script:
    """A scenario, checked."""

    def __init__(self, path: Path, school: School) -> None:
        self._school = school
        self._folder = path.resolve().parent
        self.acts = self._read(path)

    def _read(self, path: Path) -> list[Act]:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ScriptLineError(0, ScriptError("script.unreadable", path=path, why=error)) from error
        acts = []
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.lstrip().startswith(("#", "//")):
                continue
            try:
                acts.append(read_act(_as_object(line), number, self._school, self._folder))
            except ScriptError as error:
                raise ScriptLineError(number, error) from error
        _check_names(acts)
        return acts


class ScriptLineError(ScriptError):
    """A script error with its line."""

    def __init__(self, line: int, error: ScriptError) -> None:
        super().__init__(error.key, **error.values)
        self.line = line


def _as_object(line: str) -> Json:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ScriptError("script.not_json", why=error) from error
    if not isinstance(value, dict):
        raise ScriptError("script.not_an_object")
    return value


def read_act(value: Json, line: int, school: School, folder: Path) -> Act:
    """Return the act in one object: ``{"act": "post", ...}`` or ``{"as": .., "post": {...}}``."""
    kind, data = _unfold(value)
    spec = ACTS.get(kind)
    if spec is None:
        raise ScriptError("script.unknown_act", value=kind, choices=", ".join(ACTS))
    _check_fields(kind, spec, data)
    person = _person(school, data.get("as")) if spec.person else 0
    acts = tuple(read_act(item, line, school, folder) for item in data.get("acts", [])) if kind == "together" else ()
    act = Act(line, kind, person, data, folder, acts)
    _check_values(act, school)
    return act


def _unfold(value: Json) -> tuple[str, Json]:
    for key in ACT_KEYS:
        if isinstance(value.get(key), str):
            return value[key], {name: item for name, item in value.items() if name != key}
    named = [key for key in value if key in ACTS]
    if not named:
        raise ScriptError("script.no_act", choices=", ".join(ACTS))
    kind = next((key for key in named if isinstance(value[key], dict)), named[0])
    inner, outer = value[kind], {name: item for name, item in value.items() if name != kind}
    if isinstance(inner, dict):
        return kind, {**outer, **inner}
    if isinstance(inner, list) and kind == "together":
        return kind, {**outer, "acts": inner}
    if isinstance(inner, str) and kind in {"dm", "post"}:
        return kind, {**outer, "text": inner}
    return kind, outer


def _check_fields(kind: str, spec: Spec, data: Json) -> None:
    for name in spec.needs:
        if data.get(name) is None:
            raise ScriptError("script.missing", act=kind, name=name)
    if spec.one_of and not any(data.get(name) is not None for name in spec.one_of):
        raise ScriptError("script.missing", act=kind, name=" / ".join(spec.one_of))
    if spec.person and data.get("as") is None:
        raise ScriptError("script.missing", act=kind, name="as")
    for name, value in data.items():
        if name in spec.known and value is not None:
            FIELDS[name](name, value)


def _person(school: School, value: object) -> int:
    text = str(value).strip()
    found = next((person for person in school.people if text in {str(person.id), person.name}), None)
    if found is None:
        raise ScriptError("script.unknown_person", value=value)
    return found.id


def _check_values(act: Act, school: School) -> None:
    for name in act.texts("files"):
        if not act.path(name).is_file():
            raise ScriptError("script.no_file", value=name)
    if act.kind == "fault":
        _check_fault(act, school)


def _check_fault(act: Act, school: School) -> None:
    if act.data["kind"] not in KINDS:
        raise ScriptError("script.unknown_choice", name="kind", value=act.data["kind"], choices=", ".join(KINDS))
    target = act.text("for")
    if " " in target and target.split(" ", 1)[1].lstrip().startswith("/"):
        if not ROUTER.knows(target.split()[0].upper(), target):
            raise ScriptError("script.unknown_route", value=target)
    elif target:
        _person(school, target)


def _check_names(acts: list[Act]) -> None:
    """Raise for a message or thread that no line before it names."""
    known: set[str] = set()
    for act in acts:
        for inner in act.acts or (act,):
            for key in ("message", "reply_to"):
                wanted = inner.text(key)
                if wanted and wanted not in known and wanted != "last" and not wanted.isdecimal():
                    raise ScriptLineError(act.line, ScriptError("script.unknown_message", value=wanted))
        known |= {inner.text("id") for inner in act.acts or (act,) if inner.text("id")}


def unknown_fields(act: Act) -> list[str]:
    """Return the fields of an act that mean nothing."""
    return [name for name in act.data if name not in ACTS[act.kind].known | {"as", "note", "comment"}]
