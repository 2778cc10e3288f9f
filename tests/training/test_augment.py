"""Disguises and voices change the writing, not the message."""

import random

import pytest

from bot.training.augment import DISGUISES, disguised, mistyped, renamed, revoiced


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  repeats with its seed, no secret


@pytest.mark.parametrize("kind", sorted(DISGUISES))
def test_every_disguise_changes_a_word_and_repeats_with_its_seed(kind: str) -> None:
    once = disguised("jij bent een sukkel", kind, seeded(3))
    assert once != "jij bent een sukkel"
    assert once == disguised("jij bent een sukkel", kind, seeded(3))


@pytest.mark.parametrize("kind", sorted(DISGUISES))
@pytest.mark.parametrize("text", ["", "ok", "😂😂", "a b c", "123"])
def test_a_text_without_words_stays_as_it_is(kind: str, text: str) -> None:
    assert disguised(text, kind, seeded(1)) == text


def test_names_are_exchanged_and_other_words_are_not() -> None:
    assert renamed("Sem is er niet", frozenset({"sem"}), ["noor"], seeded(1)) == "noor is er niet"


def test_a_voice_retypes_only_the_words_it_knows() -> None:
    said = {revoiced("je bent lief", {"flemish": {"je": ["ge"]}}, seeded(seed)) for seed in range(9)}
    assert said == {"je bent lief", "ge bent lief"}


def test_a_typing_error_touches_one_word() -> None:
    text = mistyped("morgen gezellig samen", seeded(2))
    assert sum(a != b for a, b in zip(text.split(), ["morgen", "gezellig", "samen"], strict=True)) <= 1
