"""What a pattern found in a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """What it is (``phone``, ``invite``, ...), the words in which it stood, how sure (0 to 1)."""

    kind: str
    words: str
    score: float
