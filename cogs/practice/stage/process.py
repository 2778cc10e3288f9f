"""The bot as a process of its own: started, watched, killed without warning."""

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from cogs.practice.errors import BotStartError
from cogs.practice.places import ROOT

KLASWACHT = (sys.executable, "-m", "bot", "run")
UNSET = ("KLASWACHT_DATABASE_URL",)
TAIL_LINES, GRACE_SECONDS = 40, 3.0
LOG_NAME = "practice-bot.log"  # in the state folder, which is temporary unless KLASWACHT_STATE names one


class BotProcess:
    """One bot process at a time."""

    def __init__(self, environment: Mapping[str, str], state: Path, command: Sequence[str] = KLASWACHT) -> None:
        self._environment = dict(environment)
        self._state = state
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._readers: list[asyncio.Task[None]] = []
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self.struck = False

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The number of the process while it lives."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    @property
    def exit_code(self) -> int | None:
        """The exit code of a process that ended by itself; None while it lives or after a kill."""
        return self._process.returncode if self._process is not None else None

    def extend_environment(self, more: Mapping[str, str]) -> None:
        """Add settings for the next start."""
        self._environment |= more

    def tail(self) -> str:
        """Return the last lines that the process wrote to stderr."""
        return "\n".join(self._tail)

    async def start(self) -> None:
        """Start the process; raises BotStartError when there is no such command."""
        self._tail.clear()
        self.struck = False
        self._state.mkdir(parents=True, exist_ok=True)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._state,
                env=self._full_environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise BotStartError("bot.no_command", why=error) from error
        streams = ((self._process.stdout, None), (self._process.stderr, self._tail))
        log = self._state / LOG_NAME
        self._readers = [
            asyncio.create_task(_read(stream, tail, log)) for stream, tail in streams if stream is not None
        ]

    def _full_environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key not in UNSET}
        path = os.pathsep.join(part for part in (str(ROOT), kept.get("PYTHONPATH", "")) if part)
        return {**kept, **self._environment, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}

    def strike(self) -> None:
        """Kill the process this instant; ``kill`` tidies up after it."""
        if self._process is not None and self._process.returncode is None:
            self.struck = True
            _kill_all(self._process)

    async def command(self, *words: str, **environment: str) -> asyncio.subprocess.Process:
        """Start a command of the command line beside the bot, with the bot's own settings."""
        return await asyncio.create_subprocess_exec(
            *self._command[:-1],
            *words,
            cwd=self._state.parent,
            env={**self._full_environment(), **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )

    async def ended(self) -> int:
        """Wait for the process to end; return its exit code."""
        return await self._process.wait() if self._process is not None else 0

    async def kill(self) -> None:
        """End the process at once (kill -9)."""
        await self._end(gently=False)

    async def close(self) -> None:
        """End the process; it may tidy up for a moment."""
        await self._end(gently=True)

    async def _end(self, *, gently: bool) -> None:
        process = self._process
        if process is None:
            return
        if gently and process.returncode is None:
            process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), GRACE_SECONDS)
        _kill_all(process)
        await process.wait()
        await asyncio.wait(self._readers, timeout=GRACE_SECONDS)
        for reader in self._readers:
            reader.cancel()
        self._process = None


def _kill_all(process: asyncio.subprocess.Process) -> None:
    """Kill the process and whatever it started (they share a process group where there is such a thing)."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        elif process.returncode is None:
            process.kill()


async def _read(stream: asyncio.StreamReader, tail: "deque[str] | None", log: Path) -> None:
    rest = ""
    while chunk := await stream.read(65536):
        if tail is not None:
            with log.open("ab") as file:
                file.write(chunk)
            *lines, rest = (rest + chunk.decode("utf-8", "replace")).split("\n")
            tail.extend(line.rstrip() for line in lines)
    if tail is not None and rest:
        tail.append(rest)
