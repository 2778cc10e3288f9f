"""Thresholds: which score asks a person to look; a wrong file is refused with line and reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.school import AgeGroup
from bot.screening.thresholds import Steps, ThresholdFileError, read_thresholds
from bot.screening.verdict import Severity
from tests.screening.conftest import DATA

SHIPPED = (DATA / "thresholds.toml").read_text(encoding="utf-8")


def changed(folder: Path, old: str, new: str) -> Path:
    assert old in SHIPPED
    path = folder / "thresholds.toml"
    path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    return path


def test_steps_rise_from_quiet_to_urgent() -> None:
    steps = Steps(notice=0.2, alert=0.5, urgent=0.9)
    assert [steps.severity(score) for score in (0.1, 0.2, 0.5, 0.9)] == list(Severity)


def test_a_step_left_out_is_never_reached() -> None:
    assert Steps(alert=0.5).severity(1.0) is Severity.ALERT


def test_an_age_group_changes_only_what_it_names(tmp_path: Path) -> None:
    (whole,) = re.findall(r"\[primary\.threat\]\n(?:\w+ = .*\n)+", SHIPPED)
    path = changed(tmp_path, whole, "[primary.threat]\nurgent = 0.99\n")
    found = read_thresholds(path)
    assert found.steps("threat", AgeGroup.PRIMARY).urgent == 0.99
    assert found.steps("threat", AgeGroup.PRIMARY).alert == found.file.model["threat"].alert


def test_a_pattern_that_is_not_named_is_quiet() -> None:
    assert read_thresholds(DATA / "thresholds.toml").pattern("nothing") is Severity.QUIET


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("alone = 0.9", "alone = 9", "alone"),
        ("[words.insult]\nnotice = 0.45", "[words.insult]\nnotice = 0.99", "must rise"),
        ("[patterns]", "[patterns]\nphone2 = 'loud'", "phone2"),
        ("[words.crisis]", "[words.sadness]", "sadness"),
        ("[patterns]", "[extra]\n[patterns]", "extra"),
        ("alone = 0.9", "alone = ", "line"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_reason(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(ThresholdFileError) as caught:
        read_thresholds(changed(tmp_path, old, new))
    assert told in caught.value.values["problems"]
    assert "line" in caught.value.values["problems"]


def test_the_line_is_the_right_one(tmp_path: Path) -> None:
    path = changed(tmp_path, "alone = 0.9", "alone = 9")
    line = path.read_text(encoding="utf-8").splitlines().index("alone = 9") + 1
    with pytest.raises(ThresholdFileError) as caught:
        read_thresholds(path)
    assert caught.value.values["problems"].startswith(f"line {line}: alone")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ThresholdFileError):
        read_thresholds(tmp_path / "thresholds.toml")
