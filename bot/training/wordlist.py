"""``python -m bot.training.wordlist``: ``data/words.tsv``, the words and pairs that pupils write (training part)."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Final

from bot.screening.lexicon import plain
from bot.training.corpus import TRAIN, read

LEAST_WORD: Final = 5
LEAST_PAIR: Final = 6
HEAD: Final = (
    "# How often words and pairs of words stand in the training part of data/corpus; made by bot.training.wordlist.\n"
)


def counted(texts: Iterable[str]) -> list[tuple[int, str]]:
    """Return words and pairs of neighbours with their counts, frequent ones first; what is rare is left out."""
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text in texts:
        found = re.findall(r"[^\W\d_]+", plain(text))
        words.update(found)
        pairs.update(map(" ".join, pairwise(found)))
    kept = [(n, word) for word, n in words.items() if n >= LEAST_WORD]
    kept += [(n, pair) for pair, n in pairs.items() if n >= LEAST_PAIR]
    return sorted(kept, key=lambda one: (" " in one[1], -one[0], one[1]))


def write(corpus: Path, target: Path) -> int:
    """Write the list; return how many lines it has."""
    lines = counted(message.text for message in read(corpus) if message.part == TRAIN)
    target.write_text(HEAD + "".join(f"{count}\t{words}\n" for count, words in lines), encoding="utf-8")
    return len(lines)


if __name__ == "__main__":
    DATA = Path("data")
    write(DATA / "corpus" / "train.tsv", DATA / "words.tsv")
