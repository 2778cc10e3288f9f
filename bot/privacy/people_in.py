"""User ids that stand inside texts and JSON (a group's key, people left out, the class list), and taking one out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, String, Table, and_, cast, false, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy.removal import Removal
from bot.storage.audit import pseudonym_place
from bot.storage.tables import alert, case_, evidence, finding, outbox, pseudonym, report, school, talk
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
    if table is alert:
        return alert.c.state == "closed"
    if table is case_:
        return false()
    if table is outbox:
        return outbox.c.state.not_in(("waiting", "stale"))
    if table in {finding, report}:
        return and_(table.c.case.is_(None), _closed(table))
    if table is talk:
        return talk.c.report.in_(select(report.c.id).where(over(report)))
    if table is evidence:
        loose = [or_(column.is_(None), column.in_(select(of.c.id).where(over(of)))) for column, of in _PARENTS]
        return and_(evidence.c.case.is_(None), *loose)
    return false() if "case" in table.c else true()  # what stays of a case keeps who did it


async def take_out(removal: Removal, table: Table, name: str, user: str) -> None:
    """Take a user's id out of one column of the rows that need not stay."""
    column = table.c[name]
    asked = select(*table.primary_key.columns, column.label("given")).where(
        table.c.school == removal.school, cast(column, String).like(f"%{user}%"), over(table)
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
        return pseudonym_place(facts["school"], facts["user_mark"])
    return Place(facts["school"], table.name, name, facts["id"])


_PARENTS = ((evidence.c.finding, finding), (evidence.c.report, report))


def _closed(table: Table) -> ColumnElement[bool]:
    if table is report:
        return report.c.state.in_(("closed", "draft"))
    return or_(finding.c.alert.is_(None), finding.c.alert.in_(select(alert.c.id).where(alert.c.state == "closed")))


def _class_list(config: Any, user: str) -> Any:
    if not isinstance(config, Mapping):
        return config
    pupils = [one for one in config.get("pupils", ()) if not _is(one, user)]
    return {**config, "pupils": pupils} if "pupils" in config else config


def _is(value: Any, user: str) -> bool:
    if isinstance(value, Mapping):
        return value.get("account") == user
    return value in {user, f"user:{user}"} if isinstance(value, str) else False
