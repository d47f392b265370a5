"""Chains of signed entries, and incidents: states that were not those of the central service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk_app.signatures import CHAIN_START, grown

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    """Add the chain's head to each cursor, as far as the central service has acknowledged."""
    op.add_column("cursor", sa.Column("chain_number", sa.Integer, nullable=False, server_default="0"))
    op.add_column("cursor", sa.Column("chain", sa.LargeBinary, nullable=False, server_default=sa.text("x''")))
    op.create_index("entry_place", "entry", ["feed", "place"])
    op.create_table(
        "incident",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
    )
    _chain_what_is_acknowledged()


def _chain_what_is_acknowledged() -> None:
    connection = op.get_bind()
    desk = connection.execute(sa.text("SELECT value FROM meta WHERE key = 'desk'")).scalar()
    for (feed,) in connection.execute(sa.text("SELECT feed FROM cursor")).all():
        rows = connection.execute(
            sa.text(
                "SELECT number, body FROM entry"
                " WHERE feed = :feed AND desk = :desk AND acknowledged = 1 ORDER BY number"
            ),
            {"feed": feed, "desk": desk},
        ).all()
        connection.execute(
            sa.text("UPDATE cursor SET chain_number = :number, chain = :chain WHERE feed = :feed"),
            {
                "feed": feed,
                "number": rows[-1].number if rows else 0,
                "chain": grown(CHAIN_START, (row.body for row in rows)),
            },
        )
