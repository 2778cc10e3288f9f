"""Reads a school file and checks that a practice school can be built from it."""

import tomllib
from pathlib import Path
from typing import Any

from cogs.practice.errors import SchoolFileError
from cogs.practice.school.facts import (
    CHANNEL_FORMS,
    CHANNEL_KINDS,
    PERSON_ROLES,
    Person,
    Ref,
    School,
    SchoolChannel,
    SchoolClass,
)
from cogs.practice.school.lines import TomlLines, line_of_syntax_error
from cogs.practice.school.tables import Table


def load_school(path: Path) -> School:
    """Return the school in ``path``, or raise SchoolFileError with a line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchoolFileError(line_of_syntax_error(str(error)), "school.not_toml", why=str(error)) from error
    except UnicodeDecodeError as error:
        raise SchoolFileError(0, "school.not_text", path=path) from error
    except OSError as error:
        raise SchoolFileError(0, "school.unreadable", path=path, why=error.strerror or error) from error
    lines = TomlLines(text)
    school = _read(document, lines, path)
    _check(school, lines)
    return school


def _read(document: dict[str, Any], lines: TomlLines, path: Path) -> School:
    if "school" not in document:
        raise SchoolFileError(1, "school.missing_table", table="[school]")
    head = Table(document["school"], lines, "school")
    return School(
        name=head.text("name"),
        guild=head.id("guild"),
        language=head.text("language", "nl"),
        timezone=head.text("timezone", "Europe/Amsterdam"),
        staff_channel=head.id("staff_channel"),
        coordinators=head.refs("coordinators"),
        moderators=head.refs("moderators"),
        designated=(*head.refs("crisis"), *head.refs("supervisor")),
        classes=tuple(_class(table) for table in _tables(document, lines, "class")),
        people=tuple(_person(table) for table in _tables(document, lines, "person")),
        channels=tuple(_channel(table) for table in _tables(document, lines, "channel")),
        source=path,
    )


def _tables(document: dict[str, Any], lines: TomlLines, name: str) -> list[Table]:
    found = document.get(name, [])
    if not isinstance(found, list):
        raise SchoolFileError(lines.of(name), "school.not_an_array", table=name)
    if not found:
        raise SchoolFileError(1, "school.missing_table", table=f"[[{name}]]")
    return [Table(values, lines, name, index) for index, values in enumerate(found)]


def _class(table: Table) -> SchoolClass:
    return SchoolClass(table.text("name"), table.ids("channels"), table.refs("teachers"))


def _person(table: Table) -> Person:
    roles = table.texts("roles")
    for role in roles:
        if role not in PERSON_ROLES:
            choices = ", ".join(PERSON_ROLES)
            table.fail("roles", "school.unknown_choice", name="roles", value=role, choices=choices)
    return Person(
        id=table.id("id"),
        name=table.text("name"),
        roles=frozenset(roles),
        classes=table.texts("classes"),
        locale=table.text("locale", "nl"),
        owner=table.flag("owner"),
    )


def _channel(table: Table) -> SchoolChannel:
    return SchoolChannel(
        id=table.id("id"),
        name=table.text("name"),
        kind=table.choice("kind", CHANNEL_KINDS),
        form=table.choice("type", tuple(CHANNEL_FORMS), "text"),
        topic=table.text("topic", ""),
    )


def _check(school: School, lines: TomlLines) -> None:
    _check_doubles(school, lines)
    channels = {channel.id for channel in school.channels}
    if school.staff_channel not in channels:
        _fail(lines, "school", 0, "staff_channel", "school.unknown_channel", value=school.staff_channel)
    for index, group in enumerate(school.classes):
        for channel in group.channels:
            if channel not in channels:
                _fail(lines, "class", index, "channels", "school.unknown_channel", value=channel)
        _check_users(school, lines, group.teachers, ("class", index, "teachers"))
    for key, refs in (("coordinators", school.coordinators), ("moderators", school.moderators)):
        _check_users(school, lines, refs, ("school", 0, key))
    _check_users(school, lines, school.designated, ("school", 0, "crisis"))
    names = {group.name for group in school.classes}
    for index, person in enumerate(school.people):
        for name in person.classes:
            if name not in names:
                _fail(lines, "person", index, "classes", "school.unknown_class", value=name)


def _check_users(school: School, lines: TomlLines, refs: tuple[Ref, ...], at: tuple[str, int, str]) -> None:
    for ref in refs:
        if ref.kind == "user" and school.person(ref.id) is None:
            _fail(lines, *at, "school.unknown_person", value=ref.id)


def _check_doubles(school: School, lines: TomlLines) -> None:
    seen = {school.guild}
    for table, ids in (("person", [p.id for p in school.people]), ("channel", [c.id for c in school.channels])):
        for index, number in enumerate(ids):
            if number in seen:
                _fail(lines, table, index, "id", "school.double_id", value=number)
            seen.add(number)


def _fail(lines: TomlLines, table: str, index: int, key: str, text: str, /, **values: object) -> None:
    raise SchoolFileError(lines.of(table, index, key), text, **values)
