"""The tables of reports and of what happens in a case; ``tables`` holds all."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Integer, LargeBinary, String, Table, UniqueConstraint

from bot.storage.columns import Moment, metadata
from bot.storage.columns import reference as _ref
from bot.storage.columns import row_id as _id
from bot.storage.columns import school_column as _school

# state: draft | open | taken | closed. ``reporter_sealed`` is readable by the program (to relay answers), by a person
# only through opening the seal, which is logged.
report = Table(
    "report",
    metadata,
    _id(),
    _school(),
    Column("number", Integer),
    Column("class_name", String(60)),
    Column("state", String(10), nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("reporter_sealed", LargeBinary, nullable=False),
    Column("reporter_mark", String(64), nullable=False, index=True),  # keyed hash: finds a reporter's own reports
    Column("what_sealed", LargeBinary),
    Column("who_sealed", LargeBinary),
    Column("since_sealed", LargeBinary),
    Column("receiver", String(20)),
    Column("origin", String(10), nullable=False),
    Column("channel", String(20)),
    Column("message", String(20)),
    Column("severity", String(10), nullable=False),
    Column("left_out", JSON, nullable=False),  # staff whom it is about, by user id: they never see it
    Column("crisis", Boolean, nullable=False, default=False),  # those who are told of despair may read it
    _ref("alert", "alert", nullable=True),
    _ref("case", "case", nullable=True),
    Column("taken_by", String(20)),
    Column("seal_opened_by", String(20)),
    Column("seal_opened_at", Moment),
    Column("seal_reason_sealed", LargeBinary),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("version", Integer, nullable=False, default=1),
)

# The talk between the reporter and whoever took the report, through the bot. direction: in (pupil) | out (staff)
talk = Table(
    "talk",
    metadata,
    _id(),
    _school(),
    _ref("report", "report"),
    Column("direction", String(3), nullable=False),
    Column("by", String(20)),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("read_at", Moment),
)

# role: hurt | did | other, the protocol's two sides without its hard words
case_pupil = Table(
    "case_pupil",
    metadata,
    _id(),
    _school(),
    _ref("case", "case"),
    Column("user", String(20), nullable=False),
    Column("role", String(8), nullable=False),
    UniqueConstraint("case", "user"),
)

# Everything that happened in a case, in order. action: opened, joined, done, skip, back, check, note, agreement,
# followup, letter, dossier, evidence, owner, closed, reopened
case_event = Table(
    "case_event",
    metadata,
    _id(),
    _school(),
    _ref("case", "case"),
    Column("step", String(8), nullable=False),
    Column("action", String(12), nullable=False),
    Column("detail", String(60), nullable=False, default=""),
    Column("by", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("text_sealed", LargeBinary),
    Column("date", String(10)),
)

# A date at which somebody looks whether it really stopped. state: planned | due | done | dropped
followup = Table(
    "followup",
    metadata,
    _id(),
    _school(),
    _ref("case", "case"),
    Column("due_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),
    Column("seen_from", Moment, nullable=False),
    Column("findings_seen", Integer),
    Column("outcome", String(12)),
    Column("answered_by", String(20)),
    Column("answered_at", Moment),
    Column("note_sealed", LargeBinary),
)
