"""Two schools with one bot: each hears its own alerts only, live and after a kill, and the table is whole."""

from __future__ import annotations

import re

from bot.commands.schools import measured
from cogs.practice.benchmark import tables
from cogs.practice.phrases import Phrases


def test_two_schools_give_a_whole_table_and_stay_strangers() -> None:
    lines = measured(2, 2)
    found = {line.key.removeprefix("benchmark.").removeprefix("schools."): line.value for line in lines}
    assert [found[name] for name in ("size", "untold", "strayed")] == ["2 / 4", "0", "0"]
    assert all(re.fullmatch(r"\d+\.\d s", found[name]) for name in ("start", "quiet", "again"))
    assert re.fullmatch(r"\d+( / \d+){3} ms \(n=2\)", found["alert"])
    table = tables.printed(lines, "benchmark.schools", Phrases(), "nl").splitlines()
    assert len(table) == len(lines) + 2
