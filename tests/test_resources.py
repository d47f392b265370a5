"""The files that travel with the program."""

import pytest

import resources


def test_a_file_is_found_and_can_be_read() -> None:
    assert resources.path("carriers.toml").read_text(encoding="utf-8").startswith("# Carriers")


def test_a_file_the_program_came_without_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="no-such"):
        resources.path("no-such.toml")
