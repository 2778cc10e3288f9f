"""Every refusal and every reason has its words."""

from __future__ import annotations

import re
from pathlib import Path

from bot.rights import ANYBODY, TABLE
from bot.texts import Texts

ROOT = Path(__file__).parents[2]
TEXTS = Texts.load(ROOT / "data" / "texts")
KEY = re.compile(r'"((?:alerts|error)\.[a-z_]+\.[a-z_]+)"')


def test_everything_that_can_be_refused_has_a_refusal_in_words() -> None:
    refused = {row.verb for row in TABLE if row.who != ANYBODY}
    assert [verb for verb in sorted(refused) if not TEXTS.has(f"error.rights.{verb.value}")] == []


def test_every_key_that_the_core_names_is_a_text() -> None:
    folders = [ROOT / "bot" / name for name in ("alerts", "findings", "storage")]
    loose = [ROOT / "bot" / name for name in ("people.py", "readback.py", "recheck.py", "runner.py", "watch.py")]
    files = [path for folder in folders for path in folder.rglob("*.py")] + loose
    named = {key for path in files for key in KEY.findall(path.read_text(encoding="utf-8"))}
    assert sorted(key for key in named if not TEXTS.has(key)) == []
