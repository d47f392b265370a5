"""Streams that came as states and not as entries, and up to where each feed was loaded so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"


def upgrade() -> None:
    """Nothing was loaded so before: every feed was read from its first entry."""
    op.create_table(
        "base",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("fold_version", sa.Integer, nullable=False),
        sa.Column("frozen", sa.LargeBinary, nullable=False),
        sa.Column("came_at", sa.Integer, nullable=False),
    )
    op.create_table(
        "wanted",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("feed", sa.Text, nullable=False),
    )
    op.add_column("cursor", sa.Column("loaded_to", sa.Integer, nullable=False, server_default="0"))
    op.add_column("cursor", sa.Column("load_from", sa.Integer, nullable=False, server_default="0"))
