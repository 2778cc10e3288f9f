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
    colours = _packed(picture)
    alike = (colours[1:] == colours[:-1], colours[:, 1:] == colours[:, :-1])
    return float(sum(part.sum() for part in alike) / max(sum(part.size for part in alike), 1))


def top_colours(picture: Pixels) -> float:
    """Return which share of the picture its five most frequent colours (of 32 steps each) fill."""
    counts = np.bincount(_packed(np.asarray(picture >> (8 - COLOUR_BITS), dtype=np.uint8), COLOUR_BITS).ravel())
    return float(np.sort(counts)[-TOP:].sum() / counts.sum())


def _packed(picture: Pixels, bits: int = 8) -> npt.NDArray[np.uint32]:
    """Return each pixel's three colours as one number."""
    red, green, blue = (picture[..., place].astype(np.uint32) for place in range(3))
    return np.asarray((red << 2 * bits) | (green << bits) | blue, dtype=np.uint32)


def photo_like(picture: Pixels, settings: PhotoLike) -> bool:
    """Tell whether an RGB picture looks like a photo."""
    return equal_neighbours(picture) <= settings.equal_neighbours and top_colours(picture) <= settings.top_colours
