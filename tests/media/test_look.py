"""The road of one file, with eyes that see what the test says."""

import base64
import io
import zipfile
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from PIL import Image

from bot.media import samples
from bot.media.config import MediaConfig
from bot.media.facts import MediaFacts, MediaKind, People
from bot.media.look import Looker
from bot.media.tally import Seen

PHOTO = samples.noise(64, 48)
JPEG = samples.encoded(PHOTO, "JPEG")


@dataclass
class FakeEyes:
    """Sees one face in everything, and remembers what it saw."""

    seen: list[samples.Pixels] = field(default_factory=list)
    nudity: float = 0.0

    def look(self, picture: samples.Pixels) -> Seen:
        self.seen.append(picture)
        return Seen(1, People.YES, self.nudity, photo_like=True, pdqs=(f"{len(self.seen):064x}",) * 8)


def facts(name: str, content: bytes, config: MediaConfig, eyes: FakeEyes | None = None) -> MediaFacts:
    return Looker(config, eyes or FakeEyes()).look(name, content)


def test_a_photo_of_people_needs_consent(config: MediaConfig) -> None:
    seen = facts("foto.jpg", JPEG, config)
    assert (seen.kind, seen.faces, seen.people, seen.needs_consent) == (MediaKind.IMAGE, 1, People.YES, True)
    assert (seen.signals, seen.error, len(seen.sha256)) == (("media",), None, 64)


def test_the_line_for_the_command_has_exactly_these_keys(config: MediaConfig) -> None:
    line = facts("foto.jpg", JPEG, config).line()
    assert list(line) == [
        "file",
        "kind",
        "faces",
        "people",
        "needs_consent",
        "nudity",
        "sha256",
        "pdq",
        "signals",
        "error",
    ]


def test_facts_survive_being_packed(config: MediaConfig) -> None:
    seen = facts("werk.zip", samples.zipped({"a.jpg": JPEG, "b.wav": samples.recording(0.1)}), config)
    assert MediaFacts.unpacked(seen.packed()) == seen


def test_nudity_above_the_threshold_is_a_signal(config: MediaConfig) -> None:
    seen = facts("foto.jpg", JPEG, config, FakeEyes(nudity=0.9))
    assert (seen.nudity, seen.signals) == (0.9, ("media", "sexual"))


def test_sound_is_a_recording_with_a_length_and_needs_consent(config: MediaConfig) -> None:
    seen = facts("stem.wav", samples.recording(2.0), config)
    assert (seen.kind, seen.duration, seen.people, seen.needs_consent) == (MediaKind.SOUND, 2.0, People.MAYBE, True)


def test_pictures_in_a_zip_and_in_a_docx_in_a_zip_are_seen(config: MediaConfig) -> None:
    eyes = FakeEyes()
    docx = samples.zipped({"word/document.xml": b"<w/>", "word/media/image1.jpeg": JPEG})
    seen = facts("werk.zip", samples.zipped({"foto.jpg": JPEG, "werk.docx": docx}), config, eyes)
    assert (seen.kind, len(eyes.seen), seen.people, seen.error) == (MediaKind.DOCUMENT, 2, People.YES, None)


def test_a_zip_in_a_zip_in_a_zip_is_told(config: MediaConfig) -> None:
    deep = samples.zipped({"c.zip": samples.zipped({"b.zip": samples.zipped({"a.jpg": JPEG})})})
    assert facts("werk.zip", deep, config).error == "unreadable: nested"


def test_a_film_in_a_zip_needs_consent(config: MediaConfig) -> None:
    seen = facts("werk.zip", samples.zipped({"stem.wav": samples.recording(0.1)}), config)
    assert (seen.inside, seen.needs_consent) == (("sound",), True)


def test_pictures_in_a_pdf_are_seen(config: MediaConfig) -> None:
    eyes = FakeEyes()
    seen = facts("werk.pdf", samples.document([PHOTO, samples.sums(80, 60)]), config, eyes)
    assert (len(eyes.seen), seen.error) == (2, None)


def test_a_picture_written_into_svg_or_html_is_seen(config: MediaConfig) -> None:
    inline = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/jpeg;base64,%s"/></svg>'
    for name in ("tekening.svg", "pagina.html"):
        eyes = FakeEyes()
        facts(name, inline % base64.b64encode(JPEG), config, eyes)
        assert len(eyes.seen) == 1


def test_svg_with_a_script_is_told_as_dangerous(config: MediaConfig) -> None:
    seen = facts("tekening.svg", b'<svg onload="alert(1)"><script>1</script></svg>', config)
    assert (seen.error, seen.signals) == ("unreadable: script", ("media", "dangerous_file"))


def test_plain_text_and_code_are_left_alone(config: MediaConfig) -> None:
    seen = facts("som.py", b"print(1 + 1)\n", config)
    assert (seen.kind, seen.people, seen.signals, seen.error) == (MediaKind.DOCUMENT, People.NO, (), None)


def test_every_frame_that_differs_is_seen_and_no_other(config: MediaConfig) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "red", "red", "blue", "blue", "blue")]
    told = io.BytesIO()
    frames[0].save(told, "GIF", save_all=True, append_images=frames[1:])
    eyes = FakeEyes()
    facts("dans.gif", told.getvalue(), config, eyes)
    assert len(eyes.seen) == 2


def test_what_is_transparent_is_seen_on_white(config: MediaConfig) -> None:
    clear = Image.new("RGBA", (16, 16), (0, 0, 0, 0))
    told = io.BytesIO()
    clear.save(told, "PNG")
    eyes = FakeEyes()
    facts("leeg.png", told.getvalue(), config, eyes)
    assert np.array_equal(eyes.seen[0], np.full((16, 16, 3), 255))


def locked_zip() -> bytes:
    """Return a zip whose file carries the sign of encryption."""
    content = bytearray(samples.zipped({"a.jpg": JPEG}))
    central = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[central + 8] |= 1
    return bytes(content)


def bomb() -> bytes:
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bmp", bytes(60_000_000))
    return told.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("foto.jpg", b"", "empty"),
        ("foto.jpg", JPEG[: len(JPEG) * 9 // 10], "truncated"),
        ("foto.png", samples.claimed_png(40_000, 40_000), "too_large"),
        ("dans.gif", samples.animation(1200, 8, 8), "too_many_frames"),
        ("foto.jpg", b"dit is geen foto", "wrong_name"),
        ("foto.jpg", b"\x00\x01\x02", "wrong_name"),
        ("film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(100), "broken"),
        ("foto.png", samples.encoded(PHOTO, "PNG") + samples.zipped({"a.txt": b"a"}), "two_kinds"),
        ("werk.zip", samples.zipped({"a.jpg": JPEG}) + samples.zipped({"b.txt": b"b"}), "two_kinds"),
        ("werk.zip", locked_zip(), "encrypted"),
        ("werk.zip", bomb(), "too_large"),
        ("werk.zip", samples.zipped({f"{n}.jpg": JPEG for n in range(41)}), "too_many_parts"),
        ("werk.zip", b"PK\x03\x04" + bytes(80), "broken"),
        ("werk.rar", b"Rar!\x1a\x07\x01\x00" + bytes(80), "not_opened"),
        ("werk.pdf", b"%PDF-1.7\n" + bytes(80), "broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_seen_is_told(name: str, content: bytes, error: str, config: MediaConfig) -> None:
    seen = facts(name, content, config)
    assert (seen.error, "media" in seen.signals) == (f"unreadable: {error}", True)


def test_a_file_above_the_limit_is_not_opened(config: MediaConfig) -> None:
    small = config.model_copy(update={"limits": config.limits.model_copy(update={"bytes": 10})})
    seen = facts("foto.jpg", JPEG, small)
    assert (seen.error, seen.people) == ("unreadable: too_large", People.MAYBE)


def test_a_wrong_name_does_not_hide_a_photo(config: MediaConfig) -> None:
    seen = facts("huiswerk.txt", JPEG, config)
    assert (seen.kind, seen.people, seen.error) == (MediaKind.IMAGE, People.YES, None)


def test_a_document_on_which_nothing_stands_is_harmless(config: MediaConfig) -> None:
    harmless = facts("werk.docx", samples.zipped({"word/document.xml": b"<w/>"}), config)
    assert replace(harmless, sha256="") == MediaFacts("werk.docx", MediaKind.DOCUMENT)
