"""What every step of the training agrees on: classes, lengths, seeds and where files stand."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

CLASSES: Final = (
    "toxicity", "insult", "threat", "identity_attack", "sexual", "incitement", "exclusion", "crisis",
)  # fmt: skip
"""The order of the model's outputs. ``crisis`` is the writer's own despair and never counts as toxicity."""

CATEGORIES: Final = CLASSES[1:]
"""What a labeller may write; ``toxicity`` follows from them."""

MAX_LENGTH: Final = 128
"""Pieces a message at most, in training and in serving; longer ones are cut by whoever asks."""

CHECKPOINT: Final = "klaswacht.ckpt"
TOKENIZER: Final = "tokenizer.json"

SEED: Final = 20261122


@dataclass(frozen=True, slots=True)
class Places:
    """Where the training reads and writes."""

    corpus: Path
    model: Path
    work: Path
    shared: Path

    @property
    def base(self) -> Path:
        """The folder of the converted encoder."""
        return self.work / "base"

    @property
    def tokenizer(self) -> Path:
        """The tokenizer with the vocabulary that was cut."""
        return self.base / "tokenizer.json"
