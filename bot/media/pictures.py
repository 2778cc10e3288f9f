"""Opens pictures for looking: RGB, upright, at most ``SIDE`` pixels; several frames of an animation."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import Image, ImageOps

from bot.media.config import Limits
from bot.media.unreadable import Reason, UnreadableError

Pixels = npt.NDArray[np.uint8]

SIDE = 1280
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "ICO", "AVIF", "HEIF")
THUMB = 16
SAME_FRAME = 6.0  # of 255, mean difference: below it a frame shows nothing new,
SAME_BLOCK = 32  # unless one of the 256 blocks differs this much: somebody came into a still scene


def allow_large(limits: Limits) -> None:
    """Let Pillow open what the limits allow; they are checked here before anything is decoded."""
    Image.init()  # an allow list of formats is only understood when all are known
    Image.MAX_IMAGE_PIXELS = limits.pixels_named
    pillow_heif.register_heif_opener()


def pictures(content: bytes, limits: Limits) -> Iterator[Pixels]:
    """Yield the picture, or the frames of an animation that differ, first to last.

    Raises
    ------
    UnreadableError: too large, too many frames (after the first was yielded), truncated or broken.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check(image, limits)
            yield from _frames(image, limits)
    except UnreadableError:
        raise
    except Image.DecompressionBombError as error:
        raise UnreadableError(Reason.TOO_LARGE) from error
    except MemoryError as error:
        raise UnreadableError(Reason.TOO_MUCH_MEMORY) from error
    except Exception as error:  # corrupt files raised five types (shared/media.md); Pillow promises none
        raise UnreadableError(Reason.TRUNCATED if "truncated" in str(error) else Reason.BROKEN) from error


def _check(image: Any, limits: Limits) -> None:
    width, height = image.size
    if not width or not height or width * height > limits.pixels_named:
        raise UnreadableError(Reason.TOO_LARGE)
    if image.format in {"JPEG", "MPO"}:
        image.draft("RGB", (SIDE, SIDE))  # decodes at an eighth to the whole of its size, not below this one
    if image.size[0] * image.size[1] > limits.pixels:
        raise UnreadableError(Reason.TOO_LARGE)


def _frames(image: Any, limits: Limits) -> Iterator[Pixels]:
    yield (last := _upright(image))
    count = 1 if image.format in {"JPEG", "MPO", "ICO", "HEIF"} else getattr(image, "n_frames", 1)
    if count == 1:
        return
    if count > limits.frames or count * image.size[0] * image.size[1] > limits.frame_pixels:
        raise UnreadableError(Reason.TOO_MANY_FRAMES)
    shown = [thumb(last)]
    for place in spread(count, limits.film_frames)[1:]:
        image.seek(place)
        frame = _upright(image)
        if is_new(frame, shown):
            yield frame


def spread(count: int, most: int) -> list[int]:
    """Return up to ``most`` places from first to last of ``count``, evenly spread."""
    steps = min(most, count)
    return sorted({round(step * (count - 1) / max(steps - 1, 1)) for step in range(steps)})


def thumb(frame: Pixels) -> npt.NDArray[Any]:
    """Return a frame as 16 x 16 greys, for comparing."""
    return np.asarray(Image.fromarray(frame).convert("L").resize((THUMB, THUMB), Image.Resampling.BOX), dtype=np.int16)


def is_new(frame: Pixels, shown: list[npt.NDArray[Any]]) -> bool:
    """Tell whether a frame differs from all shown before, and add it to them."""
    mine = thumb(frame)
    apart = [np.abs(mine - other) for other in shown]
    if any(one.mean() < SAME_FRAME and one.max() < SAME_BLOCK for one in apart):
        return False
    shown.append(mine)
    return True


def _upright(image: Any) -> Pixels:
    frame = image
    if max(image.size) > SIDE:
        frame = image.copy() if getattr(image, "is_animated", False) else image
        if frame.mode in {"P", "1"}:
            frame = frame.convert("RGBA")
        frame.thumbnail((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    turned = ImageOps.exif_transpose(frame)
    return np.asarray(_on_white(turned).convert("RGB"))


def _on_white(image: Any) -> Any:
    # what is transparent is shown, on whatever colour the reader has; white is the commonest paper
    if image.mode not in {"RGBA", "LA", "PA"} and "transparency" not in image.info:
        return image
    clear = image.convert("RGBA")
    paper = Image.new("RGBA", clear.size, "white")
    paper.alpha_composite(clear)
    return paper
