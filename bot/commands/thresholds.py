"""Commands about thresholds: choose them on labelled messages, or let review decisions propose them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from bot.commands.base import cli_language, console, load_texts, say, told
from bot.commands.door import Commands
from bot.commands.model import opened
from bot.settings import data_file, read_settings

if TYPE_CHECKING:
    from bot.screening.fit import Figures, Fit
    from bot.screening.propose import Decision, Proposal
    from bot.screening.scored import Scored
    from bot.screening.thresholds import Steps, Thresholds

app = Commands(help="The scores from which a person is asked to look.", no_args_is_help=True)


@app.command()
def fit(
    corpus: Annotated[Path, typer.Option(help="TSV, CSV or JSON Lines with id, text, label, and maybe age and author")],
    part: Annotated[str | None, typer.Option(help="Only rows whose column 'part' says this")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Only rows of this author; may be given more often")] = None,
    false_alarms: Annotated[float, typer.Option(min=0.001, max=0.5, help="Share of harmless messages flagged")] = 0.02,
    ordinary: Annotated[
        bool, typer.Option("--ordinary", help="The share holds for everyday talk (column group)")
    ] = False,
    write: Annotated[Path | None, typer.Option(help="Write a whole thresholds file here")] = None,
) -> None:
    """Choose thresholds on labelled messages and say what they would give on others; changes nothing by itself."""
    from bot.screening.fit import fit as fit_all
    from bot.screening.fit import fit_ordinary
    from bot.screening.threshold_file import write_fit
    from bot.screening.thresholds import read_thresholds

    with told():
        source = data_file(read_settings(), "thresholds.toml")
        now = read_thresholds(source)
        messages = _scored(corpus, part, frozenset(author or ()), now)
        choose = fit_ordinary if ordinary else fit_all
        found = choose(messages, false_alarms)
        _print(found, now)
        if write:
            write_fit(found, now, source, write)
            say("thresholds.written", file=write)


@app.command()
def propose(
    school: Annotated[str | None, typer.Option(help="Only this school's decisions (its guild); else of all")] = None,
) -> None:
    """Say what review decisions say of the thresholds, from scores alone; changes nothing, opens no message."""
    from bot.screening.propose import LEAST
    from bot.screening.propose import propose as weigh
    from bot.screening.thresholds import read_thresholds

    with told():
        now = read_thresholds(data_file(read_settings(), "thresholds.toml"))
        known = asyncio.run(_decisions(school))
        found = weigh(known, now)
        if not found:
            say("screening.propose_none", count=len(known), least=LEAST)
            return
        heads = _words("signal", "age", "now_alert", "proposed", "before", "after", "kept")
        _table([heads, *map(_proposal, found)])
        say("thresholds.nothing_changed")


async def _decisions(guild: str | None) -> list[Decision]:
    from bot.commands.opened import database_only, schools_of
    from bot.errors import SetupError
    from bot.findings.decisions import decisions
    from bot.storage.migrations import revision_of

    async with database_only() as (settings, database):
        if await revision_of(database) is None:
            return []
        schools = (await schools_of(settings, database)).all
        if guild and guild not in schools:
            raise SetupError("error.privacy.school", schools=", ".join(sorted(schools)))
        chosen = {name: one for name, one in schools.items() if guild in {None, name}}
        async with database.read() as connection:
            return await decisions(connection, chosen)


def _proposal(one: Proposal) -> list[str]:
    named = load_texts().get(f"signal.{one.signal}", cli_language())
    shares = [str(share) for share in (one.before, one.after, one.kept)]
    return [named, one.age.value, f"{one.now:.2f}", f"{one.proposed:.2f}" if one.changes else "=", *shares]


def _scored(corpus: Path, part: str | None, authors: frozenset[str], now: Thresholds) -> list[Scored]:
    from bot.errors import InputError
    from bot.screening.corpus import read_corpus
    from bot.screening.scored import scored

    messages = [one for one in read_corpus(corpus, part) if not authors or one.author in authors]
    if {one.label for one in messages} != {0, 1}:
        raise InputError("error.thresholds.one_kind", file=corpus.name)
    with opened() as screening, Progress(console=console, transient=True) as bar:
        task = bar.add_task(load_texts().get("thresholds.scoring", cli_language()), total=len(messages))
        return asyncio.run(scored(screening, messages, now, lambda done: bar.update(task, completed=done)))


def _print(found: Fit, now: Thresholds) -> None:
    from bot.school import AgeGroup

    heads = _words("classes", "now", "proposed") + [age.value for age in found.by_group]
    rows = [heads]
    for name, steps in found.general.items():
        own = [_shown(table[name]) for table in found.by_group.values()]
        rows.append([name, _shown(now.steps(name, AgeGroup.SECONDARY)), _shown(steps), *own])
    _table(rows)
    parts = [[title, str(one.recall), str(one.false_alarms)] for title, one in _parts(found)]
    _table([_words("left_out", "recall", "false_alarms"), *parts])
    for age in found.too_few:
        say("thresholds.too_few", age=age, count=found.by_age[age].false_alarms.total)


def _parts(found: Fit) -> Iterable[tuple[str, Figures]]:
    yield _words("all")[0], found.figures
    yield from ((age.value, figures) for age, figures in found.by_age.items())
    yield from zip(_words("ordinary", "hard"), (found.ordinary, found.hard), strict=True)
    if len(found.by_author) > 1:
        yield from found.by_author.items()


def _shown(steps: Steps) -> str:
    return " / ".join("-" if step is None else f"{step:.3f}" for step in (steps.notice, steps.alert, steps.urgent))


def _words(*keys: str) -> list[str]:
    return [load_texts().get(f"thresholds.{key}", cli_language()) for key in keys]


def _table(rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
    for row in rows:
        sys.stdout.write("".join(map(str.ljust, row, widths)).rstrip() + "\n")
    sys.stdout.write("\n")
