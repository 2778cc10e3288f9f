"""What people ask is answered from an index; an index on the school alone led SQLite past all rows of a school."""

from alembic import op

revision = "0003"
down_revision = "0002"

BY_SCHOOL = (
    "alert", "case", "case_event", "case_pupil", "consent", "consent_use", "evidence", "finding", "followup",
    "media_hold", "outbox", "removed_picture", "report", "talk", "timer",
)  # fmt: skip
BETTER = (
    ("alert", "queue", ["school", "state", "created_at"]),
    ("case", "list", ["school", "state", "number"]),
    ("evidence", "message", ["message"]),
    ("finding", "place", ["school", "channel", "said_at"]),
    ("outbox", "about", ["subject"]),
    ("timer", "about", ["subject"]),
)


def upgrade() -> None:
    """Take the step."""
    for table in BY_SCHOOL:
        op.drop_index(f"ix_{table}_school", table_name=table)
    for table, name, columns in BETTER:
        op.create_index(f"ix_{table}_{name}", table, columns)
