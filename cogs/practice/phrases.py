"""The practice room's sentences: a key and values become words in Dutch or English."""

import tomllib
from pathlib import Path

from cogs.practice.errors import PracticeError
from cogs.practice.places import TEXTS


class Phrases:
    """The sentences of ``data/practice/texts.toml``."""

    def __init__(self, path: Path = TEXTS) -> None:
        """Read the file once."""
        self._texts: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))

    def say(self, language: str, key: str, /, **values: object) -> str:
        """Return the sentence under ``key`` in ``language`` (nl for anything that is not English)."""
        chosen = "en" if language.startswith("en") else "nl"
        return self._texts[key][chosen].format(**values)

    def explain(self, language: str, error: PracticeError) -> str:
        """Return the sentence that belongs to ``error``."""
        return self.say(language, error.key, **error.values)

    def keys(self) -> set[str]:
        """Return every key there is."""
        return set(self._texts)
