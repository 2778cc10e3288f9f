"""What is counted for ICT: no names, no texts."""

from __future__ import annotations

from datetime import timedelta

from bot.status import status
from tests.builders import a_core, a_verdict


async def test_counts_hold_no_names_and_no_texts() -> None:
    async with a_core() as core:
        await core.say("stomme koe", a_verdict())
        counted = await status(core.database, core.clock.now() + timedelta(hours=1))
        assert (counted.findings, counted.alerts, counted.outbox) == ({"open": 1}, {"open": 1}, {"sent": 2})
        assert (counted.evidence, counted.timers, counted.recheck, counted.oldest_waiting) == (1, 1, 0, None)
