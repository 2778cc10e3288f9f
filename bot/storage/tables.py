"""All tables of the database, as the newest migration leaves them.

Rules that hold everywhere: ``id`` is made by the program (``bot.clock.Ids``) before the row is written; ``school`` is
the guild's id and stands in every ``where``; moments are UTC; a column named ``*_sealed`` is encrypted by
``bot.storage.vault`` with school, table, column and row as associated data; platform ids are text.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from bot.storage.columns import Moment, metadata
from bot.storage.columns import reference as _ref
from bot.storage.columns import row_id as _id
from bot.storage.columns import school_column as _school
from bot.storage.desk_tables import case_event, case_pupil, followup, report, talk

__all__ = [
    "Moment",
    "alert",
    "audit",
    "case_",
    "case_event",
    "case_pupil",
    "consent",
    "consent_use",
    "dm_choice",
    "evidence",
    "fact",
    "finding",
    "followup",
    "judged_edit",
    "media_hold",
    "metadata",
    "outbox",
    "pseudonym",
    "recheck",
    "removed_picture",
    "report",
    "school",
    "school_key",
    "talk",
    "timer",
    "watermark",
]

# What this installation knows about itself: versions, heads, notices already given.
fact = Table("fact", metadata, Column("name", String(80), primary_key=True), Column("value", String, nullable=False))

# A school's data key, wrapped by the key from the environment.
school_key = Table(
    "school_key",
    metadata,
    Column("school", String(20), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
)

# A school as set up by /setup; a school file wins over it. ``config`` is the School model as JSON.
school = Table(
    "school",
    metadata,
    Column("school", String(20), primary_key=True),
    Column("config", JSON, nullable=False),
    Column("from_file", Boolean, nullable=False, default=False),
    Column("changed_at", Moment, nullable=False),
)

# Per channel: the highest message id below which all is judged and committed, and since when it is watched.
watermark = Table(
    "watermark",
    metadata,
    Column("school", String(20), primary_key=True),
    Column("channel", String(20), primary_key=True),
    Column("parent", String(20)),
    Column("message", String(20), nullable=False),
    Column("moved_at", Moment, nullable=False),
    Column("since", Moment),
)

# Messages that only the words judged; the model looks again when it is back. Ids only, never a text.
recheck = Table(
    "recheck",
    metadata,
    Column("school", String(20), primary_key=True),
    Column("message", String(40), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("at", Moment, nullable=False),
)

# Edits that were judged (ids only), so that a read-back judges none twice; kept for the days that edits are read back.
judged_edit = Table(
    "judged_edit",
    metadata,
    Column("school", String(20), primary_key=True),
    Column("message", String(40), primary_key=True),
    Column("revision", String(40), nullable=False),
    Column("at", Moment, nullable=False),
)

# A notice that somebody should look, about one or more findings, a report or a writer in distress.
# Its kinds are finding, crisis, report, media, imitation and staff; its states open, claimed and closed; its outcomes
# dismissed and case. ``receivers``: when not empty, only these people (``user:ID``, ``role:ID``) are told, privately;
# ``left_out``: users who are never told and never decide, because it is about them.
alert = Table(
    "alert",
    metadata,
    _id(),
    _school(),
    Column("class_name", String(60)),
    Column("kind", String(20), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("group_key", String(90), nullable=False),
    Column("state", String(10), nullable=False),
    Column("count", Integer, nullable=False, default=1),
    Column("rung", Integer, nullable=False, default=0),
    Column("next_rung_at", Moment),
    Column("claimed_by", String(20)),
    Column("claimed_at", Moment),
    Column("closed_at", Moment),
    Column("outcome", String(12)),
    Column("receivers", JSON, nullable=False, default=list),
    Column("left_out", JSON, nullable=False, default=list),
    Column("created_at", Moment, nullable=False),
    Column("version", Integer, nullable=False, default=1),
)
Index("ix_alert_group", alert.c.school, alert.c.group_key, alert.c.created_at)
Index("ix_alert_due", alert.c.state, alert.c.next_rung_at)
Index("ix_alert_queue", alert.c.school, alert.c.state, alert.c.created_at)

# The eight steps about one situation; its states are open and closed.
case_ = Table(
    "case",
    metadata,
    _id(),
    _school(),
    Column("number", Integer, nullable=False),
    Column("class_name", String(60)),
    Column("state", String(10), nullable=False),
    Column("step", String(8), nullable=False),
    Column("owner", String(20), nullable=False),
    Column("forms", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("outcome", String(20)),
    Column("version", Integer, nullable=False, default=1),
    UniqueConstraint("school", "number"),
)
Index("ix_case_list", case_.c.school, case_.c.state, case_.c.number)

finding = Table(
    "finding",
    metadata,
    _id(),
    _school(),
    _ref("alert", "alert", nullable=True),
    _ref("case", "case", nullable=True),
    Column("class_name", String(60)),
    Column("channel", String(20), nullable=False),
    Column("message", String(40), nullable=False),
    Column("revision", String(40), nullable=False, default=""),
    Column("author", String(20), nullable=False),
    Column("target", String(20)),
    Column("severity", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    # [{"signal","score","rule","source","reason"}]: numbers and names of rules only, never words of the message
    Column("signals", JSON, nullable=False),
    Column("words_sealed", LargeBinary),
    Column("url", String(200), nullable=False, default=""),
    Column("engine", String(20), nullable=False),
    Column("recheck", Boolean, nullable=False, default=False),
    Column("taken_by", String(20)),
    Column("decided_by", String(20)),
    Column("decided_at", Moment),
    Column("reason_sealed", LargeBinary),
    Column("removed_at", Moment),
    Column("said_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("school", "message"),
)
Index("ix_finding_queue", finding.c.school, finding.c.state, finding.c.severity)
Index("ix_finding_pair", finding.c.school, finding.c.author, finding.c.target)
Index("ix_finding_place", finding.c.school, finding.c.channel, finding.c.said_at)

# kind: message | edit | deletion | context | file | added | note; contents are encrypted, files lie encrypted under
# their hash.
evidence = Table(
    "evidence",
    metadata,
    _id(),
    _school(),
    _ref("finding", "finding", nullable=True),
    _ref("case", "case", nullable=True),
    Column("report", BigInteger().with_variant(Integer, "sqlite"), index=True),
    Column("kind", String(12), nullable=False),
    Column("channel", String(20)),
    Column("message", String(40)),
    Column("author", String(20)),
    Column("url", String(200)),
    Column("content_sealed", LargeBinary),
    Column("fingerprint", String(64)),
    Column("file", String(80)),
    Column("said_at", Moment),
    Column("kept_at", Moment, nullable=False),
    Column("kept_by", String(20)),
)
Index("ix_evidence_message", evidence.c.message)

# One thing to be sent to one receiver. state: waiting | sent | stale (sent, to be shown again) | refused | dropped
# ``shown_version`` counts how often it was asked to be shown again.
# receiver_kind: user | channel. ``subject`` is the id of what it is about; ``kind`` chooses the words.
outbox = Table(
    "outbox",
    metadata,
    _id(),
    _school(),
    Column("kind", String(30), nullable=False),
    Column("subject", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Column("receiver_kind", String(10), nullable=False),
    Column("receiver", String(20), nullable=False),
    Column("values", JSON, nullable=False),
    Column("priority", Integer, nullable=False, default=0),
    Column("state", String(10), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("sent_channel", String(20)),
    Column("sent_message", String(20)),
    Column("shown_version", Integer, nullable=False, default=0),
    Column("sent_at", Moment),
    Column("created_at", Moment, nullable=False),
)
Index("ix_outbox_due", outbox.c.state, outbox.c.due_at)
Index("ix_outbox_subject", outbox.c.school, outbox.c.kind, outbox.c.subject)
Index("ix_outbox_about", outbox.c.subject)

# Work that must be done at a moment, in order of time. kind: ladder, followup, reminder, digest, daily, ...
timer = Table(
    "timer",
    metadata,
    _id(),
    _school(),
    Column("kind", String(30), nullable=False),
    Column("subject", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Column("due_at", Moment, nullable=False, index=True),
    Column("done_at", Moment),
    UniqueConstraint("school", "kind", "subject", "due_at"),
)

Index("ix_timer_open", timer.c.done_at, timer.c.due_at)
Index("ix_timer_about", timer.c.subject)

# A member of staff who wants alerts by private message.
dm_choice = Table(
    "dm_choice",
    metadata,
    Column("school", String(20), primary_key=True),
    Column("user", String(20), primary_key=True),
    Column("on", Boolean, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

# Who saw, changed, exported or opened what; append-only, each row sealed to the one before by an HMAC.
audit = Table(
    "audit",
    metadata,
    Column("school", String(20), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(16), nullable=False),
    Column("verb", String(30), nullable=False),
    Column("subject", String(60), nullable=False),
    Column("mac", String(64), nullable=False),
)

# Which person a pseudonym of the audit log stands for; erasure deletes the row, the chain stays whole.
pseudonym = Table(
    "pseudonym",
    metadata,
    Column("school", String(20), primary_key=True),
    Column("user_mark", String(64), primary_key=True),
    Column("pseudonym", String(16), nullable=False, unique=True),
    Column("user_sealed", LargeBinary, nullable=False),
)

# Consent for photo, film or sound, per pupil (rules A6, T8). kind: photo | film | sound; place: class | school;
# given_by: guardian | pupil (16 and older). ``until``: the last day that it holds.
consent = Table(
    "consent",
    metadata,
    _id(),
    _school(),
    Column("pupil", String(20), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("place", String(10), nullable=False),
    Column("given_by", String(10), nullable=False),
    Column("given_name_sealed", LargeBinary),
    Column("until", String(10), nullable=False),
    Column("proof_sealed", LargeBinary),
    Column("recorded_by", String(20), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Column("withdrawn_by", String(20)),
)
Index("ix_consent_pupil", consent.c.school, consent.c.pupil, consent.c.kind)

# What was posted while a consent held, so that withdrawing it can list that.
consent_use = Table(
    "consent_use",
    metadata,
    _id(),
    _school(),
    _ref("consent", "consent"),
    Column("channel", String(20), nullable=False),
    Column("message", String(40), nullable=False),
    Column("posted_at", Moment, nullable=False),
    UniqueConstraint("consent", "message"),
)

# A message with media on the photo road. state: taking | held | flagged | approved | returned | refused | again
# (approved, but the pupil must post it again). ``files``: per file what was seen, in numbers, hashes and the name that
# it lies under; no names of people. ``told_sealed``: caption, file names, whom the pupil named, who objected.
# ``private``: for the coordinator alone. ``readers``: who could read it; ``readers_of``:
# channel | thread | private, what was counted.
media_hold = Table(
    "media_hold",
    metadata,
    _id(),
    _school(),
    _ref("alert", "alert", nullable=True),
    _ref("finding", "finding", nullable=True),
    Column("class_name", String(60)),
    Column("channel", String(20), nullable=False),
    Column("message", String(40), nullable=False),
    Column("author", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("files", JSON, nullable=False),
    Column("told_sealed", LargeBinary),
    Column("private", Boolean, nullable=False, default=False),
    Column("objector_mark", String(64), index=True),
    Column("readers", JSON, nullable=False, default=list),
    Column("readers_complete", Boolean, nullable=False, default=False),
    Column("readers_of", String(10)),
    Column("decided_by", String(20)),
    Column("decided_at", Moment),
    Column("reason_sealed", LargeBinary),
    Column("posted_message", String(40)),
    Column("may_post_until", Moment),
    Column("said_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("version", Integer, nullable=False, default=1),
    UniqueConstraint("school", "message"),
)

# A picture that a person took away: its hash and prints, by which a copy is found again. No picture is kept here.
removed_picture = Table(
    "removed_picture",
    metadata,
    _id(),
    _school(),
    _ref("hold", "media_hold"),
    Column("sha256", String(64), nullable=False, index=True),
    Column("pdqs", JSON, nullable=False),
    Column("removed_at", Moment, nullable=False),
)
