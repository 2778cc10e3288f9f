"""The pace of requests that nobody waits for."""

from __future__ import annotations

from cogs.pace import Pace


class Hand:
    """A clock that only goes on by itself when somebody pauses."""

    def __init__(self) -> None:
        self.at = 100.0
        self.pauses: list[float] = []

    def now(self) -> float:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 3))
        self.at += seconds


async def test_turns_lie_apart_and_the_first_does_not_wait() -> None:
    hand = Hand()
    pace = Pace(10, now=hand.now, pause=hand.pause)
    for _ in range(3):
        await pace.turn()
    assert hand.pauses == [0.1, 0.1]


async def test_a_quiet_while_is_not_saved_up() -> None:
    hand = Hand()
    pace = Pace(10, now=hand.now, pause=hand.pause)
    await pace.turn()
    hand.at += 60
    for _ in range(2):
        await pace.turn()
    assert hand.pauses == [0.1]
