"""The queue before the model: bounded, in batches, with a time limit, and it recovers by itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.screening.model import Scores
from bot.screening.queue import ClassifierQueue

GENEROUS = 30.0


class Gated:
    """Scores only while its gate is open; notes its batches."""

    classes = ("toxicity",)

    def __init__(self) -> None:
        self.gate, self.entered = threading.Event(), threading.Event()
        self.batches: list[list[str]] = []

    def score(self, texts: Sequence[str]) -> list[Scores]:
        self.batches.append(list(texts))
        self.entered.set()
        self.gate.wait(GENEROUS)
        if "break" in texts:
            raise RuntimeError("broken")
        return [{"toxicity": float(len(text))} for text in texts]


def opened(classifier: Gated) -> Gated:
    classifier.gate.set()
    return classifier


async def test_each_text_gets_its_own_scores() -> None:
    queue = ClassifierQueue(opened(Gated()), budget=GENEROUS)
    found = await asyncio.gather(queue.score(["aaa", "b"]), queue.score(["cc"]))
    queue.close()
    assert found == [[{"toxicity": 3.0}, {"toxicity": 1.0}], [{"toxicity": 2.0}]]


async def test_waiting_texts_go_together_the_short_ones_first() -> None:
    gated = Gated()
    queue = ClassifierQueue(gated, budget=GENEROUS)
    first = asyncio.create_task(queue.score(["first"]))
    await asyncio.to_thread(gated.entered.wait, GENEROUS)
    rest = [asyncio.create_task(queue.score([text])) for text in ("ccc", "a", "bb")]
    await asyncio.sleep(0)
    gated.gate.set()
    await asyncio.gather(first, *rest)
    queue.close()
    assert gated.batches == [["first"], ["a", "bb", "ccc"]]


async def test_a_late_model_gives_nothing_and_later_scores_again() -> None:
    gated = Gated()
    queue = ClassifierQueue(gated, budget=GENEROUS)
    assert await queue.score(["a"], within=0.01) is None
    gated.gate.set()
    assert await queue.score(["a"]) == [{"toxicity": 1.0}]
    queue.close()


async def test_a_full_queue_refuses_at_once() -> None:
    gated = Gated()
    queue = ClassifierQueue(gated, budget=GENEROUS, capacity=1)
    first = asyncio.create_task(queue.score(["a"]))
    await asyncio.to_thread(gated.entered.wait, GENEROUS)
    second = asyncio.create_task(queue.score(["b"]))
    await asyncio.sleep(0)
    assert await queue.score(["c"]) is None
    gated.gate.set()
    assert await asyncio.gather(first, second) == [[{"toxicity": 1.0}], [{"toxicity": 1.0}]]
    queue.close()


async def test_one_message_that_breaks_the_model_takes_no_other_along() -> None:
    gated = Gated()
    queue = ClassifierQueue(gated, budget=GENEROUS)
    first = asyncio.create_task(queue.score(["x"]))
    await asyncio.to_thread(gated.entered.wait, GENEROUS)
    tasks = [asyncio.create_task(queue.score([text])) for text in ("break", "fine")]
    await asyncio.sleep(0)
    gated.gate.set()
    await first
    assert await asyncio.gather(*tasks) == [None, [{"toxicity": 4.0}]]
    assert await queue.score(["ok"]) == [{"toxicity": 2.0}]
    queue.close()


async def test_without_a_model_there_are_no_scores() -> None:
    queue = ClassifierQueue(None)
    assert await queue.score(["a"]) is None
    queue.replace(opened(Gated()))
    assert await queue.score(["a"], within=GENEROUS) == [{"toxicity": 1.0}]
    queue.close()


@pytest.mark.parametrize("waiting", [0, 3])
async def test_closing_answers_whoever_waits(waiting: int) -> None:
    gated = Gated()
    queue = ClassifierQueue(gated, budget=GENEROUS)
    first = asyncio.create_task(queue.score(["a"]))
    await asyncio.to_thread(gated.entered.wait, GENEROUS)
    rest = [asyncio.create_task(queue.score(["b"])) for _ in range(waiting)]
    await asyncio.sleep(0)
    gated.gate.set()
    queue.close()
    await first
    assert all(found in (None, [{"toxicity": 1.0}]) for found in await asyncio.gather(*rest))
    assert await queue.score(["c"]) is None
