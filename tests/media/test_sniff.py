"""What a file is, by its bytes."""

import pytest

from bot.media import samples
from bot.media.facts import MediaKind
from bot.media.sniff import KINDS, formats, named_kind
from bot.media.sound import length

PHOTO = samples.noise(32, 24)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "ICO"])
def test_pictures_are_known_by_their_bytes(form: str) -> None:
    (found,) = formats(samples.encoded(PHOTO, form))
    assert (found, KINDS[found]) == (form.lower(), MediaKind.IMAGE)


@pytest.mark.parametrize(
    ("start", "form"),
    [
        (b"\x00\x00\x00\x18ftypmp42" + bytes(40), "mp4"),
        (b"\x00\x00\x00\x14ftypqt  " + bytes(40), "mp4"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(40), "m4a"),
        (b"\x00\x00\x00\x1cftypheic" + bytes(40), "heic"),
        (b"\x1aE\xdf\xa3" + bytes(40), "mkv"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "avi"),
        (b"OggS\x00\x02" + b"OpusHead" + bytes(40), "ogg"),
        (b"OggS\x00\x02" + b"\x80theora" + bytes(40), "ogv"),
        (b"ID3\x04" + bytes(40), "mp3"),
        (b"\xff\xfb\x90\x00" + bytes(40), "mp3"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "ole"),
        (b"Rar!\x1a\x07\x01\x00", "archive"),
        (b"MZ\x90\x00", "program"),
        (b"hoi, tot morgen!\n", "text"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
        (b"\x00\x01\x02\x03", "unknown"),
        (b"", "empty"),
    ],
)
def test_other_files_are_known_by_their_bytes(start: bytes, form: str) -> None:
    assert formats(start) == (form,)


def test_a_picture_that_is_also_a_zip_is_both() -> None:
    both = samples.encoded(PHOTO, "PNG") + samples.zipped({"a.exe": b"MZ"})
    assert formats(both) == ("png", "zip")


def test_a_picture_with_a_script_in_it_is_both() -> None:
    assert formats(samples.encoded(PHOTO, "PNG") + b"<script>alert(1)</script>") == ("png", "script")


def test_a_pdf_behind_a_gif_head_is_both() -> None:
    assert formats(b"GIF89a\x01\x00\x01\x00" + b"%PDF-1.7\n" + bytes(50)) == ("gif", "pdf")


def test_names_promise_a_kind() -> None:
    promised = [named_kind(name) for name in ("Foto.JPG", "film.mov", "stem.opus", "werk.docx", "x", "y.py")]
    assert promised == [MediaKind.IMAGE, MediaKind.FILM, MediaKind.SOUND, MediaKind.DOCUMENT, None, None]


def test_the_voice_message_of_the_project_is_opus_in_ogg_with_right_sums() -> None:
    content = samples.voice(3.0)
    assert (formats(content), round(length(content, "ogg") or 0, 1)) == (("ogg",), 3.0)
    at = 0
    while at < len(content):  # every page: https://www.rfc-editor.org/rfc/rfc3533#section-6
        assert content[at : at + 4] == b"OggS"
        lengths = content[at + 27 : at + 27 + content[at + 26]]
        end = at + 27 + len(lengths) + sum(lengths)
        page = content[at : at + 22] + bytes(4) + content[at + 26 : end]
        assert int.from_bytes(content[at + 22 : at + 26], "little") == ogg_sum(page)
        at = end
    assert ogg_sum(b"123456789") == 0x89A1897F  # the check value of this kind of CRC, worked out by cksum


def ogg_sum(page: bytes) -> int:
    table = []
    for value in range(256):
        total = value << 24
        for _ in range(8):
            total = (total << 1) ^ (0x04C11DB7 if total & 0x80000000 else 0)
        table.append(total & 0xFFFFFFFF)
    total = 0
    for value in page:
        total = (total << 8 & 0xFFFFFFFF) ^ table[total >> 24 ^ value]
    return total
