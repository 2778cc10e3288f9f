"""``klaswacht practice``: opens the practice room with its page, or plays a scenario without it.

Usage: ``klaswacht practice [--scenario F] [--school F] [--transcript F] [--start ISO] [--port N]``
"""

import asyncio
import contextlib
import os
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cogs.practice.errors import BotStartError
from cogs.practice.phrases import Phrases
from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.play import PlayRoom
from cogs.practice.stage.process import KLASWACHT
from cogs.practice.stage.runner import NOT_STARTED, WRONG, Plan, play, read_school, write_transcript
from cogs.practice.stage.stage import START_SECONDS, Stage, make_stage, open_stage
from cogs.practice.world.clock import DEFAULT_START


def practice(
    scenario: Path | None = None,
    school: Path | None = None,
    transcript: Path | None = None,
    start: str | None = None,
    port: int = 0,
    *,
    open_browser: bool = False,
    command: Sequence[str] = KLASWACHT,
    start_s: float = START_SECONDS,
) -> int:
    """Open the practice room, or play ``scenario``; return the exit code (0 to 3, see the runner)."""
    phrases = Phrases()
    try:
        moment = _moment(start)
    except ValueError:
        _tell(phrases.say("nl", "practice.bad_start", value=start))
        return WRONG
    state = Path(os.environ["KLASWACHT_STATE"]).expanduser().resolve() if os.environ.get("KLASWACHT_STATE") else None
    plan = Plan(scenario or Path(), school or DEFAULT_SCHOOL, moment, transcript, state, port, command, start_s)
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(play(plan) if scenario else _open(plan, phrases, open_browser=open_browser))
    return 0


def _moment(start: str | None) -> datetime:
    """Return the start; a time without zone is the school's."""
    if start is None:
        return DEFAULT_START
    moment = datetime.fromisoformat(start)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/Amsterdam"))


def _tell(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


async def _open(plan: Plan, phrases: Phrases, *, open_browser: bool) -> int:
    school = read_school(plan.school, phrases, _tell)
    if school is None:
        return WRONG
    with tempfile.TemporaryDirectory(prefix="klaswacht-") as made:
        stage = make_stage(school, plan.start, plan.state or Path(made) / "state", port=plan.port, command=plan.command)
        room = PlayRoom(stage, Path(made) / "uploads")
        try:
            await open_stage(stage, room.routes())
            return await _serve(stage, open_browser=open_browser)
        except OSError as error:
            _tell(phrases.say(school.language, "practice.port_taken", port=plan.port, why=error.strerror))
            return NOT_STARTED
        finally:
            await stage.close()
            if plan.transcript is not None:
                write_transcript(stage, plan.transcript)


async def _serve(stage: Stage, *, open_browser: bool) -> int:
    """Say where the page is, start the bot, and stay until Ctrl+C."""
    url = f"{stage.server.base}/?key={stage.server.key}"
    try:
        await stage.start_bot()
    except BotStartError as error:
        _tell(stage.phrases.explain(stage.language, error))
        return NOT_STARTED
    sys.stdout.write(stage.phrases.say(stage.language, "practice.open", url=url) + "\n")
    sys.stdout.flush()
    if open_browser:
        webbrowser.open(url)
    await asyncio.Event().wait()
    return 0
