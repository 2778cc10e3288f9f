"""From matches of the word lists to a score per signal: aimed counts in full, excused hardly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from bot.screening.context import Aim, Context, Excuse
from bot.screening.lexicon import Lexicon, Match, plain

ABSENT_SHARE: Final = 0.85
MORE_WORDS: Final = 0.03
MOST_MATCHES: Final = 80
EXCUSED: Final = {
    Excuse.NEGATED: 0.1,
    Excuse.QUOTED: 0.35,
    Excuse.META: 0.3,
    Excuse.SELF: 0.1,
    Excuse.FOND: 0.4,
    Excuse.FICTION: 0.45,
    Excuse.GAME: 0.35,
    Excuse.LAUGH: 0.6,
}
"""Which share of a word's weight is left beside an excuse; found by trying on the corpus's training part."""


@dataclass(frozen=True, slots=True)
class WordScore:
    """What the lists say of one signal. ``sure``: an unmistakable word aimed at somebody, without an excuse."""

    score: float
    words: tuple[str, ...]
    aimed: bool
    sure: bool
    excuse: Excuse | None = None


@dataclass(frozen=True, slots=True)
class WordVerdict:
    """What the lists say of one text, by the signal's name."""

    scores: dict[str, WordScore] = field(default_factory=dict)
    excuses: tuple[Excuse, ...] = ()
    calm: bool = False


class WordLists:
    """Scores texts with the word lists."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._context = Context(lexicon)

    def score(self, text: str, *, aimed: bool = False) -> WordVerdict:
        """Return the scores of one text; ``aimed``: the platform says that it answers or mentions somebody."""
        bare = plain(text)
        scores: dict[str, WordScore] = {}
        excuses: set[Excuse] = set()
        for match in _widest(self.lexicon.find(bare)[:MOST_MATCHES]):
            reading = self._context.read(match, bare, aimed=aimed)
            if reading.excuse:
                excuses.add(reading.excuse)
            share = 1.0 if reading.excuse is None else EXCUSED[reading.excuse]
            base = _weight(match, reading.aim)
            hit = reading.aim is not Aim.NOBODY
            sure = match.entry.unmistakable and hit and reading.excuse is None
            for name in match.entry.category:
                fresh = WordScore(base * share, (match.word,), hit, sure, reading.excuse)
                scores[name] = _joined(scores.get(name), fresh) if base else scores.get(name, fresh)
        counted = {name: found for name, found in scores.items() if found.score > 0}
        return WordVerdict(counted, tuple(sorted(excuses)), self.lexicon.calm(bare))


def _weight(match: Match, aim: Aim) -> float:
    entry = match.entry
    if aim is Aim.SOMEBODY:
        return entry.weight
    return max(entry.weight * ABSENT_SHARE, entry.loose) if aim is Aim.ABSENT else entry.loose


def _joined(old: WordScore | None, new: WordScore) -> WordScore:
    if old is None:
        return new
    best, other = (new, old) if new.score > old.score else (old, new)
    more = MORE_WORDS if other.score > 0 and other.words != best.words else 0.0
    words = tuple(dict.fromkeys((*best.words, *other.words)))
    return WordScore(
        min(1.0, best.score + more), words, best.aimed or other.aimed, best.sure or other.sure, best.excuse
    )


def _widest(matches: Iterable[Match]) -> list[Match]:
    """Leave out what lies inside a longer phrase of another kind: "maak je dood" in "ik maak je dood"."""
    found = list(matches)
    return [match for match in found if not any(_inside(match, other) for other in found)]


def _inside(inner: Match, outer: Match) -> bool:
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and outer.start <= inner.start and inner.end <= outer.end and outer.entry.kind == "phrase"
