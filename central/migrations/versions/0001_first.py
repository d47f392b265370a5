"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _feeds()
    _journal()
    _records()
    _desks()


def _feeds() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "feed",
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("head", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "watermark",
        sa.Column("feed", sa.Text, sa.ForeignKey("feed.feed"), nullable=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("feed", "desk"),
    )


def _journal() -> None:
    op.create_table(
        "entry",
        sa.Column("feed", sa.Text, sa.ForeignKey("feed.feed"), nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("feed", "place"),
        sa.UniqueConstraint("feed", "desk", "number"),
        sa.ForeignKeyConstraint(["feed", "desk"], ["watermark.feed", "watermark.desk"]),
    )
    op.create_index("entry_of_stream", "entry", ["feed", "stream", "place"])
    op.create_table(
        "stream_state",
        sa.Column("feed", sa.Text, sa.ForeignKey("feed.feed"), nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("fold_version", sa.BigInteger, nullable=False),
        sa.Column("frozen", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("feed", "stream"),
    )


def _records() -> None:
    op.create_table(
        "record",
        sa.Column("feed", sa.Text, sa.ForeignKey("feed.feed"), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("box", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("feed", "id"),
    )
    op.create_table(
        "erased",
        sa.Column("feed", sa.Text, sa.ForeignKey("feed.feed"), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("feed", "id"),
    )


def _desks() -> None:
    op.create_table(
        "desk",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("block", sa.Text, nullable=False, unique=True),
        sa.Column("store", sa.Text, sa.ForeignKey("feed.feed"), nullable=False),
        sa.Column("joined_at", sa.BigInteger, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("shut_out", sa.Boolean, nullable=False),
    )
    op.create_table(
        "invitation",
        sa.Column("secret_hash", sa.LargeBinary, primary_key=True),
        sa.Column("store", sa.Text, sa.ForeignKey("feed.feed"), nullable=False),
        sa.Column("founding", sa.Boolean, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("used_by", sa.Text, sa.ForeignKey("desk.id")),
    )
