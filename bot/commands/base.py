"""What all commands share: the reader's language, and how an error becomes a sentence and an exit code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from bot.errors import KlaswachtError
from bot.settings import data_folder
from bot.texts import Texts, language_of

EXIT_WRONG = 2  # bad input, settings or files
console = Console(stderr=True, highlight=False)


def cli_language() -> str:
    """Return the language of the terminal: Dutch, or what ``KLASWACHT_LANGUAGE`` says.

    The locale is not asked: a server's default (``en_US``, ``C``) says nothing about its reader.
    """
    return language_of(os.environ.get("KLASWACHT_LANGUAGE"))


def load_texts() -> Texts:
    """Return all texts."""
    return Texts.load(data_folder() / "texts")


def say(key: str, **values: object) -> None:
    """Print a text on standard error, so that standard output holds data only."""
    console.print(load_texts().get(key, cli_language(), **values), markup=False, soft_wrap=True)


@contextmanager
def told(code: int = EXIT_WRONG) -> Iterator[None]:
    """Turn an error of ours into its sentence and this exit code."""
    try:
        yield
    except KlaswachtError as error:
        texts = load_texts()
        sentence = texts.get(error.key, cli_language(), **error.values) if texts.has(error.key) else str(error)
        console.print(sentence, markup=False, soft_wrap=True)
        raise typer.Exit(code) from error
