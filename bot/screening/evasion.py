"""``klaswacht evaluate --evasion``: what is left of recall and quiet when every message is disguised, in eight ways."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.screening.corpus import Labelled
from bot.screening.evaluate import Row, flagged, judged
from bot.screening.figures import Share
from bot.screening.judge import Screening
from bot.training.augment import DISGUISES, disguised

SEED: Final = 7
PLAIN: Final = "plain"


@dataclass(frozen=True, slots=True)
class Disguised:
    """What one disguise, put on every word, leaves."""

    kind: str
    recall: Share
    false_alarms: Share


async def evasion(screening: Screening, rows: Sequence[Row]) -> list[Disguised]:
    """Disguise judged messages in every way and judge them again; what they gave undisguised comes first."""
    messages = [row.message for row in rows]
    again = [_shares(kind, await judged(screening, _all(messages, kind))) for kind in DISGUISES]
    return [_shares(PLAIN, rows), *again]


def _all(messages: Sequence[Labelled], kind: str) -> list[Labelled]:
    chance = random.Random(SEED)  # noqa: S311 - repeats with the seed, no secret
    return [replace(message, text=disguised(message.text, kind, chance)) for message in messages]


def _shares(kind: str, rows: Sequence[Row]) -> Disguised:
    return Disguised(
        kind, flagged(row for row in rows if row.message.label), flagged(row for row in rows if not row.message.label)
    )
