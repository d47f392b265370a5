"""What a first load needs: streams by their last place and when they were done with; what a scan finds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "stream_state", sa.Column("done_at", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    )
    op.create_index("stream_state_place", "stream_state", ["feed", "place"])
    op.create_index("record_of_stream", "record", ["feed", "stream"])
    op.create_table(
        "code",
        sa.Column("feed", sa.Text, sa.ForeignKey("feed.feed"), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("feed", "code", "stream"),
    )
