"""First."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:  # noqa: PLR0915 - one statement a table
    """Take the step."""
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("class_name", sa.String(length=60), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("group_key", sa.String(length=90), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("next_rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=20), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("receivers", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index("ix_alert_due", ["state", "next_rung_at"], unique=False)
        batch_op.create_index("ix_alert_group", ["school", "group_key", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_school"), ["school"], unique=False)

    op.create_table(
        "audit",
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("verb", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("school", "number", name=op.f("pk_audit")),
    )
    op.create_table(
        "case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("class_name", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("owner", sa.String(length=20), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("school", "number", name=op.f("uq_case_school_number")),
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_school"), ["school"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("pupil", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("given_by", sa.String(length=10), nullable=False),
        sa.Column("given_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("proof_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_pupil", ["school", "pupil", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_school"), ["school"], unique=False)

    op.create_table(
        "dm_choice",
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("user", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school", "user", name=op.f("pk_dm_choice")),
    )
    op.create_table(
        "fact",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_fact")),
    )
    op.create_table(
        "judged_edit",
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school", "message", name=op.f("pk_judged_edit")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("receiver_kind", sa.String(length=10), nullable=False),
        sa.Column("receiver", sa.String(length=20), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_channel", sa.String(length=20), nullable=True),
        sa.Column("sent_message", sa.String(length=20), nullable=True),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_school"), ["school"], unique=False)
        batch_op.create_index("ix_outbox_subject", ["school", "kind", "subject"], unique=False)

    op.create_table(
        "pseudonym",
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("user_mark", sa.String(length=64), nullable=False),
        sa.Column("pseudonym", sa.String(length=16), nullable=False),
        sa.Column("user_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("school", "user_mark", name=op.f("pk_pseudonym")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_pseudonym_pseudonym")),
    )
    op.create_table(
        "recheck",
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school", "message", name=op.f("pk_recheck")),
    )
    op.create_table(
        "school",
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("from_file", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school", name=op.f("pk_school")),
    )
    op.create_table(
        "school_key",
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school", "version", name=op.f("pk_school_key")),
    )
    op.create_table(
        "timer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("school", "kind", "subject", "due_at", name=op.f("uq_timer_school_kind_subject_due_at")),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timer_due_at"), ["due_at"], unique=False)
        batch_op.create_index("ix_timer_open", ["done_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_timer_school"), ["school"], unique=False)

    op.create_table(
        "watermark",
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("parent", sa.String(length=20), nullable=True),
        sa.Column("message", sa.String(length=20), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school", "channel", name=op.f("pk_watermark")),
    )
    op.create_table(
        "case_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("case", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.String(length=60), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_case_event_case_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_event_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_event_school"), ["school"], unique=False)

    op.create_table(
        "case_pupil",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("case", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_case_pupil_case_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pupil")),
        sa.UniqueConstraint("case", "user", name=op.f("uq_case_pupil_case_user")),
    )
    with op.batch_alter_table("case_pupil", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_pupil_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_pupil_school"), ["school"], unique=False)

    op.create_table(
        "consent_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("consent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["consent"], ["consent.id"], name=op.f("fk_consent_use_consent_consent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_use")),
        sa.UniqueConstraint("consent", "message", name=op.f("uq_consent_use_consent_message")),
    )
    with op.batch_alter_table("consent_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_use_consent"), ["consent"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_use_school"), ["school"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("alert", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("case", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("class_name", sa.String(length=60), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=True),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("url", sa.String(length=200), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("recheck", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=20), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_finding_alert_alert")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_finding_case_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("school", "message", name=op.f("uq_finding_school_message")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_alert"), ["alert"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_case"), ["case"], unique=False)
        batch_op.create_index("ix_finding_pair", ["school", "author", "target"], unique=False)
        batch_op.create_index("ix_finding_queue", ["school", "state", "severity"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_school"), ["school"], unique=False)

    op.create_table(
        "followup",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("case", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("seen_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("findings_seen", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("answered_by", sa.String(length=20), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_followup_case_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followup")),
    )
    with op.batch_alter_table("followup", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_followup_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_followup_school"), ["school"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("class_name", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("reporter_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reporter_mark", sa.String(length=64), nullable=False),
        sa.Column("what_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("who_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("since_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("receiver", sa.String(length=20), nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("message", sa.String(length=20), nullable=True),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("crisis", sa.Boolean(), nullable=False),
        sa.Column("alert", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("case", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("taken_by", sa.String(length=20), nullable=True),
        sa.Column("seal_opened_by", sa.String(length=20), nullable=True),
        sa.Column("seal_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seal_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_report_alert_alert")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_report_case_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_alert"), ["alert"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_reporter_mark"), ["reporter_mark"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_school"), ["school"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("finding", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("case", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("report", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("message", sa.String(length=40), nullable=True),
        sa.Column("author", sa.String(length=20), nullable=True),
        sa.Column("url", sa.String(length=200), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("file", sa.String(length=80), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_evidence_case_case")),
        sa.ForeignKeyConstraint(["finding"], ["finding.id"], name=op.f("fk_evidence_finding_finding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_finding"), ["finding"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_report"), ["report"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_school"), ["school"], unique=False)

    op.create_table(
        "media_hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("alert", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("finding", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("class_name", sa.String(length=60), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("objector_mark", sa.String(length=64), nullable=True),
        sa.Column("readers", sa.JSON(), nullable=False),
        sa.Column("readers_complete", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("posted_message", sa.String(length=40), nullable=True),
        sa.Column("may_post_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_media_hold_alert_alert")),
        sa.ForeignKeyConstraint(["finding"], ["finding.id"], name=op.f("fk_media_hold_finding_finding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_hold")),
        sa.UniqueConstraint("school", "message", name=op.f("uq_media_hold_school_message")),
    )
    with op.batch_alter_table("media_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_hold_alert"), ["alert"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_hold_finding"), ["finding"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_hold_objector_mark"), ["objector_mark"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_hold_school"), ["school"], unique=False)

    op.create_table(
        "talk",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("report", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["report"], ["report.id"], name=op.f("fk_talk_report_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
    )
    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_report"), ["report"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_school"), ["school"], unique=False)

    op.create_table(
        "removed_picture",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("school", sa.String(length=20), nullable=False),
        sa.Column("hold", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pdqs", sa.JSON(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hold"], ["media_hold.id"], name=op.f("fk_removed_picture_hold_media_hold")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_picture")),
    )
    with op.batch_alter_table("removed_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_removed_picture_hold"), ["hold"], unique=False)
        batch_op.create_index(batch_op.f("ix_removed_picture_school"), ["school"], unique=False)
        batch_op.create_index(batch_op.f("ix_removed_picture_sha256"), ["sha256"], unique=False)
