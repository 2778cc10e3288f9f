"""The asyncio front of the child process: one file at a time, a time limit, a fresh child after every failure."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from bot.errors import SetupError
from bot.media.child import LENGTH, framed
from bot.media.config import MediaConfig, read_media_config
from bot.media.facts import MediaFacts, MediaKind
from bot.media.sniff import KINDS, formats, named_kind
from bot.media.tally import unseen
from bot.media.unreadable import Reason, UnreadableError

START_SECONDS = 60.0  # loading the models on a busy machine
WORKED = 0.25  # a child that got less of the processor than this part of its time was kept from working
KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "LANG", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONPATH")
HOME = Path(__file__).resolve().parents[2]


class MediaInspector:
    """Looks at files without ever holding up the event loop.

    Parameters
    ----------
    config_file: ``media.toml``; folder: where ``centerface.onnx`` stands.
    """

    def __init__(self, config_file: Path, folder: Path) -> None:
        self.config: MediaConfig = read_media_config(config_file)
        self._command = (sys.executable, "-P", "-m", "bot.media.child", str(config_file), str(folder))
        self._child: Process | None = None
        self._answered = 0
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Start the child, so that the first file does not wait for the models. Raises ``SetupError``: it won't."""
        async with self._turn:
            await self._ready()

    async def close(self) -> None:
        """End the child."""
        async with self._turn:
            await self._end()

    @property
    def child_pid(self) -> int | None:
        """The process id of the child, for measuring."""
        return self._child.pid if self._child else None

    async def inspect(self, name: str, content: bytes | Path) -> MediaFacts:
        """Return the facts of a file; a file that breaks the child gives facts with an error.

        Raises ``SetupError`` when no child can be started (a model file is missing).
        """
        try:
            read = content if isinstance(content, bytes) else await asyncio.to_thread(self._read, content)
        except UnreadableError as error:
            return unseen(name, named_kind(name) or MediaKind.OTHER, "", error.reason)
        if len(read) > self.config.limits.bytes:
            return await asyncio.to_thread(_unseen, name, read, Reason.TOO_LARGE)
        async with self._turn:
            return await self._asked(name, read)

    def _read(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > self.config.limits.bytes:
                raise UnreadableError(Reason.TOO_LARGE)
            return path.read_bytes()
        except OSError as error:
            raise UnreadableError(Reason.GONE) from error

    async def _asked(self, name: str, content: bytes) -> MediaFacts:
        child = await self._ready()
        wall, began = self.config.limits.wall_seconds, _worked(child)
        try:
            async with asyncio.timeout(wall):
                answer = await _exchange(child, name, content)
            self._answered += 1
            facts = MediaFacts.unpacked(answer)
        except TimeoutError:
            starved = began is not None and (_worked(child) or 0.0) - began < wall * WORKED
            await self._end()
            return await asyncio.to_thread(_unseen, name, content, Reason.BUSY if starved else Reason.TOO_SLOW)
        except (EOFError, OSError, ValueError, KeyError, TypeError):
            await self._end()
            return await asyncio.to_thread(_unseen, name, content, Reason.BROKEN)
        except BaseException:
            await self._end()  # cancelled half-way: the child would answer the next question with this answer
            raise
        if self._answered >= self.config.limits.files_a_child:
            await self._end()
        return replace(facts, file=name)

    async def _ready(self) -> Process:
        if self._child and self._child.returncode is None:
            return self._child
        await self._end()
        kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        kept |= {
            "PYTHONPATH": os.pathsep.join(filter(None, (str(HOME), kept.get("PYTHONPATH")))),
            "OMP_NUM_THREADS": "1",
        }
        kept |= {"MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": "1"}
        child = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=kept)
        self._child, self._answered = child, 0
        try:
            async with asyncio.timeout(START_SECONDS):
                await _answer(child)
        except (EOFError, OSError, TimeoutError, ValueError) as error:
            await self._end()
            raise SetupError("error.media.child") from error
        return child

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            child.kill()
        await child.communicate()


def _worked(child: Process) -> float | None:
    """Return the seconds of processor that a child has had; None where the system does not tell."""
    try:
        fields = Path(f"/proc/{child.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


async def _exchange(child: Process, name: str, content: bytes) -> dict[str, Any]:
    if child.stdin is None:
        raise EOFError
    child.stdin.write(framed({"name": name, "size": len(content)}))
    child.stdin.write(content)
    await child.stdin.drain()
    return await _answer(child)


async def _answer(child: Process) -> dict[str, Any]:
    if child.stdout is None:
        raise EOFError
    length = await child.stdout.readexactly(LENGTH)
    answer: dict[str, Any] = json.loads(await child.stdout.readexactly(int.from_bytes(length, "big")))
    return answer


def _unseen(name: str, content: bytes, reason: Reason) -> MediaFacts:
    known = KINDS[formats(content)[0]]
    kind = named_kind(name) or known if known is MediaKind.OTHER else known
    return unseen(name, kind, hashlib.sha256(content).hexdigest(), reason)
