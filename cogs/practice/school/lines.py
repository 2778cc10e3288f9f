"""Finds the line of a table or key in a TOML text, because ``tomllib`` does not keep it."""

import re

HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")
KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")
AT_LINE = re.compile(r"at line (\d+)")


class TomlLines:
    """Line numbers by table, index in an array of tables, and key."""

    def __init__(self, text: str) -> None:
        """Index ``text``; later lines of the same key do not replace the first."""
        self._lines: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        table, index = "", 0
        for number, line in enumerate(text.splitlines(), start=1):
            if header := HEADER.match(line):
                table = header.group(2)
                index = counts.get(table, -1) + 1
                counts[table] = index
                self._lines.setdefault((table, index, ""), number)
            elif key := KEY.match(line):
                self._lines.setdefault((table, index, key.group(1)), number)

    def of(self, table: str, index: int = 0, key: str = "") -> int:
        """Return the line of the key, else of its table, else 0."""
        return self._lines.get((table, index, key)) or self._lines.get((table, index, ""), 0)


def line_of_syntax_error(message: str) -> int:
    """Return the line that a ``TOMLDecodeError`` names, else 0."""
    found = AT_LINE.search(message)
    return int(found.group(1)) if found else 0
