"""A nickname that looks like another member's."""

from __future__ import annotations

import pytest

from bot.ports import Person
from bot.screening.imitation import imitated

NOOR = Person("1", "Noor Bakker")


@pytest.mark.parametrize("name", ["Nооr Bakker", "N00r Bakker", "Noor\u200b Bakker", "𝐍oor Bakker", "Nοοr Bakker"])
def test_look_alike_letters_imitate(name: str) -> None:
    assert imitated(Person("2", name), [NOOR]) == NOOR


@pytest.mark.parametrize("name", ["Noor Bakker", "Noor Bakker 🌸", "noor bakker", "Noor B", "Nora Bakker", "", "👑"])
def test_the_same_name_or_another_one_does_not(name: str) -> None:
    assert imitated(Person("2", name), [NOOR]) is None


def test_nobody_imitates_themselves() -> None:
    assert imitated(Person("1", "N00r Bakker"), [NOOR]) is None
