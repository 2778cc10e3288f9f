"""Between those who want to know what is in a file and the inspector: nobody waits longer than agreed.

On a busy machine a look may come too late for whoever asked. Then the answer is "busy": not looked at yet. The look
itself goes on, within the limits of one file, and its facts are there for whoever asks again. None is begun twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter, OrderedDict
from dataclasses import replace
from typing import Protocol

from bot.errors import KlaswachtError
from bot.media.facts import MediaFacts, MediaKind
from bot.media.sniff import named_kind
from bot.media.tally import unseen
from bot.media.unreadable import Reason

GOES_ON = 4  # looks at the head of the line that go on when nobody waits for them any more
REMEMBERED = 64  # facts that came too late for whoever asked
LOG = logging.getLogger(__name__)


class Inspects(Protocol):
    """What looks at a file."""

    async def start(self) -> None:
        """Be ready for the first file. Raises ``SetupError``."""
        ...

    async def inspect(self, name: str, content: bytes) -> MediaFacts:
        """Return the facts of a file. Raises ``SetupError``: nothing can be looked at."""
        ...


class Onlooker:
    """Looks at files with patience."""

    def __init__(self, inspector: Inspects) -> None:
        self._inspector = inspector
        self._going: dict[str, asyncio.Task[MediaFacts]] = {}
        self._late: OrderedDict[str, MediaFacts] = OrderedDict()
        self._asking: Counter[str] = Counter()

    @property
    def free(self) -> bool:
        """Whether no look is under way."""
        return not self._going

    async def start(self) -> None:
        """Be ready for the first file. Raises ``SetupError``."""
        await self._inspector.start()

    async def look(self, name: str, content: bytes, patience_s: float) -> MediaFacts:
        """Return the facts of a file; with the error "busy" when nobody could look at it within so many seconds."""
        digest = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
        key = f"{digest}/{name}"  # a name promises what the content must be
        if (known := self._late.pop(key, None)) is not None:
            return known
        task = self._going.get(key) or self._begin(key, name, content)
        self._asking[key] += 1
        try:
            async with asyncio.timeout(patience_s):
                return replace(await asyncio.shield(task), file=name)
        except TimeoutError:
            self._leave(key, task)
        except KlaswachtError as error:
            LOG.error("a file could not be looked at: %s", error.key)  # noqa: TRY400 - a trace may print contents
        finally:
            self._asking[key] -= 1
        return unseen(name, named_kind(name) or MediaKind.OTHER, digest, Reason.BUSY)

    async def close(self) -> None:
        """Give up what is under way."""
        going = list(self._going.values())
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    def _begin(self, key: str, name: str, content: bytes) -> asyncio.Task[MediaFacts]:
        task = asyncio.ensure_future(self._inspector.inspect(name, content))
        self._going[key] = task
        task.add_done_callback(lambda _: self._ended(key))
        return task

    def _ended(self, key: str) -> None:
        self._going.pop(key, None)
        self._asking = Counter({one: count for one, count in self._asking.items() if count})

    def _leave(self, key: str, task: asyncio.Task[MediaFacts]) -> None:
        """Let a look go on without whoever asked; one far back in the line is given up, with the contents it holds."""
        far_back = key in list(self._going)[GOES_ON:]
        if far_back and self._asking[key] == 1:
            task.cancel()
        else:
            task.add_done_callback(lambda _: self._keep(key, task))

    def _keep(self, key: str, task: asyncio.Task[MediaFacts]) -> None:
        if task.cancelled() or task.exception() is not None:
            return
        self._late[key] = task.result()
        while len(self._late) > REMEMBERED:
            self._late.popitem(last=False)
