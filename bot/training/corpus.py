"""The corpus: how new authors' files are added to ``data/corpus/train.tsv``, checked and without near copies.

Every author writes alone into a folder ``train_x`` with files ``part_*.txt``: text, categories, target, group, age,
variety, note, tab-separated. What is near a held-out message is dropped; ``heldout.tsv`` itself is frozen.
"""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from bot.training.names import CATEGORIES, CLASSES
from bot.training.near import NearCopies

VALIDATION_AUTHORS: Final = frozenset({"v"})
"""Authors whose whole text is validation: thresholds are chosen on voices that the network has not read."""

TRAIN, VALIDATION = "train", "validation"
_NEAR_OWN: Final = 0.8
_NEAR_FROZEN: Final = 0.6
_TARGETS: Final = ("pupil", "group", "thing", "self", "none")
_VARIETIES: Final = ("nl", "street", "flemish", "en", "mix")
_AGES: Final = ("primary", "secondary")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the corpus; ``label`` is 1 when it has any category, ``category`` a comma list or empty."""

    id: str
    text: str
    label: int
    category: str
    target: str
    group: str
    age: str
    lang: str
    note: str
    author: str
    part: str = ""

    @property
    def targets(self) -> tuple[float, ...]:
        """Targets in the order of the classes; toxicity follows from all categories but crisis."""
        own = set(self.category.split(",")) - {""}
        toxic = bool(own - {"crisis"})
        return tuple(float(toxic if name == "toxicity" else name in own) for name in CLASSES)


COLUMNS: Final = tuple(field.name for field in fields(Message))


def read_authors(folders: Iterable[Path]) -> tuple[list[Message], list[str]]:
    """Read the authors' files; gives the messages and, in words, the lines that could not be used."""
    messages: list[Message] = []
    refused: list[str] = []
    for folder in sorted(folders):
        author = folder.name.split("_", 1)[-1]
        for file in sorted(folder.glob("part_*.txt")):
            for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                if not line.strip():
                    continue
                try:
                    messages.append(parse_line(line, author))
                except ValueError as error:
                    refused.append(f"{folder.name}/{file.name}:{number}: {error}")
    return messages, refused


def parse_line(line: str, author: str) -> Message:
    """Make a message of an author's line; raises ``ValueError`` where text or categories are not usable."""
    text, categories, target, group, age, lang, note, *_ = [*map(str.strip, line.split("\t")), *[""] * 6]
    own = [] if categories in {"-", ""} else [name.strip() for name in categories.split(",")]
    if not text or (not categories and not group) or not set(own) <= set(CATEGORIES):
        raise ValueError("no text or unknown categories")
    return Message(
        id=f"{author}-{hashlib.sha256(text.encode()).hexdigest()[:10]}",
        text=text,
        label=int(bool(own)),
        category=",".join(name for name in CATEGORIES if name in own),
        target=target if target in _TARGETS else "none",
        group=group or "unnamed",
        age=age if age in _AGES else "secondary",
        lang=lang if lang in _VARIETIES else "nl",
        note=note,
        author=author,
    )


def joined(known: Sequence[Message], new: Sequence[Message], heldout: Sequence[Message]) -> list[Message]:
    """Return the known messages and, behind them, the new ones that are near none of these and none held out.

    Validation authors come before the others, and training text near theirs is dropped as well.
    """
    frozen, near_own = NearCopies(_NEAR_FROZEN), NearCopies(_NEAR_OWN)
    for message in [*heldout, *(m for m in known if m.part == VALIDATION)]:
        frozen.add(message.text)
    for message in known:
        near_own.add(message.text)
    result = list(known)
    for message in sorted(new, key=lambda m: m.author not in VALIDATION_AUTHORS):
        if frozen.knows(message.text) or near_own.knows(message.text):
            continue
        near_own.add(message.text)
        left_out = message.author in VALIDATION_AUTHORS
        if left_out:
            frozen.add(message.text)
        result.append(replace(message, part=VALIDATION if left_out else TRAIN))
    return result


def write(path: Path, messages: Sequence[Message]) -> None:
    """Write the training part with its header, tab-separated."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\t".join(COLUMNS) + "\n")
        for message in messages:
            file.write("\t".join(map(str, astuple(message))) + "\n")


def read(path: Path) -> list[Message]:
    """Read a part of the corpus back."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_of_row(row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _of_row(row: dict[str, Any]) -> Message:
    return Message(**{**row, "label": int(row["label"])})


def extend(raw: Path, corpus: Path) -> list[str]:
    """Add the authors' folders in ``raw`` to ``train.tsv``; gives a report in words, refused lines included."""
    known, heldout = read(corpus / "train.tsv"), read(corpus / "heldout.tsv")
    new, refused = read_authors([*raw.glob("train_*")])
    whole = joined(known, new, heldout)
    write(corpus / "train.tsv", whole)
    return [f"{len(known)} were there, {len(whole) - len(known)} of {len(new)} came with them", *refused]
