"""The run of the central service that each feed was last read in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"


def upgrade() -> None:
    """Add the run to each cursor."""
    op.add_column("cursor", sa.Column("run", sa.Text, nullable=False, server_default=""))
