"""The wide data: public labelled comments in English and German, each saying something about some classes only.

Davidson et al. 2017 (tweets, MIT), GermEval 2018 (Wiegand et al., CC BY 4.0), Surge AI's toxicity set (MIT), toxic
spans (Pavlopoulos et al. 2021, CC0). A class about which a set says nothing carries ``UNKNOWN`` and is left out of the
loss. HateCheck (Röttger et al. 2021) is read here too, for validation alone.
"""

import ast
import csv
import html
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.training.names import CLASSES, SEED

UNKNOWN: Final = -1.0
_MOST_OFFENSIVE: Final = 6_000
_PROFANITY: Final = 0.2
_OFFENSIVE: Final = 0.85
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?\n]*")
_SHORTEST: Final = 12


@dataclass(frozen=True, slots=True)
class Example:
    """One text with a target for each class, between 0 and 1, or ``UNKNOWN``."""

    text: str
    targets: tuple[float, ...]
    weight: float = 1.0
    part: str = "train"
    group: str = ""


def targets(known: float = UNKNOWN, **given: float) -> tuple[float, ...]:
    """Give a row of targets in the order of the classes: ``given`` ones, ``known`` for the others."""
    return tuple(given.get(name, known) for name in CLASSES)


def wide_examples(shared: Path) -> list[Example]:
    """All wide sets below ``shared``, in a fixed shuffled order."""
    examples = [*_davidson(shared), *_germeval(shared), *_surge(shared), *_spans(shared)]
    random.Random(SEED).shuffle(examples)  # noqa: S311  an order that repeats, no secret
    return examples


def _davidson(shared: Path) -> Iterator[Example]:
    offensive = 0
    for row in _rows(shared / "davidson" / "labeled_data.csv"):
        text = _tweet(row["tweet"])
        if row["class"] == "0":
            yield Example(text, targets(toxicity=1, identity_attack=1, crisis=0), 0.8)
        elif row["class"] == "2":
            yield Example(text, targets(0.0))
        elif offensive < _MOST_OFFENSIVE:
            offensive += 1
            yield Example(text, targets(toxicity=_OFFENSIVE, crisis=0), 0.4)


def _germeval(shared: Path) -> Iterator[Example]:
    meaning = {
        "OTHER": targets(0.0),
        "PROFANITY": targets(toxicity=_PROFANITY, threat=0, crisis=0),
        "INSULT": targets(toxicity=1, insult=1, crisis=0),
        "ABUSE": targets(toxicity=1, identity_attack=1, crisis=0),
    }
    for name in ("germeval2018.training.txt", "germeval2018.test.txt"):
        for line in (shared / "germeval2018" / name).read_text("utf-8").splitlines():
            text, _, kind = line.split("\t")
            yield Example(_tweet(text).replace("|LBR|", " "), meaning[kind])


def _surge(shared: Path) -> Iterator[Example]:
    for row in _rows(shared / "surge_toxicity" / "toxicity_en.csv"):
        toxic = row["is_toxic"] == "Toxic"
        yield Example(row["text"], targets(toxicity=1, crisis=0) if toxic else targets(0.0))


def _spans(shared: Path) -> Iterator[Example]:
    """Split each comment into sentences: toxic where a marked letter stands, else most likely not."""
    for row in _rows(shared / "toxic_spans" / "tsd_train.csv"):
        marked = set(ast.literal_eval(row["spans"]))
        if not marked:
            continue
        for found in _SENTENCE.finditer(row["text"]):
            sentence = found.group().strip()
            if len(sentence) < _SHORTEST:
                continue
            if marked.isdisjoint(range(*found.span())):
                yield Example(sentence, targets(0.05), 0.3)
            else:
                yield Example(sentence, targets(toxicity=1, crisis=0), 0.7)


@dataclass(frozen=True, slots=True)
class Case:
    """One functional test of HateCheck."""

    text: str
    hateful: bool
    functionality: str


def hatecheck(shared: Path) -> list[Case]:
    """Read the functional tests, for validation only."""
    rows = _rows(shared / "hatecheck_en" / "test_suite_cases.csv")
    return [Case(r["test_case"].strip(), r["label_gold"] == "hateful", r["functionality"]) for r in rows]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _tweet(text: str) -> str:
    """Leave out what only Twitter has: names, links, retweet marks, escaped signs."""
    text = html.unescape(html.unescape(text))
    text = re.sub(r"(?:^|\s)!*\s*RT\s+@\w+:?", " ", text)
    text = re.sub(r"https?://\S+|@\w+:?", " ", text)
    return re.sub(r'^[\s"!]+|[\s"]+$', "", re.sub(r"\s+", " ", text))
