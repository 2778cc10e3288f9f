"""Commands that look after what is kept: keys, audit log, backup, restore, status."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.base import cli_language, load_texts, say, told
from bot.commands.door import Commands

if TYPE_CHECKING:
    from bot.storage.audit import Audit, AuditLine

WRONG = 1
keys = Commands(help="Encryption keys.", no_args_is_help=True)
audit = Commands(help="The log of who saw, changed, exported or opened what.", no_args_is_help=True)
SchoolOption = Annotated[str | None, typer.Option("--school", help="The school's guild; not needed when there is one")]


@keys.command("new")
def keys_new() -> None:
    """Print a fresh wrapping key for KLASWACHT_KEY."""
    from bot.storage.vault import new_key

    key = base64.b64encode(new_key()).decode("ascii")
    say("keeping.key")
    typer.echo(key)


@keys.command("rotate")
def keys_rotate() -> None:
    """Let the running bot change all schools' keys and encrypt everything anew."""
    with told():
        asyncio.run(_rotate())


@audit.command("verify")
def audit_verify(
    school: SchoolOption = None,
    head: Annotated[str | None, typer.Option(help="A head posted earlier, e.g. 41-9f2c0a1b2c3d4e5f")] = None,
) -> None:
    """Check the chain of the log; exit code 1 when a row was changed, taken out or cut off."""
    with told():
        raise typer.Exit(asyncio.run(_verify(school, head)))


@audit.command("show")
def audit_show(
    school: SchoolOption = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many rows, the newest first")] = 50,
) -> None:
    """Print the newest rows: number, moment, who, what, about which thing."""
    with told():
        asyncio.run(_show(school, limit))


def backup(file: Annotated[Path, typer.Argument(help="Where to write; must not exist")]) -> None:
    """Write a whole, encrypted copy of database and files while the bot runs; the key is not in it."""
    with told():
        asyncio.run(_backup(file))


def restore(file: Annotated[Path, typer.Argument(help="A file made by backup")]) -> None:
    """Put a backup in the place of the database; stop the bot first. Erasures made since are done again."""
    with told():
        asyncio.run(_restore(file))


def status() -> None:
    """Print counts and times of what is kept and what waits; no names, no texts."""
    with told():
        asyncio.run(_status())


async def _rotate() -> None:
    from bot.commands.opened import opened
    from bot.storage.rotation import plan_rotation

    async with opened() as all_:
        await plan_rotation(all_.storage.database, all_.storage.clock)
    say("keeping.rotate")


async def _verify(school: str | None, head: str | None) -> int:
    from bot.commands.opened import opened

    async with opened() as all_:
        guilds = [all_.school(school).guild] if school or head else sorted(all_.schools.all)
        if not guilds:
            say("keeping.audit_none")
        whole = [await _verify_one(all_.audit, guild, head) for guild in guilds]
    return 0 if all(whole) else WRONG


async def _verify_one(audit_log: Audit, guild: str, head: str | None) -> bool:
    check = await audit_log.verify(guild)
    if check.first_wrong is not None:
        say("keeping.audit_wrong", school=guild, number=check.first_wrong, rows=check.rows)
        return False
    if check.wrong_names:
        say("keeping.audit_names", school=guild, count=check.wrong_names)
        return False
    if head is not None and not await audit_log.holds(guild, head):
        say("keeping.audit_cut", school=guild, head=head)
        return False
    say("keeping.audit_whole", school=guild, rows=check.rows, head=check.head)
    return True


async def _show(school: str | None, limit: int) -> None:
    from bot.commands.opened import opened

    async with opened() as all_:
        lines = await all_.audit.lines(all_.school(school).guild, limit=limit)
    for line in lines:
        moment = line.at.strftime("%Y-%m-%d %H:%M:%SZ")
        typer.echo(f"{line.number}\t{moment}\t{_who(line)}\t{line.verb}\t{line.subject}")


def _who(line: AuditLine) -> str:
    names = {"program", "console", "anonymous"}
    if line.actor is not None and line.actor not in names:
        return line.actor
    return load_texts().get(f"keeping.{line.actor or 'gone'}", cli_language())


async def _backup(file: Path) -> None:
    from bot.commands.opened import database_only, files_folder
    from bot.storage.bundle import pack

    async with database_only() as (settings, database):
        await pack(database, files_folder(settings), file)
    say("keeping.backup", file=file)


async def _restore(file: Path) -> None:
    from bot.commands.opened import database_only, files_folder, opened
    from bot.storage.backup import file_of
    from bot.storage.bundle import unpack

    async with database_only() as (settings, database):
        target, files = file_of(database), files_folder(settings)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = await unpack(file, files, target)
    if kept:
        say("keeping.restored", file=file, kept=kept)
    else:
        say("keeping.restored_new", file=file)
    async with opened() as all_:
        rows = sum([await all_.eraser.repeat(school) for school in all_.schools.all.values()])
    if rows:
        say("keeping.repeated", count=rows)


async def _status() -> None:
    from bot.commands.opened import opened
    from bot.commands.status_lines import lines

    async with opened() as all_:
        for line in await lines(all_.storage.database, all_.storage.clock.now(), all_.texts, cli_language()):
            typer.echo(line)
