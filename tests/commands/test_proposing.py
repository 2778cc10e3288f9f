"""``klaswacht thresholds propose``: what people decided, from scores alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.__main__ import app
from bot.findings.decisions import decisions
from bot.findings.facts import FindingState
from bot.school import AgeGroup
from bot.screening.propose import Decision
from bot.storage.engine import database_url, open_database
from bot.storage.migrations import migrate
from bot.storage.tables import finding
from tests.builders import CLASS, CLASS_CHANNEL, OTHER_SCHOOL, PUPIL, SCHOOL, TUESDAY_10, a_school

SCHOOL_FILE = f"""
[school]
name = "De Regenboog"
guild = "{SCHOOL}"
staff_channel = "1100000000000000201"
coordinators = ["user:1100000000000000301"]

[[class]]
name = "{CLASS}"
age_group = "primary"
channels = ["{CLASS_CHANNEL}"]
teachers = ["user:1100000000000000303"]
"""


def a_signal(score: float, source: str = "model") -> dict[str, object]:
    return {"signal": "insult", "score": score, "rule": "F1", "source": source, "reason": "reason.insult.model"}


def a_row(number: int, state: str, *signals: dict[str, object], school: str = SCHOOL) -> dict[str, object]:
    row: dict[str, object] = {"id": number, "school": school, "class_name": CLASS, "channel": CLASS_CHANNEL}
    row |= {"message": str(number), "revision": "", "author": PUPIL, "severity": "alert", "state": state}
    row |= {"signals": list(signals), "url": "", "engine": "model", "recheck": False}
    row |= {"words_sealed": b"not to be opened", "reason_sealed": b"not to be opened"}
    return row | {"said_at": TUESDAY_10, "created_at": TUESDAY_10}


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "school.toml").write_text(SCHOOL_FILE, encoding="utf-8")
    folder = tmp_path / "state"
    folder.mkdir()
    monkeypatch.setenv("KLASWACHT_STATE", str(folder))
    monkeypatch.setenv("KLASWACHT_SCHOOL_FILE", str(tmp_path / "school.toml"))
    monkeypatch.setenv("KLASWACHT_LANGUAGE", "en")
    for name in ("KLASWACHT_KEY", "KLASWACHT_DATABASE_URL", "KLASWACHT_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return folder


def fill(state: Path, rows: list[dict[str, object]]) -> list[Decision]:
    async def write() -> list[Decision]:
        database = open_database(database_url(None, state))
        await migrate(database, state)
        async with database.write() as connection:
            await connection.execute(finding.insert(), rows)
        async with database.read() as connection:
            found = await decisions(connection, {SCHOOL: a_school()})
        await database.close()
        return found

    return asyncio.run(write())


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, ["thresholds", "propose", *words])


def test_only_what_was_decided_about_the_model_s_signals_of_the_school_counts(state: Path) -> None:
    rows = [
        a_row(1, FindingState.CASE, a_signal(0.9), a_signal(0.95, "words")),
        a_row(2, FindingState.DISMISSED, a_signal(0.85)),
        a_row(3, FindingState.OPEN, a_signal(0.99)),
        a_row(4, FindingState.DISMISSED, a_signal(0.88), school=OTHER_SCHOOL),
    ]
    found = fill(state, rows)
    assert [(one.score, one.right) for one in found] == [(0.9, True), (0.85, False)]
    assert {one.age for one in found} == {a_school().classes[0].age_group}


def test_without_decisions_it_says_so(state: Path) -> None:
    del state
    done = typed()
    assert (done.exit_code, "too few" in done.output.lower()) == (0, True)


def test_false_alarms_propose_a_higher_threshold_with_figures_before_and_after(state: Path) -> None:
    right = [a_row(n, FindingState.CASE, a_signal(0.98)) for n in range(1, 21)]
    wrong = [a_row(n, FindingState.DISMISSED, a_signal(0.93)) for n in range(21, 41)]
    fill(state, [*right, *wrong])
    done = typed()
    line = next(line for line in done.stdout.splitlines() if AgeGroup.PRIMARY in line)
    assert done.exit_code == 0
    assert "0.98" in line
    assert "0.500" in line
    assert "1.000" in line


def test_a_school_that_is_not_there_is_told(state: Path) -> None:
    fill(state, [a_row(1, FindingState.CASE, a_signal(0.9))])
    assert typed("--school", OTHER_SCHOOL).exit_code == 2
