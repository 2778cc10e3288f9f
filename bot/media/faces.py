"""Counts faces with CenterFace; no descriptor of a face is computed and no place of one leaves this file.

CenterFace (MIT, https://github.com/Star-Clouds/CenterFace, arXiv 1911.03599) gives heat maps at a quarter of the
input's size: how likely a face's centre is there, the logarithm of its height and width, and the centre's offset.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from bot.media.config import Faces
from bot.media.models import checked

Pixels = npt.NDArray[np.uint8]

OUTPUTS = ("537", "538", "539", "540")  # centre, size, offset; OpenCV insists on the fourth, eyes and mouth: unused
STRIDE = 4
MULTIPLE = 32  # the network halves five times
LOWEST = 0.3  # below it a centre is noise, whatever the threshold


class FaceCounter:
    """Runs the detector. Not safe to share between threads."""

    def __init__(self, model: Path, sha256: str, settings: Faces) -> None:
        self._net: Any = cv2.dnn.readNetFromONNX(str(checked(model, sha256)))
        self._settings = settings

    def scores(self, picture: Pixels) -> list[float]:
        """Return how sure each found face of an RGB picture is, surest first."""
        height, width = picture.shape[:2]
        scale = self._settings.side / max(height, width)
        size = tuple(max(int(np.ceil(side * scale / MULTIPLE)), 1) * MULTIPLE for side in (width, height))
        self._net.setInput(cv2.dnn.blobFromImage(picture, 1.0, size, (0, 0, 0), swapRB=False, crop=False))
        centre, log_size, offset, _ = self._net.forward(OUTPUTS)
        return self._peaks(centre[0, 0], log_size[0], offset[0])

    def _peaks(self, centre: Any, log_size: Any, offset: Any) -> list[float]:
        rows, columns = np.where(centre > LOWEST)
        if not len(rows):
            return []
        heights, widths = np.exp(np.minimum(log_size[:, rows, columns], MULTIPLE)) * STRIDE
        top = (rows + offset[0, rows, columns] + 0.5) * STRIDE - heights / 2
        left = (columns + offset[1, rows, columns] + 0.5) * STRIDE - widths / 2
        boxes = np.stack([left, top, widths, heights], axis=1).astype(float)
        sure = centre[rows, columns].astype(float)
        kept = cv2.dnn.NMSBoxes(boxes.tolist(), sure.tolist(), LOWEST, self._settings.overlap)
        return sorted((float(sure[place]) for place in np.asarray(kept).ravel()), reverse=True)
