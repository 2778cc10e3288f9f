"""The child process: what it really sees, and that nothing breaks the bot."""

import asyncio
import json
import os
import signal
import time
from io import StringIO
from pathlib import Path

import pytest

from bot.media import cli, samples
from bot.media.facts import MediaKind, People
from bot.media.fingerprint import same_picture
from bot.media.fuzz import fuzz
from bot.media.gallery import gallery
from bot.media.inspector import MediaInspector
from bot.media.portrait import group, portrait
from tests.media.conftest import DATA

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_face_is_counted_in_a_portrait(inspector: MediaInspector) -> None:
    facts = await inspector.inspect("foto.jpg", samples.encoded(portrait(), "JPEG"))
    assert (facts.faces, facts.people, facts.photo_like, facts.error) == (1, People.YES, True, None)
    assert facts.nudity < 0.2


async def test_three_faces_are_counted_in_a_group(inspector: MediaInspector) -> None:
    assert (await inspector.inspect("klas.png", samples.encoded(group(), "PNG"))).faces == 3


async def test_the_practice_rooms_pictures_are_seen_as_they_are_meant(inspector: MediaInspector) -> None:
    seen = {name: await inspector.inspect(name, content) for name, content in gallery().items()}
    assert {name: facts.people.value for name, facts in seen.items()} == {
        "huiswerk.png": "no",
        "tekening.png": "no",
        "meme.png": "no",
        "foto.jpg": "yes",
        "klas.png": "yes",
        "wolken.jpg": "maybe",
        "opname.wav": "maybe",
        "stem.ogg": "maybe",
    }
    assert [name for name, facts in seen.items() if facts.needs_consent] == [
        "foto.jpg",
        "klas.png",
        "opname.wav",
        "stem.ogg",
    ]
    assert [name for name, facts in seen.items() if facts.exif_position] == ["foto.jpg"]


async def test_the_shipped_pictures_are_those_of_the_gallery() -> None:
    folder = DATA.parent / "practice" / "media"
    shipped = {path.name for path in folder.iterdir()} - {"NOTICE.txt"}
    assert shipped == set(gallery())


async def test_a_mirrored_smaller_copy_is_the_same_picture(inspector: MediaInspector) -> None:
    kept = await inspector.inspect("a.png", samples.encoded(portrait(480, 360), "PNG"))
    copy = portrait(480, 360)[:, ::-1][::2, ::2]
    again = await inspector.inspect("b.jpg", samples.encoded(copy, "JPEG", quality=40))
    other = await inspector.inspect("c.png", samples.encoded(samples.noise(480, 360), "PNG"))
    assert (same_picture(kept.pdqs, str(again.pdq)), same_picture(kept.pdqs, str(other.pdq))) == (True, False)


async def test_a_child_that_is_killed_is_replaced(inspector: MediaInspector) -> None:
    before = inspector.child_pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    facts = [await inspector.inspect("a.wav", samples.recording(0.1)) for _ in range(2)]
    assert (facts[1].kind, facts[1].error, inspector.child_pid != before) == (MediaKind.SOUND, None, True)


async def test_a_child_that_gets_no_processor_is_ended_and_the_next_file_is_seen(inspector: MediaInspector) -> None:
    assert inspector.child_pid is not None
    os.kill(inspector.child_pid, signal.SIGSTOP)
    whole = inspector.config
    inspector.config = whole.model_copy(update={"limits": whole.limits.model_copy(update={"wall_seconds": 0.2})})
    slow = await inspector.inspect("a.jpg", samples.encoded(samples.noise(32, 24), "JPEG"))
    inspector.config = whole
    assert (slow.error, slow.people, len(slow.sha256)) == ("unreadable: busy", People.MAYBE, 64)
    assert (await inspector.inspect("a.wav", samples.recording(0.1))).error is None


async def test_a_cancelled_question_does_not_answer_the_next(inspector: MediaInspector) -> None:
    first = asyncio.create_task(inspector.inspect("a.jpg", samples.encoded(samples.noise(800, 600), "JPEG")))
    await asyncio.wait({first}, timeout=0.01)
    first.cancel()
    await asyncio.wait({first})
    assert (await inspector.inspect("b.wav", samples.recording(0.1))).kind is MediaKind.SOUND


async def test_the_event_loop_goes_on_while_a_file_is_looked_at(inspector: MediaInspector) -> None:
    photo = samples.encoded(samples.noise(1600, 1200), "JPEG")
    looked, longest, last = asyncio.create_task(inspector.inspect("a.jpg", photo)), 0.0, time.perf_counter()
    while not looked.done():
        await asyncio.wait({looked}, timeout=0.005)
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    assert (await looked).error is None
    assert longest < 0.5  # a busy machine may take the processor away; blocking would take as long as the look


async def test_the_child_gets_no_secrets(inspector: MediaInspector) -> None:
    environment = await asyncio.to_thread(Path(f"/proc/{inspector.child_pid}/environ").read_bytes)
    assert b"DISCORD" not in environment
    assert b"KLASWACHT" not in environment


async def test_sixty_damaged_files_break_nothing_and_none_passes_in_silence(inspector: MediaInspector) -> None:
    result = await fuzz(inspector, 60, seed=4)
    assert (result.files, result.silent) == (60, ())


async def test_a_file_that_is_gone_is_told(inspector: MediaInspector, tmp_path: Path) -> None:
    facts = await inspector.inspect("foto.jpg", tmp_path / "weg.jpg")
    assert (facts.error, facts.kind, facts.people) == ("unreadable: gone", MediaKind.IMAGE, People.MAYBE)


async def test_screen_media_prints_one_object_a_file(tmp_path: Path) -> None:
    for name, content in (("foto.jpg", gallery()["foto.jpg"]), ("leeg.png", b"")):
        (tmp_path / name).write_bytes(content)
    out = StringIO()
    assert await cli.screen_media([tmp_path / "foto.jpg", tmp_path / "leeg.png"], out) == 0
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(line["people"], line["needs_consent"], line["error"]) for line in lines] == [
        ("yes", True, None),
        ("maybe", False, "unreadable: empty"),
    ]
