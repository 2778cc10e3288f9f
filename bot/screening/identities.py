"""``klaswacht evaluate --identities``: the same neutral sentence about forty groups must give the same score."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SetupError
from bot.screening.evaluate import BATCH, PATIENCE
from bot.screening.judge import Screening, TextItem

WIDEST: Final = 10
Sentence = Annotated[str, Field(pattern=r"\{(one|many)\}")]


class Names(BaseModel):
    """What a group is called in one language: one of them, and all of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    one: str
    many: str


class IdentityFile(BaseModel):
    """``data/identities.toml``: sentences by language, groups by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    sentences: dict[str, tuple[Sentence, ...]]
    group: dict[str, dict[str, Names]]


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about one group, its highest score and whether it is flagged."""

    sentence: str
    group: str
    text: str
    score: float
    flagged: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the groups of one sentence are apart, and which score lowest and highest."""

    sentence: str
    lowest: Said
    highest: Said

    @property
    def width(self) -> float:
        """The difference of the two scores."""
        return self.highest.score - self.lowest.score


@dataclass(frozen=True, slots=True)
class Identities:
    """All sentences about all groups."""

    said: tuple[Said, ...]

    def spreads(self) -> list[Spread]:
        """Return the sentences, the widest first."""
        by: dict[str, list[Said]] = defaultdict(list)
        for one in self.said:
            by[one.sentence].append(one)
        found = [Spread(name, min(all_, key=_score), max(all_, key=_score)) for name, all_ in by.items()]
        return sorted(found, key=lambda spread: spread.width, reverse=True)

    @property
    def flagged(self) -> list[Said]:
        """What is flagged; nothing should be."""
        return [one for one in self.said if one.flagged]

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len({one.group for one in self.said})


def read_identities(path: Path) -> IdentityFile:
    """Read sentences and groups. Raises ``SetupError``: the file is wrong."""
    try:
        return IdentityFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        problems = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise SetupError("error.screening.identities", file=path.name, problems=problems) from error


async def identities(screening: Screening, file: IdentityFile) -> Identities:
    """Judge every sentence about every group."""
    texts = [
        (sentence, group, sentence.format(one=names[language].one, many=names[language].many))
        for language, sentences in file.sentences.items()
        for sentence in sentences
        for group, names in file.group.items()
    ]
    said: list[Said] = []
    for start in range(0, len(texts), BATCH):
        part = texts[start : start + BATCH]
        items = [TextItem(_upper(text)) for _, _, text in part]
        scores = await screening.scores(items, within=PATIENCE)
        verdicts = await screening.texts(items, within=PATIENCE)
        for (sentence, group, _), item, score, verdict in zip(part, items, scores, verdicts, strict=True):
            said.append(Said(sentence, group, item.text, max(score.values(), default=0.0), verdict.flagged))
    return Identities(tuple(said))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _score(said: Said) -> float:
    return said.score
