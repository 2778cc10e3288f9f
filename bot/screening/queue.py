"""Before the model: one worker thread, a bounded queue, batches by length, a time limit per message.

Who asks gets scores, or None when the model is late, broken or full; then the word lists judge. It recovers by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.screening.model import Classifier, Scores

BUDGET: Final = 1.5
"""Seconds that a message may wait for its scores: the teacher must know within two."""

CAPACITY: Final = 256
"""Messages that may wait; the next one is judged by words."""

TOGETHER: Final = 24
"""Messages scored in one go; more would make the first of them late."""

_LOG: Final = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Job:
    texts: Sequence[str]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[list[Scores] | None]
    given_up: bool = False
    length: int = field(init=False)

    def __post_init__(self) -> None:
        self.length = max(map(len, self.texts), default=0)


class ClassifierQueue:
    """Lets many callers on the event loop ask one classifier in a thread of its own."""

    def __init__(
        self,
        classifier: Classifier | None,
        *,
        budget: float = BUDGET,
        capacity: int = CAPACITY,
        together: int = TOGETHER,
    ) -> None:
        self._classifier = classifier
        self._budget, self._capacity, self._together = budget, capacity, together
        self._waiting: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None
        self.failures = 0

    @property
    def present(self) -> bool:
        """Whether there is a classifier at all."""
        return self._classifier is not None

    @property
    def multilingual(self) -> bool:
        """Whether the classifier also knows languages beside Dutch and English."""
        return bool(getattr(self._classifier, "multilingual", False))

    def replace(self, classifier: Classifier | None) -> None:
        """Use another classifier from the next batch on (a model that was repaired)."""
        self._classifier = classifier

    async def score(self, texts: Sequence[str], *, within: float | None = None) -> list[Scores] | None:
        """Return the scores of each text, or None when they can't be had ``within`` seconds (default: the budget)."""
        if self._classifier is None or self._closed:
            return None
        loop = asyncio.get_running_loop()
        job = _Job(tuple(texts), loop, loop.create_future())
        if not self._put(job):
            return None
        try:
            return await asyncio.wait_for(job.future, self._budget if within is None else within)
        except TimeoutError:
            return None
        finally:
            job.given_up = True

    def close(self) -> None:
        """Stop the worker; whoever waits gets None."""
        with self._changed:
            self._closed = True
            left = list(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
        for job in left:
            _answer(job, None)
        if self._thread:
            self._thread.join(timeout=10)
        if callable(end := getattr(self._classifier, "close", None)):
            end()

    def _put(self, job: _Job) -> bool:
        with self._changed:
            if len(self._waiting) >= self._capacity:
                return False
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="classifier", daemon=True)
                self._thread.start()
            self._changed.notify()
        return True

    def _work(self) -> None:
        while (jobs := self._take()) is not None:
            live = sorted((job for job in jobs if not job.given_up), key=lambda job: job.length)
            if live:
                self._run(live)

    def _take(self) -> list[_Job] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            return [self._waiting.popleft() for _ in range(min(self._together, len(self._waiting)))]

    def _run(self, jobs: list[_Job]) -> None:
        """Score a batch; when it fails, each message by itself, so that one can't take the others along."""
        found = self._try([text for job in jobs for text in job.texts])
        if found is None and len(jobs) > 1:
            for job in jobs:
                _answer(job, self._try(job.texts))
            return
        for job in jobs:
            _answer(job, None if found is None else found[: len(job.texts)])
            found = None if found is None else found[len(job.texts) :]

    def _try(self, texts: Sequence[str]) -> list[Scores] | None:
        classifier: Callable[[Sequence[str]], list[Scores]] | None = (
            self._classifier.score if self._classifier else None
        )
        try:
            found = classifier(texts) if classifier else None
        except Exception as error:  # noqa: BLE001 - whatever a model does, the words judge and the bot lives on
            self.failures += 1
            _LOG.warning("the model failed: %s", type(error).__name__)
            return None
        return found if found is not None and len(found) == len(texts) else None


def _answer(job: _Job, scores: list[Scores] | None) -> None:
    def settle() -> None:
        if not job.future.done():
            job.future.set_result(scores)

    with contextlib.suppress(RuntimeError):  # the loop of whoever asked is closed: nobody waits any more
        job.loop.call_soon_threadsafe(settle)
