"""Commands about Detoxify checkpoints: fetch one that is known, or say yes to a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Self

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from bot.commands.base import cli_language, console, load_texts, say, told
from bot.errors import InputError
from bot.judging import checkpoints_of
from bot.settings import data_file, read_settings


def fetch(
    name: Annotated[str, typer.Argument(help="original, unbiased, multilingual, original-small or unbiased-small")],
    source: Annotated[Path | None, typer.Option("--from", help="This file instead of the network")] = None,
    config: Annotated[Path | None, typer.Option(help="With --from: the folder of config.json and tokenizer")] = None,
) -> None:
    """Get a checkpoint of Unitary's, check it and pin its hash. The only command that fetches a model."""
    from bot.screening.fetching import Fetcher, read_known

    with told():
        settings = read_settings()
        known = read_known(data_file(settings, "checkpoints.toml"))
        with _Bars() as bars:
            fetcher = Fetcher(checkpoints_of(settings).folder, known, bars.told)
            found = fetcher.from_file(name, source, config) if source else fetcher.from_network(name)
        say("model.fetched", name=name, sha256=found)


def trust(
    file: Annotated[Path, typer.Argument(help="A Detoxify checkpoint")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
) -> None:
    """Say that a checkpoint file may be opened, as long as its contents do not change."""
    from bot.screening.checkpoints import folder_of
    from bot.screening.manifest import file_hash

    with told():
        if not file.is_file():
            raise InputError("error.engine.missing", file=file)
        folder_of(file)
        say("model.stranger", file=file, sha256=file_hash(file))
        if not (yes or _confirmed()):
            raise InputError("error.engine.yes")
        checkpoints_of(read_settings()).trust(file, datetime.now(UTC))
        say("model.trusted", file=file.resolve())


def _confirmed() -> bool:
    try:
        return typer.confirm(load_texts().get("model.really", cli_language()), err=True)
    except typer.Abort:
        return False


class _Bars:
    """A bar a file, on standard error."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        self._progress = Progress(*columns, console=console)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def told(self, file: str, got: int, size: int) -> None:
        """Show how far a file is."""
        if file not in self._tasks:
            described = load_texts().get("model.fetching", cli_language(), file=file)
            self._tasks[file] = self._progress.add_task(described, total=size or None)
        self._progress.update(self._tasks[file], completed=got)
