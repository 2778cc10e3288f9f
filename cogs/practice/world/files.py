"""Files on their way to the CDN: kind, size on screen, and the name that Discord gives them."""

import mimetypes
import re
import struct

from cogs.practice.world.records import Attachment, Upload
from cogs.practice.world.state import World

UNSAFE = re.compile(r"[^\w.\-()\[\]]+")
PNG, GIF, JPEG = b"\x89PNG\r\n\x1a\n", b"GIF8", b"\xff\xd8"
STARTS_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2, 0xC3})


def store(world: World, channel_id: int, upload: Upload, *, ephemeral: bool = False) -> Attachment:
    """Put a file on the CDN and return its record."""
    attachment = Attachment(
        id=world.ids.next(),
        channel_id=channel_id,
        filename=clean_name(upload.filename),
        content_type=upload.content_type or guess_type(upload.filename),
        data=upload.data,
        size_on_screen=size_on_screen(upload.data),
        description=upload.description,
        ephemeral=ephemeral,
        title=upload.title,
        duration=upload.duration,
        waveform=upload.waveform,
    )
    world.attachments[attachment.id] = attachment
    return attachment


def clean_name(filename: str) -> str:
    """Return the name as Discord keeps it: no folders, underscores for what does not belong in an address."""
    last = filename.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    return UNSAFE.sub("_", last).strip("_") or "unknown"


def guess_type(filename: str) -> str:
    """Return the media type that the file's name suggests."""
    kind, _ = mimetypes.guess_type(filename)
    kind = kind or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def size_on_screen(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF or JPEG; nothing for other files."""
    if data.startswith(PNG) and len(data) > 24:  # noqa: PLR2004 - the length of a PNG's header
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    if data.startswith(GIF) and len(data) > 10:  # noqa: PLR2004 - the length of a GIF's header
        width, height = struct.unpack("<HH", data[6:10])
        return int(width), int(height)
    return _size_of_jpeg(data) if data.startswith(JPEG) else None


def _size_of_jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:  # noqa: PLR2004 - the byte that starts a segment
        if data[at + 1] in STARTS_OF_FRAME:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
