"""``klaswacht benchmark year``: a year of a school in a folder that is thrown away, and how long people wait for it."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.base import cli_language, load_texts
from bot.year.plan import Size, Year

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.core import Core
    from bot.school import School
    from bot.settings import Settings
    from bot.storage.opening import Storage
    from bot.year.measuring import Night
    from cogs.practice.benchmark.facts import Line

GOAL_MS, ALERT_GOAL_MS = 100, 1000
CLASSES, PUPILS, TEACHERS = 20, 25, 30


async def year(size: Size) -> int:
    """Make, measure and print; return the exit code."""
    from cogs.practice.benchmark.tables import printed
    from cogs.practice.phrases import Phrases

    sys.stdout.write(printed(await measured(size), "benchmark.year", Phrases(), cli_language()) + "\n")
    return 0


async def measured(size: Size) -> list[Line]:
    """Make a year in a folder of its own, measure it and return the table."""
    folder = Path(tempfile.mkdtemp(prefix="klaswacht-year-"))
    try:
        return await _measured(folder, size)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _measured(folder: Path, size: Size) -> list[Line]:
    from bot.clock import SystemClock
    from bot.settings import Settings
    from bot.storage.opening import open_storage
    from cogs.practice.school import made

    school = made.write_school(folder / "school.toml", made.Size(CLASSES, PUPILS, TEACHERS))
    settings = Settings(klaswacht_state=folder, klaswacht_school_file=school)
    settings = settings.model_copy(
        update={"klaswacht_database_url": None, "klaswacht_key": None, "klaswacht_key_old": None}
    )
    storage = await open_storage(settings, folder, SystemClock())
    try:
        return await _with(settings, storage, size)
    finally:
        await storage.database.close()


async def _with(settings: Settings, storage: Storage, size: Size) -> list[Line]:
    from bot.clock import Busy
    from bot.compose import build
    from bot.core import Ports
    from bot.schoolbook import SchoolBook
    from bot.schoolfiles import texts_of
    from bot.year.filling import fill
    from bot.year.standins import NoPlatform

    platform, book = NoPlatform(), SchoolBook()
    ports = Ports(platform, platform, platform, platform, lambda moment: str(int(moment.timestamp())))
    core = await build(settings, storage, texts=texts_of(settings), book=book, ports=ports, busy=Busy())
    try:
        school = next(iter(book.current().all.values()))
        began = time.perf_counter()
        counts = await fill(storage.database, storage.vault, _year(school, storage, size))
        filled = time.perf_counter() - began
        return [*_made(counts, size, filled), *await _asked(core, storage, settings)]
    finally:
        await core.close()


def _year(school: School, storage: Storage, size: Size) -> Year:
    from cogs.practice.school import made

    pupils = tuple(str(made.FIRST_PUPIL + number) for number in range(CLASSES * PUPILS))
    staff = tuple(str(made.FIRST_TEACHER + number) for number in range(TEACHERS))
    return Year(school, storage.clock.now(), size, pupils, staff)


def _made(counts: Mapping[str, int], size: Size, seconds: float) -> list[Line]:
    from cogs.practice.benchmark.facts import Line

    about = f"{size.screened} / {counts['finding']} / {counts['case']}"
    rows = f"{sum(counts.values())} ({seconds:.0f} s)"
    return [Line("benchmark.year.size", about), Line("benchmark.year.rows", rows)]


async def _asked(core: Core, storage: Storage, settings: Settings) -> list[Line]:
    from bot.year.measuring import WRITES, Asked
    from cogs.practice.benchmark.facts import Line, percentile
    from cogs.practice.benchmark.tables import P95, spread, times

    school = next(iter(core.book.current().all.values()))
    actor = await core.people.actor(school.guild, school.coordinators[0].removeprefix("user:"))
    found = await Asked(core, storage, actor, load_texts()).times()
    bare = {name: found.pop(name) for name in ("bare", "bare_write")}
    sticks = {name: percentile(bare["bare_write" if name in WRITES else "bare"], P95) for name in found}
    lines = [
        Line(f"benchmark.year.{name}", spread(took), f"< {GOAL_MS} ms", times(percentile(took, P95), sticks[name]))
        for name, took in found.items()
    ]
    yardsticks = [Line(f"benchmark.year.{name}", spread(took)) for name, took in bare.items()]
    return [*lines, *yardsticks, *await _nights(storage, settings, school)]


async def _nights(storage: Storage, settings: Settings, school: School) -> list[Line]:
    """Measure the first night, which has a year to erase, and the one after it, as all others are."""
    from bot.privacy.erased import ErasureList
    from bot.privacy.retention import Retention
    from bot.privacy.rules import read_retention
    from bot.settings import data_file
    from bot.year.measuring import night

    clock = Later(storage.clock)
    retention = Retention(
        database=storage.database,
        vault=storage.vault,
        clock=clock,
        rules=read_retention(data_file(settings, "retention.toml")),
        files=storage.files,
        erased=ErasureList(state=storage.state, vault=storage.vault),
        state=storage.state,
    )
    first = await night(retention, storage.database, school)
    clock.later = timedelta(days=1)
    return [*_night("first", first), *_night("next", await night(retention, storage.database, school))]


def _night(which: str, found: Night) -> list[Line]:
    from cogs.practice.benchmark.facts import Line

    return [
        Line(f"benchmark.year.{which}_night", f"{found.seconds:.1f} s ({found.rows})"),
        Line(f"benchmark.year.{which}_waited", f"{found.waited_s * 1000:.0f} ms", f"< {ALERT_GOAL_MS} ms"),
    ]


class Later:
    """A clock that is ahead of another."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.later = timedelta()

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return self._clock.now() + self.later
