"""Word lists as files: a school's own words and exceptions, and what a wrong file gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.screening.lexicon import LexiconFileError, read_lexicon
from bot.screening.opening import lexicon_of
from bot.screening.words import WordLists
from tests.screening.conftest import DATA


def own(folder: Path, text: str) -> Path:
    path = folder / "lexicon" / "school.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'language = "nl"\n{text}', encoding="utf-8")
    return folder


def test_a_school_adds_its_own_word(tmp_path: Path) -> None:
    folder = own(tmp_path, '[[entry]]\ncategory = ["insult"]\nkind = "name"\nweight = 0.9\nwords = ["zwabberoor"]\n')
    assert WordLists(lexicon_of(DATA, folder)).score("jij bent een zwabberoor").scores["insult"].score == 0.9


def test_a_school_excepts_a_word_and_a_phrase(tmp_path: Path) -> None:
    folder = own(tmp_path, '[exceptions]\nwords = ["sukkel"]\nphrases = ["rot op naar gym"]\n')
    lists = WordLists(lexicon_of(DATA, folder))
    assert [lists.score(text).scores for text in ("jij bent een sukkel", "rot op naar gym")] == [{}, {}]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[[entry]]\ncategory = ["insult"]\nkind = "name"\nweight = 0.9\nwords = ["(open"]\n', "line 6"),
        ('[[entry]]\ncategory = ["rude"]\nkind = "name"\nweight = 0.9\nwords = ["a"]\n', "line 2"),
        ('[[entry]]\ncategory = ["insult"]\nkind = "name"\nweight = 9\nwords = ["a"]\n', "line 2"),
        ("[colours]\n", "line 2"),
        ("weight = \n", "line 2"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(LexiconFileError) as caught:
        lexicon_of(DATA, own(tmp_path, text))
    assert (caught.value.values["file"], line in caught.value.values["problems"]) == ("school.toml", True)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconFileError):
        read_lexicon([tmp_path / "nothing.toml"])


def test_a_folder_without_word_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconFileError):
        lexicon_of(tmp_path)
