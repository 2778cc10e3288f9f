"""The corpus: from the authors' files to ``data/corpus/train.tsv`` and ``heldout.tsv``, checked, without near copies.

Every author wrote alone into a folder ``train_x`` or ``heldout_x`` with files ``part_*.txt``: text, categories, target,
group, age, variety, note, tab-separated. Training text that is near a held-out message is dropped, never the reverse.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from bot.training.names import CATEGORIES, CLASSES
from bot.training.near import NearCopies

VALIDATION_AUTHORS: Final[frozenset[str]] = frozenset()
"""Authors whose whole text is left out for validation."""

NEVER_VALIDATION: Final = frozenset({"ml"})
"""The engineer's own additions: written after looking at the validation part, so they do not measure anything."""

_CHUNK: Final = 24
_EVERY: Final = 8
_NEAR_OWN: Final = 0.8
_NEAR_HELDOUT: Final = 0.6
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


def without_near_copies(
    train: Sequence[Message],
    heldout: Sequence[Message],
) -> tuple[list[Message], list[Message]]:
    """Drop near copies inside each part, and from the training whatever is near a held-out message."""
    kept_out = list(_distinct(heldout, NearCopies(_NEAR_OWN)))
    barrier = NearCopies(_NEAR_HELDOUT)
    for message in kept_out:
        barrier.add(message.text)
    own = _distinct(train, NearCopies(_NEAR_OWN))
    return [message for message in own if not barrier.knows(message.text)], kept_out


def _distinct(messages: Sequence[Message], seen: NearCopies) -> Iterator[Message]:
    for message in messages:
        if not seen.knows(message.text):
            seen.add(message.text)
            yield message


def split(messages: Sequence[Message]) -> list[Message]:
    """Flag whole authors and every eighth run of lines of an author as validation, the rest as train."""
    counts: dict[str, int] = {}
    result = []
    for message in messages:
        place = counts[message.author] = counts.get(message.author, -1) + 1
        left_out = message.author in VALIDATION_AUTHORS or place // _CHUNK % _EVERY == _EVERY // 2
        left_out &= message.author not in NEVER_VALIDATION
        result.append(replace(message, part="validation" if left_out else "train"))
    return result


def write(path: Path, messages: Sequence[Message], *, with_part: bool) -> None:
    """Write a part of the corpus with its header, tab-separated."""
    columns = COLUMNS if with_part else COLUMNS[:-1]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\t".join(columns) + "\n")
        for message in messages:
            row = asdict(message)
            file.write("\t".join(str(row[name]) for name in columns) + "\n")


def read(path: Path) -> list[Message]:
    """Read a part of the corpus back."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_of_row(row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _of_row(row: dict[str, Any]) -> Message:
    return Message(**{**row, "label": int(row["label"])})


def assemble(raw: Path, corpus: Path) -> list[str]:
    """Write ``train.tsv`` and ``heldout.tsv``; gives a report in words, refused lines included."""
    train, refused = read_authors([*raw.glob("train_*")])
    heldout, refused_out = read_authors([*raw.glob("heldout_*")])
    extra = corpus / "extra_train.tsv"
    if extra.exists():
        train += [parse_line(line, "ml") for line in extra.read_text("utf-8").splitlines() if line.strip()]
    clean, clean_out = without_near_copies(train, heldout)
    write(corpus / "train.tsv", split(clean), with_part=True)
    write(corpus / "heldout.tsv", clean_out, with_part=False)
    return [
        f"train: {len(clean)} of {len(train)} kept",
        f"held out: {len(clean_out)} of {len(heldout)} kept",
        *refused,
        *(f"held out, line not usable: {line.split(':')[0]}" for line in refused_out),
    ]
