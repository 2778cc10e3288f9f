"""What ``klaswacht evaluate-media`` tells."""

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from bot.errors import InputError
from bot.media import cli, samples
from bot.media.copies import COPIES
from bot.media.gallery import gallery

pytestmark = pytest.mark.asyncio(loop_scope="module")


def folder(path: Path, files: dict[str, bytes]) -> Path:
    path.mkdir()
    for name, content in files.items():
        (path / name).write_bytes(content)
    return path


async def test_people_others_and_copies_are_counted_and_named(tmp_path: Path) -> None:
    plain = samples.encoded(np.full((96, 128, 3), 200, dtype=np.uint8), "PNG")
    people = folder(tmp_path / "mensen", {"foto.jpg": gallery()["foto.jpg"], "leeg.png": plain})
    page = samples.encoded(samples.sums(), "PNG")
    others = folder(tmp_path / "ander", {"som.png": page, "kopie.png": page, "lees mij.txt": b"wat dit is"})
    out = StringIO()
    assert await cli.evaluate_media(people, others, out) == 0
    told = json.loads(out.getvalue())
    half, none = [9.5, 90.5], [0.0, 65.8]
    assert told["people"] == {
        "files": 2, "flagged": 1, "flagged_pct": 50.0, "flagged_interval": half, "found": 1, "found_pct": 50.0,
        "found_interval": half, "unreadable": 0, "urgent": 0, "left_out": 0, "not_found": ["mensen/leeg.png"],
    }  # fmt: skip
    assert told["no_people"] == {
        "files": 2, "flagged": 0, "flagged_pct": 0.0, "flagged_interval": none, "found": 0, "found_pct": 0.0,
        "found_interval": none, "unreadable": 0, "urgent": 0, "left_out": 1, "flagged_files": [],
    }  # fmt: skip
    copies = told["copies"]
    assert copies["found"] == dict.fromkeys(COPIES, 3)
    assert copies["missed"] == [f"mensen/leeg.png: {name}" for name in COPIES]
    assert (copies["tried"], copies["without_print"]) == (4, ["mensen/leeg.png"])
    assert (copies["other_pairs"], copies["other_hits"], copies["alike"]) == (1, 0, [])


async def test_two_different_files_of_one_picture_are_named_as_alike(tmp_path: Path) -> None:
    cloud = samples.noise(320, 240, seed=3)
    people = folder(tmp_path / "een", {"foto.jpg": samples.encoded(cloud)})
    others = folder(tmp_path / "twee", {"foto.png": samples.encoded(cloud, "PNG")})
    out = StringIO()
    await cli.evaluate_media(people, others, out)
    copies = json.loads(out.getvalue())["copies"]
    assert (copies["other_hits"], copies["alike"]) == (1, [["een/foto.jpg", "twee/foto.png"]])


async def test_a_folder_without_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        await cli.evaluate_media(tmp_path / "weg", tmp_path, StringIO())
    assert told.value.key == "error.media.no_folder"
