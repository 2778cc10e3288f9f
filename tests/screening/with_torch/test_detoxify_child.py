"""The project's checkpoint through the real Detoxify says what the embedded model says. Needs klaswacht[detoxify]."""

from __future__ import annotations

import pytest

from bot.screening.detoxify import DetoxifyModel, own_checkpoint
from bot.screening.model import load_model
from tests.screening.conftest import CLASSES, DATA

TEXTS = ["jij bent een sukkel", "wat eten we vandaag?", "wacht maar tot na school", "", "\ud800 hoi", "😂"]


def test_both_engines_agree() -> None:
    detoxify, embedded = DetoxifyModel(own_checkpoint(DATA / "model")), load_model(DATA / "model")
    pairs = zip(detoxify.score(TEXTS), embedded.score(TEXTS), strict=True)
    apart = [abs(one[name] - other[name]) for one, other in pairs for name in CLASSES]
    detoxify.close()
    assert sum(apart) / len(apart) == pytest.approx(0.0, abs=0.03)
