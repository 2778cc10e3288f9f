"""Plays a scenario from the first line to the last and gives the exit code."""

import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cogs.practice.errors import ActError, ApiError, BotStartError, PracticeError, SchoolFileError, ScriptError
from cogs.practice.phrases import Phrases
from cogs.practice.school.facts import School
from cogs.practice.school.loading import load_school
from cogs.practice.stage.acting import perform
from cogs.practice.stage.process import KLASWACHT
from cogs.practice.stage.script import Act, Script, ScriptLineError, unknown_fields
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import START_SECONDS, Stage, make_stage, open_stage

HELD, FAILED, WRONG, NOT_STARTED = 0, 1, 2, 3
LAST_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play, and where to put what comes of it; ``start_s``: seconds that the bot may take to be ready."""

    scenario: Path
    school: Path
    start: datetime
    transcript: Path | None = None
    state: Path | None = None
    port: int = 0
    command: Sequence[str] = KLASWACHT
    start_s: float = START_SECONDS


async def play(plan: Plan, say: Callable[[str], None] | None = None) -> int:
    """Play a scenario; every problem becomes one sentence for ``say`` and an exit code."""
    tell = say or _to_stderr
    phrases = Phrases()
    school = read_school(plan.school, phrases, tell)
    script = _read_script(plan, school, phrases, tell) if school else None
    if school is None or script is None or not _can_write(plan, school, phrases, tell):
        return WRONG
    made = Path(tempfile.mkdtemp(prefix="klaswacht-")) if plan.state is None else None
    stage = make_stage(school, plan.start, made or plan.state or Path(), port=plan.port, command=plan.command)
    stage.start_s = plan.start_s
    try:
        await open_stage(stage)
        return await _play_all(stage, script, tell)
    finally:
        await stage.close()
        if plan.transcript is not None:
            write_transcript(stage, plan.transcript)
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def _can_write(plan: Plan, school: School, phrases: Phrases, tell: Callable[[str], None]) -> bool:
    """Find out before the play whether the transcript can be kept."""
    try:
        if plan.transcript is not None:
            plan.transcript.write_text("", encoding="utf-8")
    except OSError as error:
        tell(phrases.say(school.language, "practice.no_transcript", path=plan.transcript, why=error.strerror))
        return False
    return True


def _to_stderr(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def read_school(path: Path, phrases: Phrases, tell: Callable[[str], None]) -> School | None:
    """Return the school; None, after a sentence, when the file cannot be used."""
    try:
        return load_school(path)
    except SchoolFileError as error:
        why = phrases.explain("nl", error)
        tell(phrases.say("nl", "school.wrong", path=path, line=error.line or "?", why=why))
        return None


def _read_script(plan: Plan, school: School, phrases: Phrases, tell: Callable[[str], None]) -> Script | None:
    try:
        script = Script(plan.scenario, school)
    except ScriptLineError as error:
        why = phrases.explain(school.language, error)
        line = error.line or "?"
        tell(phrases.say(school.language, "script.wrong", path=plan.scenario, line=line, why=why))
        return None
    for act in script.acts:
        for name in unknown_fields(act):
            tell(phrases.say(school.language, "script.unknown_field", line=act.line, act=act.kind, name=name))
    return script


async def _play_all(stage: Stage, script: Script, tell: Callable[[str], None]) -> int:
    try:
        await stage.start_bot()
    except BotStartError as error:
        tell(stage.phrases.explain(stage.language, error))
        return NOT_STARTED
    for act in script.acts:
        code = await _play_one(stage, act, tell)
        if code != HELD:
            _tell_breaches(stage, tell)
            return code
    code = await _finish(stage, tell)
    return _tell_breaches(stage, tell) or code


async def _finish(stage: Stage, tell: Callable[[str], None]) -> int:
    """Let the last requests come in; a bot that fell over after the last line is a failure too."""
    with contextlib.suppress(ActError):
        await settle(stage, limit=LAST_SECONDS)
    try:
        stage.require_bot()
    except ActError as error:
        tell(stage.phrases.explain(stage.language, error))
        return FAILED
    return HELD


async def _play_one(stage: Stage, act: Act, tell: Callable[[str], None]) -> int:
    try:
        await perform(stage, act)
    except ScriptError as error:
        return _failed(stage, act, error, tell, WRONG)
    except BotStartError as error:
        return _failed(stage, act, error, tell, NOT_STARTED)
    except ActError as error:
        return _failed(stage, act, error, tell, FAILED)
    except ApiError as error:
        return _failed(stage, act, ActError("act.refused", why=error.message), tell, FAILED)
    finally:
        for what in stage.unanswered:
            tell(stage.phrases.say(stage.language, "client.unanswered", line=act.line, what=what))
        stage.unanswered.clear()
    return HELD


def _failed(stage: Stage, act: Act, error: PracticeError, tell: Callable[[str], None], code: int) -> int:
    why = stage.phrases.explain(stage.language, error)
    tell(stage.phrases.say(stage.language, "script.failed", line=act.line, act=act.kind, why=why))
    return code


def _tell_breaches(stage: Stage, tell: Callable[[str], None]) -> int:
    """Say which requests Discord would have refused as malformed."""
    for breach in stage.server.referee.breaches:
        request = f"{breach.method} {breach.path}"
        tell(stage.phrases.say(stage.language, "referee.breach", request=request, where=breach.where, why=breach.why))
    return FAILED if stage.server.referee.breaches else HELD


def write_transcript(stage: Stage, path: Path) -> None:
    """Write one line for each thing that somebody was shown."""
    lines = (json.dumps(line.as_json(), ensure_ascii=False) + "\n" for line in stage.world.showings)
    path.write_text("".join(lines), encoding="utf-8")
