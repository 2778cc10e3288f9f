"""Commands that print the program's own tables."""

from __future__ import annotations

import typer


def labels() -> None:
    """Print every button, select, form and command in Dutch and English, as the README shows them."""
    from bot.commands.base import load_texts
    from cogs.labels import labels_table

    typer.echo(labels_table(load_texts()))
