"""Looks at one picture: faces counted, nudity scored, photo-like or not, its prints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from bot.media import fingerprint
from bot.media.config import MediaConfig
from bot.media.faces import FaceCounter
from bot.media.facts import People
from bot.media.models import open_nsfw_file
from bot.media.nudity import NudityScore
from bot.media.photolike import photo_like
from bot.media.tally import Seen

Pixels = npt.NDArray[np.uint8]

LEAST_SIDE = 8  # a smaller picture shows nobody; the models would look at noise
PRINT_SIDE = fingerprint.SIDE
CAPTION = 8  # a caption takes up to this part of the height


class Eyes:
    """Holds the models. Not safe to share between threads."""

    def __init__(self, config: MediaConfig, folder: Path) -> None:
        self._config = config
        self._faces = FaceCounter(folder / "centerface.onnx", config.models.centerface, config.faces)
        self._nudity = NudityScore(open_nsfw_file(), config.models.open_nsfw)

    def look(self, picture: Pixels) -> Seen:
        """Return what an RGB picture shows."""
        if min(picture.shape[:2]) < LEAST_SIDE:
            return Seen(0, People.NO, 0.0, photo_like=False, pdqs=())
        photo = photo_like(picture, self._config.photo_like)
        scores = self._faces.scores(picture)
        found = sum(score >= self._config.faces.yes for score in scores)
        people = self._people(scores[0] if scores else 0.0, photo=photo)
        prints = small_prints(picture, self._config.same_picture.quality)
        return Seen(found, people, self._nudity.score(picture), photo, prints)

    def _people(self, surest: float, *, photo: bool) -> People:
        faces = self._config.faces
        if surest >= (faces.yes if photo else faces.yes_drawn):
            return People.YES
        if surest >= faces.yes or (photo and self._config.photo_like.count_as_maybe):
            return People.MAYBE
        return People.NO


def small_prints(picture: Pixels, quality: int) -> tuple[str, ...]:
    """Return the prints of a picture of any size, made smaller first; see ``all_prints``."""
    image = Image.fromarray(picture)
    if max(image.size) > PRINT_SIDE:
        image.thumbnail((PRINT_SIDE, PRINT_SIDE), Image.Resampling.BOX)
    return all_prints(np.asarray(image), quality)


def all_prints(picture: Pixels, quality: int) -> tuple[str, ...]:
    """Return the prints of a picture, whole and without an eighth below or above, each turned and mirrored.

    A caption covers that eighth, or is added there: then one of the three is as it was. Empty: too little detail.
    """
    bar = max(picture.shape[0] // CAPTION, 1)
    made = [fingerprint.prints(part) for part in (picture, picture[:-bar], picture[bar:])]
    if made[0][1] < quality:
        return ()
    return tuple(print_ for prints, _ in made for print_ in prints)
