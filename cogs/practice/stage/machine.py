"""Acts of nobody: the clock, the bot process, and faults."""

from datetime import timedelta

from cogs.practice.errors import ScriptError
from cogs.practice.server.faults import Fault
from cogs.practice.stage.script import Act
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage


async def advance(stage: Stage, act: Act) -> None:
    """Let time pass: what becomes due on the way fires in order."""
    await settle(stage)
    stage.mark = len(stage.world.showings)
    step = timedelta(hours=float(act.data.get("hours") or 0), days=float(act.data.get("days") or 0))
    await stage.advance(stage.world.clock.now() + step)
    await settle(stage)


async def stop(stage: Stage, act: Act) -> None:
    """Kill the bot process (kill -9)."""
    del act
    await stage.kill_bot()


async def start(stage: Stage, act: Act) -> None:
    """Start the bot process and wait until it is ready."""
    del act
    await stage.start_bot()


async def restart(stage: Stage, act: Act) -> None:
    """Kill the bot process and start it again."""
    await stop(stage, act)
    await start(stage, act)


async def fault(stage: Stage, act: Act) -> None:
    """Set what goes wrong next, or lift it with 0 times."""
    kind, times = act.text("kind"), int(act.data.get("times", 1))
    route, person = _target(act, stage)
    if kind == "closed_dms":
        people = {person} if person else {item.id for item in stage.world.school.people}
        stage.world.closed_dms = stage.world.closed_dms | people if times else stage.world.closed_dms - people
    elif kind == "drop_socket":
        stage.server.gateway.drop(times)
    elif kind == "invalid_session":
        stage.server.gateway.refuse_resume = times
    elif kind == "reconnect":
        stage.server.gateway.ask_to_reconnect()
    else:
        performed = bool(act.data.get("performed", True))
        stage.server.api.faults.add(Fault(kind, route, person, times, performed))


def _target(act: Act, stage: Stage) -> tuple[str | None, int | None]:
    target = act.text("for").strip()
    if not target:
        return None, None
    if "/" in target:
        return target, None
    person = next((item for item in stage.world.school.people if target in {str(item.id), item.name}), None)
    if person is None:
        raise ScriptError("script.unknown_person", value=target)
    return None, person.id
