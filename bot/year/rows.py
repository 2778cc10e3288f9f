"""The rows of a made year, by table, parents before children. Texts are short and sealed as the program seals them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table

from bot.storage.tables import (
    alert,
    case_,
    case_event,
    case_pupil,
    evidence,
    finding,
    followup,
    outbox,
    report,
    talk,
    timer,
    watermark,
)
from bot.storage.vault import Place, Vault
from bot.year.plan import ALERTS_OF_A_CASE, ALERTS_OF_FIVE, SNOWFLAKE, Year

Row = dict[str, Any]
Filled = tuple[Table, list[Row]]
SEVERITIES = ("notice", "alert", "alert", "urgent")
LATELY = timedelta(days=14)  # what is older was looked at
WAITING_SHARE = 0.25  # of what came lately
GOING_ON = timedelta(days=40)  # cases are closed after it
STEPS = ("S1", "S2", "S3", "S4", "S5", "S6", "S7")
SAID = "Wat er die dag in de groep werd gezegd, kort opgeschreven."


@dataclass(frozen=True, slots=True)
class _About:
    """An alert with whom it is about and the case that it belongs to."""

    id: int
    at: datetime
    author: str
    target: str
    room: str
    channel: str
    case: int | None
    state: str


class Rows:
    """Makes all rows of a year."""

    def __init__(self, year: Year, vault: Vault) -> None:
        self._year = year
        self._vault = vault
        self._guild = year.school.guild

    def all(self) -> Iterator[Filled]:
        """Return everything, in an order in which it can be written."""
        cases = self._cases()
        yield case_, cases
        abouts = list(self._abouts(cases))
        yield alert, [self._alert(one) for one in abouts]
        findings = list(self._findings(abouts))
        yield finding, findings
        yield evidence, [self._evidence(row) for row in findings]
        looks = [look for row in cases for look in self._looks(row)]
        yield followup, looks
        yield case_pupil, [pupil for row in cases for pupil in self._case_pupils(row)]
        yield case_event, [event for row in cases for event in self._events(row)]
        reports = list(self._reports(cases))
        yield report, reports
        yield talk, [self._talk(row) for row in reports]
        yield outbox, [sent for one in abouts for sent in self._sent(one)]
        yield timer, [self._timer("ladder", one.id, one.at) for one in abouts]
        yield watermark, self._marks()

    def _cases(self) -> list[Row]:
        return [self._case(number) for number in range(1, self._year.size.cases + 1)]

    def _case(self, number: int) -> Row:
        at = self._year.moment(number / (self._year.size.cases + 1))
        closed = at + GOING_ON if at + GOING_ON < self._year.now else None
        room = self._year.dice.choice(self._year.school.classes)
        return {
            "id": self._year.number(),
            "school": self._guild,
            "number": number,
            "class_name": room.name,
            "state": "closed" if closed else "open",
            "step": "S7" if closed else self._year.dice.choice(STEPS),
            "owner": self._year.dice.choice(self._year.staff),
            "forms": ["F1"],
            "created_at": at,
            "closed_at": closed,
            "outcome": "stopped" if closed else None,
            "version": 1,
        }

    def _abouts(self, cases: list[Row]) -> Iterator[_About]:
        rooms = {room.name: room for room in self._year.school.classes}
        for row in cases:
            for _ in range(ALERTS_OF_A_CASE):
                yield self._about(rooms[row["class_name"]], row["created_at"], row["id"], "closed")
        rest = max(0, self._year.size.alerts - ALERTS_OF_A_CASE * len(cases))
        for number in range(rest):
            at = self._year.moment((number + 1) / (rest + 1))
            waits = at > self._year.now - LATELY and self._year.dice.random() < WAITING_SHARE
            room = self._year.dice.choice(self._year.school.classes)
            yield self._about(room, at, None, "open" if waits else "closed")

    def _about(self, room: Any, at: datetime, case: int | None, state: str) -> _About:
        author, target = self._year.pair()
        return _About(self._year.number(), at, author, target, room.name, room.channels[0], case, state)

    def _alert(self, one: _About) -> Row:
        closed = one.state == "closed"
        return {
            "id": one.id,
            "school": self._guild,
            "class_name": one.room,
            "kind": "finding",
            "severity": SEVERITIES[one.id % len(SEVERITIES)],
            "group_key": f"{one.author}>{one.target}",
            "state": one.state,
            "count": 1,
            "rung": 0,
            "closed_at": one.at + timedelta(hours=3) if closed else None,
            "claimed_by": self._year.staff[0] if closed else None,
            "outcome": ("case" if one.case else "dismissed") if closed else None,
            "receivers": [],
            "left_out": [],
            "created_at": one.at,
            "version": 1,
        }

    def _findings(self, abouts: list[_About]) -> Iterator[Row]:
        for place, one in enumerate(abouts):
            for again in range(1 if place % ALERTS_OF_FIVE else 2):
                yield self._finding(one, one.at + timedelta(minutes=again))

    def _finding(self, one: _About, at: datetime) -> Row:
        row, severity = self._year.number(), SEVERITIES[one.id % len(SEVERITIES)]
        signal = {"signal": "insult", "score": 0.91, "rule": "F1", "source": "model", "severity": severity}
        state = "case" if one.case else "open" if one.state == "open" else "dismissed"
        decided = at + timedelta(hours=3) if state != "open" else None
        message = str(SNOWFLAKE + row)
        return {
            "id": row,
            "school": self._guild,
            "alert": one.id,
            "case": one.case,
            "class_name": one.room,
            "channel": one.channel,
            "message": message,
            "revision": "",
            "author": one.author,
            "target": one.target,
            "severity": severity,
            "state": state,
            "signals": [{**signal, "reason": "reason.insult.model"}],
            "words_sealed": self._seal("finding", "words_sealed", row, '{"insult": ["stom"]}'),
            "url": f"https://discord.com/channels/{self._guild}/{one.channel}/{message}",
            "engine": "model",
            "recheck": False,
            "decided_by": self._year.staff[0] if decided else None,
            "decided_at": decided,
            "said_at": at,
            "created_at": at,
        }

    def _evidence(self, about: Row) -> Row:
        row = self._year.number()
        same = {name: about[name] for name in ("school", "channel", "message", "author", "url", "said_at")}
        sealed = self._seal("evidence", "content_sealed", row, SAID)
        kept = {"kind": "message", "content_sealed": sealed, "kept_at": about["created_at"]}
        return {"id": row, "finding": about["id"], **same, **kept}

    def _looks(self, row: Row) -> Iterator[Row]:
        for days in (14, 28):
            due = row["created_at"] + timedelta(days=days)
            state = "done" if row["closed_at"] else "planned"
            about = {"case": row["id"], "due_at": due, "state": state, "seen_from": row["created_at"]}
            told = {"outcome": "stopped", "answered_by": row["owner"], "answered_at": due}
            nobody = dict.fromkeys(told)
            yield {"id": self._year.number(), "school": self._guild, **about, **(told if row["closed_at"] else nobody)}

    def _case_pupils(self, row: Row) -> Iterator[Row]:
        for user, role in zip(self._year.pair(), ("did", "hurt"), strict=True):
            yield {"id": self._year.number(), "school": self._guild, "case": row["id"], "user": user, "role": role}

    def _events(self, row: Row) -> Iterator[Row]:
        for day, (action, step) in enumerate([("opened", "S1"), *(("done", step) for step in STEPS)]):
            number, at = self._year.number(), row["created_at"] + timedelta(days=day)
            about = {"case": row["id"], "step": step, "action": action, "detail": "", "by": row["owner"], "at": at}
            sealed = self._seal("case_event", "text_sealed", number, SAID)
            yield {"id": number, "school": self._guild, **about, "text_sealed": sealed}

    def _reports(self, cases: list[Row]) -> Iterator[Row]:
        for number, row in enumerate(cases[: self._year.size.reports], 1):
            which, (maker, _) = self._year.number(), self._year.pair()
            sealed = {
                name: self._seal("report", name, which, text)
                for name, text in (("reporter_sealed", maker), ("what_sealed", SAID))
            }
            yield {
                "id": which,
                "school": self._guild,
                "number": number,
                "class_name": row["class_name"],
                "state": "closed",
                "anonymous": number % 2 == 0,
                "reporter_mark": self._vault.mark(self._guild, "reporter", maker),
                "origin": "command",
                "severity": "alert",
                "left_out": [],
                "crisis": False,
                "case": row["id"],
                "created_at": row["created_at"],
                "closed_at": row["created_at"] + GOING_ON,
                "version": 1,
                **sealed,
            }

    def _talk(self, about: Row) -> Row:
        row = self._year.number()
        said = {"direction": "in", "text_sealed": self._seal("talk", "text_sealed", row, SAID)}
        return {"id": row, "school": self._guild, "report": about["id"], **said, "created_at": about["created_at"]}

    def _sent(self, one: _About) -> Iterator[Row]:
        for kind, receiver in (("user", self._year.staff[0]), ("channel", self._year.school.staff_channel)):
            row = self._year.number()
            shown = {"sent_channel": receiver, "sent_message": str(SNOWFLAKE + row), "sent_at": one.at}
            yield {
                "id": row,
                "school": self._guild,
                "kind": "alert",
                "subject": one.id,
                "receiver_kind": kind,
                "receiver": receiver,
                "values": {},
                "priority": 0,
                "state": "sent",
                "due_at": one.at,
                "attempts": 0,
                "shown_version": 0,
                "created_at": one.at,
                **shown,
            }

    def _timer(self, kind: str, subject: int, at: datetime) -> Row:
        when = {"due_at": at + timedelta(minutes=15), "done_at": at + timedelta(minutes=15)}
        return {"id": self._year.number(), "school": self._guild, "kind": kind, "subject": subject, **when}

    def _marks(self) -> list[Row]:
        each = self._year.size.screened // max(1, len(self._year.school.classes))
        places = [channel for room in self._year.school.classes for channel in room.channels]
        same = {"school": self._guild, "parent": None, "message": str(SNOWFLAKE + each), "moved_at": self._year.now}
        return [{**same, "channel": channel} for channel in places]

    def _seal(self, table: str, column: str, row: int, text: str) -> bytes | None:
        return self._vault.seal(Place(self._guild, table, column, row), text)
