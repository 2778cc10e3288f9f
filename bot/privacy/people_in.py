"""User ids that stand inside texts and JSON (a group's key, people left out, the class list), and taking one out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, String, Table, and_, cast, false, or_, select, true, update

from bot.privacy.removal import Removal
from bot.storage.audit import pseudonym_place
from bot.storage.tables import alert, case_, evidence, finding, media_hold, outbox, pseudonym, report, school, talk
from bot.storage.vault import Place


def without(value: Any, user: str) -> Any:
    """Return a value without a user's id."""
    if isinstance(value, str):
        return re.sub(rf"(?:user:)?(?<!\d){re.escape(user)}(?!\d)", "", value).strip()
    if isinstance(value, Mapping):
        return {name: without(one, user) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [without(one, user) for one in value if not _is(one, user)]
    return value


def over(table: Table) -> ColumnElement[bool]:
    """Return which rows of a table belong to nothing that must stay: an open alert or report, or a case."""
    rules: dict[str, ColumnElement[bool]] = {
        alert.name: alert.c.state == "closed",
        case_.name: false(),  # a case that stays keeps who led it
        outbox.name: outbox.c.state.not_in(("waiting", "stale")),
        finding.name: and_(finding.c.case.is_(None), _handled(finding)),
        media_hold.name: _handled(media_hold),
        report.name: _REPORT_OVER,
        talk.name: talk.c.report.in_(select(report.c.id).where(_REPORT_OVER)),
        evidence.name: and_(evidence.c.case.is_(None), _loose(finding), _loose(report)),
    }
    return rules.get(table.name, false() if "case" in table.c else true())


async def take_out(removal: Removal, table: Table, name: str, user: str, which: Any) -> None:
    """Take a user's id out of one column of those rows that need not stay."""
    column = table.c[name]
    asked = select(*table.primary_key.columns, column.label("given")).where(
        table.c.school == removal.school, cast(column, String).like(f"%{user}%"), over(table), which
    )
    for row in (await removal.connection.execute(asked)).all():
        rest = _class_list(row.given, user) if table is school else without(row.given, user)
        key = and_(*(one == value for one, value in zip(table.primary_key.columns, row, strict=False)))
        fresh = None if rest == "" and column.nullable else rest
        await removal.connection.execute(update(table).where(key).values({column: fresh}))


def place_of(table: Table, name: str, row: Row[Any]) -> Place:
    """Return where a sealed value of a row stands."""
    facts = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    if table is pseudonym:
        return pseudonym_place(facts["school"], facts["pseudonym"])
    return Place(facts["school"], table.name, name, facts["id"])


_REPORT_OVER = and_(report.c.case.is_(None), report.c.state.in_(("closed", "draft")))


def _handled(table: Table) -> ColumnElement[bool]:
    closed = select(alert.c.id).where(alert.c.state == "closed")
    return or_(table.c.alert.is_(None), table.c.alert.in_(closed))


def _loose(parent: Table) -> ColumnElement[bool]:
    column = evidence.c[parent.name]
    ended = and_(finding.c.case.is_(None), _handled(finding)) if parent is finding else _REPORT_OVER
    return or_(column.is_(None), column.in_(select(parent.c.id).where(ended)))


def _class_list(config: Any, user: str) -> Any:
    if not isinstance(config, Mapping):
        return config
    pupils = [one for one in config.get("pupils", ()) if not _is(one, user)]
    return {**config, "pupils": pupils} if "pupils" in config else config


def _is(value: Any, user: str) -> bool:
    if isinstance(value, Mapping):
        return value.get("account") == user
    return value in {user, f"user:{user}"} if isinstance(value, str) else False
