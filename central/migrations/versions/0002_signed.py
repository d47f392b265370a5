"""Signed chains, and how far the state of a stream reaches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("watermark", sa.Column("signature", sa.Text, nullable=False, server_default=""))
    op.add_column("stream_state", sa.Column("place", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("desk", sa.Column("signs", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE stream_state SET place = (SELECT MAX(entry.place) FROM entry"
        " WHERE entry.feed = stream_state.feed AND entry.stream = stream_state.stream)"
    )
