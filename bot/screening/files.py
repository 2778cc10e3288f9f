"""F2 by name: attachments that may do harm, hide what they are, or are photo, film or sound (A6)."""

from __future__ import annotations

import re
from typing import Final

from bot.ports import Attachment

_DANGEROUS: Final = frozenset(
    "exe msi msix msp appx scr com pif bat cmd ps1 psm1 vbs vbe js jse wsf wsh hta jar jnlp lnk url scf reg inf cpl dll sys drv "
    "ocx gadget apk ipa xapk dmg pkg app deb rpm run sh bash elf bin command workflow iso img vhd vhdx chm hlp mst ade adp mde "
    "settingcontent-ms appref-ms application xll wll sct vb pyz pyw torrent ace".split()
)
_MACRO: Final = frozenset("docm dotm xlsm xltm xlsb xlam pptm potm ppsm ppam sldm doc xls ppt rtf slk iqy one onepkg".split())
_ARCHIVE: Final = frozenset("zip rar 7z tar gz tgz bz2 xz cab arj lzh zst".split())
_HARMLESS: Final = frozenset(
    "jpg jpeg png gif webp heic heif avif bmp svg mp4 mov webm mkv avi m4v mp3 wav ogg m4a flac opus pdf doc docx odt xls xlsx "
    "ods ppt pptx odp txt csv md rtf zip".split()
)
_IMAGE: Final = frozenset("jpg jpeg jpe jfif png gif webp heic heif avif bmp tif tiff svg".split())
_VIDEO: Final = frozenset("mp4 mov webm mkv avi m4v 3gp mpg mpeg wmv flv ogv".split())
_SOUND: Final = frozenset("mp3 wav ogg oga m4a flac opus aac amr wma mid".split())
_OLD_OFFICE: Final = frozenset("doc xls ppt rtf".split())
_OVERRIDES: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_HIDDEN_END: Final = re.compile(r"\s{3,}|[\u200b-\u200d\u2060\ufeff]")


def risk(attachment: Attachment) -> str | None:
    """Return ``dangerous_file``, ``disguised_file``, ``macro_file``, ``archive_file``, or None."""
    name = attachment.name
    parts = _endings(name)
    last = parts[-1] if parts else ""
    kind = attachment.content_type or ""
    disguise = bool(_OVERRIDES.search(name)) or (last in _DANGEROUS and any(part in _HARMLESS for part in parts[:-1]))
    if disguise or (last in _DANGEROUS and _HIDDEN_END.search(name)) or _claims_otherwise(last, kind):
        return "disguised_file"
    if last in _DANGEROUS or re.search(r"x-ms(?:download|dos)|x-executable|java-archive|android\.package", kind):
        return "dangerous_file"
    if last in _MACRO - _OLD_OFFICE or "macroenabled" in kind.lower():
        return "macro_file"
    return "archive_file" if last in _ARCHIVE else None


def medium(attachment: Attachment) -> str | None:
    """Return ``image``, ``video`` or ``sound``, by name and stated type, or None."""
    kind = (attachment.content_type or "").split("/")[0].lower()
    last = (_endings(attachment.name) or [""])[-1]
    if kind == "image" or last in _IMAGE:
        return "image"
    if kind == "video" or last in _VIDEO:
        return "video"
    return "sound" if kind == "audio" or last in _SOUND or attachment.duration is not None else None


def _claims_otherwise(last: str, kind: str) -> bool:
    """Whether a file that calls itself a picture or text is stated to be a program."""
    return last in _HARMLESS and bool(re.search(r"x-ms(?:download|dos)|x-executable|java-archive", kind))


def _endings(name: str) -> list[str]:
    clean = _HIDDEN_END.sub("", _OVERRIDES.sub("", name)).strip().rstrip(". ")
    return [part.strip().lower() for part in clean.split(".")[1:]]
