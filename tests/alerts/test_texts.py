"""Every refusal has its words."""

from __future__ import annotations

from pathlib import Path

from bot.people import Verb
from bot.texts import Texts

TEXTS = Texts.load(Path(__file__).parents[2] / "data" / "texts")


def test_every_verb_has_a_refusal_in_words() -> None:
    assert [verb for verb in Verb if not TEXTS.has(f"error.rights.{verb.value}")] == []
