"""The locks agree with one another, with what is declared, and with the page that explains it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BASE, TESTS = "requirements.lock", "requirements-test.lock"


def test_the_checks_use_the_versions_of_the_program() -> None:
    assert pins(BASE).items() <= pins(TESTS).items()


@pytest.mark.parametrize("lock", [BASE, TESTS])
def test_a_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert len(re.findall(r"^\S+==.*(?: \\\n    --hash=sha256:[0-9a-f]{64})+$", text, re.M)) == len(
        pins(lock)
    )
    assert "://" not in text


def test_what_is_declared_is_locked_and_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {plain(re.split(r"[<>=!~ ]", requirement)[0]) for requirement in declared}
    locked = pins(TESTS)
    assert explained() == {name: locked[name] for name in names}


def pins(lock: str) -> dict[str, str]:
    """The version of each package that a lock names."""
    found = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    assert found
    return {plain(name): version for name, version in found}


def explained() -> dict[str, str]:
    """The version of each package in the tables of docs/dependencies.md."""
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    return {plain(name): version for name, version in re.findall(r"^\| ([\w.-]+) \| (\d\S*) \|", page, re.M)}


def plain(name: str) -> str:
    """A package's name as the index compares it."""
    return name.lower().replace("_", "-").replace(".", "-")
