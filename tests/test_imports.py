"""The arrows between the rooms: who may import whom, and which packages of others may be seen where."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("desk_app", "ui", "printing", "resources", "central")


@dataclass(frozen=True)
class Row:
    """Rooms on one level. Each may import those of the rows below; `strangers` do not import one another."""

    rooms: tuple[str, ...]
    strangers: bool = False


ROWS = (
    Row(("desk_app.__main__", "desk_app.bootstrap", "desk_app.paper_makers")),
    Row(("ui", "central"), strangers=True),
    Row(("desk_app.sync",)),
    Row(("desk_app.services",)),
    Row(("desk_app.storage", "printing", "desk_app.scanning"), strangers=True),
    Row(("desk_app.handbook", "desk_app.sample")),
    Row(("desk_app.domain",)),
    Row(
        (
            *("desk_app.errors", "desk_app.changes", "desk_app.texts", "desk_app.clock", "desk_app.ids"),
            *("desk_app.settings", "desk_app.engine", "desk_app.vault", "desk_app.signatures"),
            *("desk_app.__init__", "desk_app.refusals", "desk_app.sabotage", "desk_app.formats", "resources"),
            *("desk_app.translations", "desk_app.files", "desk_app.log_file", "desk_app.readers"),
        )
    ),
)
LEVEL = {room: level for level, row in enumerate(ROWS) for room in row.rooms}

BASICS = ("desk_app.domain", "desk_app.handbook", "desk_app.texts", "desk_app.errors", "desk_app.clock")
SEES_ONLY = {  # rooms that see less than all below them
    "central": (
        *(*BASICS, "desk_app.ids", "desk_app.engine", "desk_app.vault", "desk_app.signatures"),
        *("desk_app.files", "desk_app.log_file", "desk_app.sync.wire"),
        *("desk_app.__init__", "printing.papers", "resources", "central"),
    ),
    "desk_app.sync.wire": (*BASICS, "desk_app.ids", "desk_app.sync.wire"),
}
NEVER_SEES = {
    "ui": ("desk_app.storage", "desk_app.engine"),
    "desk_app.services": ("printing",),  # paper and ports reach the services as callables
}
ONLY_IN = {  # packages of others, and the rooms that know them
    "PySide6": ("ui",),
    "shiboken6": ("ui",),
    "sqlalchemy": ("desk_app.storage", "desk_app.engine", "central"),
    "alembic": ("desk_app.storage", "central"),
    "sqlcipher3": ("desk_app.storage", "desk_app.engine", "central"),
    "sqlite3": ("desk_app.storage", "desk_app.engine", "central"),
    "reportlab": ("printing",),
    "serial": ("desk_app.scanning", "printing"),
    "benchmarks": (),
    "tests": (),
}


def test_imports_point_downwards() -> None:
    found = [problem for name, imported in imports(ROOT) for problem in problems(name, imported)]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("where", "statement", "problem"),
    [
        ("desk_app/domain/money.py", "from desk_app.services import repair", "points upwards"),
        ("desk_app/domain/money.py", "from desk_app import services", "points upwards"),
        ("desk_app/domain/money.py", "from ..services import repair", "points upwards"),
        ("desk_app/errors.py", "def late():\n    import desk_app.domain.money", "points upwards"),
        ("desk_app/storage/store.py", "import printing.papers", "are strangers"),
        ("ui/app.py", "from central import service", "are strangers"),
        ("ui/app.py", "from desk_app.storage.store import Store", "never sees desk_app.storage"),
        ("ui/app.py", "from reportlab.pdfgen import canvas", "only printing knows it"),
        ("ui/app.py", "import serial", "only desk_app.scanning, printing know it"),
        ("desk_app/services/repair.py", "import printing.papers", "never sees printing"),
        ("desk_app/services/repair.py", "from PySide6.QtCore import QObject", "only ui knows it"),
        (
            "desk_app/sync/inbox.py",
            "import sqlalchemy.orm",
            "desk_app.storage, desk_app.engine, central know",
        ),
        ("central/service.py", "from desk_app.services import repair", "does not see desk_app.services"),
        ("central/service.py", "from printing import receipts", "does not see printing.receipts"),
        ("desk_app/sync/wire.py", "from desk_app.storage import store", "does not see desk_app.storage"),
        ("ui/app.py", "from tests.conftest import clock", "nobody imports it"),
        ("desk_app/odds.py", "import json", "belongs to no room"),
    ],
)
def test_a_wrong_arrow_is_told(house: Path, where: str, statement: str, problem: str) -> None:
    (house / where).write_text(statement)
    (found,) = [told for name, imported in imports(house) for told in problems(name, imported)]
    assert problem in found


@pytest.mark.parametrize(
    ("where", "statement"),
    [
        ("desk_app/services/repair.py", "from desk_app.storage.store import Store"),
        ("desk_app/storage/store.py", "import sqlalchemy"),
        ("desk_app/errors.py", "from desk_app import texts, __version__"),
        ("central/service.py", "from desk_app.sync import wire\nfrom printing.papers import receipt"),
        ("ui/app.py", "from PySide6.QtWidgets import QWidget\nfrom desk_app.services.repair import begin"),
        ("desk_app/__main__.py", "from desk_app.bootstrap import start\nimport ui.app, central.service"),
    ],
)
def test_a_right_arrow_is_not_told(house: Path, where: str, statement: str) -> None:
    (house / where).write_text(statement)
    assert [told for name, imported in imports(house) for told in problems(name, imported)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_packages_are_those_of_this_repository(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None, f"the package {package} cannot be found"
    found = {Path(place).resolve() for place in spec.submodule_search_locations or ()}
    assert found == {ROOT / package}, f"'import {package}' would take it from {found}"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house with empty rooms."""
    modules = (
        *(
            "desk_app/__init__",
            "desk_app/__main__",
            "desk_app/bootstrap",
            "desk_app/errors",
            "desk_app/texts",
        ),
        *("desk_app/domain/money", "desk_app/services/repair", "desk_app/storage/store"),
        *("desk_app/sync/wire", "desk_app/sync/inbox", "printing/papers", "printing/receipts"),
        *("ui/app", "central/service"),
    )
    for module in modules:
        path = tmp_path / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def imports(root: Path) -> Iterator[tuple[str, str]]:
    """(module, what it imports) for every import under `root`, wherever in a file it stands.

    What is ours is named by its module, what is others' in full. Each module also comes with itself, so that
    one which imports nothing is looked at too.
    """
    paths = [
        path.relative_to(root) for package in PACKAGES for path in sorted((root / package).rglob("*.py"))
    ]
    ours = {beginning for path in paths for beginning in beginnings(module_name(path))}
    for path in paths:
        module = module_name(path)
        yield module, module
        for name in imported_names(ast.parse((root / path).read_text("utf-8"), str(path)), path.parent.parts):
            yield module, next((beginning for beginning in beginnings(name) if beginning in ours), name)


def module_name(path: Path) -> str:
    """The dotted name of the module at `path`; that of `desk_app/__init__.py` is `desk_app.__init__`."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def beginnings(name: str) -> list[str]:
    """`a.b.c`, `a.b`, `a`."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def imported_names(tree: ast.Module, package: tuple[str, ...]) -> Iterator[str]:
    """The full dotted names that a file of `package` imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            yield from (".".join(filter(None, [*above, node.module, alias.name])) for alias in node.names)


def problems(module: str, imported: str) -> list[str]:
    """What is wrong with the arrow from `module` to `imported`; empty where nothing is."""
    room, other = room_of(module), room_of(imported)
    if room is None:
        return [f"{module} belongs to no room of docs/architecture.md"] if module == imported else []
    wrong = wrong_foreigner(module, imported) if other is None else wrong_room(module, imported, room, other)
    return [f"{module} imports {imported}: {wrong}"] if wrong else []


def room_of(module: str) -> str | None:
    """The room a module of ours belongs to; None for what is not ours or has no room."""
    if module == "desk_app":
        return "desk_app.__init__"
    return next((beginning for beginning in beginnings(module) if beginning in LEVEL), None)


def wrong_room(module: str, imported: str, room: str, other: str) -> str | None:
    """Why `module`, which stands in `room`, may not import `imported` out of `other`."""
    for place, seen in SEES_ONLY.items():
        if within(module, place) and not any(within(imported, part) or other == part for part in seen):
            return f"{place} does not see {imported}, but only {', '.join(seen)}"
    if room == other:
        return None
    if any(within(imported, part) for part in NEVER_SEES.get(room, ())):
        return f"{room} never sees {other}"
    if LEVEL[other] < LEVEL[room]:
        return f"that points upwards, from {room} to {other}; the code is in the wrong room"
    if LEVEL[other] == LEVEL[room] and ROWS[LEVEL[room]].strangers:
        return f"{room} and {other} are strangers"
    return None


def wrong_foreigner(module: str, imported: str) -> str | None:
    """Why `module` may not import `imported`, a package of others."""
    package = imported.split(".")[0]
    rooms = ONLY_IN.get(package)
    if rooms is None or any(within(module, room) for room in rooms):
        return None
    if not rooms:
        return "nobody imports it"
    return f"only {', '.join(rooms)} {'knows' if len(rooms) == 1 else 'know'} it"


def within(name: str, place: str) -> bool:
    """Whether `name` is `place` or lies in it."""
    return name == place or name.startswith(f"{place}.")
