"""Commands about screening and its model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.base import told

app = typer.Typer(help="The toxicity model: train it, look at it.", no_args_is_help=True)


def screen(
    file: Annotated[str, typer.Argument(help="A file of messages, or - for standard input")] = "-",
    form: Annotated[str, typer.Option("--format", help="text (a message a line) or jsonl")] = "text",
) -> None:
    """Judge messages: one JSON object a line out. Needs no school, database or token."""
    from bot.screening.cli import screen as judge

    with told():
        raise typer.Exit(judge(file, form))


def evaluate(
    corpus: Annotated[Path, typer.Option(help="TSV, CSV or JSON Lines with id, text, label")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table")] = False,
) -> None:
    """Measure screening on labelled messages: AUC, macro-F1, recall and false alarms, weakest groups first."""
    from bot.screening.cli import evaluate as measure

    with told():
        raise typer.Exit(measure(corpus, as_json=json))


@app.command()
def train(
    shared: Annotated[Path, typer.Option(help="The folder with the free data sets")],
    out: Annotated[Path | None, typer.Option(help="Where to write; default: data/model")] = None,
    work: Annotated[Path | None, typer.Option(help="Where half-done training is kept, to go on with it")] = None,
) -> None:
    """Train the model from the corpus and the free data sets; goes on where it stopped. Needs klaswacht[train]."""
    from bot.errors import SetupError

    with told():
        try:
            from bot.training.cli import train as fit
        except ModuleNotFoundError as error:
            raise SetupError("error.train.missing", package=error.name) from error
        fit(shared, out, work)
