"""The word lists: a second signal beside the model, and the only one while the model is away.

``data/lexicon/*.toml`` (and a school's own file) hold words with a category and a weight; ``context`` decides whether a
word is aimed at somebody and whether it is excused (quoted, denied, said of oneself). The recipe for a new word stands
at the top of ``data/lexicon/nl.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SetupError
from bot.screening.vocabulary import AFTER, BEFORE, alternatives, forms, to_pattern

Kind = Literal["name", "double", "mild", "swear", "phrase"]
CategoryName = Literal["insult", "threat", "identity_attack", "sexual", "incitement", "exclusion", "crisis"]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
TOKEN: Final = re.compile(r"\w+(?:['\-]\w+)*")


class LexiconFileError(SetupError):
    """A word list is wrong; ``values`` name the file, the line and the reason."""


class Entry(BaseModel):
    """Words of one category and weight. ``weight`` counts when aimed at somebody, ``loose`` otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    category: tuple[CategoryName, ...] = Field(min_length=1)
    kind: Kind
    weight: Share
    loose: Share = 0.0
    unmistakable: bool = False
    jest: bool = False
    words: tuple[str, ...] = Field(min_length=1)


class Exceptions(BaseModel):
    """What is never a hit: set phrases, and surnames after a title or with a capital letter."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    phrases: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class LexiconFile(BaseModel):
    """One file as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    language: str
    short: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    context: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    entry: tuple[Entry, ...] = ()
    exceptions: Exceptions = Exceptions()
    common: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the lists found at a place of a text, before anybody looked around it."""

    entry: Entry
    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All word lists together."""

    words: dict[str, tuple[Entry, ...]]
    patterns: tuple[tuple[Entry, re.Pattern[str]], ...]
    exceptions: re.Pattern[str] | None
    excepted: frozenset[str]
    surnames: frozenset[str]
    context: dict[str, tuple[str, ...]]
    common: frozenset[str]
    phrase_words: frozenset[str] = frozenset()

    def find(self, text: str) -> list[Match]:
        """Return all matches in a plain text (see ``plain``) that no exception covers."""
        found = [*self._single(text), *self._phrases(text)]
        if not found or self.exceptions is None:
            return found
        covered = [(hit.start(), hit.end()) for hit in self.exceptions.finditer(text)]
        return [match for match in found if not any(a < match.end and match.start < b for a, b in covered)]

    def calm(self, text: str) -> bool:
        """Tell whether set harmless phrases make up most of a plain text: "steek je hand op"."""
        covered = sum(found.end() - found.start() for found in self.exceptions.finditer(text)) if self.exceptions else 0
        return covered * 2 > len(text)

    def knows(self, word: str) -> bool:
        """Tell whether a single plain word stands in the lists as a bad one."""
        return word in self.words

    def weight(self, word: str) -> float:
        """Return the greatest weight of a single plain word; 0 for any other."""
        return max((entry.weight for entry in self.words.get(word, ())), default=0.0)

    def _single(self, text: str) -> Iterator[Match]:
        for token in TOKEN.finditer(text):
            word = token.group()
            yield from self._looked_up(word, token.start(), token.end())
            if "-" in word or "'" in word:
                for part in re.finditer(r"\w+", word):
                    start = token.start() + part.start()
                    yield from self._looked_up(part.group(), start, start + len(part.group()))
                yield from self._looked_up(re.sub(r"\W", "", word), token.start(), token.end())

    def _looked_up(self, word: str, start: int, end: int) -> Iterator[Match]:
        for entry in self.words.get(word, ()):
            yield Match(entry, start, end, word)

    def _phrases(self, text: str) -> Iterator[Match]:
        for entry, pattern in self.patterns:
            for found in pattern.finditer(text):
                yield Match(entry, found.start(), found.end(), found.group())


def plain(text: str) -> str:
    """Return a text as the lists are written: small letters, no accents, straight quotes, single spaces.

    The sign that asks for an emoji in colour goes too: in a pattern's set of spaces it would cost half the start.
    """
    bare = text if text.isascii() else _without_accents(text)
    straight = bare.translate(_QUOTES).casefold()
    return re.sub(r"\s+", " ", straight).strip()


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


_QUOTES: Final = str.maketrans("’‘‛´`“”„‟«»", '\'\'\'\'\'""""""', "\ufe0f")


def read_lexicon(paths: Iterable[Path]) -> Lexicon:
    """Read word lists and join them. Raises ``LexiconFileError``: names file, line and reason."""
    return join([_read(path) for path in paths])


def _read(path: Path) -> tuple[LexiconFile, Path, str]:
    try:
        source = path.read_text(encoding="utf-8")
        raw = tomllib.loads(source)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LexiconFileError("error.screening.lexicon", file=path.name, problems=str(error)) from error
    try:
        return LexiconFile.model_validate(raw), path, source
    except ValidationError as error:
        problems = "; ".join(_told(problem["loc"], problem["msg"], source) for problem in error.errors())
        raise LexiconFileError("error.screening.lexicon", file=path.name, problems=problems) from error


def _told(loc: Sequence[int | str], message: str, source: str) -> str:
    lines = source.splitlines()
    name = ".".join(str(part) for part in loc)
    if loc[:1] == ("entry",) and len(loc) > 1 and isinstance(loc[1], int):
        heads = [number for number, line in enumerate(lines, 1) if line.strip() == "[[entry]]"]
        return f"line {heads[loc[1]] if loc[1] < len(heads) else 1}: {name}: {message}"
    key = str(loc[0]) if loc else ""
    line = next((n for n, text in enumerate(lines, 1) if text.strip().strip("[]").split("=")[0].strip() == key), 1)
    return f"line {line}: {name}: {message}"


def join(files: Sequence[tuple[LexiconFile, Path, str]]) -> Lexicon:
    """Make one lexicon of several files."""
    words: dict[str, tuple[Entry, ...]] = {}
    patterns: list[tuple[Entry, re.Pattern[str]]] = []
    exceptions: list[str] = []
    context: dict[str, tuple[str, ...]] = {}
    excepted: set[str] = set()
    for file, path, source in files:
        compiler = _Compiler(file, path, source)
        excepted.update(plain(word) for word in file.exceptions.words)
        exceptions += [compiler.pattern(written) for written in file.exceptions.phrases]
        for name, lines in file.context.items():
            context[name] = context.get(name, ()) + tuple(compiler.pattern(line) for line in lines)
        for entry in file.entry:
            written = [part for line in entry.words for part in alternatives(plain(line))]
            words_of = {part: forms(part) for part in written}
            loose = [compiler.pattern(part) for part, found in words_of.items() if not found]
            for word in {form for found in words_of.values() for form in found}:
                words[word] = (*words.get(word, ()), entry)
            if loose:
                patterns.append((entry, _any(loose)))
    return Lexicon(
        words={word: entries for word, entries in words.items() if word not in excepted},
        patterns=tuple(patterns),
        exceptions=_any(exceptions) if exceptions else None,
        excepted=frozenset(excepted),
        surnames=frozenset(plain(name) for file, _, _ in files for name in file.exceptions.surnames),
        context=context,
        common=frozenset(word for file, _, _ in files for word in file.common.split()),
        phrase_words=frozenset(
            word
            for file, _, _ in files
            for entry in file.entry
            for line in entry.words
            for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"<\w+>", " ", plain(line)))
        ),
    )


class _Compiler:
    """Compiles the lines of one file, and says the line of one that is wrong."""

    def __init__(self, file: LexiconFile, path: Path, source: str) -> None:
        self._path, self._source = path, source
        self._short: dict[str, str] = {}
        for name, written in file.short.items():
            self._short[name] = "|".join(map(self.pattern, written))

    def pattern(self, written: str) -> str:
        try:
            return to_pattern(plain(written), self._short)
        except ValueError as error:
            lines = self._source.splitlines()
            line = next((number for number, text in enumerate(lines, 1) if written in text), 1)
            problems = f"line {line}: {error}"
            raise LexiconFileError("error.screening.lexicon", file=self._path.name, problems=problems) from error


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"{BEFORE}(?:{'|'.join(patterns)}){AFTER}")


def dump(lexicon: Lexicon) -> dict[str, Any]:
    """Return how many words and phrases the lists hold, for ``klaswacht check``."""
    return {"words": len(lexicon.words), "phrases": sum(len(entry.words) for entry, _ in lexicon.patterns)}
