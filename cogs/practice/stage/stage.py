"""The stage: the world, its server and the bot process together, and the names that a scenario gives to things."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiohttp import web

from cogs.practice.errors import ActError, BotStartError
from cogs.practice.phrases import Phrases
from cogs.practice.school.facts import School
from cogs.practice.server.app import PracticeServer
from cogs.practice.server.control import ControlLostError
from cogs.practice.stage.process import KLASWACHT, BotProcess
from cogs.practice.world.clock import Clock
from cogs.practice.world.records import Channel, Member, Message
from cogs.practice.world.seeding import build
from cogs.practice.world.state import World

START_SECONDS, ADVANCE_SECONDS = 30.0, 120.0


@dataclass(slots=True)
class Stage:
    """Everything a scenario or the page plays on."""

    world: World
    server: PracticeServer
    process: BotProcess
    phrases: Phrases
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, Channel] = field(default_factory=dict)
    mark: int = 0
    expects_bot: bool = False
    unanswered: list[str] = field(default_factory=list)
    start_s: float = START_SECONDS

    @property
    def language(self) -> str:
        """The language of the school, for sentences about it."""
        return self.world.school.language

    def member(self, person_id: int) -> Member:
        """Return a person as member of the server."""
        return self.world.members[person_id]

    def name(self, person_id: int) -> str:
        """Return a person for a sentence."""
        return f"{self.world.members[person_id].user.display} ({person_id})"

    async def start_bot(self) -> None:
        """Start the bot and wait until it is ready; raises BotStartError with the end of its stderr."""
        if self.process.running:
            return
        await self.process.start()
        self.expects_bot = True
        ready = asyncio.create_task(self.server.control.ready.wait())
        ended = asyncio.create_task(self.process.ended())
        started = time.monotonic()
        await asyncio.wait({ready, ended}, timeout=self.start_s, return_when=asyncio.FIRST_COMPLETED)
        is_ready = ready.done()
        for task in (ready, ended):
            task.cancel()
        if is_ready:
            return
        code = self.process.exit_code
        await self.kill_bot()
        seconds = round(time.monotonic() - started)
        if code is not None:
            raise BotStartError("bot.ended", code=code, tail=self.process.tail())
        raise BotStartError("bot.not_ready", seconds=seconds, tail=self.process.tail())

    async def kill_bot(self) -> None:
        """End the bot process at once, as a power cut would."""
        self.expects_bot = False
        await self.process.kill()
        self.server.gateway.forget()
        self.server.control.forget()

    async def advance(self, moment: datetime) -> None:
        """Move the school's clock, and the bot's with it."""
        self.world.clock.jump_to(moment)
        self.world.changed.ring()
        if not self.process.running:
            self.require_bot()
            return
        try:
            answer = await asyncio.wait_for(self.server.control.advance(moment), ADVANCE_SECONDS)
        except (ControlLostError, TimeoutError) as error:
            raise ActError("bot.lost", tail=self.process.tail()) from error
        if answer.get("error"):
            raise ActError("bot.advance_failed", why=answer["error"])

    def require_bot(self) -> None:
        """Raise when the bot should be running but ended by itself."""
        if self.expects_bot and not self.process.running:
            raise ActError("bot.died", code=self.process.exit_code, tail=self.process.tail())

    async def close(self) -> None:
        """End the bot and the server."""
        self.expects_bot = False
        await self.process.close()
        await self.server.stop()


def make_stage(
    school: School,
    start: datetime,
    state: Path,
    *,
    port: int = 0,
    command: Sequence[str] = KLASWACHT,
    neighbours: Sequence[School] = (),
) -> Stage:
    """Return a stage for a school; the server is not open yet and the bot not started.

    ``neighbours``: other schools that the same bot serves; their files stand in the folder of the first.
    """
    world = build(school, Clock(start))
    for other in neighbours:
        build(other, world.clock, world)
    server = PracticeServer(world, port=port)
    source = school.source.resolve()
    environment = {
        "KLASWACHT_SCHOOL_FILE": str(source.parent if neighbours else source),
        "KLASWACHT_STATE": str(state),
    }
    return Stage(world, server, BotProcess(environment, state, command), Phrases())


async def open_stage(stage: Stage, extra: Iterable[web.AbstractRouteDef] = ()) -> None:
    """Open the server's port (with the routes of the page) and hand its addresses to the bot's environment."""
    await stage.server.start(extra)
    stage.process.extend_environment(stage.server.environment())
