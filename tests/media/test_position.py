"""Where a file was made: found and blanked."""

import io
import struct

import pytest
from PIL import Image

from bot.media import samples
from bot.media.gallery import located
from bot.media.position import strip, tells_position
from bot.media.unreadable import UnreadableError

PHOTO = samples.noise(48, 32)


def with_position(form: str) -> bytes:
    """Return a picture of a format that tells where it was made."""
    with Image.open(io.BytesIO(located(PHOTO))) as image:
        exif = image.getexif()
        told = io.BytesIO()
        image.save(told, form, exif=exif)
    return told.getvalue()


def pixels(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB").tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_a_position_is_blanked_and_the_picture_stays(form: str) -> None:
    content = with_position(form)
    plain = strip(content)
    assert (tells_position(content), tells_position(plain)) == (True, False)
    assert pixels(plain) == pixels(content)
    with Image.open(io.BytesIO(plain)) as image:
        assert not any(image.getexif().get_ifd(0x8825).values())


def test_a_picture_without_position_stays_as_it_is() -> None:
    content = samples.encoded(PHOTO, "JPEG")
    assert strip(content) == content


def test_how_a_photo_was_held_is_kept() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 5.0, 26.0)
    told = io.BytesIO()
    Image.fromarray(PHOTO).save(told, "JPEG", exif=exif)
    with Image.open(io.BytesIO(strip(told.getvalue()))) as image:
        assert image.getexif()[0x0112] == 6


def test_the_position_in_xmp_is_blanked() -> None:
    xmp = b'<rdf:Description exif:GPSLatitude="52,5.4N" exif:GPSLongitude="5,7.3E"/>'
    content = samples.encoded(PHOTO, "JPEG", xmp=xmp)
    assert (b"52,5.4N" in content, b"52,5.4N" in strip(content)) == (True, False)


def test_the_position_of_a_film_is_blanked() -> None:
    place = b"\xa9xyz" + b"\x00\x12\x15\xc7" + b"+52.0907+005.1214/"
    udta = struct.pack(">I", len(place) + 12) + b"udta" + struct.pack(">I", len(place) + 4) + place
    film = b"\x00\x00\x00\x10ftypmp42\x00\x00\x00\x00" + struct.pack(">I", len(udta) + 8) + b"moov" + udta
    plain = strip(film)
    assert (tells_position(film), tells_position(plain), len(plain)) == (True, False, len(film))
    assert b"52.09" not in plain


def test_a_damaged_png_is_not_posted_again() -> None:
    content = bytearray(with_position("PNG"))
    content[40] ^= 0xFF
    with pytest.raises(UnreadableError):
        strip(bytes(content))
