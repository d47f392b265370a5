"""The first journal: entries, sealed records, the erasure list, cursors, papers, files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of the first version."""
    op.create_table(
        "meta", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False)
    )
    op.create_table(
        "entry",
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("place", sa.Integer),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("acknowledged", sa.Integer, nullable=False),
    )
    op.create_index("entry_stream", "entry", ["stream", "place"])
    op.create_index("entry_waiting", "entry", ["feed", "acknowledged", "number"])
    op.create_table(
        "record",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("box", sa.LargeBinary, nullable=False),
        sa.Column("commitment", sa.Text, nullable=False),
    )
    op.create_index("ix_record_stream", "record", ["stream"])
    op.create_table("erased", sa.Column("id", sa.Text, primary_key=True))
    op.create_table(
        "cursor",
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("last_number", sa.Integer, nullable=False),
    )
    op.create_table(
        "paper",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("forgotten", sa.Integer, nullable=False),
    )
    op.create_index("ix_paper_stream", "paper", ["stream"])
    op.create_table(
        "file",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("ix_file_record", "file", ["record"])
