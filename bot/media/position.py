"""Where a picture or film was made: told in EXIF, XMP or a film's own boxes; found, and blanked before re-posting.

Nothing is re-encoded: the bytes that tell a position are overwritten in place, only a PNG loses its text chunks.
EXIF: CIPA DC-008, the GPS directory; XMP: part 2, exif:GPS...; films: QuickTime ``(c)xyz``, 3GPP ``loci``, ISO 6709.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bot.media.unreadable import Reason, UnreadableError

TIFF_HEAD = re.compile(rb"II\*\x00|MM\x00\*")
GPS_POINTER = 0x8825
MOST_ENTRIES = 400  # a directory of a camera has some 60; more is no directory
ENTRY = 12
INLINE = 4
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}  # bytes of each EXIF type

XMP_ATTRIBUTE = re.compile(rb"""exif:GPS\w+\s*=\s*("[^"]*"|'[^']*')""")
XMP_ELEMENT = re.compile(rb"<exif:GPS\w+>[^<]*</exif:GPS\w+>")
ISO_6709 = re.compile(rb"[+-]\d{2,3}\.\d{2,}[+-]\d{2,3}\.\d{2,}(?:[+-]\d+(?:\.\d+)?)?/?")
LOCATION_BOX = re.compile(rb"\xa9xyz|loci(?=\x00)")
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_TOLD = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt"})
PNG_FRAME = 12  # length, type and checksum of a chunk


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of bytes that tells a position, and the byte that hides it."""

    start: int
    end: int
    fill: bytes = b"\x00"


def tells_position(content: bytes) -> bool:
    """Tell whether a file says where it was made."""
    return any(True for _ in _spans(content)) or (content.startswith(PNG_HEAD) and b"Raw profile type" in content)


def strip(content: bytes) -> bytes:
    """Return the same file without the place where it was made.

    Raises
    ------
    UnreadableError: it still tells one in a way that can't be blanked; it must not be posted again.
    """
    if content.startswith(PNG_HEAD):
        content = _plain_png(content)
    blank = bytearray(content)
    for span in _spans(content):
        blank[span.start : span.end] = span.fill * (span.end - span.start)
    for box in LOCATION_BOX.finditer(content):
        if _in_moov(content, box.start()):
            blank[box.start() : box.end()] = b"free"
    result = bytes(blank)
    if tells_position(result):
        raise UnreadableError(Reason.NOT_OPENED)
    return result


def _spans(content: bytes) -> Iterator[Span]:
    for head in TIFF_HEAD.finditer(content):
        yield from _gps(content, head.start())
    for pattern in (XMP_ATTRIBUTE, XMP_ELEMENT):
        for told in pattern.finditer(content):
            yield Span(told.start(), told.end(), b" ")
    if b"moov" in content:
        for told in ISO_6709.finditer(content):
            if _in_moov(content, told.start()):
                yield Span(told.start(), told.end(), b" ")


def _in_moov(content: bytes, place: int) -> bool:
    start = content.rfind(b"moov", 4, place)
    if start < 0:
        return False
    size = int.from_bytes(content[start - 4 : start], "big")
    return place < start - 4 + size


def _gps(content: bytes, base: int) -> Iterator[Span]:
    order = "<" if content[base : base + 2] == b"II" else ">"
    first = _number(content, base + 4, f"{order}I")
    for tag, _, _, value in _entries(content, base, base + first, order) if first else ():
        if tag == GPS_POINTER:
            place = base + value
            for spot, (_, kind, count, offset) in enumerate(_entries(content, base, place, order)):
                start = place + 2 + spot * ENTRY
                if any(content[start : start + ENTRY]):
                    yield Span(start, start + ENTRY)
                size = SIZES.get(kind, 1) * count
                far = base + offset
                if INLINE < size <= len(content) - far and any(content[far : far + size]):
                    yield Span(far, far + size)


def _entries(content: bytes, base: int, place: int, order: str) -> list[tuple[int, int, int, int]]:
    count = _number(content, place, f"{order}H") if base < place else 0
    if not 0 < count <= MOST_ENTRIES or place + 2 + count * ENTRY > len(content):
        return []
    return [struct.unpack_from(f"{order}HHII", content, place + 2 + spot * ENTRY) for spot in range(count)]


def _number(content: bytes, place: int, form: str) -> int:
    if place + struct.calcsize(form) > len(content):
        return 0
    return int(struct.unpack_from(form, content, place)[0])


def _plain_png(content: bytes) -> bytes:
    kept, place = [PNG_HEAD], len(PNG_HEAD)
    while place + PNG_FRAME <= len(content):
        size = int.from_bytes(content[place : place + 4], "big") + PNG_FRAME
        chunk = content[place : place + size]
        if len(chunk) < size or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise UnreadableError(Reason.BROKEN)
        if chunk[4:8] not in PNG_TOLD:
            kept.append(chunk)
        place += size
    return b"".join(kept)
