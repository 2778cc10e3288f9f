"""``klaswacht benchmark model``: the embedded engine against Detoxify, each in its own process, in the same run."""

from __future__ import annotations

import csv
import importlib.util
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.commands.base import cli_language, load_texts, say
from bot.errors import SetupError
from bot.settings import data_file, read_settings

TEXTS, FEW_TEXTS = 192, 48
WIDTH = 34


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine to measure: the words before its arguments, and how many texts it can do in reasonable time."""

    key: str
    module: tuple[str, ...]


EMBEDDED = Engine("embedded", ("bot.screening.speed",))
OWN = Engine("own", ("bot.training.speed", "own"))
BASE = Engine("base", ("bot.training.speed", "base"))


def engines(seconds: float | None) -> int:
    """Measure and print; ``seconds`` below 60 takes fewer texts. Raises ``SetupError``: the model can't be used."""
    folder = data_file(read_settings(), "model")
    texts = _texts(FEW_TEXTS if seconds is not None and seconds < 60 else TEXTS)  # noqa: PLR2004 - said above
    found = {threads: {EMBEDDED: _measured(EMBEDDED, folder, threads, texts)} for threads in (1, 2)}
    extra = importlib.util.find_spec("detoxify") is not None
    if extra:
        for threads, engine in ((1, BASE), (2, BASE), (1, OWN), (2, OWN)):
            found[threads][engine] = _measured(engine, folder, threads, texts)
    _print(found)
    if not extra:
        say("benchmark.model.missing")
    return 0


def _measured(engine: Engine, folder: Path, threads: int, texts: list[str]) -> dict[str, float]:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write("\n".join(texts))
        file.flush()
        words = [sys.executable, "-m", *engine.module, str(folder), str(threads), file.name]
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise SetupError("error.benchmark.engine", engine=engine.key, reason=(done.stderr.splitlines() or ["-"])[-1])
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _texts(count: int) -> list[str]:
    """Return messages from all over the held-out part of the corpus: what pupils write, and how long it is."""
    from bot.settings import data_folder

    with (data_folder() / "corpus" / "heldout.tsv").open(encoding="utf-8", newline="") as file:
        said = [row["text"].strip() for row in csv.DictReader(file, delimiter="\t")]
    return [" ".join(text.split()) for text in said[:: max(1, len(said) // count)] if text][:count]


def _print(found: dict[int, dict[Engine, dict[str, float]]]) -> None:
    texts, language = load_texts(), cli_language()

    def line(key: str, *cells: str) -> None:
        sys.stdout.write(texts.get(f"benchmark.model.{key}", language).ljust(WIDTH) + "  ".join(cells).rstrip() + "\n")

    heads = [texts.get(f"benchmark.model.head.{name}", language).rjust(14) for name in ("load", "memory", "one", "two")]
    line("title", *heads)
    ours: Any = {threads: engines_[EMBEDDED] for threads, engines_ in found.items()}
    for engine in found[1]:
        one, two = found[1][engine], found[2][engine]
        cells = (f"{one['load_s']:.2f} s", f"{one['added_mb']:.0f} MB", f"{one['one_ms']:.1f} ms")
        line(engine.key, *(cell.rjust(14) for cell in (*cells, f"{two['per_second']:.0f}/s")))
        if engine is not EMBEDDED:
            slower = f"{one['one_ms'] / ours[1]['one_ms']:.1f}x"
            faster = f"{ours[2]['per_second'] / two['per_second']:.1f}x"
            line("ratio", *(cell.rjust(14) for cell in ("", "", slower, faster)))
            alone = f"{ours[2]['per_second'] * found[2][engine]['one_ms'] / 1000:.1f}x"
            line("ratio_alone", *(cell.rjust(14) for cell in ("", "", "", alone)))
