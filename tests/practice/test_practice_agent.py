"""Both ends of the control channel, over a real socket."""

import asyncio
from datetime import datetime

import pytest

from cogs.practice.agent import ControlAgent
from cogs.practice.server.app import PracticeServer
from cogs.practice.server.control import ControlLostError

pytestmark = pytest.mark.asyncio


class Bot:
    def __init__(self, server: PracticeServer) -> None:
        self.moments: list[datetime] = []
        self.agent = ControlAgent(
            server.environment()["KLASWACHT_CONTROL"],
            set_now=self.moments.append,
            advance_to=self.advance_to,
            status=lambda: {"seq": 7, "busy": 0, "due": 0},
        )

    async def advance_to(self, moment: datetime) -> None:
        if moment.year == 2030:
            msg = "too far"
            raise ValueError(msg)
        self.moments.append(moment)


async def test_the_room_sets_the_clock_and_hears_what_the_bot_does(server: PracticeServer) -> None:
    bot = Bot(server)
    task = asyncio.create_task(bot.agent.run())
    await bot.agent.greeted.wait()
    assert bot.moments[0].date() == server.world.clock.now().date()
    bot.agent.mark_ready()
    await server.control.ready.wait()
    assert (await server.control.status())["seq"] == 7
    later = datetime.fromisoformat("2026-12-01T10:00:00+01:00")
    assert (await server.control.advance(later))["error"] is None
    assert bot.moments[1] == later
    assert "too far" in (await server.control.advance(later.replace(year=2030)))["error"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_agent_comes_back_and_is_still_ready(server: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogs.practice.agent.RETRY_SECONDS", 0.0)
    bot = Bot(server)
    task = asyncio.create_task(bot.agent.run())
    bot.agent.mark_ready()
    await server.control.ready.wait()
    assert server.control._socket is not None
    await server.control._socket.close()
    server.control.forget()
    await server.control.ready.wait()
    assert len(bot.moments) == 2
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_without_a_bot_on_the_line_nothing_is_waited_for(server: PracticeServer) -> None:
    with pytest.raises(ControlLostError):
        await server.control.status()
