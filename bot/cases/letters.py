"""The letters to parents: formal, factual, with the three references, naming only their own child.

A letter is made of fixed sentences and a few facts; nothing that pupils or staff wrote gets in, so no other child's
name can.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.cases.facts import Side
from bot.cases.protocol import Protocol
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter may say.

    ``done``: ids of the steps that were done; ``agreed``, ``since``: days as YYYY-MM-DD; ``nth``: which child of this
    side, from 1, when there are several (0 for the only one).
    """

    number: int
    side: Side
    child: str
    school: str
    class_name: str
    teacher: str
    forms: tuple[str, ...]
    done: frozenset[str]
    since: str
    agreed: str | None
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A heading (empty for none), paragraphs, and points of a list."""

    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole letter, ready to be set."""

    title: str
    language: str
    school: str
    to: str
    day: str
    subject: str
    parts: tuple[Part, ...]
    closing: str
    teacher: str
    role: str
    footer: str

    def data(self) -> dict[str, Any]:
        """Return the letter as data for the typesetter."""
        parts = [{"title": one.title, "paragraphs": one.paragraphs, "points": one.points} for one in self.parts]
        who = {"school": self.school, "to": self.to, "teacher": self.teacher, "role": self.role}
        what = {"title": self.title, "subject": self.subject, "closing": self.closing, "footer": self.footer}
        return {**who, **what, "date": self.day, "lang": self.language, "parts": parts}


class LetterWriter:
    """Writes letters in one language."""

    def __init__(self, texts: Texts, language: str) -> None:
        self._texts = texts
        self._language = language

    def write(self, facts: LetterFacts, protocol: Protocol, today: date) -> Letter:
        """Return the letter to the parents of one child."""
        return Letter(
            title=self._t("title"),
            language=self._language,
            school=facts.school,
            to=self._t("to", child=facts.child),
            day=self.day(today),
            subject=self._t("subject"),
            parts=(self._opening(facts, protocol), *self._middle(facts), self._help(protocol), self._end(facts)),
            closing=self._t("closing"),
            teacher=self._teacher(facts),
            role=self._t("role", school=facts.school),
            footer=self._t("footer", school=facts.school),
        )

    def day(self, day: date) -> str:
        """Return a day in words, e.g. 24 november 2026."""
        return f"{day.day} {self._texts.get(f'reports.month.{day.month}', self._language)} {day.year}"

    def _opening(self, facts: LetterFacts, protocol: Protocol) -> Part:
        forms = [protocol.forms[form].label(self._language) for form in facts.forms if form in protocol.forms]
        values = {"date": self.day(date.fromisoformat(facts.since)), "class_name": facts.class_name}
        side = facts.side.value
        what = self._t(f"{side}.what" if facts.class_name else f"{side}.what_no_class", **values)
        known = (self._t(f"{side}.forms", forms=self._and(forms)),) if forms else ()
        return Part("", (self._t("dear", child=facts.child), what, *known, self._t(f"{side}.meaning")))

    def _middle(self, facts: LetterFacts) -> tuple[Part, ...]:
        side = facts.side.value
        done = [self._t(f"{side}.done_{step.lower()}") for step in ("S2", "S3", "S4") if step in facts.done]
        done.append(self._t("done_parents"))
        if facts.agreed:
            ahead = [self._t("next_agreed", date=self.day(date.fromisoformat(facts.agreed)))]
        else:
            ahead = [self._t(f"{side}.next_talk")]
        ahead += [self._t("next_follow"), self._t("next_call")]
        you = tuple(self._t(f"{side}.you_{number}") for number in range(1, 6))
        return (
            Part(self._t("done_title"), points=tuple(done)),
            Part(self._t("next_title"), points=tuple(ahead)),
            Part(self._t("you_title"), points=you),
        )

    def _help(self, protocol: Protocol) -> Part:
        keys = dict.fromkeys(key for step in protocol.steps if "letters" in step.tools for key in step.references)
        found = (protocol.references[key] for key in keys)
        points = tuple(f"{one.value}: {one.label(self._language)}" for one in found)
        return Part(self._t("help_title"), points=points)

    def _end(self, facts: LetterFacts) -> Part:
        return Part("", (self._t("names"), self._t("questions", teacher=self._teacher(facts))))

    def _teacher(self, facts: LetterFacts) -> str:
        return facts.teacher or self._t("teacher")

    def _and(self, words: list[str]) -> str:
        joiner = self._t("and")
        return f" {joiner} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)

    def _t(self, key: str, **values: object) -> str:
        return self._texts.get(f"cases.letter.{key}", self._language, **values)
