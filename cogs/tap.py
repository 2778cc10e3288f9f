"""The tap on the gateway: every event passes here, so that none can stop the bot and none is forgotten when settling.

Messages are taken as raw payloads (``cogs.translate`` reads them as it reads pages of history) and do not reach the
library, which would keep quiet ones in memory. Everything else goes on to the library's own parsers, guarded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, MutableMapping, Sequence
from functools import partial
from typing import Any

from bot.clock import Busy
from cogs.loose import fill_in

Taker = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
Parser = Callable[[Any], None]
_LOG = logging.getLogger(__name__)


class Tap:
    """Guards the parsers of a connection.

    Parameters
    ----------
    takers: tables of what handles the payload of an event, by its name, beside or instead of the library.
    alone: the names of events that the library does not get.
    unreadable: told of an event that could not be read.
    """

    def __init__(
        self,
        busy: Busy,
        takers: Sequence[Mapping[str, Taker]],
        alone: frozenset[str],
        unreadable: Callable[[str, Any], Coroutine[Any, Any, None]],
    ) -> None:
        self._busy = busy
        self._takers = takers
        self._alone = alone
        self._unreadable = unreadable
        self._tasks: set[asyncio.Task[None]] = set()
        self._fresh = 0
        self._closed = False

    def fit(self, parsers: MutableMapping[str, Parser]) -> None:
        """Put this tap before all parsers."""
        for name, parser in list(parsers.items()):
            parsers[name] = partial(self._take, name, parser)

    @property
    def quiet(self) -> bool:
        """Whether all that came in is handled, as far as this tap started it."""
        return self._fresh == 0 and not self._tasks

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something in the background; what goes wrong is logged, never lost silently."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # one that was stopped before its first step was never awaited
        return task

    async def close(self) -> None:
        """Stop what is under way, and take nothing in any more."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, name: str, parser: Parser, data: Any) -> None:
        if self._closed:
            return
        self._fresh += 1
        try:
            fill_in(name, data)
            if name not in self._alone:
                parser(data)
        except Exception:  # noqa: BLE001 - the bot lives on and the log says so
            _LOG.exception("an event could not be read", extra={"kind": name})
            self.start(self._unreadable(name, data))
        finally:
            # Tasks that the parser made take their first step before this call: then they count as busy themselves.
            asyncio.get_running_loop().call_soon(self._aged)
        for takers in self._takers if isinstance(data, dict) else ():
            if name in takers:
                self.start(takers[name](data))

    def _aged(self) -> None:
        self._fresh -= 1

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        with self._busy:
            try:
                await work
            except Exception:  # noqa: BLE001 - the bot lives on and the log says so
                _LOG.exception("an event could not be handled")
