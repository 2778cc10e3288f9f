"""``klaswacht screen`` and ``klaswacht evaluate``: plain functions, wired to the command line elsewhere."""

from __future__ import annotations

import asyncio
import json
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal, TextIO

from bot.school import AgeGroup
from bot.screening.evaluate import as_dict, as_lines, evaluate
from bot.screening.judge import Screening, TextItem
from bot.screening.verdict import Signal, Verdict
from bot.texts import Texts

Format = Literal["text", "jsonl"]
BATCH: Final = 48
PATIENCE: Final = 120.0
"""Seconds that the command line gives the model for a batch: nobody waits for an alert here."""

WRONG_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input: something to judge, or why it can't be."""

    id: object
    item: TextItem | None
    error: str = ""


def screen(
    screening: Screening, texts: Texts, source: str, form: Format = "text", *, out: TextIO | None = None, language: str = "nl"
) -> int:
    """Judge a file (or ``-``: standard input) line by line and print one JSON object a line.

    Returns the exit code: 0, or 2 when a line could not be read or the file is not there.
    """
    stream = out or sys.stdout
    try:
        with _opened(source) as file:
            return asyncio.run(_screen(screening, texts, file, form, stream, language))
    except OSError as error:
        print(texts.get("screening.no_file", language, file=source, reason=error.strerror or "?"), file=sys.stderr)
        return WRONG_LINES


def run_evaluate(screening: Screening, corpus: Path, *, as_json: bool = False, part: str | None = None, out: TextIO | None = None) -> int:
    """Print the figures of a labelled file. Raises ``InputError``: the file can't be used; names the line."""
    report = asyncio.run(evaluate(screening, corpus, part))
    shown = json.dumps(as_dict(report), ensure_ascii=False, indent=1) if as_json else "\n".join(as_lines(report))
    print(_printable(shown), file=out or sys.stdout)
    return 0


async def _screen(screening: Screening, texts: Texts, file: BinaryIO, form: Format, out: TextIO, language: str) -> int:
    wrong = 0
    read = _text_line if form == "text" else _json_line
    lines = _Lines(file)
    while batch := await asyncio.to_thread(lines.take):
        parsed = [line for number, raw in batch if (line := read(number, raw)) is not None]
        verdicts = iter(await screening.texts([line.item for line in parsed if line.item]))
        for line in parsed:
            wrong += line.item is None
            shown = _shown(line, next(verdicts), texts, language) if line.item else {"id": line.id, "error": line.error}
            out.write(_json(shown) + "\n")
            out.flush()
    return WRONG_LINES if wrong else 0


class _Lines:
    """Reads lines in a thread, so that a person at a keyboard gets an answer at once and a file goes in batches."""

    def __init__(self, file: BinaryIO) -> None:
        self._ready: queue.Queue[tuple[int, bytes] | None] = queue.Queue(maxsize=4 * BATCH)
        threading.Thread(target=self._read, args=(file,), daemon=True, name="reader").start()

    def take(self) -> list[tuple[int, bytes]]:
        """Wait for a line, and take what else is there already; empty at the end."""
        first = self._ready.get()
        taken = [] if first is None else [first]
        while taken and len(taken) < BATCH:
            try:
                following = self._ready.get_nowait()
            except queue.Empty:
                break
            if following is None:
                self._ready.put(None)
                break
            taken.append(following)
        return taken

    def _read(self, file: BinaryIO) -> None:
        try:
            for number, line in enumerate(file, 1):
                self._ready.put((number, line))
        finally:
            self._ready.put(None)


def _text_line(number: int, raw: bytes) -> Line:
    text = raw.decode("utf-8", "replace").rstrip("\r\n")
    return Line(number, TextItem(text.removeprefix("\ufeff") if number == 1 else text))


def _json_line(number: int, raw: bytes) -> Line | None:
    text = raw.decode("utf-8", "replace").strip().removeprefix("\ufeff")
    if not text:
        return None
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return Line(number, None, "no JSON object")
    if not isinstance(row, dict):
        return Line(number, None, "no JSON object")
    name = row.get("id", number)
    if not isinstance(row.get("text"), str):
        return Line(name, None, "no text")
    age = AgeGroup.PRIMARY if row.get("age_group") == AgeGroup.PRIMARY else AgeGroup.SECONDARY
    lang = row.get("lang")
    return Line(name, TextItem(row["text"], age, lang if isinstance(lang, str) else None))


def _shown(line: Line, verdict: Verdict, texts: Texts, language: str) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": line.id,
        "text": line.item.text if line.item else "",
        "flagged": verdict.flagged,
        "severity": verdict.severity.value,
        "signals": [signal_shown(signal, texts, language) for signal in verdict.signals],
    }
    if verdict.notes:
        shown["notes"] = [texts.get(note, language) for note in verdict.notes]
    if verdict.engine != "model":
        shown["engine"] = verdict.engine
    return shown


def signal_shown(signal: Signal, texts: Texts, language: str) -> dict[str, object]:
    """Return a signal as it is printed: name, score, rule, source and the reason as a sentence."""
    return {
        "signal": signal.signal.value,
        "score": round(signal.score, 4),
        "rule": signal.rule,
        "source": signal.source,
        "reason": texts.get(signal.reason, language),
    }


def _json(shown: dict[str, object]) -> str:
    written = json.dumps(shown, ensure_ascii=False)
    return written if _printable(written) == written else json.dumps(shown)


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


@contextmanager
def _opened(source: str) -> Iterator[BinaryIO]:
    if source == "-":
        yield sys.stdin.buffer
        return
    with Path(source).open("rb") as file:
        yield file


