"""Sets a PDF: a child process compiles a Typst file of ``data/papers``, so that the event loop never waits for it.

Texts travel as JSON (``sys.inputs.data``) and are set as text, so nothing that people wrote is ever read as markup.
The fonts are those inside the typst package, so that a paper looks the same on every machine; only what they lack comes
from elsewhere (``fonts``).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.cases.fonts import Fonts, is_pictogram
from bot.errors import KlaswachtError

LONGEST_S = 60.0
AT_ONCE = 2
SECRETS = ("KLASWACHT_", "DISCORD_")  # settings that the child has no use for
UNSEEN = frozenset("\u200d\ufe0e\ufe0f") | {chr(code) for code in range(0x1F3FB, 0x1F400)}
"""What only joins or colours pictograms."""
KEPT = frozenset("\n\t\u200d")  # of what shows nothing by itself, this has a meaning in print


class Typesetter:
    """Makes PDFs of data."""

    def __init__(self, folder: Path, fonts: Fonts) -> None:
        self._folder = folder
        self._fonts = fonts
        self._free = asyncio.Semaphore(AT_ONCE)

    async def pdf(self, paper: str, data: Mapping[str, Any]) -> bytes:
        """Return the PDF of a paper (``letter`` or ``dossier``) with this data.

        Raises
        ------
        KlaswachtError: the paper can't be set (a changed file is wrong, or it took too long).
        """
        source: dict[str, Any] = {
            "paper": str(self._folder / f"{paper}.typ"),
            "fonts": [str(one) for one in self._fonts.folders],
        }
        source["data"] = json.dumps(printable(data, pictures=self._fonts.pictures))
        async with self._free:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.cases.typeset"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={name: one for name, one in os.environ.items() if not name.startswith(SECRETS)},
            )
            try:
                made, _ = await asyncio.wait_for(child.communicate(json.dumps(source).encode()), LONGEST_S)
            except TimeoutError as error:
                child.kill()
                await child.wait()
                raise KlaswachtError("error.case.paper", paper=paper) from error
        if child.returncode or not made.startswith(b"%PDF"):
            raise KlaswachtError("error.case.paper", paper=paper)
        return made


def printable(value: Any, *, pictures: bool = False) -> Any:
    """Return data in which every text can be printed: no control letters; pictograms, unless shown, by their names."""
    if isinstance(value, str):
        return "".join(_letter(letter, pictures=pictures) for letter in value.replace("\r\n", "\n"))
    if isinstance(value, Mapping):
        return {key: printable(one, pictures=pictures) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one, pictures=pictures) for one in value]
    return value


def _letter(letter: str, *, pictures: bool) -> str:
    if letter in UNSEEN:
        return letter if pictures else ""
    kind = unicodedata.category(letter)
    if kind in {"Cc", "Cf"}:
        return letter if letter in KEPT else ""
    if kind in {"Cs", "Co", "Cn"}:
        return "\ufffd"
    if is_pictogram(letter) and not pictures:
        return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"
    return letter


def _main() -> None:
    import typst  # noqa: PLC0415 - only the child process needs it

    source = json.loads(sys.stdin.buffer.read())
    given = {"font_paths": source["fonts"], "ignore_system_fonts": True}
    made = typst.compile(source["paper"], sys_inputs={"data": source["data"]}, **given)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    _main()
