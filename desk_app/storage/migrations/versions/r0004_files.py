"""Where each file belongs, whether it is on this desk, and whether the central service has it."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"

KIND = "item.photographed"


def upgrade() -> None:
    """Say of each file what its entry tells; what this desk photographed is here."""
    op.add_column("file", sa.Column("feed", sa.Text, nullable=False, server_default=""))
    op.add_column("file", sa.Column("stream", sa.Text, nullable=False, server_default=""))
    op.add_column("file", sa.Column("here", sa.Integer, nullable=False, server_default="0"))
    op.add_column("file", sa.Column("at_central", sa.Integer, nullable=False, server_default="0"))
    op.create_index("file_missing", "file", ["here", "record"])
    op.create_index("file_unsent", "file", ["at_central", "record"])
    _tell_where()


def _tell_where() -> None:
    connection = op.get_bind()
    desk = connection.execute(sa.text("SELECT value FROM meta WHERE key = 'desk'")).scalar()
    entries = sa.text("SELECT feed, desk, stream, body FROM entry WHERE instr(body, CAST(:kind AS BLOB)) > 0")
    told = []
    for row in connection.execute(entries, {"kind": KIND}):
        entry = json.loads(row.body)
        if entry["kind"] == KIND:
            where = {"feed": row.feed, "stream": row.stream, "here": int(row.desk == desk)}
            told.append({"address": entry["data"]["file"], **where})
    if told:
        statement = "UPDATE file SET feed = :feed, stream = :stream, here = :here WHERE address = :address"
        connection.execute(sa.text(statement), told)
