"""What stands in every column of every table, and so what becomes of it: kept how long, erased how, shown to whom.

A test holds this against the schema: a column that is not named here fails it. The figures stand in
``data/retention.toml``; this table is the program's part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds.

    ====== ==================================================== ============================== =======================
    kind   what                                                 erasing a person               showing a person's data
    ====== ==================================================== ============================== =======================
    PERSON a pupil's or adult's user id, whom the row is about  the row goes, or the id        "you", others masked
    STAFF  the user id of who handled it                        the id goes                    "you", others masked
    PEOPLE user ids inside a text or JSON                       the id is taken out            not shown
    SEALED a user id, encrypted                                 replaced                       "you"
    MARK   a keyed hash of a user id                            replaced                       not shown
    WORDS  an encrypted text                                    goes with its row              opened, others masked
    FILE   the name under which an encrypted file lies, or JSON the file goes too              not shown
           with such names as "kept"
    FACT   says something of the row's thing                    goes with its row              shown
    LINK   the id of another thing, row, channel or message     goes with its row              not shown
    INNER  says nothing about anybody                           stays                          not shown
    ====== ==================================================== ============================== =======================
    """

    PERSON = "person"
    STAFF = "staff"
    PEOPLE = "people"
    SEALED = "sealed"
    MARK = "mark"
    WORDS = "words"
    FILE = "file"
    FACT = "fact"
    LINK = "link"
    INNER = "inner"


IN_USE = "in_use"
"""Kept as long as the bot is in use; allowed only where no column is about a person."""
SETTINGS = "settings"
"""Kept as long as it stands in the school's settings."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """One table. ``rules``: ids in ``data/retention.toml``, or ``IN_USE`` or ``SETTINGS``."""

    rules: tuple[str, ...]
    columns: Mapping[str, Kind]

    def of(self, *kinds: Kind) -> tuple[str, ...]:
        """Return the names of the columns of these kinds."""
        return tuple(name for name, kind in self.columns.items() if kind in kinds)

    @property
    def personal(self) -> bool:
        """Whether the table is about people."""
        return bool(self.of(*(set(Kind) - {Kind.INNER, Kind.LINK, Kind.FACT})))


def _treat(rules: str, **kinds: str) -> Treatment:
    named = {name: Kind(kind) for kind, names in kinds.items() for name in names.split()}
    return Treatment(tuple(rules.split()), named)


_FINDING = "finding_dismissed finding_open case_closed"
_REPORT = "draft report_closed report_open report_in_case case_closed"

TREATMENT: Mapping[str, Treatment] = {
    "fact": _treat(IN_USE, inner="name value"),
    "school_key": _treat(IN_USE, inner="school version wrapped made_at"),
    "school": _treat(SETTINGS, inner="school from_file changed_at", people="config"),
    "watermark": _treat(IN_USE, inner="school", link="channel parent message", fact="moved_at since"),
    "recheck": _treat("recheck", inner="school", link="message channel", fact="at"),
    "judged_edit": _treat("judged_edit", inner="school", link="message", fact="revision at"),
    "alert": _treat(
        _FINDING,
        inner="id school rung next_rung_at version",
        fact="class_name kind severity state count created_at claimed_at closed_at outcome",
        people="group_key receivers left_out",
        staff="claimed_by",
    ),
    "case": _treat(
        "case_closed",
        inner="id school version",
        fact="number class_name state step forms created_at closed_at outcome",
        staff="owner",
    ),
    "finding": _treat(
        _FINDING,
        inner="id school recheck",
        link="alert case channel message",
        fact="revision class_name severity state signals url engine decided_at removed_at said_at created_at",
        person="author target",
        staff="taken_by decided_by",
        words="words_sealed reason_sealed",
    ),
    "evidence": _treat(
        f"{_FINDING} {_REPORT}",
        inner="id school",
        link="finding case report channel message",
        fact="kind url fingerprint said_at kept_at",
        person="author",
        staff="kept_by",
        words="content_sealed",
        file="file",
    ),
    "outbox": _treat(
        "outbox",
        inner="id school priority attempts shown_version due_at",
        link="subject sent_channel sent_message",
        fact="kind receiver_kind state sent_at created_at",
        person="receiver",
        people="values",
    ),
    "timer": _treat("timer", inner="id school done_at", link="subject", fact="kind due_at"),
    "dm_choice": _treat("dm_choice", inner="school", person="user", fact="on changed_at"),
    "report": _treat(
        f"{_REPORT} seal",
        inner="id school version",
        link="channel message alert case",
        fact="number class_name state anonymous origin severity crisis seal_opened_at created_at closed_at",
        sealed="reporter_sealed",
        mark="reporter_mark",
        people="left_out receiver",
        staff="taken_by seal_opened_by",
        words="what_sealed who_sealed since_sealed seal_reason_sealed",
    ),
    "talk": _treat(
        _REPORT,
        inner="id school",
        link="report",
        fact="direction created_at read_at",
        staff="by",
        words="text_sealed",
    ),
    "case_pupil": _treat("case_closed", inner="id school", link="case", person="user", fact="role"),
    "case_event": _treat(
        "case_closed",
        inner="id school",
        link="case",
        fact="step action at date",
        people="detail",
        staff="by",
        words="text_sealed",
    ),
    "followup": _treat(
        "case_closed",
        inner="id school",
        link="case",
        fact="due_at state seen_from findings_seen outcome answered_at",
        staff="answered_by",
        words="note_sealed",
    ),
    "consent": _treat(
        "consent",
        inner="id school",
        fact="kind place given_by until recorded_at withdrawn_at",
        person="pupil",
        staff="recorded_by withdrawn_by",
        words="given_name_sealed proof_sealed",
    ),
    "consent_use": _treat("consent", inner="id school", link="consent channel message", fact="posted_at"),
    "media_hold": _treat(
        f"media {_FINDING}",
        inner="id school version may_post_until readers_complete readers_of",
        link="alert finding channel message posted_message",
        fact="class_name state severity reasons private decided_at said_at created_at",
        person="author",
        mark="objector_mark",
        people="readers",
        staff="decided_by",
        words="told_sealed reason_sealed",
        file="files",
    ),
    "removed_picture": _treat("removed_picture", inner="id school", link="hold sha256 pdqs", fact="removed_at"),
    "audit": _treat("pseudonym", inner="school number mac", fact="at verb", link="actor subject"),
    "pseudonym": _treat("pseudonym", inner="school pseudonym", mark="user_mark", sealed="user_sealed"),
}
