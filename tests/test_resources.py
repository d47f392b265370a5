"""The files that travel with the program."""

from pathlib import Path

import pytest

import resources


def test_a_file_is_found_and_can_be_read() -> None:
    assert resources.path("carriers.toml").read_text(encoding="utf-8").startswith("# Carriers")


def test_a_file_the_program_came_without_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="no-such"):
        resources.path("no-such.toml")


def test_a_frozen_program_has_the_migrations_of_every_file_it_opens() -> None:
    """They are found by listing a folder, which a frozen program has only for what its recipe names."""
    root = Path(__file__).parent.parent
    folders = {each.parent.relative_to(root) for each in root.glob("[!.]*/**/migrations/versions")}
    assert len(folders) == 2
    recipe = (root / "build.spec").read_text("utf-8")
    assert [
        each for each in folders if f'"{".".join(each.parts)}", include_py_files=True' not in recipe
    ] == []
