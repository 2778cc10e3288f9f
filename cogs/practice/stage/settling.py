"""Waiting until all is quiet: the last event handled, nothing busy, nothing due, no request open."""

import asyncio
import time

from cogs.practice.errors import ActError
from cogs.practice.server.control import ControlLostError
from cogs.practice.stage.script import Act
from cogs.practice.stage.stage import Stage
from cogs.practice.world.records import Phase

LIMIT_SECONDS, STABLE_SECONDS, POLL_SECONDS = 30.0, 0.1, 0.03


async def settle(stage: Stage, act: Act | None = None, *, limit: float = LIMIT_SECONDS) -> None:
    """Return when everything was quiet in two polls; raise after ``limit`` seconds with what was still going on."""
    del act
    stage.require_bot()
    if not stage.process.running:
        return
    deadline = time.monotonic() + limit
    quiet_since: float | None = None
    before: tuple[int, int] = (-1, -1)
    while True:
        noises = await _noises(stage)
        now, seen = time.monotonic(), (stage.server.gateway.sequence, stage.server.api.count)
        if noises:
            quiet_since = None
        elif quiet_since is None or seen != before:
            quiet_since = now
        elif now - quiet_since >= STABLE_SECONDS:
            return
        before = seen
        if now > deadline:
            raise ActError("settle.not_quiet", seconds=round(limit), noises="; ".join(noises) or "-")
        await asyncio.sleep(POLL_SECONDS if noises else STABLE_SECONDS)


async def _noises(stage: Stage) -> list[str]:
    """Return what is still going on."""
    stage.require_bot()
    server = stage.server
    try:
        status = await asyncio.wait_for(server.control.status(), 5.0)
    except (ControlLostError, TimeoutError):
        await asyncio.sleep(POLL_SECONDS)
        return ["control line"]
    noises = [] if server.gateway.connected and not server.gateway.drops else ["gateway connection"]
    if int(status.get("seq") or 0) < server.gateway.sequence:
        noises.append(f"event {status.get('seq')} of {server.gateway.sequence}")
    noises += [f"{name} {status[name]}" for name in ("busy", "due") if status.get(name)]
    noises += [f"request {request}" for request in server.api.open_requests.values()]
    waiting = [item for item in stage.world.interactions.values() if item.phase is Phase.WAITING]
    return [*noises, *(f"interaction of {item.user.display}" for item in waiting if time.monotonic() < item.deadline)]
