"""School files, scenarios and sentences: what is wrong is named with its line, before the bot starts."""

import json
import re
from pathlib import Path

import pytest

from cogs.practice.cli import practice
from cogs.practice.errors import SchoolFileError, ScriptError
from cogs.practice.phrases import Phrases
from cogs.practice.places import DATA, DEFAULT_SCHOOL, TEXTS
from cogs.practice.school.loading import load_school
from cogs.practice.stage.script import Script, ScriptLineError
from cogs.practice.world.clock import DEFAULT_START, Clock, Snowflakes, moment_of
from cogs.practice.world.reading import as_shown
from cogs.practice.world.sight import visible_channels
from cogs.practice.world.state import World
from tests.practice.helpers import COORDINATOR, ICT, LOTTE, MODERATOR, NOOR, SECOND_TEACHER, TEACHER

SCHOOL = DEFAULT_SCHOOL.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("[school]\nname", "[school\nname", 5, "school.not_toml"),
        ('guild = "1100000000000000001"', "guild = 11", 7, "school.text_needed"),
        ('guild = "1100000000000000001"', 'guild = "elf"', 7, "school.bad_id"),
        ('moderators = ["role:', 'moderators = ["rol:', 12, "school.bad_ref"),
        ('channels = ["1100000000000000501"]', 'channels = ["1100000000000000599"]', 22, "school.unknown_channel"),
        ('roles = ["coordinator"]', 'roles = ["baas"]', 66, "school.unknown_choice"),
        ('classes = ["Groep 7b"]', 'classes = ["Groep 8"]', 80, "school.unknown_class"),
        ('id = "1100000000000000303"', 'id = "1100000000000000399"', 23, "school.unknown_person"),
        ('kind = "staff"', 'kind = "geheim"', 36, "school.unknown_choice"),
    ],
)
def test_a_wrong_school_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: int, key: str) -> None:
    path = tmp_path / "school.toml"
    path.write_text(SCHOOL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchoolFileError) as caught:
        load_school(path)
    assert (caught.value.line, caught.value.key) == (line, key)
    assert Phrases().explain("nl", caught.value)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("{", "script.not_json"),
        ("[]", "script.not_an_object"),
        ('{"as": "1"}', "script.no_act"),
        ('{"act": "dance"}', "script.unknown_act"),
        ('{"act": "post", "as": "NOOR"}', "script.missing"),
        ('{"act": "post", "channel": "x", "text": "x"}', "script.missing"),
        ('{"act": "dm", "as": "5", "text": "x"}', "script.unknown_person"),
        ('{"act": "dm", "as": "NOOR", "text": 5}', "script.text_needed"),
        ('{"act": "dm", "as": "NOOR", "files": ["weg.png"]}', "script.no_file"),
        ('{"act": "advance", "days": "een"}', "script.number_needed"),
        ('{"act": "fault", "kind": "fire"}', "script.unknown_choice"),
        ('{"act": "fault", "kind": "timeout", "for": "POST /nergens"}', "script.unknown_route"),
        ('{"act": "expect", "as": "NOOR"}', "script.missing"),
        ('{"act": "expect", "as": "NOOR", "sees": "/(/"}', "script.bad_pattern"),
        ('{"act": "expect", "as": "NOOR", "not_sees": "x", "since": "ever"}', "script.unknown_choice"),
        ('{"act": "edit", "as": "NOOR", "message": "m1", "text": "x"}', "script.unknown_message"),
        ('{"act": "together", "acts": [{"act": "dance"}]}', "script.unknown_act"),
    ],
)
def test_a_wrong_scenario_is_refused_with_its_line(tmp_path: Path, line: str, key: str) -> None:
    path = tmp_path / "scenario.jsonl"
    path.write_text('{"act": "settle"}\n\n' + line.replace("NOOR", str(NOOR)), encoding="utf-8")
    with pytest.raises(ScriptLineError) as caught:
        Script(path, load_school(DEFAULT_SCHOOL))
    assert (caught.value.line, caught.value.key) == (3, key)
    assert Phrases().explain("en", caught.value)


def test_an_act_can_be_written_in_two_ways(tmp_path: Path) -> None:
    path = tmp_path / "scenario.jsonl"
    lines = [
        {"act": "post", "as": str(NOOR), "channel": "groep-7b", "text": "x"},
        {"as": str(NOOR), "post": {"channel": "groep-7b", "text": "x"}},
        {"together": [{"as": str(NOOR), "dm": "hoi"}]},
        {"stop": {}},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    first, second, third, fourth = Script(path, load_school(DEFAULT_SCHOOL)).acts
    assert (first.kind, first.person, first.data) == (second.kind, second.person, second.data)
    assert (third.acts[0].kind, third.acts[0].text("text"), fourth.kind) == ("dm", "hoi", "stop")


def test_wrong_files_and_times_give_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = tmp_path / "s.jsonl"
    assert practice(scenario) == 2
    scenario.write_text('{"act": "dance"}', encoding="utf-8")
    assert practice(scenario) == 2
    assert practice(scenario, tmp_path / "geen.toml") == 2
    assert practice(scenario, start="morgen") == 2
    scenario.write_text('{"act": "settle"}', encoding="utf-8")
    assert practice(scenario, transcript=tmp_path / "weg" / "t.jsonl") == 2
    said = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in said] == [
        f"Scenario {scenario}, regel ?",
        f"Scenario {scenario}, regel 1",
        f"Schoolbestand {tmp_path / 'geen.toml'}, regel ?",
        "--start morgen is geen tijdstip zoals 2026-11-24T10",
        f"het verslag {tmp_path / 'weg' / 't.jsonl'} is niet te schrijven",
    ]


def test_a_script_error_is_an_error_of_the_script() -> None:
    assert issubclass(ScriptLineError, ScriptError)


def test_everybody_sees_their_own_channels_only(world: World) -> None:
    def names(person: int) -> list[str]:
        return [channel.name for channel in visible_channels(world, person)]

    everything = ["team", "mededelingen", "groep-7b", "klas-2c", "klas-2c-huiswerk"]
    assert names(NOOR) == ["mededelingen", "groep-7b"]
    assert names(LOTTE) == ["mededelingen", "klas-2c", "klas-2c-huiswerk"]
    assert names(TEACHER) == ["team", "mededelingen", "groep-7b"]
    assert names(SECOND_TEACHER) == names(MODERATOR) == names(COORDINATOR) == names(ICT) == everything


def test_ids_rise_with_the_clock_of_the_school() -> None:
    clock = Clock(DEFAULT_START, elapsed=lambda: 0.0)
    ids = Snowflakes(clock)
    first, second = ids.next(), ids.next()
    clock.jump_to(DEFAULT_START.replace(day=25))
    assert first < second < ids.next()
    assert moment_of(first) == DEFAULT_START
    clock.jump_to(DEFAULT_START)
    assert clock.now() == DEFAULT_START.replace(day=25)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (f"<@{NOOR}> in <#1100000000000000501>", "@Noor Jansen in #groep-7b"),
        ("**Wie:** _Noor_ ~~weg~~ ||geheim||", "Wie: Noor weg geheim"),
        (r"\*niet vet\* snake_case", "*niet vet* snake_case"),
        ("# Kop\n> citaat\n[lees](https://x.nl/a)", "Kop\ncitaat\nlees"),
        ("<t:1796113800:F>", "dinsdag 1 december 2026 09:30"),
        ("</report:12>", "/report"),
    ],
)
def test_text_is_shown_as_the_client_shows_it(world: World, raw: str, shown: str) -> None:
    assert as_shown(world, raw) == shown


def test_every_sentence_is_there_in_both_languages() -> None:
    texts = Phrases()._texts
    for key, pair in texts.items():
        assert set(pair) == {"nl", "en"}, key
        assert set(re.findall(r"{\w+}", pair["nl"])) == set(re.findall(r"{\w+}", pair["en"])), key
    source = "".join(path.read_text(encoding="utf-8") for path in Path("cogs/practice").rglob("*.py"))
    families = "school|script|bot|act|client|settle|expect|referee|practice|play"
    used = set(re.findall(rf'"((?:{families})\.[a-z_]+)"', source))
    others = {key for key in texts if key.startswith(("torture.", "benchmark."))}  # said by the commands of that name
    assert used - {"school.toml"} == set(texts) - others
    assert TEXTS.parent == DATA
