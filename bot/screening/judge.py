"""THE ROAD of one message through screening, from its surfaces to a verdict with reasons.

Each surface is scored alone, as written and in its plain form; the worst counts. The model decides, the word lists
raise within limits, patterns (personal data, contact, links, files) stand beside them. Reading is done in one thread:
more of them would only make the event loop wait longer for the interpreter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, TypeVar

from bot.ports import ChatMessage, Person
from bot.school import AgeGroup, ClassRoom, Pupil, School
from bot.screening.combine import TOXICITY, Evidence, joined, merged, nearness, signals, worst
from bot.screening.hurry import Hurry
from bot.screening.imitation import imitated
from bot.screening.language import unknown_language
from bot.screening.letters import unmasked
from bot.screening.manifest import ModelFileError
from bot.screening.names import Names
from bot.screening.normalise import Normaliser
from bot.screening.patterns import Patterns
from bot.screening.queue import ClassifierQueue
from bot.screening.surfaces import Readable, of_text, readable
from bot.screening.thresholds import Thresholds
from bot.screening.verdict import Severity, Signal, Verdict
from bot.screening.why import mattered, without_each
from bot.screening.words import WordLists, WordScore

_Found = TypeVar("_Found")
KNOWN_LANGUAGES: Final = frozenset({"nl", "en", "street", "flemish", "mix"})
BRIEF: Final = 5
"""Words up to which a text is short."""

WHY_WITHIN: Final = 0.4
"""Seconds that looking for the words that mattered may add to a flagged message."""


@dataclass(frozen=True, slots=True)
class TextItem:
    """A bare text to judge, for the command line and reports."""

    text: str
    age: AgeGroup = AgeGroup.SECONDARY
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """One surface, read by the words: its forms, their scores, whether the model knows the language."""

    item: Readable
    forms: tuple[str, ...]
    words: dict[str, WordScore]
    excused: bool
    calm: bool
    notes: tuple[str, ...]
    strange: bool


class Screening:
    """Says of a message whether a person should look, and why."""

    def __init__(
        self,
        *,
        words: WordLists,
        normaliser: Normaliser,
        names: Names,
        thresholds: Thresholds,
        queue: ClassifierQueue,
        patterns: Patterns,
        other_languages: frozenset[str] = frozenset(),
    ) -> None:
        self._words, self._normaliser, self._names = words, normaliser, names
        self._thresholds, self._queue, self._patterns = thresholds, queue, patterns
        self._strange = other_languages
        self._hurry = Hurry(words.lexicon)
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")

    @property
    def model_present(self) -> bool:
        """Whether a model judges; without one the words do."""
        return self._queue.present

    def close(self) -> None:
        """Stop the worker threads."""
        self._queue.close()
        self._reader.shutdown(wait=False, cancel_futures=True)

    def hurried(self, message: ChatMessage) -> bool:
        """Whether a message should go before others when more come than can be judged."""
        return any(self._hurry.needed(item.text) for item in readable(message))

    async def judge(self, message: ChatMessage, room: ClassRoom | None, school: School | None) -> Verdict:
        """Return the verdict on a message. ``room``: its class, None outside class channels."""
        age = room.age_group if room else AgeGroup.SECONDARY
        pupils = school.pupils if school else ()
        items, aimed = readable(message), message.target is not None

        def read() -> tuple[list[_Read], Sequence[Signal]]:
            reads = self._reads(items, pupils, aimed=aimed, language=message.language)
            return reads, self._patterns.of_message(message, items, room, school)

        reads, found = await self._apart(read)
        return _with(await self._judged(reads, age), found)

    async def judge_text(self, text: str, age: AgeGroup = AgeGroup.SECONDARY, school: School | None = None) -> Verdict:
        """Return the verdict on a bare text: a report, a line of a file."""
        return (await self.texts([TextItem(text, age)], school))[0]

    async def texts(
        self, items: Sequence[TextItem | str], school: School | None = None, *, within: float | None = None
    ) -> list[Verdict]:
        """Return the verdicts on bare texts, in their order; ``within``: seconds for the model, default its budget."""
        full = [TextItem(item) if isinstance(item, str) else item for item in items]
        return list(await asyncio.gather(*(self._bare(item, school, within) for item in full)))

    async def evidence(self, items: Sequence[TextItem], *, within: float | None = None) -> list[Evidence]:
        """Return what model and words say of bare texts, before any threshold: for choosing thresholds.

        Raises ``ModelFileError``: the model did not answer, so that what the words say alone is never taken for it.
        """
        reads = await asyncio.to_thread(
            lambda: [self._read(of_text(item.text), (), aimed=False, language=item.language) for item in items]
        )
        told = await self._told(reads, within)
        if told is None:
            raise ModelFileError("error.screening.model_silent")
        return [_evidence(read, told) for read in reads]

    async def scores(self, items: Sequence[TextItem], *, within: float | None = None) -> list[dict[str, float]]:
        """Return the scores of bare texts, words counted in; empty where the model was not asked."""
        evidence = await self.evidence(items, within=within)
        return [joined(one, self._thresholds) if one.model else {} for one in evidence]

    def patterned(self, text: str) -> bool:
        """Tell whether a pattern (personal data, a link) flags a bare text, whatever the model says."""
        return any(signal.severity.flagged for signal in self._patterns.of_text(of_text(text), None))

    async def judge_name(self, person: Person, others: Iterable[Person], school: School | None = None) -> Verdict:
        """Return the verdict on what somebody calls themselves: bad words, or another member's name imitated."""
        items = [Readable(person.name, person.name, speaks=False)]
        verdict = await self._judged(await self._apart(lambda: self._reads(items, _pupils(school))), AgeGroup.SECONDARY)
        copied = imitated(person, others)
        return _with(verdict, [self._patterns.signal("imitation", 0.8, (person.name,))] if copied else [])

    async def _bare(self, item: TextItem, school: School | None, within: float | None) -> Verdict:
        surface = of_text(item.text)

        def read() -> tuple[list[_Read], Sequence[Signal]]:
            reads = self._reads([surface], _pupils(school), language=item.language)
            return reads, self._patterns.of_text(surface, school)

        reads, found = await self._apart(read)
        return _with(await self._judged(reads, item.age, within=within), found)

    async def _apart(self, work: Callable[[], _Found]) -> _Found:
        return await asyncio.get_running_loop().run_in_executor(self._reader, work)

    async def _judged(self, reads: Sequence[_Read], age: AgeGroup, *, within: float | None = None) -> Verdict:
        begun = monotonic()
        scores = await self._told(reads, within)
        told = scores or {}
        found: list[Signal] = []
        near = 0.0
        for read in reads:
            evidence = _evidence(read, told)
            near = max(near, nearness(evidence, self._thresholds, age))
            found += await self._explained(signals(evidence, self._thresholds, age), read, told, begun)
        notes = tuple(dict.fromkeys(note for read in reads for note in read.notes))
        kept = merged(found)
        return Verdict(worst(kept), kept, "words" if scores is None else "model", notes, near)

    async def _told(self, reads: Sequence[_Read], within: float | None) -> dict[str, dict[str, float]] | None:
        """Ask the model about every form; None when it is late or gone."""
        forms = [form for read in reads for form in read.forms if not read.strange]
        scores = await self._queue.score(forms, within=within) if forms else []
        return None if scores is None else dict(zip(forms, scores, strict=True))

    def _reads(
        self, items: Sequence[Readable], pupils: Sequence[Pupil], *, aimed: bool = False, language: str | None = None
    ) -> list[_Read]:
        return [self._read(item, pupils, aimed=aimed, language=language) for item in items]

    def _read(self, item: Readable, pupils: Sequence[Pupil], *, aimed: bool, language: str | None) -> _Read:
        forms = tuple(self._names.hidden(form, pupils) for form in self._normaliser.forms(item.text))
        verdicts = [self._words.score(form, aimed=aimed) for form in forms]
        words: dict[str, WordScore] = {}
        for name, score in ((name, score) for verdict in verdicts for name, score in verdict.scores.items()):
            if name not in words or score.score > words[name].score:
                words[name] = score
        foreign = (language or "nl") not in KNOWN_LANGUAGES
        strange = foreign or unknown_language(unmasked(item.text), self._words.lexicon.common, self._strange)
        notes = ["note.language"] if strange else []
        excuses = [f"note.{excuse}" for verdict in verdicts for excuse in verdict.excuses]
        alone = strange and not self._queue.multilingual
        return _Read(item, forms, words, bool(excuses), verdicts[0].calm, (*notes, *excuses), alone)

    async def _explained(
        self, found: list[Signal], read: _Read, told: dict[str, dict[str, float]], begun: float
    ) -> list[Signal]:
        """Add the words that mattered to the model's signals that flag a message, while there is time."""
        blank = [s for s in found if s.source == "model" and s.severity.flagged and not s.words]
        if not blank or monotonic() - begun > WHY_WITHIN:
            return found
        form = max(read.forms, key=lambda form: told.get(form, {}).get(blank[0].signal, 0.0))
        words, rests = without_each(form)
        if len(words) < 2:  # noqa: PLR2004 - one word is the whole message
            return [replace(s, words=tuple(words)) if s in blank else s for s in found]
        scores = await self._queue.score(rests, within=WHY_WITHIN)
        if scores is None:
            return found
        whole = told.get(form, {})
        return [
            replace(s, words=mattered(words, _of(whole, s), scores, _name(whole, s))) if s in blank else s
            for s in found
        ]


def _evidence(read: _Read, told: dict[str, dict[str, float]]) -> Evidence:
    brief = len(read.item.text.split()) <= BRIEF
    return Evidence(_worst(read, told), read.words, read.excused, brief, read.calm)


def _worst(read: _Read, told: dict[str, dict[str, float]]) -> dict[str, float] | None:
    """Return the highest score of each class over a surface's forms; None when the model did not judge it."""
    known = [told[form] for form in read.forms if form in told]
    if read.strange or not known:
        return None
    return {name: max(scores[name] for scores in known) for name in known[0]}


def _name(whole: dict[str, float], signal: Signal) -> str:
    return signal.signal if whole.get(signal.signal) == signal.score else TOXICITY


def _of(whole: dict[str, float], signal: Signal) -> float:
    return whole.get(_name(whole, signal), signal.score)


def _with(verdict: Verdict, found: Sequence[Signal]) -> Verdict:
    kept = merged([*verdict.signals, *(signal for signal in found if signal.severity is not Severity.QUIET)])
    return replace(verdict, severity=worst(kept), signals=kept)


def _pupils(school: School | None) -> tuple[Pupil, ...]:
    return school.pupils if school else ()
