"""What the patterns know, from ``data/patterns.toml``: endings of files, hosts of links, words of other languages."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from bot.errors import SetupError


def _words(value: object) -> object:
    return frozenset(value.lower().split()) if isinstance(value, str) else value


Words = Annotated[frozenset[str], BeforeValidator(_words)]


class PatternFileError(SetupError):
    """The patterns file is wrong; ``values`` name the file and the reason."""


class FileTable(BaseModel):
    """Endings of files, in small letters."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    dangerous: Words
    macro: Words
    archive: Words
    harmless: Words


class LinkTable(BaseModel):
    """Registered domains, and names that a look-alike imitates."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    shorteners: Words
    grabbers: Words
    media: Words
    known: Words
    vetted: Words = frozenset()
    refused: Words = frozenset()


class LanguageTable(BaseModel):
    """Frequent words of languages that the model does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    others: Words


class PatternTables(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    files: FileTable
    links: LinkTable
    languages: LanguageTable


def read_tables(path: Path) -> PatternTables:
    """Read the patterns file. Raises ``PatternFileError``: unreadable, no TOML, a table missing or unknown."""
    try:
        return PatternTables.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PatternFileError("error.screening.patterns", file=path.name, problems=error) from error
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
        raise PatternFileError("error.screening.patterns", file=path.name, problems=told) from error
