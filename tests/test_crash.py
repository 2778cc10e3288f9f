"""A mistake of the program says where it is, and never what it was working on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MARK = "zwamneus"
WAYS = {
    "command": f"def burst() -> None:\n    int('{MARK}')\n",
    "exception with data": f"def burst() -> None:\n    raise KeyError({{'naam': '{MARK}'}})\n",
    "chained": (
        "def burst() -> None:\n"
        f"    try:\n        int('{MARK}')\n"
        f"    except ValueError as error:\n        raise OSError('{MARK}') from error\n"
    ),
    "task": (
        "import asyncio, gc\n"
        f"async def sub(): int('{MARK}')\n"
        "async def work():\n"
        "    asyncio.get_running_loop().create_task(sub())\n"
        "    await asyncio.sleep(0)\n"
        "    gc.collect()\n"
        "def burst() -> None:\n    asyncio.run(work())\n"
    ),
    "thread": (
        "import threading\n"
        f"def burst() -> None:\n    one = threading.Thread(target=int, args=('{MARK}',))\n"
        "    one.start()\n    one.join()\n"
    ),
    "cleared away": (
        f"class One:\n    def __del__(self) -> None:\n        int('{MARK}')\ndef burst() -> None:\n    One()\n"
    ),
}


START = """
import bot.__main__ as main
from typer.core import TyperCommand  # a command outside the table of rights stands before no door
main.app.command(cls=TyperCommand)(burst)
main.main()
"""


def crashed(tmp_path: Path, source: str) -> subprocess.CompletedProcess[str]:
    program = tmp_path / "program.py"
    program.write_text(source + START)
    words = [sys.executable, str(program), "burst"]
    around = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))}
    return subprocess.run(words, capture_output=True, text=True, check=False, env=around)


@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_crash_says_the_kind_and_the_place_and_nothing_of_the_data(tmp_path: Path, way: str) -> None:
    done = crashed(tmp_path, WAYS[way])
    assert MARK not in done.stdout + done.stderr
    assert "Error" in done.stderr


def test_a_crash_ends_with_a_sentence_and_its_own_exit_code(tmp_path: Path) -> None:
    done = crashed(tmp_path, WAYS["command"])
    first, *rest = done.stderr.splitlines()
    assert [done.returncode, "fout in het programma zelf" in first, rest[0]] == [70, True, "builtins.ValueError"]
    assert rest[-1].endswith("program.py:2 burst")


def test_what_the_command_line_writes_is_for_its_user_alone(tmp_path: Path) -> None:
    crashed(tmp_path, f"from pathlib import Path\ndef burst() -> None:\n    Path({str(tmp_path / 'x')!r}).touch()\n")
    assert oct((tmp_path / "x").stat().st_mode & 0o777) == "0o600"
