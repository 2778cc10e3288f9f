"""What all commands share: the reader's language, and how an error becomes a sentence and an exit code."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from bot.errors import KlaswachtError
from bot.settings import data_folder
from bot.texts import Texts, language_of

STEERING = {"Cc", "Cf"}
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
    console.print(shown(load_texts().get(key, cli_language(), **values)), markup=False, soft_wrap=True)


def shown(text: str) -> str:
    """Return a text without letters that steer a terminal (colours, titles, moves of the cursor)."""
    calm = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in STEERING)
    return calm.encode("utf-8", "replace").decode("utf-8")


@contextmanager
def told(code: int = EXIT_WRONG) -> Iterator[None]:
    """Turn an error of ours into its sentence and this exit code."""
    try:
        yield
    except KlaswachtError as error:
        texts = load_texts()
        sentence = texts.get(error.key, cli_language(), **error.values) if texts.has(error.key) else str(error)
        console.print(shown(sentence), markup=False, soft_wrap=True)
        raise typer.Exit(code) from error
