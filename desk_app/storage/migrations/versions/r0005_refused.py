"""Refused entries are found without reading all others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"


def upgrade() -> None:
    """Index the few entries that are refused."""
    op.create_index("entry_refused", "entry", ["standing"], sqlite_where=sa.text("standing = 'refused'"))
