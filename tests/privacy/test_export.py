"""Showing one person what is kept: their own words, everybody else masked, nobody betrayed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from bot.privacy.masking import Masker
from bot.settings import data_folder
from bot.storage.tables import audit
from bot.texts import Texts
from tests.builders import PUPIL, SCHOOL, TARGET, TEACHER, Core, a_core, a_school
from tests.privacy.planting import SCHOOL_FACTS, SOMEBODY, planted

TEXTS = Texts.load(data_folder() / "texts")


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        yield made


async def test_it_holds_the_persons_own_words_and_nobody_elses_account(core: Core) -> None:
    privacy = await planted(core)
    made = await privacy.exporter.export(SCHOOL_FACTS, PUPIL, subject="person:x", by="console")
    data = made.as_json()
    assert json.loads(data)["kept"]["class_list"] == [
        {"first_name": "Daan", "last_name": "de Boer", "class_name": "Groep 7b"}
    ]
    assert "gemerkt-geheim-report-what_sealed" in data
    assert [who for who in (TARGET, SOMEBODY, PUPIL) if who in data] == []


async def test_a_report_of_somebody_else_is_not_in_it(core: Core) -> None:
    privacy = await planted(core)
    made = await privacy.exporter.export(SCHOOL_FACTS, TARGET, subject="person:x", by="console")
    assert "report" not in made.tables
    assert {record["author"] for record in made.tables["finding"]} == {"leerling 1", "jij", "iemand anders 1"}


async def test_it_is_noted_in_the_log_without_saying_who(core: Core) -> None:
    privacy = await planted(core, {})
    await privacy.exporter.export(SCHOOL_FACTS, PUPIL, subject=privacy.eraser.subject(SCHOOL, PUPIL), by="console")
    [line] = await core.rows(audit)
    assert [line["verb"], line["subject"][:7], PUPIL in str(line)] == ["privacy_export", "person:", False]


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_text_for_reading_says_what_is_not_in_it(core: Core, language: str) -> None:
    privacy = await planted(core)
    made = await privacy.exporter.export(SCHOOL_FACTS, PUPIL, subject="person:x", by="console", language=language)
    text = made.as_text(TEXTS)
    assert text.count("\n## ") == len(made.tables) + 1
    assert "15" in text.split("\n## ")[-1]


async def test_nothing_kept_gives_nothing(core: Core) -> None:
    privacy = await planted(core, {})
    made = await privacy.exporter.export(SCHOOL_FACTS, SOMEBODY, subject="person:x", by="console")
    assert made.tables == {}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Noor is stom", "leerling 1 is stom"),
        ("NOOR BAKKER en noor", "leerling 1 en leerling 1"),
        ("Noorderlicht en bakkers", "Noorderlicht en bakkers"),
        (f"<@{TARGET}> en <@{PUPIL}>", "<@leerling 1> en <@jij>"),
        ("Daan de Boer zelf", "Daan de Boer zelf"),
        ("bel 06-12345678", "bel 06-12345678"),
    ],
)
def test_names_of_others_are_masked_and_ones_own_is_not(text: str, shown: str) -> None:
    assert Masker(a_school(), PUPIL, TEXTS, "nl").text(text) == shown


def test_the_same_person_has_the_same_mask_everywhere() -> None:
    masker = Masker(a_school(), PUPIL, TEXTS, "nl")
    assert [masker.person(TEACHER), masker.person(TARGET), masker.person(SOMEBODY), masker.text("Noor")] == [
        "iemand anders 1",
        "leerling 1",
        "iemand anders 2",
        "leerling 1",
    ]


def test_a_school_without_a_class_list_masks_accounts_only() -> None:
    assert Masker(a_school(pupils=()), PUPIL, TEXTS, "nl").text("Noor") == "Noor"
