"""The measures of the house: short functions and modules, quiet rooms, no hidden Qt name, no odd address."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import statistics
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QObject

import ui

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("desk_app", "ui", "printing", "resources", "central")
COMMAND_LINES = ("desk_app/__main__.py",)

LONGEST_FUNCTION = 60
LONGEST_MODULE = 400
MEDIAN_FUNCTION = 8

# Qt methods whose names are one lower-case word and that a class is meant to override.
VIRTUAL = {
    *("accept", "done", "exec", "open", "reject"),  # dialogs
    *("buddy", "data", "flags", "index", "match", "parent", "revert", "sort", "span", "submit"),  # models
    *("event", "metric", "paint"),
    *("count", "invalidate"),  # layouts
}

STRANGE = {  # what no file of the project may hold
    "the address of a package index": re.compile(r"https?://\S+/simple\b"),
    "a folder of one machine": re.compile(r"(?<![\w.])/(?:work|tmp/\w|root|opt/wheels)/"),
}


def test_functions_are_short() -> None:
    long = [told for path in sources() for told in long_functions(path)]
    assert not long, "\n" + "\n".join(long)


def test_half_of_the_product_s_functions_are_very_short() -> None:
    lengths = [length(node) for path in product() for node in functions(path)]
    assert statistics.median(lengths) <= MEDIAN_FUNCTION


def test_modules_are_short() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sources()}
    long = {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > LONGEST_MODULE}
    assert not long, f"longer than {LONGEST_MODULE} lines: {long}"


def test_only_the_command_line_prints() -> None:
    loud = [told for path in product() if name_of(path) not in COMMAND_LINES for told in prints(path)]
    assert not loud, f"print() in the product: {loud}"


def test_no_attribute_of_a_window_hides_one_of_qt() -> None:
    hidden = [told for module in ui_modules() for told in hiding(module)]
    assert not hidden, "\n" + "\n".join(hidden)


def test_no_file_names_a_package_index_or_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in texts()
        for what in strange(path.read_text("utf-8", errors="replace"))
    ]
    assert not found, "\n" + "\n".join(found)


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [told for path in ROOT.glob("*.md") for told in broken_links(path)]
    broken += [told for path in (ROOT / "docs").rglob("*.md") for told in broken_links(path)]
    assert not broken, "\n" + "\n".join(broken)


def test_a_broken_link_is_told(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[here](page.md) ![gone](pictures/gone.png) [far](https://example.org)")
    assert [told.rpartition(" ")[2] for told in broken_links(page)] == ["pictures/gone.png"]


def test_a_long_function_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text("def just_right():\n" + "    x = 1\n" * 59 + "def too_long():\n" + "    x = 1\n" * 60)
    (told,) = long_functions(path)
    assert "too_long" in told


def test_a_hidden_qt_method_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hiding_sample.py").write_text(
        "from PySide6.QtWidgets import QWidget\n"
        "class Window(QWidget):\n"
        "    parent = None\n"
        "    def __init__(self):\n"
        "        self.actions, self.mine = [], 1\n"
        "        self.layout: object = None\n"
        "    def update(self): ...\n"
        "    def sizeHint(self): ...\n"
        "    def event(self, event): ...\n"
        "    def own(self): ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    told = hiding(importlib.import_module("hiding_sample"))
    assert [line.split()[1] for line in told] == [
        "Window.actions",
        "Window.layout",
        "Window.parent",
        "Window.update",
    ]


@pytest.mark.parametrize(
    "line", ["https://" + "index.example/simple/", "open('/" + "work/notes')", "see /" + "root/x"]
)
def test_a_strange_address_is_told(line: str) -> None:
    assert list(strange(line))


def broken_links(path: Path) -> Iterator[str]:
    """The links of a Markdown file that lead to no file beside it."""
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text("utf-8")):
        if "://" not in target and not (path.parent / target).exists():
            yield f"{path.name} leads to {target}"


def product() -> list[Path]:
    """The Python files of the rooms."""
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def sources() -> list[Path]:
    """The Python files of rooms, benchmarks and tests, and the command."""
    others = [path for folder in ("benchmarks", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [*product(), *others, ROOT / "desk"]


def texts() -> Iterator[Path]:
    """The files of the repository that hold text, without what `.gitignore` names."""
    ignored = [".git", *(line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines())]
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not any(fnmatch(name, pattern) for pattern in ignored)]
        for path in (Path(folder, name) for name in files):
            if not any(fnmatch(path.name, pattern) for pattern in ignored) and holds_text(path):
                yield path


def holds_text(path: Path) -> bool:
    """Whether a file is no picture, font or other binary."""
    with path.open("rb") as file:
        return b"\0" not in file.read(8192)


def name_of(path: Path) -> str:
    """The name of a file as the repository writes it."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of the file at `path`, inner ones too."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8"), str(path)))
    return [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring and decorators."""
    docstring = function.body[0] if ast.get_docstring(function) is not None else None
    described = docstring.end_lineno - docstring.lineno + 1 if docstring and docstring.end_lineno else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - described


def long_functions(path: Path) -> list[str]:
    """The functions of the file at `path` that are too long, each as a sentence."""
    return [
        f"{path}:{node.lineno} {node.name} has {length(node)} lines; {LONGEST_FUNCTION} are the most"
        for node in functions(path)
        if length(node) > LONGEST_FUNCTION
    ]


def prints(path: Path) -> list[str]:
    """Where the file at `path` calls print()."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    names = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "print"]
    return [f"{name_of(path)}:{node.lineno}" for node in names]


def ui_modules() -> list[ModuleType]:
    """Every module of the windows, imported."""
    return [importlib.import_module(found.name) for found in pkgutil.walk_packages(ui.__path__, "ui.")]


def hiding(module: ModuleType) -> list[str]:
    """The names by which classes of `module` hide attributes of their Qt class, each as a sentence."""
    assert module.__file__
    classes = [
        node
        for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    found = []
    for node in classes:
        qt_names = names_of_qt(getattr(module, node.name, object))
        found += [
            f"{module.__name__}: {node.name}.{name} hides Qt's own"
            for name in sorted(own_names(node) & qt_names)
        ]
    return found


def names_of_qt(cls: type) -> set[str]:
    """What a class inherits from Qt's classes; empty for a class that is none of Qt's."""
    bases = [base for base in cls.__mro__ if base.__module__.startswith("PySide6.")]
    return set().union(*map(dir, bases)) if issubclass(cls, QObject) else set()


def own_names(cls: ast.ClassDef) -> set[str]:
    """What the class assigns to itself or to `self`, and its methods that override nothing of Qt."""
    assigned = {target for node in ast.walk(cls) for target in targets(node, cls)}
    methods = {node.name for node in cls.body if isinstance(node, ast.FunctionDef)}
    return assigned | {name for name in methods - VIRTUAL if name.islower() and not name.startswith("_")}


def targets(node: ast.AST, cls: ast.ClassDef) -> Iterator[str]:
    """The names that an assignment `node` gives to `self`, or in the class's own body to the class."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            yield node.attr
    elif isinstance(node, ast.Assign) and node in cls.body:
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and node in cls.body and isinstance(node.target, ast.Name):
        yield node.target.id


def strange(text: str) -> Iterator[str]:
    """What `text` holds that no file of the project may."""
    return (what for what, pattern in STRANGE.items() if pattern.search(text))
