"""States of another fold and a stream's photographs are found without reading all that is here."""

from __future__ import annotations

from alembic import op

revision = "r0007"
down_revision = "r0006"


def upgrade() -> None:
    op.create_index("base_version", "base", ["fold_version", "place", "feed"])
    op.create_index("ix_file_stream", "file", ["stream"])
