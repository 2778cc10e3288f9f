"""Commands about people's data: the register, showing one person, erasing one person, retention."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.base import cli_language, load_texts, say, told
from bot.commands.door import Commands
from bot.errors import SetupError, StorageError

if TYPE_CHECKING:
    from bot.commands.opened import Opened
    from bot.privacy.erase import Erasure, Stays
    from bot.school import School

app = Commands(help="People's data: register, access, erasure, retention.", no_args_is_help=True)
SchoolOption = Annotated[str | None, typer.Option("--school", help="The school's guild; not needed when there is one")]
Person = Annotated[str, typer.Argument(help="The account's number, or first and last name as in the class list")]


@app.command()
def report(school: SchoolOption = None) -> None:
    """Print the register of processing (GDPR art. 30) as Markdown."""
    with told():
        asyncio.run(_report(school))


@app.command()
def export(
    person: Person,
    school: SchoolOption = None,
    out: Annotated[Path, typer.Option(help="The folder to write into")] = Path(),
) -> None:
    """Write what is kept on one person (GDPR art. 15) as JSON and as text; others' names are masked."""
    with told():
        asyncio.run(_export(person, school, out))


@app.command()
def erase(
    person: Person,
    school: SchoolOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Really do it; else only say what would be done")] = False,
    closed_cases: Annotated[bool, typer.Option("--closed-cases", help="Closed cases too: made anonymous")] = False,
) -> None:
    """Erase one person (GDPR art. 17), and say what stays, why and until when."""
    with told():
        asyncio.run(_erase(person, school, yes=yes, closed_cases=closed_cases))


@app.command()
def retention() -> None:
    """Erase now what is older than the retention table allows (the bot does so every night)."""
    with told():
        asyncio.run(_retention())


async def _report(school: str | None) -> None:
    from bot.commands.opened import opened
    from bot.privacy.register import register

    async with opened() as all_:
        facts = all_.school(school)
        typer.echo(register(all_.rules, facts.guild, facts.name, all_.texts, cli_language()))


async def _export(person: str, school: str | None, out: Path) -> None:
    from bot.commands.opened import opened
    from bot.privacy.erase import CONSOLE

    async with opened() as all_:
        facts = all_.school(school)
        user = account_of(facts, person)
        subject = all_.eraser.subject(facts.guild, user)
        made = await all_.exporter.export(facts, user, subject=subject, by=CONSOLE, language=cli_language())
    if not made.tables:
        say("privacy.export.nothing")
        return
    # the name tells neither who nor when somebody asked
    name = f"klaswacht-{secrets.token_hex(4)}"
    data, text = out / f"{name}.json", out / f"{name}.txt"
    _write(data, made.as_json())
    _write(text, made.as_text(load_texts()))
    say("privacy.export.written", data=data, text=text)


async def _erase(person: str, school: str | None, *, yes: bool, closed_cases: bool) -> None:
    from bot.commands.opened import opened

    async with opened() as all_:
        facts = all_.school(school)
        user = account_of(facts, person)
        do = all_.eraser.erase if yes else all_.eraser.plan
        done = await do(facts, user, closed_cases=closed_cases)
        _tell_erasure(all_, facts, done, yes=yes)


async def _retention() -> None:
    from bot.commands.opened import opened

    async with opened() as all_:
        for school in all_.schools.all.values():
            counts = await all_.retention.run(school)
            counts["finding"] = counts.get("finding", 0) + await all_.eraser.repeat(school)
            _tell_counts("privacy.retention", school, {name: count for name, count in counts.items() if count})


def account_of(school: School, person: str) -> str:
    """Return whose account is meant. Raises ``SetupError``: nobody, or several of that name."""
    wanted = person.strip()
    if wanted.isascii() and wanted.isdigit():
        return wanted
    same = [one for one in school.pupils if f"{one.first_name} {one.last_name}".strip().casefold() == wanted.casefold()]
    if not same:
        raise SetupError("error.privacy.person", person=person)
    if len(same) > 1:
        raise SetupError("error.privacy.persons", count=len(same))
    return same[0].account


def _tell_counts(prefix: str, school: School, counts: Mapping[str, int]) -> None:
    texts, language = load_texts(), cli_language()
    typer.echo(texts.get(f"{prefix}.done" if counts else f"{prefix}.nothing", language, school=school.name))
    for name, count in counts.items():
        typer.echo(
            texts.get(f"{prefix}.line", language, what=texts.get(f"privacy.table.{name}", language), count=count)
        )


def _tell_erasure(all_: Opened, school: School, done: Erasure, *, yes: bool) -> None:
    texts, language = all_.texts, cli_language()
    typer.echo(texts.get("privacy.erase.done" if yes else "privacy.erase.plan", language))
    for name, count in done.counts.items():
        what = texts.get(f"privacy.table.{name}", language)
        typer.echo(texts.get("privacy.erase.line", language, what=what, count=count))
    if not done.counts:
        typer.echo(texts.get("privacy.erase.none", language))
    if done.stays:
        typer.echo(texts.get("privacy.erase.stays", language))
    for one in done.stays:
        typer.echo(_stay(all_, school, one))
    if not done.overwritten:
        typer.echo(texts.get("privacy.erase.busy", language))
    typer.echo(texts.get("privacy.erase.always" if yes else "privacy.erase.confirm", language))


def _stay(all_: Opened, school: School, one: Stays) -> str:
    texts, language = all_.texts, cli_language()
    until = one.until.astimezone(school.zone).strftime("%d-%m-%Y") if one.until else ""
    values = {"until": until} if one.why == "term" else {}
    why = texts.get(f"privacy.erase.why.{one.why}", language, **values)
    what = texts.get(f"privacy.table.{one.what}", language)
    return texts.get("privacy.erase.stay", language, what=what, count=one.count, why=why)


def _write(path: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text.encode("utf-8", "replace").decode("utf-8"))
    except OSError as error:
        raise StorageError("error.privacy.file", file=path.name, reason=error.strerror or "") from error
