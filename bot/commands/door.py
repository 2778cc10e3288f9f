"""The door of the console: by the table of rights, a command that opens a school's data needs the bot's own account."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand
from typer.models import CommandFunctionType

from bot.commands.base import told
from bot.errors import NotAllowedError, SetupError
from bot.rights import Kind, Role, Thing, rights_of
from bot.settings import read_settings

USE = os.R_OK | os.W_OK | os.X_OK


class Guarded(TyperCommand):
    """A command that first asks the table of rights whether this account may do it."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a refusal is a sentence and an exit code."""
        with told():
            _admit(Thing(Kind.CONSOLE, _path(ctx)))
        return super().invoke(ctx)


class Commands(typer.Typer):
    """A group of commands that all stand behind the door."""

    def command(self, name: str | None = None, **facts: Any) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """Register a command, as ``typer.Typer.command`` does."""
        return super().command(name, **{"cls": Guarded, **facts})


def _admit(thing: Thing) -> None:
    asked = rights_of(thing)
    here = _roles_here() if any(Role.OUTSIDER not in right.who for right in asked) else {Role.OUTSIDER}
    if not any(right.who & here for right in asked):
        raise NotAllowedError("error.rights.operate")


def _roles_here() -> set[Role]:
    try:
        state = read_settings().klaswacht_state
    except SetupError:
        return {Role.OPERATOR}  # the command itself says which settings are wrong, and opens nothing
    return {Role.OPERATOR} if _may_use(state) else {Role.OUTSIDER}


def _may_use(state: Path) -> bool:
    return not state.exists() or os.access(state, USE)


def _path(ctx: Any) -> str:
    names: list[str] = []
    while ctx.parent is not None:
        names.insert(0, str(ctx.info_name))
        ctx = ctx.parent
    return " ".join(names)
