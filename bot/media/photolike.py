"""Tells a photo from a drawing or a screenshot without a model.

In a photo hardly two neighbouring pixels are alike and no few colours fill it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.media.config import PhotoLike

Pixels = npt.NDArray[np.uint8]

TOP = 5
COLOUR_BITS = 5


def equal_neighbours(picture: Pixels) -> float:
    """Return which share of neighbouring pixels (right and below) are alike in all three colours."""
    wide = picture.astype(np.int16)
    alike = [(np.diff(wide, axis=axis) == 0).all(axis=2) for axis in (0, 1)]
    return float(sum(part.sum() for part in alike) / max(sum(part.size for part in alike), 1))


def top_colours(picture: Pixels) -> float:
    """Return which share of the picture its five most frequent colours (of 32 steps each) fill."""
    steps = picture.astype(np.uint32) >> (8 - COLOUR_BITS)
    colours = (steps[..., 0] << 2 * COLOUR_BITS) | (steps[..., 1] << COLOUR_BITS) | steps[..., 2]
    counts = np.bincount(colours.ravel())
    return float(np.sort(counts)[-TOP:].sum() / counts.sum())


def photo_like(picture: Pixels, settings: PhotoLike) -> bool:
    """Tell whether an RGB picture looks like a photo."""
    return equal_neighbours(picture) <= settings.equal_neighbours and top_colours(picture) <= settings.top_colours
