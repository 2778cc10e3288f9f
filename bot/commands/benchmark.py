"""``klaswacht benchmark``: how fast things go here, against yardsticks of the same run."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.base import cli_language, told
from bot.errors import SetupError

if TYPE_CHECKING:
    from datetime import datetime

    from cogs.practice.benchmark.facts import Line, Phase
    from cogs.practice.torture.facts import Kept

ROAD_BAD, RAID_BAD, RAID_THREATS = 0.02, 0.06, 0.01
BEHIND_AT_MOST_S = 300.0
MEDIA_TIMES = 20


class What(StrEnum):
    """What is measured."""

    ROAD = "road"
    MODEL = "model"
    LOAD = "load"
    MEDIA = "media"
    YEAR = "year"
    SCHOOLS = "schools"


def benchmark(
    what: Annotated[
        What, typer.Argument(help="road: an ordinary day; load: a raid; year: a year's data; schools; model; media")
    ] = What.ROAD,
    seconds: Annotated[float | None, typer.Option(min=1, help="How long: 120 for road, 60 for the raid")] = None,
    per_second: Annotated[float | None, typer.Option(min=1, help="Messages a second: 20, in the raid 200")] = None,
    times: Annotated[int, typer.Option(min=1, help="media: how often each file is posted")] = MEDIA_TIMES,
) -> None:
    """Measure, and print figures beside goals and yardsticks of the same run; asserts nothing."""
    with told():
        if what is What.MODEL:
            from bot.commands.engines import engines

            raise typer.Exit(engines(seconds))
        if what is What.MEDIA:
            raise typer.Exit(_media(times))
        if what is What.YEAR:
            raise typer.Exit(_year())
        if what is What.SCHOOLS:
            raise typer.Exit(_schools())
        raise typer.Exit(_messages(what, seconds, per_second))


def _year() -> int:
    from bot.year.plan import Size

    try:
        from bot.commands.year import year

        return asyncio.run(year(Size()))
    except ModuleNotFoundError as error:
        raise SetupError("error.practice.missing", package=error.name) from error


def _media(rounds: int) -> int:
    try:
        from cogs.practice.benchmark import media, tables
        from cogs.practice.errors import PracticeError
        from cogs.practice.phrases import Phrases
    except ModuleNotFoundError as error:
        raise SetupError("error.practice.missing", package=error.name) from error
    from bot.commands.footage import samples

    language = cli_language()
    with tempfile.TemporaryDirectory(prefix="klaswacht-benchmark-") as folder:
        try:
            lines = asyncio.run(media.measure([media.Sample(*one) for one in samples()], Path(folder), rounds))
        except PracticeError as error:
            sys.stderr.write(Phrases().explain(language, error) + "\n")
            return 1
    sys.stdout.write(tables.printed(lines, "benchmark.media", Phrases(), language) + "\n")
    return 0


def _schools() -> int:
    try:
        from bot.commands.schools import schools

        return schools()
    except ModuleNotFoundError as error:
        raise SetupError("error.practice.missing", package=error.name) from error


def _messages(what: What, seconds: float | None, per_second: float | None) -> int:
    try:
        from cogs.practice.benchmark import tables
        from cogs.practice.benchmark.facts import Phase
        from cogs.practice.phrases import Phrases
    except ModuleNotFoundError as error:
        raise SetupError("error.practice.missing", package=error.name) from error
    if what is What.ROAD:
        phases = [Phase(per_second or 20, seconds or 120)]
        make, bad, threats = tables.road, ROAD_BAD, ROAD_BAD / 4
    else:
        raid = Phase(per_second or 200, seconds or 60)
        phases = [raid, Phase(min(20, raid.per_second), BEHIND_AT_MOST_S, until_quiet=True)]
        make, bad, threats = tables.load, RAID_BAD, RAID_THREATS
    lines = make_table(make, phases, bad, threats)
    sys.stdout.write(tables.printed(lines, f"benchmark.{what}", Phrases(), cli_language()) + "\n")
    return 0


def make_table(make: Callable[..., list[Line]], phases: list[Phase], bad: float, threats: float) -> list[Line]:
    """Run the phases at a school of ten teachers and return the table. Raises ``SetupError``: the bot did not start."""
    from bot.commands.beforehand import judge
    from cogs.practice.benchmark.facts import Plan
    from cogs.practice.benchmark.running import measure
    from cogs.practice.errors import PracticeError
    from cogs.practice.phrases import Phrases
    from cogs.practice.school.made import Size, write_school

    folder = Path(tempfile.mkdtemp(prefix="klaswacht-benchmark-"))
    school = write_school(folder / "school.toml", Size(classes=5, pupils=24, teachers=10))
    plan = Plan(phases, bad, threats, school, folder / "state", language=cli_language())
    try:
        with judge(school) as flagged:
            outcome = asyncio.run(measure(plan, flagged, _reader(school)))
    except PracticeError as error:
        sys.stderr.write(Phrases().explain(plan.language, error) + "\n")
        raise typer.Exit(1) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return make(outcome)


def _reader(school: Path) -> Callable[[Path, datetime], Awaitable[Kept]]:
    from bot.commands.kept import read_kept

    return lambda state, now: read_kept(state, school, now)
