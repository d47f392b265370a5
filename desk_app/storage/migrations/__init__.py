"""Steps of the journal's schema, by Alembic; look-up tables are not migrated but rebuilt."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from desk_app.errors import OutsideError


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def newest() -> str:
    """The revision this version of the program writes."""
    head = _script().get_current_head()
    assert head is not None
    return head


def migrate(connection: Connection) -> None:
    """Bring the journal to this version's schema; raises OutsideError('store.newer') for a newer one."""
    script = _script()
    context = MigrationContext.configure(connection, opts={"transactional_ddl": True})
    current = context.get_current_revision()
    if current == script.get_current_head():
        return
    if current is not None and current not in {step.revision for step in script.walk_revisions()}:
        raise OutsideError("store.newer")
    steps = list(script.iterate_revisions("head", current or "base"))
    with Operations.context(context):
        for step in reversed(steps):
            step.module.upgrade()
    context._ensure_version_table()  # noqa: SLF001 - Alembic offers no public call inside an own transaction
    context.stamp(script, "head")
