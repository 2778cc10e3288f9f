"""What ``klaswacht benchmark media`` lets a pupil post; all of it is drawn by this program."""

from __future__ import annotations

import numpy as np
from PIL import Image

from bot.media.footage import film
from bot.media.portrait import portrait
from bot.media.samples import encoded, noise, recording

PHOTO = (4000, 3000)  # 12 megapixels
FILM_S = 30.0


def samples() -> list[tuple[str, str, bytes, float]]:
    """Return a photo of 12 megapixels, a film of 30 seconds and, as the yardstick, a second of sound.

    Each: the key of its line, a file's name and content, and the goal in seconds (0: none).
    """
    scene = Image.fromarray(noise(*PHOTO))
    scene.paste(Image.fromarray(portrait(2000, 1500)), (1000, 1200))
    photo = encoded(np.asarray(scene), "JPEG", quality=90)
    return [
        ("benchmark.media_photo", "foto.jpg", photo, 2.0),
        ("benchmark.media_film", "film.mp4", film(FILM_S), 5.0),
        ("benchmark.media_sound", "geluid.wav", recording(1.0), 0.0),
    ]
