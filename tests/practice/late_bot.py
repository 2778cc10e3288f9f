"""The bot itself, with a model that stands still or breaks while a file of that name lies in the state folder."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from bot.__main__ import main
from bot.screening.model import EmbeddedModel, Scores

STATE = Path(os.environ["KLASWACHT_STATE"])
STANDS_S = 4.0  # longer than a message may wait for its scores
score = EmbeddedModel.score


def troubled(model: EmbeddedModel, texts: Sequence[str]) -> list[Scores]:
    if (STATE / "dead").exists():
        raise RuntimeError("dead")
    if (STATE / "slow").exists():
        time.sleep(STANDS_S)
    return score(model, texts)


EmbeddedModel.score = troubled  # type: ignore[method-assign,assignment]
main()
