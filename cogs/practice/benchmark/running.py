"""One run of the benchmark: the bot started, traffic written, everything settled; then what arrived when."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from cogs.practice.benchmark.facts import Arrived, Outcome, Plan, Seen
from cogs.practice.benchmark.traffic import Traffic
from cogs.practice.benchmark.watching import Watcher
from cogs.practice.school.loading import load_school
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.torture.facts import Kept
from cogs.practice.torture.phrasebook import Flagged, phrasebook
from cogs.practice.world.clock import DEFAULT_START, moment_of

READY_S, SETTLE_S = 120.0, 300.0
LOOK_AGAIN = timedelta(minutes=5)  # the model has looked again at what the words alone judged
FIRST_CARDS = frozenset({"alert", "crisis"})
ReadKept = Callable[[Path, datetime], Awaitable[Kept]]


async def measure(plan: Plan, flagged: Flagged, read_kept: ReadKept) -> Outcome:
    """Run a plan. Raises ``BotStartError`` and ``ActError``."""
    school = load_school(plan.school)
    book = await phrasebook(school, flagged)
    stage, seen = make_stage(school, DEFAULT_START, plan.state), Seen()
    try:
        await open_stage(stage)
        await stage.start_bot()
        stage.world.school = replace(school, people=())  # nobody looks at a screen: the server keeps no record of it
        seen.memory_before_mb = float((await stage.server.control.status()).get("memory_mb", 0))
        await _traffic(stage, Traffic(stage, school, plan, book, seen), plan, seen)
        await settle(stage, limit=SETTLE_S)
        await stage.advance(stage.world.clock.now() + LOOK_AGAIN)
        await settle(stage, limit=SETTLE_S)
        quiet_at = stage.world.clock.now()
    finally:
        await stage.close()
    kept = await read_kept(plan.state, quiet_at)
    return Outcome(seen, _arrived(stage, kept, seen), kept)


async def _traffic(stage: Stage, traffic: Traffic, plan: Plan, seen: Seen) -> None:
    watcher = Watcher(stage, seen)
    watching = asyncio.create_task(watcher.run())
    began = time.monotonic()
    try:
        for phase in plan.phases:
            if phase.until_quiet:
                watcher.caught_up.clear()
            phase_began = time.monotonic()
            await traffic.phase(phase, watcher.caught_up)
            if phase.until_quiet and watcher.caught_up.is_set():
                seen.behind_s = time.monotonic() - phase_began
        seen.written_s = time.monotonic() - began
        await settle(stage, limit=SETTLE_S)
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


def _arrived(stage: Stage, kept: Kept, seen: Seen) -> Arrived:
    """Put every request about an alert beside the message that it is about; both ids hold their moment."""
    about: dict[int, int] = {}
    for message, alert in kept.findings:
        if alert is not None and message.isdecimal() and int(message) in seen.bad:
            about[alert] = min(int(message), about.get(alert, int(message)))
    nonces = {
        int(message.nonce): message.id
        for channel in stage.world.channels.values()
        for message in channel.messages.values()
        if message.nonce is not None
    }
    first: dict[int, float] = {}
    every = []
    for row in kept.rows:
        source, card = about.get(row.subject), nonces.get(row.id)
        if row.kind in FIRST_CARDS and source is not None and card is not None:
            took = (moment_of(card) - moment_of(source)).total_seconds() * 1000
            every.append(took)
            first[source] = min(took, first.get(source, took))
    return Arrived(first, every)
