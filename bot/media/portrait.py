"""A rendered picture of a person who does not exist, for the practice room and the tests.

A head of ellipses with light from the upper left, on a soft background with grain; the face detector takes it for a
face. No photo of anybody went into it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from bot.media.samples import noise

Pixels = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

SKIN, SHADE, HAIR, LIPS, SHIRT = (214, 168, 140), (170, 120, 96), (62, 42, 30), (176, 92, 88), (60, 96, 150)
WHITE, IRIS, DARK = (238, 234, 230), (78, 60, 44), (24, 18, 16)
BLUR = 0.012  # of the head's width


def portrait(width: int = 480, height: int = 360, seed: int = 3, look: tuple[Colour, Colour] = (SKIN, HAIR)) -> Pixels:
    """Return a portrait, looking into the camera; ``look``: the colours of skin and hair."""
    image = ImageEnhance.Color(Image.fromarray(noise(width, height, seed, grain=90))).enhance(0.25)
    head = min(height * 0.52, width * 0.7)
    middle, top = width * 0.5, height * 0.16
    image.paste(_shirt(image, middle, top, head))
    image.paste(_head(image, (middle, top), head, *look))
    return _grained(image, seed)


def group(width: int = 640, height: int = 360, seed: int = 5) -> Pixels:
    """Return three people beside each other."""
    looks = ((SKIN, HAIR), ((150, 104, 78), (30, 24, 22)), ((232, 192, 168), (190, 150, 90)))
    part = width // len(looks)
    beside = [portrait(part, height, seed + place, look) for place, look in enumerate(looks)]
    return np.concatenate(beside, axis=1)


def _shirt(image: Image.Image, middle: float, top: float, head: float) -> Image.Image:
    drawn = image.copy()
    pen = ImageDraw.Draw(drawn)
    neck, chin = head * 0.17, top + head
    pen.ellipse((middle - head * 0.95, chin + head * 0.12, middle + head * 0.95, chin + head * 1.6), fill=SHIRT)
    pen.rectangle((middle - neck, chin - head * 0.2, middle + neck, chin + head * 0.22), fill=SHADE)
    return drawn.filter(ImageFilter.GaussianBlur(head * BLUR))


def _head(image: Image.Image, at: tuple[float, float], head: float, skin: Colour, hair: Colour) -> Image.Image:
    middle, top = at
    wide = head * 0.38
    drawn = image.copy()
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((middle - wide * 1.2, top - head * 0.14, middle + wide * 1.2, top + head * 0.78), fill=hair)
    for side in (-1, 1):
        pen.ellipse(_around(middle + side * wide, top + head * 0.52, wide * 0.16, head * 0.1), fill=skin)
    face = Image.new("L", image.size, 0)
    ImageDraw.Draw(face).ellipse((middle - wide, top, middle + wide, top + head), fill=255)
    drawn.paste(_lit(image.size, (middle, top + head / 2), (wide, head / 2), skin), mask=face)
    pen = ImageDraw.Draw(drawn)
    pen.chord((middle - wide * 1.04, top - head * 0.1, middle + wide * 1.04, top + head * 0.62), 196, 344, fill=hair)
    _features(pen, middle, top, head, wide)
    return drawn.filter(ImageFilter.GaussianBlur(head * BLUR))


def _features(pen: ImageDraw.ImageDraw, middle: float, top: float, head: float, wide: float) -> None:
    eyes = top + head * 0.47
    for side in (-1, 1):
        at = middle + side * wide * 0.42
        pen.ellipse(_around(at, eyes, wide * 0.24, head * 0.055), fill=SHADE)
        pen.ellipse(_around(at, eyes, wide * 0.2, head * 0.036), fill=WHITE)
        pen.ellipse(_around(at, eyes, wide * 0.095, head * 0.036), fill=IRIS)
        pen.ellipse(_around(at, eyes, wide * 0.045, head * 0.017), fill=DARK)
        pen.arc(_around(at, eyes - head * 0.05, wide * 0.28, head * 0.05), 200, 340, fill=HAIR, width=int(head * 0.022))
        pen.ellipse(_around(middle + side * wide * 0.1, top + head * 0.66, wide * 0.07, head * 0.016), fill=SHADE)
    pen.line((middle + wide * 0.07, eyes, middle + wide * 0.13, top + head * 0.63), fill=SHADE, width=int(head * 0.018))
    mouth = _around(middle, top + head * 0.765, wide * 0.34, head * 0.042)
    pen.ellipse(mouth, fill=LIPS)
    pen.arc(mouth, 10, 170, fill=SHADE, width=int(head * 0.012))
    pen.line((mouth[0], top + head * 0.762, mouth[2], top + head * 0.762), fill=DARK, width=max(int(head * 0.008), 1))


def _around(x: float, y: float, wide: float, high: float) -> tuple[float, float, float, float]:
    return x - wide, y - high, x + wide, y + high


def _lit(size: tuple[int, int], middle: tuple[float, float], half: tuple[float, float], skin: Colour) -> Image.Image:
    width, height = size
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    x, y = (across - middle[0]) / half[0], (down - middle[1]) / half[1]
    depth = np.sqrt(np.clip(1 - x**2 - y**2, 0, 1))
    light = np.clip(0.55 + 0.5 * (-0.4 * x - 0.45 * y + 0.8 * depth), 0.4, 1.12)
    return Image.fromarray(np.clip(light[..., None] * np.asarray(skin), 0, 255).astype(np.uint8))


def _grained(image: Image.Image, seed: int) -> Pixels:
    rng = np.random.default_rng(seed)
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.int16)
    grains = rng.normal(0, 4, soft.shape).astype(np.int16)
    return np.asarray(np.clip(soft + grains, 0, 255), dtype=np.uint8)
