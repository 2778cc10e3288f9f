"""The dossier of a case as data: what happened, step by step, and all that was kept, with exact times.

The file for the police is the same with every moment also in UTC, and with who agreed to go there. Who made a report
never stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from bot.cases.facts import CaseView, EventLine, EvidenceLine, FollowUp
from bot.cases.path import FORWARD
from bot.reports.facts import ReportTold
from bot.school import School
from bot.texts import Texts

LEFT_OUT = frozenset({"letter", "dossier", "evidence", "agreement", "followup"})
"""Events that stand elsewhere in the dossier, or tell only that a paper was made."""
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What goes into a dossier beside the case itself. ``names``: of people, by user id."""

    evidence: Sequence[EvidenceLine] = field(repr=False)
    reports: Sequence[ReportTold] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)


class DossierWriter:
    """Writes one dossier in the school's language."""

    def __init__(self, texts: Texts, school: School, gathered: Gathered, now: datetime, *, police: bool) -> None:
        self._texts = texts
        self._school = school
        self._gathered = gathered
        self._names = gathered.names
        self._now = now
        self._police = police

    def write(self, case: CaseView) -> dict[str, Any]:
        """Return the dossier as data for the typesetter."""
        title = self._t("title_police" if self._police else "title", number=case.number)
        intro = [self._t("intro", date=self._moment(self._now)), self._t("intro_person")]
        intro += [self._t("intro_police")] if self._police else []
        sections = (
            self._section("reports", [self._report(one) for one in self._gathered.reports]),
            self._section(
                "evidence", [self._evidence(one) for one in self._gathered.evidence], self._t("evidence_how")
            ),
            self._section(
                "agreements", [self._agreement(event) for event in case.events if event.action == "agreement"]
            ),
            self._section("looks", [self._look(look) for look in case.followups]),
            self._section("steps", [self._event(case, one) for one in case.events if one.action not in LEFT_OUT]),
        )
        return {
            "title": title,
            "lang": self._school.language,
            "school": self._school.name,
            "footer": self._t("footer", number=case.number),
            "page": self._t("page"),
            "of": self._t("of"),
            "intro": intro,
            "facts": list(self._facts(case)),
            "sections": [one for one in sections if one["entries"]],
        }

    def _facts(self, case: CaseView) -> Iterator[tuple[str, str]]:
        hurt, did = ("\n".join(map(self._who, users)) or self._t("nobody") for users in (case.hurt, case.did))
        yield self._t("hurt"), hurt
        yield self._t("did"), did
        yield self._t("class"), case.class_name or self._t("nobody")
        yield self._t("owner"), self._who(case.owner)
        yield self._t("opened"), self._moment(case.created_at)
        if case.closed_at:
            yield self._t("closed"), self._moment(case.closed_at)
        yield self._t("state"), case.step.title if case.closed_at is None else self._t(f"outcome.{case.outcome}")
        yield self._t("count"), str(len([one for one in case.events if one.action == "joined"]) + 1)

    def _section(self, name: str, entries: list[Entry], *paragraphs: str) -> dict[str, Any]:
        return {"title": self._t(f"section.{name}"), "paragraphs": list(paragraphs), "entries": entries}

    def _report(self, one: ReportTold) -> Entry:
        more = [(key, text) for key, text in (("who", one.who), ("since", one.since)) if text]
        text = "\n".join([one.what, *(f"{self._t(key)}: {said}" for key, said in more)])
        return _entry(self._t("report", number=one.number), self._moment(one.at), text)

    def _evidence(self, one: EvidenceLine) -> Entry:
        by = self._who(one.author or one.kept_by or "") if one.author or one.kept_by else ""
        head = f"{self._t(f'kind.{one.kind}')}" + (f", {by}" if by else "")
        lines = [self._t("at", at=one.at.astimezone(UTC).isoformat())] if one.at and self._police else []
        lines += [self._t("kept", at=self._moment(one.kept_at))]
        lines += [self._t("address", url=one.url)] if one.url else []
        lines += [self._t("message", channel=one.channel, message=one.message)] if one.message else []
        lines += [self._t("fingerprint", sha=one.fingerprint)] if one.fingerprint else []
        return _entry(head, self._moment(one.at or one.kept_at), one.text or one.file or "", lines)

    def _agreement(self, event: EventLine) -> Entry:
        day = date.fromisoformat(event.date).strftime("%d-%m-%Y") if event.date else ""
        return _entry(self._t("agreed", date=day), self._moment(event.at), event.text or "")

    def _look(self, look: FollowUp) -> Entry:
        if look.outcome is None or look.answered_at is None:
            return _entry(self._t(f"look.{look.state}"), self._moment(look.due_at), "")
        seen = self._t("seen", count=look.seen or 0)
        head = self._t(f"look.{look.outcome.value}")
        return _entry(head, self._moment(look.answered_at), "\n".join(filter(None, [seen, look.note])))

    def _event(self, case: CaseView, event: EventLine) -> Entry:
        told = f"action.{event.action}"
        if event.action in {"check", "uncheck"} and self._texts.has(f"cases.dossier.check.{event.detail}"):
            told = f"check.{event.detail}" if event.action == "check" else "action.uncheck"
        title = next((step.title for step in case.steps if step.id == event.step), "")
        to = self._who(event.detail) if event.action == "owner" else ""
        head = " · ".join(filter(None, [event.step, title if event.action in FORWARD else "", self._t(told, to=to)]))
        lines = [self._t("on", date=event.date)] if event.action == "check" and event.date and event.text else []
        return _entry(head, self._moment(event.at), event.text or "", [self._t("by", name=self._who(event.by)), *lines])

    def _who(self, user: str) -> str:
        name = self._names.get(user, user)
        return name if name == user else self._t("account", name=name, account=user)

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(self._school.zone)
        return f"{local:%d-%m-%Y %H:%M:%S} ({local:%Z})" if self._police else f"{local:%d-%m-%Y %H:%M}"

    def _t(self, key: str, **values: object) -> str:
        return self._texts.get(f"cases.dossier.{key}", self._school.language, **values)


def _entry(head: str, when: str, text: str, lines: Sequence[str] = ()) -> Entry:
    return {"head": head, "when": when, "text": text, "lines": list(lines)}
