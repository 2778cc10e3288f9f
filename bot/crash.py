"""What is said when the program itself breaks: the kind of error and where, never the values that were at hand.

Python's own report prints the error's text and, in some libraries, the data that did not fit: words of a pupil.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXIT_BROKEN = 70  # EX_SOFTWARE, https://man.freebsd.org/cgi/man.cgi?sysexits


@contextmanager
def without_values(sentence: Callable[[], str]) -> Iterator[None]:
    """Let no unforeseen error print what it was about, here, in threads, or in what is cleared away.

    ``sentence``: what a person reads above the places. Ends the program with ``EXIT_BROKEN``.
    """
    threading.excepthook = lambda args: _say(args.exc_type, args.exc_traceback)
    sys.unraisablehook = _unraisable
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, its text stays inside
        sys.stderr.write(f"{sentence()}\n")
        _say(type(error), error.__traceback__)
        raise SystemExit(EXIT_BROKEN) from None


def places(trace: TracebackType | None) -> list[str]:
    """Return where an error came from, the innermost place last: file, line, function."""
    found = []
    while trace:
        code = trace.tb_frame.f_code
        found.append(f"{_file(code.co_filename)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found


def _unraisable(args: Any) -> None:
    _say(args.exc_type, args.exc_traceback)


def _say(kind: type[BaseException], trace: TracebackType | None) -> None:
    lines = "".join(f"  {place}\n" for place in places(trace))
    sys.stderr.write(f"{kind.__module__}.{kind.__qualname__}\n{lines}")
    sys.stderr.flush()


def _file(name: str) -> str:
    path = Path(name)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])
