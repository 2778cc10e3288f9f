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
OPUS_RATE, OPUS_FRAME, PRE_SKIP = 48000, 960, 312  # Opus counts in 48 kHz whatever it holds; 20 ms a packet
OPUS_SILENCE = b"\xf8\xff\xfe"  # full band, 20 ms, mono; no energy in any band
PAGE_PACKETS, STREAM = 50, 1


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


def voice(seconds: float = 1.0) -> bytes:
    """Return a voice message of silence: Opus (RFC 6716) in Ogg (RFC 7845), as the platform's own are."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, PRE_SKIP, OPUS_RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 9) + b"Klaswacht" + struct.pack("<I", 0)
    packets = int(seconds * OPUS_RATE) // OPUS_FRAME
    pages = [_ogg_page([head], 0, 0, begins=True), _ogg_page([tags], 0, 1)]
    for first in range(0, packets, PAGE_PACKETS):
        last = min(first + PAGE_PACKETS, packets)
        silent = [OPUS_SILENCE] * (last - first)
        pages.append(_ogg_page(silent, last * OPUS_FRAME, len(pages), ends=last == packets))
    return b"".join(pages)


def _ogg_page(packets: list[bytes], granule: int, number: int, *, begins: bool = False, ends: bool = False) -> bytes:
    flags = 2 * begins + 4 * ends
    lengths = bytes(len(packet) for packet in packets)  # each is shorter than 255 bytes
    fixed = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, STREAM, number, 0)
    page = fixed + bytes([len(lengths)]) + lengths + b"".join(packets)
    return page[:22] + struct.pack("<I", _ogg_sum(page)) + page[26:]


def _ogg_sum(page: bytes) -> int:
    """Return the checksum of a page: CRC-32 by the polynomial 0x04c11db7, neither mirrored nor inverted (RFC 3533)."""
    total = 0
    for value in page:
        total ^= value << 24
        for _ in range(8):
            total = ((total << 1) ^ (0x04C11DB7 if total & 0x80000000 else 0)) & 0xFFFFFFFF
    return total


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
