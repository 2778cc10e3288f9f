"""Sets a PDF: a child process compiles a Typst file of ``data/papers``, so that the event loop never waits for it.

Texts travel as JSON (``sys.inputs.data``) and are set as text, so nothing that people wrote is ever read as markup.
The fonts are those inside the typst package, so that a paper looks the same on every machine.
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

from bot.errors import KlaswachtError

LONGEST_S = 60.0
AT_ONCE = 2
FIRST_PICTOGRAM = 0x2600  # from here on, symbols are pictures that the fonts don't hold
SECRETS = ("KLASWACHT_", "DISCORD_")  # settings that the child has no use for
UNSEEN = frozenset("\u200d\ufe0e\ufe0f") | {chr(code) for code in range(0x1F3FB, 0x1F400)}
"""What only joins or colours pictograms."""


class Typesetter:
    """Makes PDFs of data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._free = asyncio.Semaphore(AT_ONCE)

    async def pdf(self, paper: str, data: Mapping[str, Any]) -> bytes:
        """Return the PDF of a paper (``letter`` or ``dossier``) with this data.

        Raises
        ------
        KlaswachtError: the paper can't be set (a changed file is wrong, or it took too long).
        """
        source = {"paper": str(self._folder / f"{paper}.typ"), "data": json.dumps(printable(data))}
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


def printable(value: Any) -> Any:
    """Return data in which every text can be printed: no control letters, pictograms by their names."""
    if isinstance(value, str):
        return "".join(map(_letter, value.replace("\r\n", "\n")))
    if isinstance(value, Mapping):
        return {key: printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one) for one in value]
    return value


def _letter(letter: str) -> str:
    if letter in UNSEEN:
        return ""
    kind = unicodedata.category(letter)
    if kind in {"Cc", "Cf"}:
        return letter if letter in "\n\t" else ""
    if kind in {"Cs", "Co", "Cn"}:
        return "\ufffd"
    if kind in {"So", "Sk"} and ord(letter) >= FIRST_PICTOGRAM:
        return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"
    return letter


def _main() -> None:
    import typst  # noqa: PLC0415 - only the child process needs it

    source = json.loads(sys.stdin.buffer.read())
    made = typst.compile(source["paper"], sys_inputs={"data": source["data"]}, ignore_system_fonts=True)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    _main()
