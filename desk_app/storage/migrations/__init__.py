"""Steps of the journal's schema, by Alembic; look-up tables are not migrated but rebuilt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from desk_app.errors import OutsideError

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

_HERE = Path(__file__).parent
_REVISION = text("SELECT version_num FROM alembic_version")
_HAS_REVISION = text("SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'")


def newest() -> str:
    """The revision this version of the program writes: files are named by their revisions, in order."""
    return max(path.stem.partition("_")[0] for path in (_HERE / "versions").glob("r*.py"))


def migrate(connection: Connection) -> None:
    """Bring the journal to this version's schema; raises OutsideError('store.newer') for a newer one."""
    current = _current(connection)
    if current != newest():
        _upgrade(connection, current)


def _current(connection: Connection) -> str | None:
    known = connection.execute(_HAS_REVISION).scalar()
    found: str | None = connection.execute(_REVISION).scalar() if known else None
    return found


def _upgrade(connection: Connection, current: str | None) -> None:
    # Alembic takes a quarter of a second to import, and few starts have anything to migrate
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    script = _script()
    if current is not None and current not in {step.revision for step in script.walk_revisions()}:
        raise OutsideError("store.newer")
    context = MigrationContext.configure(connection, opts={"transactional_ddl": True})
    steps = list(script.iterate_revisions("head", current or "base"))
    with Operations.context(context):
        for step in reversed(steps):
            step.module.upgrade()
    context._ensure_version_table()  # noqa: SLF001 - Alembic offers no public call inside an own transaction
    context.stamp(script, "head")


def _script() -> ScriptDirectory:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)
