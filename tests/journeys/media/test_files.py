"""Every kind of file through the running bot: people are taken out of the channel, and so is what can't be seen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Callable

import numpy as np
import pillow_heif
import pytest
import pytest_asyncio
from PIL import Image

from bot.media import samples
from bot.media.copies import copies_of
from bot.media.footage import film
from bot.media.portrait import portrait
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage
from cogs.practice.world.files import guess_type
from cogs.practice.world.message_payloads import attachment_url
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.records import Channel, Message, Upload
from cogs.practice.world.sight import message_search_text, newest_first
from tests.journeys.media.room import PATIENCE_S, act, gone, running

pytestmark = pytest.mark.asyncio(loop_scope="module")
PUPIL, TEACHER, CLASS = 1100000000000000605, 1100000000000000305, 1100000000000000502
SOMEBODY = portrait(320, 240)
PHOTO = samples.encoded(SOMEBODY, "JPEG")
PEOPLE, FILM, SOUND = "mensen op de foto", "een film, zonder", "een geluidsopname, zonder"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with running(tmp_path_factory.mktemp("state")) as made:
        yield made


def heic() -> bytes:
    pillow_heif.register_heif_opener()
    return samples.encoded(SOMEBODY, "HEIF")


def moving(form: str) -> bytes:
    """Return an animation in which somebody comes into an empty scene."""
    empty, told = Image.fromarray(samples.noise(320, 240)), io.BytesIO()
    empty.save(told, form, save_all=True, append_images=[empty, Image.fromarray(SOMEBODY)], duration=200)
    return told.getvalue()


def locked() -> bytes:
    """Return a zip whose file carries the sign of encryption."""
    content = bytearray(samples.zipped({"a.jpg": PHOTO}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def bomb() -> bytes:
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bmp", bytes(60_000_000))
    return told.getvalue()


SHEET = samples.encoded(samples.sums(), "PNG")
ROADS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "png": ("a.png", lambda: samples.encoded(SOMEBODY, "PNG"), PEOPLE),
    "webp": ("a.webp", lambda: samples.encoded(SOMEBODY, "WEBP"), PEOPLE),
    "avif": ("a.avif", lambda: samples.encoded(SOMEBODY, "AVIF"), PEOPLE),
    "heic": ("a.heic", heic, PEOPLE),
    "gif of which a later frame shows somebody": ("a.gif", lambda: moving("GIF"), PEOPLE),
    "webp that moves": ("a.webp", lambda: moving("WEBP"), PEOPLE),
    "spoiler": ("SPOILER_a.jpg", lambda: PHOTO, PEOPLE),
    "wrong name": ("huiswerk.txt", lambda: PHOTO, PEOPLE),
    "pdf": ("a.pdf", lambda: samples.document([samples.sums(), SOMEBODY]), PEOPLE),
    "zip": ("a.zip", lambda: samples.zipped({"map/a.jpg": PHOTO}), PEOPLE),
    "docx": ("a.docx", lambda: samples.zipped({"word/document.xml": b"<w/>", "word/media/a.jpg": PHOTO}), PEOPLE),
    "film": ("a.mp4", lambda: film(2.0, 320, 240), FILM),
    "voice message": ("voice-message.wav", lambda: samples.recording(2.0), SOUND),
    "truncated": ("a.jpg", lambda: PHOTO[: len(PHOTO) // 2], "niet helemaal aangekomen"),
    "zero bytes": ("a.jpg", lambda: b"", "Het bestand is leeg"),
    "40,000 x 40,000": ("a.png", lambda: samples.claimed_png(40_000, 40_000), "te groot om veilig"),
    "10,000 frames": ("a.gif", lambda: samples.animation(10_000, 8, 8), "te veel beeldjes"),
    "wrong extension": ("a.jpg", lambda: b"dit is geen foto", "maar dat is het niet"),
    "polyglot": ("a.png", lambda: SHEET + samples.zipped({"a.exe": b"MZ"}), "twee soorten bestanden"),
    "zip bomb": ("a.zip", bomb, "te groot om veilig"),
    "svg with a script": ("a.svg", lambda: b"<svg onload='a()'><script>1</script></svg>", "programmaatje"),
    "encrypted zip": ("a.zip", locked, "Er zit een wachtwoord op"),
    "zip in a zip in a zip": (
        "a.zip",
        lambda: samples.zipped({"b.zip": samples.zipped({"c.zip": samples.zipped({"a.jpg": PHOTO})})}),
        "ingepakt bestand in een ingepakt",
    ),
}


def post(stage: Stage, name: str, content: bytes, text: str = "kijk") -> tuple[Channel, Message]:
    channel = stage.world.channels[CLASS]
    draft = Draft(content=text, uploads=[Upload(name, content, guess_type(name))])
    return channel, send(stage.world, channel, stage.member(PUPIL).user, draft)


def newest_card(stage: Stage) -> str:
    mine = (one for one in newest_first(stage.world, TEACHER) if one.channel_id == stage.world.dms.get(TEACHER))
    return message_search_text(stage.world, next(mine))


@pytest.mark.parametrize(("name", "content", "told"), ROADS.values(), ids=ROADS)
async def test_it_is_taken_out_and_the_teacher_reads_why(
    stage: Stage, name: str, content: Callable[[], bytes], told: str
) -> None:
    await gone(stage, *post(stage, name, content()))
    card = newest_card(stage)
    assert told in card
    assert "Uit het kanaal gehaald" in card


@pytest.mark.parametrize("name", ["huiswerk.png", "tekening.png", "som.py", "verslag.pdf"])
async def test_what_shows_nobody_stays(stage: Stage, name: str) -> None:
    white = np.full((240, 320, 3), 255, dtype=np.uint8)
    files = {"huiswerk.png": SHEET, "tekening.png": samples.encoded(white, "PNG"), "som.py": b"print(1 + 1)\n"}
    channel, message = post(stage, name, files.get(name, samples.document([samples.sums()])), "dit is som 4")
    await settle(stage, limit=PATIENCE_S)
    assert message.id in channel.messages


async def test_a_file_that_vanishes_before_it_is_fetched_is_held_with_a_word(stage: Stage) -> None:
    channel, message = post(stage, "weg.jpg", PHOTO)
    for file in message.attachments:
        del stage.world.attachments[file.id]
    await gone(stage, channel, message)
    assert "kon niet worden opgehaald" in newest_card(stage)


async def test_ten_files_of_one_message_are_all_looked_at(stage: Stage) -> None:
    channel = stage.world.channels[CLASS]
    uploads = [Upload(f"{number}.png", SHEET, "image/png") for number in range(9)]
    draft = Draft(content="tien", uploads=[*uploads, Upload("10.jpg", PHOTO, "image/jpeg")])
    await gone(stage, channel, send(stage.world, channel, stage.member(PUPIL).user, draft))
    assert "10. foto of plaatje. Gezichten geteld: 1" in newest_card(stage)


async def test_a_link_to_a_picture_on_the_platforms_own_server_is_looked_at(stage: Stage) -> None:
    channel, first = post(stage, "elders.jpg", PHOTO)
    await gone(stage, channel, first)
    link = attachment_url(stage.world, first.attachments[0])
    message = send(stage.world, channel, stage.member(PUPIL).user, Draft(content=link))
    await gone(stage, channel, message)
    assert PEOPLE in newest_card(stage)


async def test_every_copy_of_a_removed_picture_is_held_at_once_and_joins_its_case(stage: Stage) -> None:
    picture = Image.fromarray(samples.noise(512, 384, seed=23, grain=40))
    picture.paste(Image.fromarray(portrait(256, 192)), (128, 96))
    await gone(stage, *post(stage, "eerst.png", samples.encoded(np.asarray(picture), "PNG")))
    await act(stage, TEACHER, act="click", action="open_case")
    await act(stage, TEACHER, act="click", action="refuse")
    await act(stage, TEACHER, act="submit", fields={"reason": "Vraag het eerst."})
    await settle(stage, limit=PATIENCE_S)
    for name, content in copies_of(picture).items():
        await gone(stage, *post(stage, f"{name}.jpg", content))
        card = newest_card(stage)
        assert ("dezelfde foto is eerder weggehaald" in card, "Dezelfde foto hoort bij zaak 1" in card) == (True, True)
