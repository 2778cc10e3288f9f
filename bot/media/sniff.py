"""What a file is, by its first bytes; names lie.

Written out rather than asked of libmagic: it must work where that is missing, and only what the looking parts can
read matters. Signatures: https://www.iana.org/assignments/media-types and the formats' own specifications.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from bot.media.facts import MediaKind

KINDS: dict[str, MediaKind] = {
    **dict.fromkeys(("jpeg", "png", "gif", "webp", "bmp", "tiff", "ico", "avif", "heic", "svg"), MediaKind.IMAGE),
    **dict.fromkeys(("mp4", "mkv", "avi", "flv", "mpeg", "asf", "ogv", "mpegts"), MediaKind.FILM),
    **dict.fromkeys(("mp3", "wav", "flac", "ogg", "m4a", "amr", "aiff", "caf", "midi"), MediaKind.SOUND),
    **dict.fromkeys(("pdf", "zip", "ole", "text"), MediaKind.DOCUMENT),
    **dict.fromkeys(("archive", "resource", "program", "unknown", "empty"), MediaKind.OTHER),
}
"""Every format that is known by its bytes, and the kind of thing it is."""

_ENDS: dict[MediaKind, str] = {
    MediaKind.IMAGE: "jpg jpeg jpe jfif png apng gif webp bmp tif tiff ico avif heic heif svg jxl psd raw dng jp2",
    MediaKind.FILM: "mp4 m4v mov qt webm mkv avi flv mpg mpeg wmv 3gp 3g2 ogv ts mts",
    MediaKind.SOUND: "mp3 wav flac ogg oga opus m4a aac amr aif aiff caf mid midi wma weba",
    MediaKind.DOCUMENT: "pdf zip docx pptx xlsx odt odp ods epub",
}
NAMED: dict[str, MediaKind] = {end: kind for kind, ends in _ENDS.items() for end in ends.split()}
"""What the end of a name promises, for files whose bytes say nothing."""

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"\x1aE\xdf\xa3", "mkv"),
    (b"FLV\x01", "flv"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
    (b"#!AMR", "amr"),
    (b"caff", "caf"),
    (b"MThd", "midi"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"MSCF", "archive"),
    (b"\x00\x05\x16\x07", "resource"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)
_INSIDE_RIFF = {b"WEBP": "webp", b"AVI ": "avi", b"WAVE": "wav"}
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "avif"),
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), "heic"),
    **dict.fromkeys((b"M4A ", b"M4B "), "m4a"),
}
_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_HEAD, _TEXT_HEAD = 1024, 8192
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_ACTIVE = re.compile(rb"<script|<html|<\?php|<svg[\s>]", re.IGNORECASE)
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TS_PACKET = 188


def formats(content: bytes) -> tuple[str, ...]:
    """Return the format of a file and, for a polyglot, what else it is as well (zip, pdf, script)."""
    first = _format(content)
    return (first, *(other for other in _also(content, first) if other != first))


def named_kind(name: str) -> MediaKind | None:
    """Return what the end of a file's name promises."""
    end = PurePath(name).suffix.lower().removeprefix(".")
    return NAMED.get(end)


def _format(content: bytes) -> str:
    if not content:
        return "empty"
    for start, name in _STARTS:
        if content.startswith(start):
            return name
    return _boxed(content) or _streamed(content) or _written(content)


def _boxed(content: bytes) -> str | None:
    if content[:4] == b"RIFF":
        return _INSIDE_RIFF.get(content[8:12])
    if content[:4] == b"FORM" and content[8:12] in {b"AIFF", b"AIFC"}:
        return "aiff"
    if content[:4] == b"OggS":
        return "ogv" if b"theora" in content[:4096] else "ogg"
    if content[4:8] in _BOXES:
        return _BRANDS.get(content[8:12], "mp4") if content[4:8] == b"ftyp" else "mp4"
    if content[:2] == b"BM" and len(content) > 26 and content[6:10] == b"\x00\x00\x00\x00":  # noqa: PLR2004 - header
        return "bmp"
    return "archive" if content[257:262] == b"ustar" else None


def _streamed(content: bytes) -> str | None:
    if content[0] == 0xFF and len(content) > 1 and content[1] & 0xE6 in {0xE2, 0xE4, 0xE6}:  # noqa: PLR2004 - MPEG sync
        return "mp3"
    packets = content[: 4 * _TS_PACKET : _TS_PACKET]
    return "mpegts" if packets == b"GGGG" else None


def _written(content: bytes) -> str:
    head = content[:_TEXT_HEAD]
    if _SVG.search(head):
        return "svg"
    wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return "text" if wide or not _NOT_TEXT.search(head) else "unknown"


def _also(content: bytes, first: str) -> list[str]:
    found = []
    if first not in {"zip", "ole", "archive", "empty"} and _ends_as_zip(content):
        found.append("zip")
    if first not in {"pdf", "text", "zip", "ole"} and b"%PDF-" in content[:_HEAD]:
        found.append("pdf")
    if KINDS[first] is MediaKind.IMAGE and first != "svg" and _ACTIVE.search(content[:_HEAD] + content[-_HEAD:]):
        found.append("script")
    return found


def _ends_as_zip(content: bytes) -> bool:
    try:
        return zipfile.is_zipfile(io.BytesIO(content))
    except (OSError, ValueError):
        return False
