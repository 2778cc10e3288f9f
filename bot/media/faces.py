"""Counts faces with CenterFace; no descriptor of a face is computed and no place of one leaves this file.

CenterFace (MIT, https://github.com/Star-Clouds/CenterFace, arXiv 1911.03599) gives heat maps at a quarter of the
input's size: how likely a face's centre is there, the logarithm of its height and width, and the centre's offset.
"""

from __future__ import annotations

from dataclasses import dataclass
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
AGAIN_SIDE = 256  # of the cut-out that a doubtful face is looked at again in
AGAIN_WIDE = 2.5  # times the face: with the head and some of what is around it
AGAIN_MOST = 4  # doubtful faces of one picture, surest first; it is "yes" by one


@dataclass(frozen=True, slots=True)
class _Face:
    sure: float
    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2

    def around(self, width: int, height: int) -> tuple[slice, slice]:
        """Return the rows and columns of a square around it, inside a picture."""
        (x, y), half = self.middle, max(self.width, self.height) * AGAIN_WIDE / 2
        rows = slice(max(int(y - half), 0), min(int(y + half), height))
        return rows, slice(max(int(x - half), 0), min(int(x + half), width))


class FaceCounter:
    """Runs the detector. Not safe to share between threads."""

    def __init__(self, model: Path, sha256: str, settings: Faces) -> None:
        self._net: Any = cv2.dnn.readNetFromONNX(str(checked(model, sha256)))
        self._settings = settings

    def scores(self, picture: Pixels) -> list[float]:
        """Return how sure each found face of an RGB picture is, surest first.

        A doubtful one is looked at again, enlarged: textures are no face any more then, small faces are.
        """
        found = [face for face in self._found(picture, self._settings.side) if face.sure >= self._settings.doubtful]
        sure = [face.sure for face in found if face.sure >= self._settings.sure]
        doubtful = found[len(sure) :][:AGAIN_MOST]
        seen = [max(face.sure, self._settings.yes) for face in doubtful if self._is_face(picture, face)]
        return sure + sorted(seen, reverse=True)

    def _is_face(self, picture: Pixels, face: _Face) -> bool:
        rows, columns = face.around(picture.shape[1], picture.shape[0])
        part = np.ascontiguousarray(picture[rows, columns])
        x, y = face.middle[0] - columns.start, face.middle[1] - rows.start
        for one in self._found(part, AGAIN_SIDE) if part.size else ():
            near = abs(one.middle[0] - x) < face.width and abs(one.middle[1] - y) < face.height
            if near and one.sure >= self._settings.doubtful:
                return True
        return False

    def _found(self, picture: Pixels, side: int) -> list[_Face]:
        height, width = picture.shape[:2]
        scale = side / max(height, width)
        size = [max(int(np.ceil(part * scale / MULTIPLE)), 1) * MULTIPLE for part in (width, height)]
        self._net.setInput(cv2.dnn.blobFromImage(picture, 1.0, size, (0, 0, 0), swapRB=False, crop=False))
        centre, log_size, offset, _ = self._net.forward(OUTPUTS)
        peaks = self._peaks(centre[0, 0], log_size[0], offset[0])
        across, down = width / size[0], height / size[1]
        return [_Face(sure, x * across, y * down, w * across, h * down) for sure, (x, y, w, h) in peaks]

    def _peaks(self, centre: Any, log_size: Any, offset: Any) -> list[tuple[float, tuple[float, ...]]]:
        rows, columns = np.where(centre > LOWEST)
        if not len(rows):
            return []
        heights, widths = np.exp(np.minimum(log_size[:, rows, columns], MULTIPLE)) * STRIDE
        top = (rows + offset[0, rows, columns] + 0.5) * STRIDE - heights / 2
        left = (columns + offset[1, rows, columns] + 0.5) * STRIDE - widths / 2
        boxes = np.stack([left, top, widths, heights], axis=1).astype(float)
        sure = centre[rows, columns].astype(float)
        kept = cv2.dnn.NMSBoxes(boxes.tolist(), sure.tolist(), LOWEST, self._settings.overlap)
        found = [(float(sure[place]), tuple(boxes[place].tolist())) for place in np.asarray(kept).ravel()]
        return sorted(found, reverse=True)
