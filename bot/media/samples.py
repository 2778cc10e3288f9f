"""Pictures, films and sounds made by a program: for measuring, for fuzzing and for the tests; nobody is in them."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Pixels = npt.NDArray[np.uint8]

SAMPLE_RATE = 8000  # of sounds, a second


def noise(width: int, height: int, seed: int = 1, grain: int = 24) -> Pixels:
    """Return a photo-like picture: soft clouds of colour with grain."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (max(height // grain, 2), max(width // grain, 2), 3), dtype=np.uint8)
    soft = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    grains = rng.integers(-9, 10, (height, width, 3), dtype=np.int16)
    return np.asarray(np.clip(np.asarray(soft, dtype=np.int16) + grains, 0, 255), dtype=np.uint8)


def sums(width: int = 640, height: int = 480, seed: int = 1) -> Pixels:
    """Return a homework screenshot: sums in black on white."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width, 36), fill=(40, 90, 200))
    pen.text((12, 10), "Rekenen  blok 4  les 7", fill="white", font_size=18)
    for line in range(height // 40 - 1):
        one, other = rng.integers(3, 99, 2)
        pen.text((24 + 300 * (line % 2), 56 + 40 * line), f"{one} x {other} = ____", fill="black", font_size=22)
    return np.asarray(image)


def encoded(picture: Pixels, form: str = "JPEG", **how: object) -> bytes:
    """Return a picture as a file."""
    told = io.BytesIO()
    Image.fromarray(picture).save(told, form, **how)
    return told.getvalue()


def animation(frames: int, width: int = 64, height: int = 48, form: str = "GIF") -> bytes:
    """Return an animation of which every frame differs."""
    shown = []
    for place in range(frames):
        image = Image.new("P", (width, height), place % 256)
        image.putpalette(bytes(value % 256 for value in range(768)))
        ImageDraw.Draw(image).point((place % width, place // width % height), (place + 1) % 256)
        shown.append(image)
    told = io.BytesIO()
    shown[0].save(told, form, save_all=True, append_images=shown[1:], duration=40, loop=0)
    return told.getvalue()


def recording(seconds: float = 1.0) -> bytes:
    """Return a WAV file with a tone."""
    at = np.arange(int(seconds * SAMPLE_RATE))
    tone = (8000 * np.sin(2 * np.pi * 440 * at / SAMPLE_RATE)).astype("<i2")
    told = io.BytesIO()
    with wave.open(told, "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(tone.tobytes())
    return told.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files in a zip."""
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return told.getvalue()


def claimed_png(width: int, height: int) -> bytes:
    """Return a small PNG that claims to be of any size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(4096))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def document(pictures: list[Pixels]) -> bytes:
    """Return a PDF with a picture a page."""
    told = io.BytesIO()
    pages = [Image.fromarray(picture) for picture in pictures]
    pages[0].save(told, "PDF", save_all=True, append_images=pages[1:])
    return told.getvalue()
