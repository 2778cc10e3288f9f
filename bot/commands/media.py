"""Commands about pictures, film and sound: no school, database or token is needed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.base import told
from bot.commands.door import Commands

fuzz = Commands(help="Throw damaged input at the program.", no_args_is_help=True)


def screen_media(files: Annotated[list[Path], typer.Argument(help="Files to look at")]) -> None:
    """Say of each file what it is and whether it needs consent: one JSON object a file."""
    from bot.media.cli import screen_media as look

    with told():
        raise typer.Exit(asyncio.run(look(files)))


def evaluate_media(
    faces: Annotated[Path, typer.Argument(help="A folder of pictures with people")],
    others: Annotated[Path, typer.Argument(help="A folder of pictures without people")],
) -> None:
    """Print how many people are found, how many pictures without people are flagged, and how many copies are found.

    "flagged" is a picture of people for sure; "found" also counts "maybe", which the teacher is only shown.
    Percentages come with their 95% interval. "copies" are made of every picture; "other_pairs" are of different ones.
    """
    from bot.media.cli import evaluate_media as look

    with told():
        raise typer.Exit(asyncio.run(look(faces, others)))


@fuzz.command("media")
def fuzz_media(
    count: Annotated[int, typer.Option(min=1, help="How many damaged files")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same files")] = 4,
) -> None:
    """Look at damaged files; exit code 1 when one passed in silence."""
    from bot.media.cli import fuzz_media as look

    with told():
        raise typer.Exit(asyncio.run(look(count, seed)))
