"""The log says what happened, never what somebody wrote or who they are."""

import ast
import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.logs import start_logging

ROOT = Path(__file__).parent.parent
SAFE = re.compile(r"type\(error\)\.__name__|(row|timer)\.kind|what|error\.key|channel|error")
"""Arguments that name kinds, types of errors, texts' keys or numbers of channels."""


Line = Callable[[], dict[str, object]]


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    start_logging("INFO")
    yield lambda: json.loads(written.getvalue().splitlines()[-1])
    root.handlers[:], root.level = before, level


def calls() -> list[tuple[str, str]]:
    found = []
    for path in sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "value", None)
            if isinstance(node, ast.Call) and isinstance(name, ast.Name) and name.id in {"LOG", "_LOG"}:
                found += [(f"{path.name}:{node.lineno}", ast.unparse(argument)) for argument in node.args]
    return found


def test_our_own_lines_name_kinds_and_types_only() -> None:
    arguments = [(place, text) for place, text in calls() if not text.startswith(("'", '"'))]
    assert [place for place, text in arguments if not SAFE.fullmatch(text)] == []


def test_our_own_line_is_json_with_its_facts(line: Line) -> None:
    logging.getLogger("bot.runner").error("timer %s failed", "ladder", extra={"school": "11"})
    told = line()
    assert (told["level"], told["what"], told["school"]) == ("error", "timer ladder failed", "11")


def test_another_packages_words_stay_out(line: Line) -> None:
    logging.getLogger("discord.http").error("payload: %s", "GEMERKT geheim")
    assert "GEMERKT" not in json.dumps(line())


def test_an_exception_is_named_without_its_words(line: Line) -> None:
    try:
        int("GEMERKT geheim")
    except ValueError:
        logging.getLogger("bot.watch").exception("a message could not be judged")
    told = line()
    assert told["error"] == "ValueError"
    assert "GEMERKT" not in json.dumps(told)
