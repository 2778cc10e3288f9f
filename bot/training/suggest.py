"""Thresholds that the model alone would need, from the validation part, with the figures they reach there."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from bot.training.calibrate import alert_thresholds
from bot.training.corpus import Message
from bot.training.export import write_json
from bot.training.measure import Flags, Scores
from bot.training.names import CLASSES

LEVELS: Final = {"urgent": 0.004, "alert": 0.02, "notice": 0.05}
"""Share of the harmless validation messages that may be flagged at each level, the strictest first."""

FILE: Final = "thresholds_suggestion.json"


def suggest(logits: Scores, validation: Sequence[Message], model: Path) -> tuple[float, ...]:
    """Write thresholds for three levels into ``model``; gives those of the alert, in the order of the classes."""
    wanted = np.array([message.targets for message in validation])
    scores: Scores = 1 / (1 + np.exp(-logits))
    levels: dict[str, tuple[float, ...]] = {}
    stricter: tuple[float, ...] = ()
    for level, share in LEVELS.items():
        stricter = levels[level] = alert_thresholds(scores, wanted, share, stricter)
    content: dict[str, object] = {level: dict(zip(CLASSES, limits, strict=True)) for level, limits in levels.items()}
    content["validation"] = {level: _reached(scores, wanted, limits, validation) for level, limits in levels.items()}
    write_json(model / FILE, content)
    return levels["alert"]


def _reached(
    scores: Scores,
    wanted: Scores,
    limits: tuple[float, ...],
    messages: Sequence[Message],
) -> Mapping[str, float | None]:
    flagged: Flags = np.any(scores >= np.array(limits), axis=1)
    positive: Flags = np.any(wanted > 0, axis=1)
    young: Flags = np.array([message.age == "primary" for message in messages])
    found = {"recall": positive, "false_alarms": ~positive}
    ages = {"": np.ones_like(young), "_primary": young, "_secondary": ~young}
    return {
        name + age: round(float(flagged[side & whose].mean()), 4) if (side & whose).any() else None
        for name, side in found.items()
        for age, whose in ages.items()
    } | {name: round(float(flagged[wanted[:, i] > 0].mean()), 4) for i, name in enumerate(CLASSES)}
