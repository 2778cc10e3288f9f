"""Every text that the adapter asks for by name exists."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.cogs.stand_ins import ROOT, TEXTS

AREAS = ("card.", "form.", "command.", "label.", "error.", "rule.", "rules.", "privacy_page.", "letter.", "event.",
         "evidence.", "reports.", "right.", "intent.")  # fmt: skip
FILES = [path for path in (ROOT / "cogs").rglob("*.py") if "practice" not in path.parts]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_key_named_in_the_code_exists(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    keys = {name for name in named if name.startswith(AREAS) and " " not in name and not name.endswith((".", "_"))}
    assert {key for key in keys if not TEXTS.has(key)} == set()
