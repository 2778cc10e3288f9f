"""Counterfactual pairs: the same words in a frame that turns their meaning round, and identities swapped.

The frames stand in ``data/corpus/frames.toml``. Pairs come in both directions, so that neither quotation marks nor a
negation nor the name of a group decides anything by itself.
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.training.corpus import Message
from bot.training.data import UNKNOWN, Example, targets

_HARMLESS: Final = 0.03
_QUOTABLE: Final = frozenset({"insult", "threat", "identity_attack", "exclusion", "incitement", "sexual"})
_LONGEST_QUOTE: Final = 70


@dataclass(frozen=True, slots=True)
class Frames:
    """The tables of ``frames.toml``."""

    quoting: dict[str, list[str]]
    negation: dict[str, list[str]]
    identity: dict[str, list[str]]
    names: list[str]
    voices: dict[str, dict[str, list[str]]]


def read_frames(corpus: Path) -> Frames:
    """Read the frames that stand beside the corpus."""
    tables: dict[str, Any] = tomllib.loads((corpus / "frames.toml").read_text("utf-8"))
    return Frames(
        tables["quoting"],
        tables["negation"],
        tables["identity"],
        tables["names"]["pool"],
        tables["voices"],
    )


def quotes(frames: Frames, messages: Sequence[Message], count: int, chance: random.Random) -> Iterator[Example]:
    """Hurtful messages, told to somebody (harmless) or said once more (as hurtful as before)."""
    fit = [m for m in messages if set(m.category.split(",")) <= _QUOTABLE and len(m.text) < _LONGEST_QUOTE]
    for message in chance.sample(fit, min(count, len(fit))):
        kind = "frames" if chance.random() < 0.6 else "still_hurtful"  # noqa: PLR2004  a little more of the harmless
        text = chance.choice(frames.quoting[kind]).format(m=message.text, n=chance.choice(frames.names))
        yield Example(text, targets(_HARMLESS) if kind == "frames" else message.targets, 0.7)


def negations(frames: Frames, count: int, chance: random.Random) -> Iterator[Example]:
    """Insulting words denied, to comfort somebody, and the same words meant."""
    insulting = targets(toxicity=1, insult=1, sexual=0, incitement=0, crisis=0)
    for _ in range(count):
        kind = chance.choice(("kind_nouns", "kind_adjectives", "cruel_nouns", "cruel_adjectives"))
        text = chance.choice(frames.negation[kind]).format(
            x=chance.choice(frames.negation["nouns"]),
            a=chance.choice(frames.negation["adjectives"]),
            n=chance.choice(frames.names),
        )
        yield Example(text, targets(0.0) if kind.startswith("kind") else insulting, 0.7)


def identities(frames: Frames, count: int, chance: random.Random) -> Iterator[Example]:
    """Put groups of people into neutral sentences, and in hateful ones, Dutch and English."""
    hateful = targets(toxicity=1, identity_attack=1, insult=UNKNOWN, threat=UNKNOWN, sexual=0, crisis=0)
    for _ in range(count):
        language = chance.choice(("nl", "nl", "en"))
        kind = chance.choice(("neutral", "neutral", "hateful"))
        group = chance.choice(frames.identity[f"groups_{language}"])
        text = chance.choice(frames.identity[f"{kind}_{language}"]).format(g=group)
        yield Example(text, hateful if kind == "hateful" else targets(0.0), 0.7)
