"""The bot starts fast: a raid or a crash must not find it asleep for long."""

from __future__ import annotations

import subprocess
import sys

SLOW = ("alembic", "cv2", "docx", "pypdf", "torch", "typst")
LOADED = f"import sys, bot.__main__, bot.commands.serve, cogs.client; print([n for n in {SLOW} if n in sys.modules])"


def test_what_few_starts_need_is_not_imported_at_the_start() -> None:
    words = [sys.executable, "-c", LOADED]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
