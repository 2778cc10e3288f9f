"""The retention table: read, a school's own terms, and refused with line and reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import SetupError
from bot.privacy.register import register
from bot.privacy.rules import RULES, read_retention
from bot.settings import data_folder
from bot.texts import Texts
from tests.builders import OTHER_SCHOOL, SCHOOL

TABLE = data_folder() / "retention.toml"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = TABLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "retention.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_shipped_table_names_every_rule_once_in_the_order_of_the_program() -> None:
    assert sorted(read_retention(TABLE).rules) == sorted(RULES)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id = "draft"', 'id = "drafts"', "Input should be"),
        ('id = "draft"', 'id = "seal"', "seal stands twice"),
        ("days = 1\n", "days = 0\n", "greater than or equal to 1"),
        ("days = 1\n", 'days = "soon"\n', "valid integer"),
        ("days = 1\n", "days = 1\nschool_years = 1\n", "either days or school_years"),
        ("days = 8\n", "days = 2\n", "at least 8"),
        ('then = "erase"', 'then = "keep"', "Input should be"),
        ('then = "erase"', 'then = "anonymise"', "only erase is possible"),
        ('ground = "safety"', 'ground = "because"', "[ground.because] is missing"),
        ("school_years = 2\n", "days = 9000\n", "less than or equal to 3650"),
        ('what.nl = "meldingen die niet zijn verstuurd"\n', "", "Field required"),
        ("[register]\n", "[registry]\n", "registry is unknown"),
        ("[[rule]]\n", "[[rule]]\ncolour = 1\n", "Extra inputs"),
    ],
)
def test_a_wrong_table_is_refused_with_line_and_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    with pytest.raises(SetupError) as caught:
        read_retention(changed(tmp_path, old, new))
    problems = caught.value.values["problems"]
    assert reason in problems
    assert "line " in problems


def test_the_named_line_is_the_line_of_the_mistake(tmp_path: Path) -> None:
    path = changed(tmp_path, "days = 8\n", "days = 2\n")
    line = path.read_text(encoding="utf-8").splitlines().index('id = "judged_edit"') + 1
    with pytest.raises(SetupError) as caught:
        read_retention(path)
    assert f"line {line - 1}: [[rule]]" in caught.value.values["problems"]


def test_a_missing_rule_is_named(tmp_path: Path) -> None:
    text = TABLE.read_text(encoding="utf-8")
    start = text.index('[[rule]]\nid = "timer"')
    path = tmp_path / "retention.toml"
    path.write_text(text[:start] + text[text.index("[[rule]]", start + 1) :], encoding="utf-8")
    with pytest.raises(SetupError, match="rule timer is missing"):
        read_retention(path)


def test_no_toml_and_no_file_are_said(tmp_path: Path) -> None:
    (tmp_path / "no.toml").write_text("days =", encoding="utf-8")
    for name in ("no.toml", "none.toml"):
        with pytest.raises(SetupError) as caught:
            read_retention(tmp_path / name)
        assert caught.value.key == "error.privacy.retention"


def test_a_school_has_its_own_term(tmp_path: Path) -> None:
    path = changed(
        tmp_path, "[register]\n", f'[school."{SCHOOL}"]\nfinding_dismissed = 14\ncase_closed = 1\n\n[register]\n'
    )
    rules = read_retention(path)
    assert [rules.of(SCHOOL, "finding_dismissed").days, rules.of(OTHER_SCHOOL, "finding_dismissed").days] == [14, 30]
    assert rules.of(SCHOOL, "case_closed").school_years == 1


@pytest.mark.parametrize(
    ("closed", "until"),
    [
        (datetime(2026, 11, 24, tzinfo=UTC), "2029-08-01"),
        (datetime(2027, 7, 31, 21, 59, tzinfo=UTC), "2029-08-01"),
        (datetime(2027, 7, 31, 22, 1, tzinfo=UTC), "2030-08-01"),  # one minute into August in Amsterdam
        (datetime(2027, 1, 1, tzinfo=UTC), "2029-08-01"),
    ],
)
def test_a_closed_case_stays_two_years_after_its_school_year(closed: datetime, until: str) -> None:
    rule = read_retention(TABLE).rules["case_closed"]
    end = rule.until(closed, AMSTERDAM)
    assert end.isoformat() == f"{until}T00:00:00+02:00"
    assert [rule.before(end, AMSTERDAM) > closed, rule.before(end.replace(month=7, day=31), AMSTERDAM) > closed] == [
        True,
        False,
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_register_has_a_row_for_every_rule(language: str) -> None:
    texts = Texts.load(data_folder() / "texts")
    rules = read_retention(TABLE)
    made = register(rules, SCHOOL, "De Regenboog", texts, language)
    rows = [line for line in made.splitlines() if line.startswith("|")]
    assert [len(rows), {row.count("|") for row in rows}] == [len(RULES) + 2, {6}]
    assert all(rule.what.get(language) in made for rule in rules.rules.values())
