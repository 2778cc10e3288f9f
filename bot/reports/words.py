"""What pupils read around a report: whole texts from the facts, in their language. The adapter only lays them out.

``clean`` makes names and other people's words harmless for the platform (no markup, no mentions); sentences of
``data/texts`` may hold ``**bold**``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.reports.facts import (
    FILE_BYTES_LIMIT,
    FILES_LIMIT,
    Fate,
    FileTold,
    OwnReport,
    Receipt,
    ReceiverLine,
    ReceiverRole,
    ReportPage,
    Waiting,
)
from bot.reports.receivers import COORDINATOR
from bot.screening.verdict import Severity
from bot.texts import Texts

Clean = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (empty for none) and the paragraphs under it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole text: a title and sections."""

    title: str
    sections: tuple[Section, ...]


class ReportWords:
    """Says the facts of reports in words, in one language."""

    def __init__(self, texts: Texts, language: str, now: datetime, clean: Clean = str) -> None:
        self._texts = texts
        self._language = language
        self._now = now
        self._clean = clean

    def page(self, page: ReportPage, files: tuple[str, ...] = ()) -> Page:
        """Return what a pupil reads before anything is asked; ``files``: of those that came with the message."""
        look = page.look
        when = self._t("page.when_open") if look.open_now else self._t("page.when_closed", **self._moment(look.local))
        sections = (
            Section("", (self._t("page.intro"),)),
            Section(self._t("page.who_title"), self._who(page)),
            Section(self._t("page.how_title"), self._all("page.how_", "named", "anonymous", "seal", "talk", "hint")),
            Section(self._t("page.when_title"), (when, self._t("page.when_hours", hours=_hours(look.hours)))),
            Section(self._t("page.help_title"), self.help()),
            *((Section(self._t("files.title"), files),) if files else ()),
        )
        return Page(self._t("page.title"), sections)

    def help(self) -> tuple[str, ...]:
        """Return the numbers to call, for who can't wait."""
        return self._all("page.help_", "now", "talk", "113")

    def receipt(self, receipt: Receipt) -> Page:
        """Return what a pupil reads when the report is in."""
        sealed = "receipt.anonymous" if receipt.anonymous else "receipt.named"
        who = [f"- {self.receiver(line)}" for line in receipt.receivers]
        who += [f"- {self._t('receipt.crisis_adult')}"] if receipt.crisis else []
        who.append(self._t(sealed))
        who += [self._t("receipt.left_out")] if receipt.left_out else []
        sections = [
            Section("", self._all("receipt.", "thanks", "no_reply")),
            Section(self._t("receipt.now_title"), self._next(receipt)),
            Section(self._t("receipt.who_title"), tuple(who)),
        ]
        if files := self.files(receipt.files):
            sections.insert(1, Section(self._t("files.title"), files))
        if receipt.crisis:
            sections.insert(0, self.crisis(anonymous=receipt.anonymous))
        else:
            sections.append(Section(self._t("page.help_title"), self.help()))
        return Page(self._t("receipt.title", number=receipt.number), tuple(sections))

    def crisis(self, *, anonymous: bool = False) -> Section:
        """Return the warm words for a pupil who may be in distress."""
        told = "told_anonymous" if anonymous else "told"
        lines = self._all("crisis.", "intro", "now", "talk", "kindertelefoon", "someone", told)
        return Section(self._t("crisis.title"), lines)

    def draft(self, *, crisis: bool = False, files: tuple[str, ...] = ()) -> Page:
        """Return what a pupil reads after a private message to the bot; ``crisis``: after ``Reports.distress``."""
        about = (Section(self._t("files.title"), files),) if files else ()
        if crisis:
            more = Section(self._t("dm.title"), self._all("dm.", "crisis", "keep"))
            section = self.crisis(anonymous=True)
            return Page(section.title, (Section("", section.lines), more, *about))
        return Page(self._t("dm.title"), (Section("", self._all("dm.", "text", "keep", "gone")), *about))

    def files(self, told: Sequence[FileTold], missed: int = 0) -> tuple[str, ...]:
        """Return what whoever sent files hears of those that were not simply kept; ``missed``: how many never came."""
        lines = [self._file(one) for one in told if one.fate is not Fate.KEPT]
        if any(one.fate.away for one in told):
            lines += self._all("files.", "who_knows", "care")
        if missed:
            size = FILE_BYTES_LIMIT // (1024 * 1024)
            lines.append(self._t("files.missed", count=missed, limit=FILES_LIMIT, size=size))
        return tuple(lines)

    def _file(self, one: FileTold) -> str:
        reason = self._texts.get(f"media.unreadable.{one.unread}", self._language) if one.unread else ""
        return self._t(f"files.{one.fate.value}", number=one.number, **({"reason": reason} if one.unread else {}))

    def receiver(self, line: ReceiverLine) -> str:
        """Return a receiver as a pupil reads it: who, and what they are to the class."""
        if line.role is ReceiverRole.SUPERVISOR:
            return self._t("page.who_supervisor")
        key, name = f"page.who_{line.role.value}", self._clean(line.name)
        values = {"class_name": self._clean(line.class_name or "")} if line.key != COORDINATOR else {}
        return self._t(key, name=name, **values) if name else self._t(f"{key}_unnamed", **values)

    def choice(self, line: ReceiverLine, *, default: bool) -> str:
        """Return a receiver as an option of the form's list."""
        if line.key == COORDINATOR:
            return self._t("form.receiver_coordinator")
        if default:
            return self._t("form.receiver_default", class_name=line.class_name)
        return self._t("form.receiver_one", name=line.name or self.receiver(line))

    def told(self, kind: str, number: int, name: str = "", text: str = "") -> tuple[str, ...]:
        """Return what a pupil reads when a report was taken, answered or closed; ``text``: the answer's words."""
        clean = self._clean(name)
        short = kind.removeprefix("report_")
        if short == "closed":
            added = (self._t("told.closed_words", name=clean or "School"), self._quote(text)) if text else ()
            return (self._t("told.closed", number=number), *added)
        key = f"told.{short}" if clean else f"told.{short}_unnamed"
        line = self._t(key, number=number, **({"name": clean} if clean else {}))
        return (line, self._quote(text), self._t("told.answer_how")) if text else (line,)

    def waiting(self, one: Waiting, name: str = "", *, anonymous: bool = False) -> tuple[str, ...]:
        """Return one thing that a pupil could not read yet. ``name``: that of ``values["by"]``."""
        if one.kind == "crisis_pupil":
            section = self.crisis(anonymous=anonymous)
            return (f"**{section.title}**", *section.lines)
        if "text" in one.values:
            values = {key: value for key, value in one.values.items() if key != "text"}
            return (self._texts.get(one.values["text"], self._language, **values),)
        return self.told(one.kind, one.number or 0, name, one.text or "")

    def own(self, report: OwnReport) -> tuple[str, ...]:
        """Return one of a pupil's own reports with its talk."""
        state = self._t(f"state.{report.state.value}")
        head = self._t("mine.line", number=report.number, date=self._day(report.created_at), state=state)
        sides = {"in": "mine.you", "out": "mine.school"}
        talk = (
            self._t(sides[one.direction], date=self._day(one.at), text=self._clean(one.text)) for one in report.talk
        )
        return (head, *talk)

    def _who(self, page: ReportPage) -> tuple[str, ...]:
        names = tuple(f"- {self.receiver(line)}" for line in page.receivers)
        more = self._all("page.", "who_choose", "who_choose_note", "who_coordinator_only")
        return (*names, *more) if len(names) > 1 else names

    def _next(self, receipt: Receipt) -> tuple[str, ...]:
        look = receipt.look
        if receipt.severity is Severity.URGENT:
            first = self._all("receipt.", "now_urgent", *(() if look.open_now else ("now_urgent_closed",)))
        elif look.open_now:
            first = self._all("receipt.", "now_open")
        else:
            first = (self._t("receipt.now_closed", **self._moment(look.local)),)
        return (*first, *self._all("receipt.", "then", "dm_hint", "more"))

    def _moment(self, local: datetime) -> dict[str, str]:
        return {"day": self.day_word(local), "time": f"{local:%H:%M}"}

    def day_word(self, local: datetime) -> str:
        """Return a day as people say it: today, tomorrow, Monday, Monday 4 January."""
        days = (local.date() - self._now.astimezone(local.tzinfo).date()).days
        if days in {0, 1}:
            return self._texts.get(f"reports.day.{'today' if days == 0 else 'tomorrow'}", self._language)
        name = self._texts.get(f"reports.day.{local.weekday()}", self._language)
        if timedelta(days=days) < timedelta(days=7):
            return name
        month = self._texts.get(f"reports.month.{local.month}", self._language)
        return f"{name} {local.day} {month}"

    def _day(self, at: datetime) -> str:
        month = self._texts.get(f"reports.month.{at.month}", self._language)
        return f"{at.day} {month}"

    def _quote(self, text: str) -> str:
        return "\n".join(f"> {self._clean(line)}" for line in text.splitlines())

    def _all(self, prefix: str, *names: str) -> tuple[str, ...]:
        return tuple(self._t(f"{prefix}{name}") for name in names)

    def _t(self, key: str, **values: object) -> str:
        return self._texts.get(f"reports.{key}", self._language, **values)


def _hours(hours: str) -> str:
    return hours.replace("-", " - ")
