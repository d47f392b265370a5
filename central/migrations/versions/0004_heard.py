"""When each desk was last heard of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("desk", sa.Column("heard_at", sa.BigInteger, nullable=False, server_default="0"))
