"""The live command line: every command with its path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def walked(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Return every command under a group, with the words that lead to it."""
    for name, command in sorted(group.commands.items()):
        here = (*path, name)
        if hasattr(command, "commands"):
            yield from walked(command, here)
        else:
            yield here, command
