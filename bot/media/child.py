"""The child process that decodes files: limited, without secrets, replaced when one breaks it.

It speaks over its standard input and output: four bytes of length, a JSON head, then ``size`` bytes of content; each
answer is four bytes of length and the facts as JSON. Started as ``python -m bot.media.child CONFIG FOLDER``.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import Any, BinaryIO

from bot.media.config import Limits, MediaConfig, read_media_config
from bot.media.unreadable import Reason

LENGTH = 4
NOTHING_WRITTEN = 0
OPEN_FILES = 32


def main(config_file: Path, folder: Path) -> None:
    """Answer until the input ends."""
    source, answers = _private_streams()
    warnings.simplefilter("ignore")
    logging.disable()
    config = read_media_config(config_file)
    looker = _ready(config, folder)
    fence(config.limits)
    send(answers, {"ready": True})
    while (asked := receive(source)) is not None:
        name, content = asked
        allow_seconds(config.limits.cpu_seconds)
        facts = looker.look(name, content)
        send(answers, facts.packed())
        if facts.error and Reason.TOO_MUCH_MEMORY.value in facts.error:
            return  # what was allocated may be in pieces; a fresh process is cheap


def _ready(config: MediaConfig, folder: Path) -> Any:
    import cv2  # noqa: PLC0415 - heavy; the parent imports this module only for the protocol

    from bot.media.eyes import Eyes  # noqa: PLC0415
    from bot.media.look import Looker  # noqa: PLC0415
    from bot.media.pictures import allow_large  # noqa: PLC0415

    cv2.setNumThreads(1)
    allow_large(config.limits)
    return Looker(config, Eyes(config, folder))


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    # libraries print to standard output; the answers go over a copy of it that they do not know
    answers = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    return sys.stdin.buffer, answers


def fence(limits: Limits) -> None:
    """Take away what decoding does not need: memory beyond the limit, files, dumps of memory."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows, where only the seconds are limited

    pages = Path("/proc/self/statm")
    taken = int(pages.read_text(encoding="ascii").split()[0]) * resource.getpagesize() if pages.exists() else 0
    if taken:
        resource.setrlimit(resource.RLIMIT_AS, (taken + limits.memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (NOTHING_WRITTEN, NOTHING_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (NOTHING_WRITTEN, NOTHING_WRITTEN))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def allow_seconds(seconds: int) -> None:
    """Give this many seconds of processor from now on; then the system ends the process."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, most))


def receive(source: BinaryIO) -> tuple[str, bytes] | None:
    """Read a question; None at the end of the input."""
    length = source.read(LENGTH)
    if len(length) < LENGTH:
        return None
    head = json.loads(source.read(int.from_bytes(length, "big")))
    return str(head["name"]), source.read(int(head["size"]))


def send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    """Write an answer."""
    answers.write(framed(answer))
    answers.flush()


def framed(head: dict[str, Any]) -> bytes:
    """Return a JSON head with its length before it."""
    text = json.dumps(head).encode()
    return len(text).to_bytes(LENGTH, "big") + text


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
