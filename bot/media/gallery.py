"""Makes the pictures of the practice room: ``python -m bot.media.gallery FOLDER``. All are drawn by this program."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, TiffImagePlugin

from bot.media import samples
from bot.media.portrait import group, portrait

UTRECHT = ((52.0, 5.0, 26.0), (5.0, 7.0, 17.0))  # degrees, minutes, seconds: the Dom tower


def drawing() -> bytes:
    """Return a child's drawing of a house."""
    image = Image.new("RGB", (320, 240), (190, 225, 255))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 170, 320, 240), fill=(110, 190, 90))
    pen.rectangle((100, 110, 220, 200), fill=(240, 200, 120), outline="black", width=3)
    pen.polygon(((90, 110), (160, 55), (230, 110)), fill=(200, 70, 60), outline="black")
    pen.rectangle((145, 150, 175, 200), fill=(120, 80, 50), outline="black", width=2)
    pen.ellipse((255, 15, 305, 65), fill=(255, 220, 60))
    return samples.encoded(np.asarray(image), "PNG")


def meme() -> bytes:
    """Return a meme without people."""
    image = Image.new("RGB", (320, 240), (70, 60, 120))
    pen = ImageDraw.Draw(image)
    pen.polygon(((120, 200), (200, 200), (180, 120), (140, 120)), fill=(250, 200, 60), outline="black")
    pen.ellipse((150, 90, 170, 130), fill=(255, 120, 40))
    pen.text((160, 30), "IK OM 8:15", fill="white", font_size=32, anchor="mm", stroke_width=2, stroke_fill="black")
    pen.text(
        (160, 220), "EEN KAARS IN DE WIND", fill="white", font_size=22, anchor="mm", stroke_width=2, stroke_fill="black"
    )
    return samples.encoded(np.asarray(image), "PNG")


def located(picture: samples.Pixels) -> bytes:
    """Return a JPEG that tells where it was made."""
    image = Image.fromarray(picture)
    exif = Image.Exif()
    place = exif.get_ifd(0x8825)
    for tag, letter, value in ((1, "N", UTRECHT[0]), (3, "E", UTRECHT[1])):
        place[tag] = letter
        place[tag + 1] = tuple(TiffImagePlugin.IFDRational(part) for part in value)
    told = io.BytesIO()
    image.save(told, "JPEG", quality=85, exif=exif)
    return told.getvalue()


def gallery() -> dict[str, bytes]:
    """Return all pictures by name."""
    return {
        "huiswerk.png": samples.encoded(samples.sums(), "PNG", optimize=True),
        "tekening.png": drawing(),
        "meme.png": meme(),
        "foto.jpg": located(portrait()),
        "klas.png": samples.encoded(group(330, 186), "PNG", optimize=True),
        "wolken.jpg": samples.encoded(samples.noise(320, 240, 7, 80), "JPEG", quality=70),
        "opname.wav": samples.recording(1.0),
        "stem.ogg": samples.voice(3.0),
    }


def main(folder: Path) -> None:
    """Write them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in gallery().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
