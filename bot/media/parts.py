"""Takes documents apart: the files in a zip (also docx, pptx, odt), the pictures in a PDF, in SVG and in old Office."""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.generic import StreamObject

from bot.media.config import Limits
from bot.media.unreadable import Reason, UnreadableError

ENCRYPTED = 0x1  # general purpose bit 0, APPNOTE.TXT 4.4.4
STEP = 1 << 16
MOST_OBJECTS = 20_000
DATA_URI = re.compile(rb"data:image/[\w.+-]+(?:;[\w=-]+)*;base64,([A-Za-z0-9+/=\s%]{16,})")
ACTIVE = re.compile(rb"<\s*script|<\s*foreignObject|\son\w+\s*=|javascript:|<!ENTITY", re.IGNORECASE)
PICTURE_HEAD = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]|\x89PNG\r\n\x1a\n|GIF8[79]a")
LOCKED_OLE = "EncryptedPackage".encode("utf-16-le")


def zip_parts(content: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file in a zip.

    Raises
    ------
    UnreadableError: broken, encrypted, too many files, or too large when unpacked (counted while unpacking).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            if any(info.flag_bits & ENCRYPTED for info in files):
                raise UnreadableError(Reason.ENCRYPTED)
            _nothing_before(archive, content)
            for info in files:
                yield info.filename, _unpacked(archive, info, limits.part_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableError(Reason.BROKEN) from error
    except (KeyError, IndexError, OverflowError, AttributeError, SyntaxError) as error:
        raise UnreadableError(Reason.BROKEN) from error


def _nothing_before(archive: zipfile.ZipFile, content: bytes) -> None:
    # of two zips one after the other, readers list the last alone: the first would pass unseen
    starts = [info.header_offset for info in archive.infolist()]
    if min(starts, default=archive.start_dir) > 0 and content.startswith(b"PK"):
        raise UnreadableError(Reason.TWO_KINDS)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    if info.file_size > most:
        raise UnreadableError(Reason.TOO_LARGE)
    read = bytearray()
    with archive.open(info) as stream:
        while step := stream.read(STEP):
            read += step
            if len(read) > most:
                raise UnreadableError(Reason.TOO_LARGE)
    return bytes(read)


def pdf_pictures(content: bytes, limits: Limits) -> Iterator[Any]:
    """Yield every picture in a PDF as a Pillow image, wherever it hangs; drawings in lines are no pictures.

    Raises
    ------
    UnreadableError: encrypted, broken, too many or too large pictures.
    """
    try:
        reader = _opened(content)
        for stream in _streams(reader):
            if stream.get("/Subtype") == "/Image":
                _check(stream, limits)
                yield stream.decode_as_image()
    except UnreadableError:
        raise
    except MemoryError as error:
        raise UnreadableError(Reason.TOO_MUCH_MEMORY) from error
    except Exception as error:  # a border: damaged files raise whatever their damage makes of the parser
        raise UnreadableError(Reason.BROKEN) from error


def _opened(content: bytes) -> pypdf.PdfReader:
    reader = pypdf.PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError(Reason.ENCRYPTED)
    return reader


def _check(stream: StreamObject, limits: Limits) -> None:
    if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > limits.pixels:
        raise UnreadableError(Reason.TOO_LARGE)


def _streams(reader: pypdf.PdfReader) -> Iterator[StreamObject]:
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    if len(numbers) > MOST_OBJECTS:
        raise UnreadableError(Reason.TOO_MANY_PARTS)
    for number in sorted(numbers):
        found = reader.get_object(number)
        if isinstance(found, StreamObject):
            yield found


def data_pictures(content: bytes) -> Iterator[bytes]:
    """Yield the pictures that stand as ``data:`` addresses in SVG, HTML or another text."""
    for told in DATA_URI.finditer(content):
        try:
            yield base64.b64decode(re.sub(rb"\s|%[0-9A-Fa-f]{2}", b"", told.group(1)) + b"==")
        except ValueError as error:
            raise UnreadableError(Reason.BROKEN) from error


def is_active(content: bytes) -> bool:
    """Tell whether an SVG would run something."""
    return ACTIVE.search(content) is not None


def carved(content: bytes) -> Iterator[bytes]:
    """Yield what begins like a picture inside an old Office file. Raises ``UnreadableError`` when it is encrypted."""
    if LOCKED_OLE in content:
        raise UnreadableError(Reason.ENCRYPTED)
    for head in PICTURE_HEAD.finditer(content):
        yield content[head.start() :]
