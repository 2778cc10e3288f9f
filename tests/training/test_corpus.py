"""The assembly of the corpus: lines, near copies, the part left out."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.training.corpus import COLUMNS, Message, extend, joined, parse_line, read, write
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


def test_new_text_near_the_held_out_part_is_dropped() -> None:
    new = [a_message("wacht maar tot na school jij"), a_message("mooi weer vandaag toch")]
    kept = joined([], new, [a_message("wacht maar tot na school!", author="x")])
    assert [message.text for message in kept] == ["mooi weer vandaag toch"]


def test_training_text_near_a_validation_author_is_dropped_never_the_reverse() -> None:
    new = [a_message("wacht maar tot na school jij"), a_message("wacht maar tot na school!", author="v")]
    (kept,) = joined([], new, [])
    assert (kept.author, kept.part) == ("v", "validation")


def test_what_was_there_stays_as_it_was_and_new_copies_of_it_do_not_come_in() -> None:
    known = [replace(a_message("wat ben jij een sukkel"), part="validation")]
    kept = joined(known, [a_message("wat ben jij een sukkel!!", author="b"), a_message("tot morgen", author="b")], [])
    assert [(message.text, message.part) for message in kept] == [
        ("wat ben jij een sukkel", "validation"),
        ("tot morgen", "train"),
    ]


def test_extending_keeps_the_held_out_file_and_reports_refused_lines(tmp_path: Path) -> None:
    corpus, folder = tmp_path / "corpus", tmp_path / "raw" / "train_f"
    corpus.mkdir()
    folder.mkdir(parents=True)
    write(corpus / "train.tsv", [])
    heldout = corpus / "heldout.tsv"
    heldout.write_text("\t".join(COLUMNS[:-1]) + "\n", "utf-8")
    (folder / "part_01.txt").write_text("tot morgen\t-\tnone\tsmalltalk\tprimary\tnl\t\nkapot", "utf-8")
    report = extend(tmp_path / "raw", corpus)
    assert report[0] == "0 were there, 1 of 1 came with them"
    assert report[1].startswith("train_f/part_01.txt:2:")
    assert [message.text for message in read(corpus / "train.tsv")] == ["tot morgen"]
    assert read(heldout) == []
