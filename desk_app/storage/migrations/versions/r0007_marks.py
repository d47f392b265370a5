"""When feeds were here up to which place; states of another fold and photographs are found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision = "r0006"


def upgrade() -> None:
    """Nothing is known of the time before: no case leaves for as many days as one has to be done with."""
    op.create_table(
        "mark",
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("at", sa.Integer, nullable=False),
    )
    op.create_index("base_version", "base", ["fold_version", "place", "feed"])
    op.create_index("ix_file_stream", "file", ["stream"])
