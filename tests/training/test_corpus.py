"""The assembly of the corpus: lines, near copies, the part left out."""

from collections import Counter
from pathlib import Path

import pytest

from bot.training.corpus import Message, assemble, parse_line, read, split, without_near_copies
from bot.training.near import NearCopies


def a_message(text: str, author: str = "a", categories: str = "-") -> Message:
    return parse_line(f"{text}\t{categories}\tpupil\tsmalltalk\tsecondary\tnl\t", author)


def test_a_line_becomes_a_message_with_categories_in_the_order_of_the_model() -> None:
    message = a_message("rot op sukkel", categories="threat, insult")
    assert (message.label, message.category) == (1, "insult,threat")
    assert message.targets == (1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_crisis_is_labelled_but_not_toxic() -> None:
    message = a_message("ik kan niet meer", categories="crisis")
    assert (message.label, message.targets[0], message.targets[-1]) == (1, 0.0, 1.0)


@pytest.mark.parametrize("line", ["", "alleen tekst", "tekst\tscheldwoord\tpupil\tx\tprimary\tnl\t"])
def test_a_line_without_usable_categories_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no text or unknown categories"):
        parse_line(line, "a")


def test_ids_depend_on_author_and_text_alone() -> None:
    assert a_message("hoi allemaal").id == a_message("hoi allemaal").id
    assert a_message("hoi allemaal").id != a_message("hoi allemaal", author="b").id


@pytest.mark.parametrize("other", ["Wat ben jij een sukkel!!", "wat ben jij een súkkel", "wat  ben jij een sukkellll"])
def test_signs_case_marks_and_repetition_do_not_hide_a_near_copy(other: str) -> None:
    seen = NearCopies(0.8)
    seen.add("wat ben jij een sukkel")
    assert seen.knows(other)


def test_another_thought_is_no_near_copy() -> None:
    seen = NearCopies(0.6)
    seen.add("wie heeft het huiswerk van wiskunde")
    assert not seen.knows("wie gaat er mee naar de stad vanmiddag")


def test_training_text_near_the_held_out_part_is_dropped_never_the_reverse() -> None:
    train = [a_message("wacht maar tot na school jij"), a_message("mooi weer vandaag toch")]
    heldout = [a_message("wacht maar tot na school!", author="x")]
    kept, kept_out = without_near_copies(train, heldout)
    assert [message.text for message in kept] == ["mooi weer vandaag toch"]
    assert kept_out == heldout


def test_about_an_eighth_of_every_author_is_left_out_and_nothing_of_the_engineer() -> None:
    messages = [a_message(f"bericht nummer {i}", author=who) for who in ("a", "ml") for i in range(768)]
    counts = Counter((message.author, message.part) for message in split(messages))
    assert counts == {("a", "train"): 672, ("a", "validation"): 96, ("ml", "train"): 768}


def test_assembling_writes_both_parts_and_reports_refused_lines(tmp_path: Path) -> None:
    raw, corpus = tmp_path / "raw", tmp_path / "corpus"
    corpus.mkdir()
    written = {"train_a": "tot morgen\t-\tnone\tsmalltalk\tprimary\tnl\t\nkapot", "heldout_x": "hoi\t-\tnone"}
    for folder, text in written.items():
        (raw / folder).mkdir(parents=True)
        (raw / folder / "part_01.txt").write_text(text, "utf-8")
    report = assemble(raw, corpus)
    assert report[:2] == ["train: 1 of 1 kept", "held out: 1 of 1 kept"]
    assert report[2].startswith("train_a/part_01.txt:2:")
    assert read(corpus / "train.tsv")[0].text == "tot morgen"
