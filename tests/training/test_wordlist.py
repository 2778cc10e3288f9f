"""The list of words that pupils write: counted from the training part, rare ones left out."""

from pathlib import Path

from bot.training.wordlist import HEAD, LEAST_PAIR, LEAST_WORD, counted, write


def test_rare_words_and_pairs_are_left_out() -> None:
    texts = [*(f"Jij bent {number}" for number in range(LEAST_PAIR)), "één keer"]
    assert counted(texts) == [(LEAST_PAIR, "bent"), (LEAST_PAIR, "jij"), (LEAST_PAIR, "jij bent")]


def test_only_the_training_part_is_counted(tmp_path: Path) -> None:
    columns = "id\ttext\tlabel\tcategory\ttarget\tgroup\tage\tlang\tnote\tauthor\tpart"
    rows = [
        f"{n}\thoi\t0\t\tnone\t\tprimary\tnl\t\ta\t{part}"
        for n, part in enumerate((*["train"] * LEAST_WORD, "validation"))
    ]
    (tmp_path / "train.tsv").write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    assert write(tmp_path / "train.tsv", tmp_path / "words.tsv") == 1
    assert (tmp_path / "words.tsv").read_text(encoding="utf-8") == f"{HEAD}{LEAST_WORD}\thoi\n"
