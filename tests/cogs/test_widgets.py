"""Every action has an item, a label in both languages and a handler; custom_ids hold ids and nothing else."""

from __future__ import annotations

import discord
import pytest

from bot.texts import LANGUAGES
from cogs.client import form_handlers, press_handlers
from cogs.forms import form_id, payload_of, read_submission
from cogs.items import ITEMS, Action, Item
from cogs.labels import labels_table
from cogs.pages import Choice, Field, Form, Page
from cogs.widgets import LABEL_LIMIT, Kit, Target, read_target, rows
from tests.cogs.stand_ins import GUILD, TEXTS

NL = Kit(TEXTS, "nl", GUILD)


def test_every_action_has_an_item_and_something_that_answers_it() -> None:
    assert set(ITEMS) == set(Action) == set(press_handlers())
    assert set(form_handlers()) <= set(Action)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_button_of_every_action_fits_the_platform(action: Action, language: str) -> None:
    kit = Kit(TEXTS, language, "9" * 20)
    made = kit.button(action, 2**63 - 1, "a" * 20)
    assert isinstance(made.item, discord.ui.Button)
    assert len(made.custom_id) <= 100
    assert 0 < len(made.item.label or "") <= LABEL_LIMIT


@pytest.mark.parametrize(
    "target",
    [
        Target("take", 7),
        Target("take", 7, (), GUILD),
        Target("check", 2**62, ("S5", "parents_hurt"), GUILD),
    ],
)
def test_a_custom_id_says_again_what_it_was_made_of(target: Target) -> None:
    assert read_target(target.custom_id) == target
    assert ITEMS[Action(target.action)].__discord_ui_compiled_template__.fullmatch(target.custom_id)


@pytest.mark.parametrize(
    "forged",
    ["", "kw", "kw:take", "kw:take:", "kw:take:-1", "kw:take:1e9", "kw:take:" + "9" * 20, "kw:TAKE:1", "kw:take:1:",
     "kw:take:1:a b", "kw:take:١", "take:1", "kw:take:1\n", "kw:take:1:" + "a" * 41, "kw:form:take:1"],
)  # fmt: skip
def test_a_forged_custom_id_names_nothing(forged: str) -> None:
    assert read_target(forged) is None


async def test_rows_hold_five_buttons_and_a_select_stands_alone() -> None:
    buttons = [NL.button(Action.SHOW, number) for number in range(4)]
    made = rows(buttons, [NL.button(Action.TAKE, 9)], *([a_select()] for _ in range(3)))
    assert shape(made) == [4, 1, 1, 1, 1]
    more = [NL.button(Action.TAKE, 9)], [NL.button(Action.TAKE, 8)]
    crowded = rows(buttons, *more, *([a_select()] for _ in range(3)))
    assert shape(crowded) == [5, 1, 1, 1, 1]


def shape(items: tuple[Item, ...]) -> list[int]:
    return [len(row["components"]) for row in Page(items=items).view().to_components()]


def a_select() -> Item:
    return NL.select(Action.CASE_PICK, 0, choices=[Choice("a", "1")])


def test_a_form_carries_its_ids_and_is_read_back_without_memory() -> None:
    target = Target("done", 7, ("S2",), GUILD)
    fields = (
        Field("note", "Notitie " * 20, "long", limit=9000, value="x"),
        Field("file", "Bestand", "file", limit=5),
        Field("who", "Wie", "users", limit=3, value="5 6"),
    )
    payload = payload_of(Form(form_id(target), "Titel" * 20, fields))
    assert payload["custom_id"] == f"kw:form:done:7:S2:g{GUILD}"
    assert len(payload["title"]) == 45
    assert [part["label"][:7] for part in payload["components"]] == ["Notitie", "Bestand", "Wie"]
    assert all(len(part["label"]) <= 45 for part in payload["components"])


def test_a_submission_is_read_whatever_its_nesting() -> None:
    file = {"id": "5", "filename": "a.png", "size": 3, "url": "u"}
    data = {
        "components": [
            {"type": 18, "component": {"type": 4, "custom_id": "note", "value": " hoi "}},
            {"type": 1, "components": [{"type": 4, "custom_id": "reason", "value": "oud"}]},
            {"type": 18, "component": {"type": 19, "custom_id": "file", "values": ["5"]}},
        ],
        "resolved": {"attachments": {"5": file}},
    }
    told = read_submission(data)
    assert (told.text("note"), told.text("reason"), told.text("missing")) == ("hoi", "oud", "")
    assert [found.name for found in told.files] == ["a.png"]


def test_the_table_of_labels_names_every_action_and_field() -> None:
    table = labels_table(TEXTS)
    assert all(f"`kw:{action}:`" in table for action in Action)
    assert "| `take` |" not in table
    assert "Ik pak dit op" in table
    assert "`/melden`" in table
