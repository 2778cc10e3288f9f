"""Commands about screening and its model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.base import cli_language, load_texts, say, told
from bot.commands.door import Commands
from bot.settings import data_folder, read_settings

if TYPE_CHECKING:
    from bot.screening.judge import Screening

app = Commands(help="The toxicity model: train it, look at it.", no_args_is_help=True)


class Form(StrEnum):
    """How messages come in."""

    TEXT = "text"
    JSONL = "jsonl"


def screen(
    file: Annotated[str, typer.Argument(help="A file of messages, or - for standard input")] = "-",
    form: Annotated[Form, typer.Option("--format", help="text (a message a line) or jsonl")] = Form.TEXT,
) -> None:
    """Judge messages: one JSON object a line out. Needs no school, database or token."""
    from bot.screening.cli import screen as judge

    with told(), opened() as screening:
        raise typer.Exit(judge(screening, load_texts(), file, form.value, language=cli_language()))


def evaluate(
    corpus: Annotated[Path | None, typer.Option(help="TSV, CSV or JSON Lines with id, text, label")] = None,
    part: Annotated[str | None, typer.Option(help="Only rows whose column 'part' says this")] = None,
    evasion: Annotated[bool, typer.Option("--evasion", help="Also with every word disguised, in eight ways")] = False,
    identities: Annotated[bool, typer.Option("--identities", help="Also neutral sentences about 40 groups")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table")] = False,
) -> None:
    """Measure screening on labelled messages: AUC, macro-F1, recall and false alarms, weakest groups first."""
    from bot.screening.cli import Asked, run_evaluate
    from bot.settings import data_file

    with told(), opened() as screening:
        sentences = data_file(read_settings(), "identities.toml") if identities else None
        raise typer.Exit(run_evaluate(screening, Asked(corpus, part, evasion, sentences), as_json=as_json))


@contextmanager
def opened() -> Iterator[Screening]:
    """Give screening as the settings say; closed afterwards; a model that fails is told. Raises ``SetupError``."""
    from bot.judging import open_judging

    judging = open_judging(read_settings())
    if judging.trouble:
        say(judging.trouble.key, **judging.trouble.values)
    try:
        yield judging.screening
    finally:
        judging.screening.close()


@app.command()
def train(
    shared: Annotated[Path, typer.Option(help="The folder with the free data sets (davidson, germeval2018, ...)")],
    corpus: Annotated[Path | None, typer.Option(help="The folder of the Dutch corpus")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the model is written")] = None,
    work: Annotated[Path, typer.Option(help="Where half-done training is kept, to go on with it")] = Path("training"),
    threads: Annotated[int, typer.Option(min=1, help="Processor threads")] = 2,
    onward: Annotated[Path | None, typer.Option(help="The folder of a trained model, to go on from it")] = None,
) -> None:
    """Train the model from the corpus and the free data sets; goes on where it stopped. Needs klaswacht[train]."""
    with told(), _needed():
        from bot.training.cli import train as learn

        learn(
            corpus=corpus or data_folder() / "corpus",
            model=out or data_folder() / "model",
            shared=shared,
            work=work,
            threads=threads,
            onward=onward,
        )


@app.command()
def tune(
    shared: Annotated[Path, typer.Option(help="The folder with the free data sets (davidson, germeval2018, ...)")],
    corpus: Annotated[Path | None, typer.Option(help="The folder of the Dutch corpus")] = None,
    model: Annotated[Path | None, typer.Option(help="The folder of the model that learns more")] = None,
    work: Annotated[Path, typer.Option(help="Where half-done training is kept, to go on with it")] = Path("training"),
    threads: Annotated[int, typer.Option(min=1, help="Processor threads")] = 2,
    epochs: Annotated[int, typer.Option(min=1, help="How often the corpus is read, before a last time")] = 4,
) -> None:
    """Teach the model what the corpus has gained, in a small adapter beside its files. Needs klaswacht[train]."""
    with told(), _needed():
        from bot.training.tune import tune as learn

        learn(
            corpus=corpus or data_folder() / "corpus",
            model=model or data_folder() / "model",
            shared=shared,
            work=work,
            threads=threads,
            epochs=epochs,
        )


@contextmanager
def _needed() -> Iterator[None]:
    """Say which package of klaswacht[train] is missing. Raises ``SetupError``."""
    from bot.errors import SetupError

    try:
        yield
    except ModuleNotFoundError as error:
        raise SetupError("error.train.missing", package=error.name) from error
