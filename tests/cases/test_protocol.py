"""The protocol file: read, and refused with line and reason."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.cases.protocol import read_protocol, read_protocols
from bot.errors import ProtocolFileError
from tests.desks import PROTOCOLS, ROOT, TEXTS

DEFAULT = ROOT / "data" / "protocol" / "default.toml"


def changed(folder: Path, old: str, new: str) -> tuple[Path, int]:
    """A school's copy with one change, and the line of that change."""
    source = DEFAULT.read_text(encoding="utf-8")
    assert old in source
    path = folder / "default.toml"
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    return path, source[: source.index(old)].count("\n") + 1


def test_the_shipped_protocol_has_the_eight_steps_and_the_exact_references() -> None:
    protocol = PROTOCOLS.of("any")
    assert [step.id for step in protocol.steps] == [f"S{number}" for number in range(1, 9)]
    assert list(protocol.forms) == [f"F{number}" for number in range(1, 7)]
    letters = next(step for step in protocol.steps if "letters" in step.tools)
    values = [protocol.references[key].value for key in letters.references]
    assert values == ["0800-5010", "www.mijnkindonline.nl", "www.meldknop.nl"]
    assert [mark.key for mark in letters.checks] == ["parents_hurt", "parents_did"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('next = "S3"', 'next = "S33"', "unknown step S33"),
        ('next = "S5"', 'next = "S6"', "no step leads to S5"),
        ('needs = ["evidence"]', 'needs = ["bewijs"]', "unknown check bewijs"),
        ('references = ["kindertelefoon", "meldknop"]', 'references = ["x"]', "unknown reference x"),
        ("followups = [7, 21]", "followups = [21, 7]", "days must go up"),
        ('date = "required"', 'date = "soms"', "step.date"),
        ('kind = "phone"', 'kind = "fax"', "references.ouders5010.kind"),
        ('title = "Talk with the pupil who was bullied"', 'title = ""', "step.en.title"),
        ('goal = "The child knows', 'doel = "The child knows', "step.en"),
        ("checked = 2026-11-22", 'checked = "ooit"', "checked"),
    ],
)
def test_a_wrong_protocol_is_refused_with_line_and_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    path, line = changed(tmp_path, old, new)
    with pytest.raises(ProtocolFileError) as told:
        read_protocol(path)
    problems = told.value.values["problems"]
    assert reason in problems
    lines = [int(number) for number in re.findall(r"line (\d+): ", problems)]
    at = DEFAULT.read_text(encoding="utf-8").splitlines().index('id = "S5"') + 1 if "leads to S5" in reason else line
    assert at in lines
    assert told.value.values["file"] == "default.toml"
    assert TEXTS.get(told.value.key, "nl", **told.value.values)


def test_a_missing_language_is_refused(tmp_path: Path) -> None:
    path, _ = changed(tmp_path, "[step.en]", "[step.fr]")
    with pytest.raises(ProtocolFileError) as told:
        read_protocol(path)
    assert "step.en: Field required" in told.value.values["problems"]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    source = DEFAULT.read_text(encoding="utf-8")
    source = source.replace('next = "S3"', 'next = "S33"').replace("followups = [7, 21]", "followups = [3, 1]")
    path = tmp_path / "default.toml"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(ProtocolFileError) as told:
        read_protocol(path)
    assert {"S33", "days must go up"} <= {word for word in ("S33", "days must go up") if word in str(told.value)}


def test_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "default.toml"
    path.write_text("[[step]\n", encoding="utf-8")
    with pytest.raises(ProtocolFileError, match="line 1"):
        read_protocol(path)


def test_a_school_has_its_own_protocol_beside_the_default(tmp_path: Path) -> None:
    (tmp_path / "42.toml").write_text(DEFAULT.read_text().replace("[7, 21]", "[3]"), encoding="utf-8")
    protocols = read_protocols(DEFAULT.parent, tmp_path)
    assert protocols.of("42").at("S7").followups == (3,)
    assert protocols.of("43").at("S7").followups == (7, 21)
    assert protocols.of("42").hash != protocols.of("43").hash


def test_a_folder_without_a_default_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProtocolFileError):
        read_protocols(tmp_path)


def test_references_go_stale_after_a_year() -> None:
    protocol = PROTOCOLS.of("any")
    assert protocol.stale_references(date(2027, 11, 1)) == ()
    assert set(protocol.stale_references(date(2027, 11, 24))) == set(protocol.references)


def test_the_words_fit_a_card() -> None:
    for step in PROTOCOLS.of("any").steps:
        for words in (step.nl, step.en):
            assert sum(map(len, (words.title, words.goal, *words.say, *words.tips))) < 3000
            assert len(words.title) <= 60
            assert max(map(len, words.say)) <= 200


@pytest.mark.parametrize("word", ["dader", "slachtoffer", "pester", "aanklacht", "offender", "victim", "culprit"])
def test_no_hard_words(word: str) -> None:
    spoken = [line for line in DEFAULT.read_text().splitlines() if not line.startswith("#")]
    assert not re.search(rf"\b{word}", "\n".join(spoken).lower())
