"""``klaswacht torture``: kill the bot at any moment while a school is at it, and see that nothing is lost."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.base import cli_language, console, load_texts, told
from bot.errors import SetupError

if TYPE_CHECKING:
    from cogs.practice.torture.facts import Kept, Plan, Result

BROKEN = 1
TOLD_EVERY = 10  # kills between two lines where no terminal shows a running count


def torture(
    kills: Annotated[int, typer.Option(min=1, help="How often the bot is killed")] = 300,
    seed: Annotated[int, typer.Option(help="What happens when; the same seed tries the same things")] = 1,
    seconds: Annotated[float | None, typer.Option(min=1, help="Stop killing after so many seconds")] = None,
) -> None:
    """Kill the bot again and again while pupils post and report and teachers click; exit code 1 if anything is lost."""
    with told():
        raise typer.Exit(run(kills, seed, seconds))


def run(kills: int, seed: int, seconds: float | None) -> int:
    """Run, print what was found and return the exit code."""
    try:
        from cogs.practice.phrases import Phrases
        from cogs.practice.school.made import Size, write_school
        from cogs.practice.torture.facts import Plan
    except ModuleNotFoundError as error:
        raise SetupError("error.practice.missing", package=error.name) from error
    folder = Path(tempfile.mkdtemp(prefix="klaswacht-torture-"))
    school = write_school(folder / "school.toml", Size(classes=4, pupils=10, teachers=5))
    plan = Plan(kills, seed, seconds, school, folder / "state", cli_language())
    result = asyncio.run(_run(plan))
    phrases = Phrases()
    sys.stdout.write(phrases.say(plan.language, "torture.counts", **result.counts) + "\n")
    for breach in result.breaches:
        sys.stdout.write("✗ " + phrases.say(plan.language, breach.key, **breach.values) + "\n")
    if not result.breaches:
        shutil.rmtree(folder, ignore_errors=True)
        sys.stdout.write(phrases.say(plan.language, "torture.held") + "\n")
        return 0
    sys.stdout.write(phrases.say(plan.language, "torture.broken", count=len(result.breaches), folder=folder) + "\n")
    return BROKEN


async def _run(plan: Plan) -> Result:
    from bot.commands.beforehand import judge
    from bot.commands.older import make_older, older_revisions
    from cogs.practice.torture.run import Hands
    from cogs.practice.torture.run import torture as hurt

    texts = load_texts()
    with judge(plan.school) as flagged:
        hands = Hands(
            flagged=flagged,
            say=lambda key: texts.get(key, "nl"),
            kept=lambda state, now: _kept(state, plan.school, now),
            revisions=older_revisions(),
            make_older=make_older,
        )
        return await hurt(plan, hands, _progress)


async def _kept(state: Path, school: Path, now: datetime) -> Kept:
    from bot.commands.kept import read_kept

    return await read_kept(state, school, now)


def _progress(done: int, of: int) -> None:
    if console.is_terminal:
        console.print(f"\r{done}/{of}", end="")
    elif done % TOLD_EVERY == 0:
        console.print(f"{done}/{of}")
