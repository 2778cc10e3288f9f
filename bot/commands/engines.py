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

from bot.commands.base import cli_language, load_texts, say
from bot.errors import SetupError
from bot.settings import data_file, read_settings

TEXTS, FEW_TEXTS = 192, 48
WIDTH, CELL = 34, 17
HEADS = ("load", "memory", "one", "one_cpu", "two", "two_cpu")
Figures = dict[str, float]


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
        name = texts.get(f"benchmark.model.{key}", language).ljust(WIDTH)
        sys.stdout.write((name + "".join(cell.rjust(CELL) for cell in cells)).rstrip() + "\n")

    line("title", *(texts.get(f"benchmark.model.head.{name}", language) for name in HEADS))
    ours = (found[1][EMBEDDED], found[2][EMBEDDED])
    for engine, one in found[1].items():
        two = found[2][engine]
        line(engine.key, f"{one['load_s']:.2f} s", f"{one['added_mb']:.0f} MB", *_figures(one, two))
        if engine is not EMBEDDED:
            line("ratio", "", "", *_ratios(ours, (one, two)))
            quickest = min(one["one_ms"], two["one_ms"])
            line("ratio_alone", *[""] * 4, f"{ours[1]['per_second'] * quickest / 1000:.1f}x")


def _figures(one: Figures, two: Figures) -> tuple[str, ...]:
    alone = f"{one['one_ms']:.1f} ms", f"{one['one_cpu_ms']:.1f} ms"
    return (*alone, f"{two['per_second']:.0f}/s", f"{two['per_cpu_second']:.0f}/s")


def _ratios(ours: tuple[Figures, Figures], theirs: tuple[Figures, Figures]) -> tuple[str, ...]:
    slower = [theirs[0][name] / ours[0][name] for name in ("one_ms", "one_cpu_ms")]
    fewer = [ours[1][name] / theirs[1][name] for name in ("per_second", "per_cpu_second")]
    return tuple(f"{ratio:.1f}x" for ratio in (*slower, *fewer))
