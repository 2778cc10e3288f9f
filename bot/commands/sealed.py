"""Commands about what the board had sealed: what there is, and handing it over to the police."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.base import cli_language, load_texts, say, shown, told
from bot.commands.door import Commands

if TYPE_CHECKING:
    from bot.commands.opened import Opened
    from bot.media.handover import HandOver

NOT_DONE = 1
app = Commands(help="What the board had sealed because it may show nudity.", no_args_is_help=True)
SchoolOption = Annotated[str | None, typer.Option("--school", help="The school's guild; not needed when there is one")]


@app.command("sealed")
def sealed(school: SchoolOption = None) -> None:
    """List what lies sealed: number, moment, where from; never contents or names."""
    with told():
        asyncio.run(_list(school))


@app.command("hand-over")
def hand_over(
    number: Annotated[int, typer.Argument(help="The number on the coordinator's card, or of `media sealed`")],
    to: Annotated[Path, typer.Option("--to", help="Where to write; must not exist. The facts come beside it")],
    reason: Annotated[str, typer.Option(help="Why, and to whom; asked for when it is left out")] = "",
    school: SchoolOption = None,
    plain: Annotated[bool, typer.Option("--plain", help="Not encrypted: only when the police ask for it")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Really do it; else only say what would be done")] = False,
) -> None:
    """Write what lies sealed under a number to a file, for the police; noted in the log, the coordinator is told."""
    with told():
        raise typer.Exit(asyncio.run(_hand_over(number, to, reason, school, plain=plain, yes=yes)))


async def _list(school: str | None) -> None:
    from bot.commands.opened import opened
    from bot.media.handed import HandedWords

    async with opened() as all_:
        found = await _desk(all_).all_of(all_.school(school))
        words = HandedWords(all_.texts, cli_language())
    for one in found:
        typer.echo(words.line(one))
    if not found:
        say("media.handed.nothing")


async def _hand_over(number: int, to: Path, reason: str, school: str | None, *, plain: bool, yes: bool) -> int:
    from bot.commands.opened import opened
    from bot.media.handed import HandedWords
    from bot.media.handover import facts_path, new_password, write_new

    async with opened() as all_:
        facts, desk = all_.school(school), _desk(all_)
        words, one = HandedWords(all_.texts, cli_language()), await desk.one(facts, number)
        typer.echo(words.line(one))
        if not yes:
            say("media.handed.confirm")
            return NOT_DONE
        why = reason or typer.prompt(shown(load_texts().get("media.handed.ask", cli_language())), err=True)
        password = None if plain else new_password()
        written = await desk.write(facts, one, to, reason=why, password=password)
        at = all_.storage.clock.now()
        text = words.facts(facts, one, written, reason=why, at=at, encrypted=not plain)
        await asyncio.to_thread(write_new, facts_path(to), text.encode())
    say("media.handed.written", files=", ".join(str(one.path) for one in written), facts=facts_path(to))
    if password is not None:
        say("media.handed.password")
        typer.echo(password)
    return 0


def _desk(all_: Opened) -> HandOver:
    from bot.alerts.outbox import Outbox
    from bot.clock import Ids
    from bot.media.handover import HandOver
    from bot.media.store import HoldStore

    storage, ids = all_.storage, Ids(all_.storage.clock)
    return HandOver(
        database=storage.database,
        clock=storage.clock,
        store=HoldStore(vault=storage.vault, clock=storage.clock, ids=ids),
        files=storage.files,
        outbox=Outbox(clock=storage.clock, ids=ids),
        audit=all_.audit,
    )
