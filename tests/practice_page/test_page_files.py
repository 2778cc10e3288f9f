"""The page's own files: small, without markup from strings, and every sentence there in both languages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cogs.practice.places import PAGE
from cogs.practice.samples import Samples

SCRIPTS = sorted((PAGE / "js").glob("*.js"))
HOLE = re.compile(r"\{(\w+)\}")
USED = re.compile(r"""(?:\bt|room\.t|longAct\([^)]*\},)\(?\s*["']([a-z_]+\.[a-z_]+)["']""")


def words(name: str) -> Any:
    return json.loads((PAGE / "words" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_small_documented_and_makes_no_markup_from_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("/**")
    assert len(text.splitlines()) < 300
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text) == (
        ["innerHTML"] if path.name == "dom.js" else []  # there it stands in the sentence that promises its absence
    )


def test_every_sentence_has_both_languages_and_the_same_holes() -> None:
    for key, both in words("page.json").items():
        assert set(both) == {"nl", "en"}, key
        assert set(HOLE.findall(both["nl"])) == set(HOLE.findall(both["en"])), key


def test_every_sentence_that_a_script_names_is_there() -> None:
    known = words("page.json")
    used = {key for path in SCRIPTS for key in USED.findall(path.read_text(encoding="utf-8"))}
    assert len(used) > 60
    assert used - set(known) == set()


def test_the_six_exercises_have_the_same_steps_in_both_languages() -> None:
    exercises = words("guide.json")
    assert len(exercises) == 6
    for exercise in exercises:
        dutch, english = (exercise[language]["steps"] for language in ("nl", "en"))
        assert len(exercise["steps"]) == len(dutch) == len(english), exercise["id"]
        for one, other in zip(dutch, english, strict=True):
            assert HOLE.findall(one) == HOLE.findall(other), exercise["id"]


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(https?:|//)', page) == []
    assert "unsafe" not in page
    assert re.findall(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", page) == []


def test_sample_pictures_are_listed_and_a_missing_folder_is_none(tmp_path: Path) -> None:
    assert Samples(tmp_path / "nowhere").names() == []
    for name in ("b.png", "a.JPG", "c.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert Samples(tmp_path).names() == ["a.JPG", "b.png"]
