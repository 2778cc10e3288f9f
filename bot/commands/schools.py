"""``klaswacht benchmark schools``: one bot for many schools: how soon it is there, and how soon an alert is."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.commands.base import cli_language

if TYPE_CHECKING:
    from cogs.practice.benchmark.facts import Line

SCHOOLS, CLASSES, PUPILS, TEACHERS = 50, 20, 5, 20


def schools(count: int = SCHOOLS, classes: int = CLASSES) -> int:
    """Make, measure and print; return the exit code."""
    from cogs.practice.benchmark.tables import printed
    from cogs.practice.phrases import Phrases

    sys.stdout.write(printed(measured(count, classes), "benchmark.schools", Phrases(), cli_language()) + "\n")
    return 0


def measured(count: int, classes: int) -> list[Line]:
    """Let one bot serve so many schools in a folder of its own and return the table."""
    from bot.commands.beforehand import judge
    from bot.commands.kept import read_kept
    from cogs.practice.benchmark.schools import measure
    from cogs.practice.errors import PracticeError
    from cogs.practice.phrases import Phrases
    from cogs.practice.school.made import Size, write_school

    folder = Path(tempfile.mkdtemp(prefix="klaswacht-schools-"))
    (folder / "schools").mkdir()
    size = Size(classes, PUPILS, TEACHERS)
    files = [write_school(folder / "schools" / f"{place:03d}.toml", size, place) for place in range(count)]
    sample = write_school(folder / "sample.toml", Size(2, PUPILS, 2))
    try:
        with judge(sample) as flagged:
            return asyncio.run(measure(files, sample, flagged, lambda state, now: read_kept(state, sample, now)))
    except PracticeError as error:
        sys.stderr.write(Phrases().explain(cli_language(), error) + "\n")
        raise typer.Exit(1) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
