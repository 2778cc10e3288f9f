"""``klaswacht screen`` and ``evaluate``: plain functions, wired to the command line elsewhere."""

from __future__ import annotations

import asyncio
import json
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from bot.errors import InputError
from bot.school import AgeGroup
from bot.screening.evaluate import PATIENCE, evaluate
from bot.screening.evasion import evasion
from bot.screening.identities import identities, read_identities
from bot.screening.judge import Screening, TextItem
from bot.screening.showing import as_dict, as_lines, evasion_dict, evasion_lines, identities_dict, identities_lines
from bot.screening.verdict import Signal, Verdict
from bot.texts import Texts

BATCH: Final = 48
WRONG_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input: something to judge, or why it can't be."""

    id: object
    item: TextItem | None
    error: str = ""


def screen(
    screening: Screening,
    texts: Texts,
    file: str,
    form: str = "text",
    *,
    out: TextIO | None = None,
    language: str = "nl",
) -> int:
    """Judge a file (or ``-``: standard input) line by line and print one JSON object a line.

    ``form``: ``text`` or ``jsonl``. Returns the exit code: 0, or 2 when a line could not be read. Raises
    ``InputError``: an unknown form, no such file.
    """
    if form not in _READERS:
        raise InputError("error.screening.form", form=form)
    if not screening.model_present:
        sys.stderr.write(texts.get("screening.words_only", language) + "\n")
    try:
        with _opened(file) as lines:
            return asyncio.run(_screen(screening, lines, form, _Writer(out or sys.stdout, texts, language)))
    except OSError as error:
        raise InputError("error.screening.no_file", file=file, reason=error.strerror or "-") from error


@dataclass(frozen=True, slots=True)
class Asked:
    """What ``klaswacht evaluate`` measures: a labelled file, disguises of it, sentences about groups."""

    corpus: Path | None = None
    part: str | None = None
    evasion: bool = False
    identities: Path | None = None


def run_evaluate(screening: Screening, asked: Asked, *, as_json: bool = False, out: TextIO | None = None) -> int:
    """Print figures. Raises ``InputError``: nothing to measure, or the file can't be used; names the line."""
    if asked.corpus is None and asked.identities is None:
        raise InputError("error.screening.nothing_asked")
    lines, figures = asyncio.run(_measured(screening, asked))
    shown = json.dumps(figures, ensure_ascii=False, indent=1) if as_json else "\n".join(lines)
    (out or sys.stdout).write(_printable(shown) + "\n")
    return 0


async def _measured(screening: Screening, asked: Asked) -> tuple[list[str], dict[str, object]]:
    lines: list[str] = []
    figures: dict[str, object] = {}
    if asked.corpus:
        report = await evaluate(screening, asked.corpus, asked.part)
        figures |= as_dict(report)
        if asked.evasion:
            disguised = await evasion(screening, report.rows)
            lines, figures["evasion"] = evasion_lines(disguised), evasion_dict(disguised)
        lines = [*as_lines(report), *lines]
    if asked.identities:
        alike = await identities(screening, read_identities(asked.identities))
        lines, figures["identities"] = [*lines, *identities_lines(alike)], identities_dict(alike)
    return lines, figures


async def _screen(screening: Screening, file: BinaryIO, form: str, writer: _Writer) -> int:
    wrong = 0
    read = _READERS[form]
    lines = _Lines(file)
    while batch := await asyncio.to_thread(lines.take):
        parsed = [line for number, raw in batch if (line := read(number, raw)) is not None]
        verdicts = iter(await screening.texts([line.item for line in parsed if line.item], within=PATIENCE))
        for line in parsed:
            wrong += line.item is None
            writer.write(line, next(verdicts) if line.item else None)
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


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one JSON object a line, at once."""

    out: TextIO
    texts: Texts
    language: str

    def write(self, line: Line, verdict: Verdict | None) -> None:
        shown = self._shown(line, verdict) if verdict else {"id": line.id, "error": line.error}
        self.out.write(_json(shown) + "\n")
        self.out.flush()

    def _shown(self, line: Line, verdict: Verdict) -> dict[str, object]:
        shown: dict[str, object] = {
            "id": line.id,
            "text": line.item.text if line.item else "",
            "flagged": verdict.flagged,
            "severity": verdict.severity.value,
            "signals": [signal_shown(signal, self.texts, self.language) for signal in verdict.signals],
        }
        if verdict.notes:
            shown["notes"] = [self.texts.get(note, self.language) for note in verdict.notes]
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


_READERS: Final[dict[str, Callable[[int, bytes], Line | None]]] = {"text": _text_line, "jsonl": _json_line}
