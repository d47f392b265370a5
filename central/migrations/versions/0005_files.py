"""Photographs' encrypted files."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KIND = "item.photographed"


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("feed", sa.Text, sa.ForeignKey("feed.feed"), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("feed", "address"),
    )
    op.create_index("file_of_record", "file", ["feed", "record"])
    _expect_what_was_taken()


def _expect_what_was_taken() -> None:
    """Know the files of photographs whose entries came before this step, unless they were erased."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT feed, body FROM entry WHERE stream LIKE 'case/%' AND standing <> 'refused' ORDER BY place"
        )
    )
    erased = {tuple(row) for row in connection.execute(sa.text("SELECT feed, id FROM erased"))}
    found: dict[tuple[str, str], str] = {}
    for feed, body in rows:
        if KIND.encode() in body and (entry := json.loads(body))["kind"] == KIND:
            record, address = entry["data"]["record"], entry["data"]["file"]
            if (feed, record) not in erased:
                found.setdefault((feed, address), record)
    if found:
        table = sa.table("file", *(sa.column(name) for name in ("feed", "address", "record", "size", "gone")))
        named = [
            {"feed": feed, "address": address, "record": found[feed, address]} for feed, address in found
        ]
        op.bulk_insert(table, [{**row, "size": 0, "gone": False} for row in named])
