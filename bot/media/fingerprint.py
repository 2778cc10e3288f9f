"""The print of a picture by which a copy of it is found again: PDQ, in NumPy.

PDQ is Meta's open perceptual hash: https://github.com/facebook/ThreatExchange/tree/main/pdq (the paper
``hashing.pdf`` there). It is written out here because its Python package ships no wheels and would ask every school
for a C++ compiler. A print tells nothing of who is in the picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]

BLOCK = 64  # the picture is brought to 64 x 64 after blurring
WAVES = 16  # of its cosine transform the 16 x 16 slowest waves without the mean are kept
BITS = WAVES * WAVES
TURNS = 8  # rotations and mirrors of a picture
SIDE = 512  # Meta advises to begin from at most 512 pixels


def prints(picture: Pixels) -> tuple[tuple[str, ...], int]:
    """Return the prints of an RGB picture turned and mirrored in eight ways, itself first, and its quality 0 to 100."""
    small = _decimated(_blurred(_luma(picture)))
    turned = [np.rot90(side, turns) for side in (small, small[:, ::-1]) for turns in range(4)]
    return tuple(_print(one) for one in turned), _quality(small)


def distance(one: str, other: str) -> int:
    """Return in how many of 256 bits two prints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def same_picture(one: str | Iterable[str], other: str | Iterable[str], most: int = 60) -> bool:
    """Tell whether two prints, or any two of several (rotations, frames), are of the same picture."""
    ours = [one] if isinstance(one, str) else list(one)
    theirs = [other] if isinstance(other, str) else list(other)
    numbers = [int(print_, 16) for print_ in theirs]
    return any((int(mine, 16) ^ number).bit_count() <= most for mine in ours for number in numbers)


def _luma(picture: Pixels) -> Floats:
    weights = np.array([0.299, 0.587, 0.114])
    return np.asarray(picture[..., :3].astype(np.float64) @ weights)


def _blurred(luma: Floats) -> Floats:
    # two passes of a box filter in both directions (Jarosz); the window shrinks at the edges
    for _ in range(2):
        luma = _boxed(_boxed(luma, 1), 0)
    return luma


def _boxed(luma: Floats, axis: int) -> Floats:
    length = luma.shape[axis]
    window = (length + 2 * BLOCK - 1) // (2 * BLOCK)
    ahead = (window + 2) // 2 - 1
    at = np.arange(length)
    first, last = np.maximum(at - (window - 1 - ahead), 0), np.minimum(at + ahead + 1, length)
    sums = np.concatenate([np.zeros_like(luma.take([0], axis)), np.cumsum(luma, axis=axis)], axis=axis)
    total = sums.take(last, axis) - sums.take(first, axis)
    count = (last - first).reshape((-1, 1) if axis == 0 else (1, -1))
    return np.asarray(total / count)


def _decimated(luma: Floats) -> Floats:
    rows, columns = (((np.arange(BLOCK) + 0.5) * size / BLOCK).astype(int) for size in luma.shape)
    return luma[np.ix_(rows, columns)]


def _quality(small: Floats) -> int:
    steps = [np.trunc(np.abs(np.diff(small, axis=axis)) * 100 / 255).sum() for axis in (0, 1)]
    return min(int(sum(steps) / 90), 100)


@lru_cache(maxsize=1)
def _waves() -> npt.NDArray[Any]:
    wave, at = np.arange(1, WAVES + 1)[:, None], np.arange(BLOCK)[None, :]
    return np.asarray(np.sqrt(2 / BLOCK) * np.cos(np.pi / 2 / BLOCK * wave * (2 * at + 1)))


def _print(small: Floats) -> str:
    waves = _waves() @ small @ _waves().T
    middle = np.partition(waves, BITS // 2 - 1, axis=None)[BITS // 2 - 1]
    return np.packbits((waves > middle).ravel()[::-1]).tobytes().hex()
