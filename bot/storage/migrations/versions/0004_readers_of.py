"""Note what was counted as the readers of a picture: a channel, a thread, or a private thread."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("media_hold", schema=None) as batch_op:
        batch_op.add_column(sa.Column("readers_of", sa.String(length=10), nullable=True))
