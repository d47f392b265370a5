"""A paper stands in its folder whole or not at all, and never on another paper's place."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_app.errors import OutsideError
from printing.output import save_paper


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, 64 KiB large."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_paper_is_saved(tmp_path: Path) -> None:
    folder = tmp_path / "单据" / "2026"
    path = save_paper(folder, "寄修凭证 7QK000421.pdf", b"first")
    assert path == folder / "寄修凭证 7QK000421.pdf"
    assert path.read_bytes() == b"first"
    assert names(folder) == ["寄修凭证 7QK000421.pdf"]


def test_no_paper_is_written_over_another(tmp_path: Path) -> None:
    saved = [save_paper(tmp_path, "label.tar.pdf", data) for data in (b"1", b"2", b"3")]
    assert [path.name for path in saved] == ["label.tar.pdf", "label.tar-2.pdf", "label.tar-3.pdf"]
    assert [path.read_bytes() for path in saved] == [b"1", b"2", b"3"]


def test_two_at_the_same_time_get_two_names(tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=save_paper, args=(tmp_path, "label.pdf", bytes([number])))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == [
        bytes([number]) for number in range(8)
    ]


@pytest.mark.parametrize("name", ["../label.pdf", "a/b.pdf", "", "."])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(name))):
        save_paper(tmp_path / "papers", name, b"data")


@pytest.mark.needs_linux
def test_a_full_disk_is_told_and_nothing_is_left(disk: Path) -> None:
    save_paper(disk, "small.pdf", b"small")
    with pytest.raises(OutsideError) as told:
        save_paper(disk, "large.pdf", bytes(100_000))
    assert told.value.code == "disk.full"
    assert told.value.values == {"folder": str(disk)}
    assert names(disk) == ["small.pdf"]


@pytest.mark.needs_linux
def test_a_disk_that_cannot_be_written_is_told(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    with pytest.raises(OutsideError) as told:
        save_paper(disk, "label.pdf", b"data")
    assert told.value.code == "disk.read_only"


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OutsideError) as told:
        save_paper(tmp_path / "file", "label.pdf", b"data")
    assert told.value.code == "folder.not_writable"
    assert told.value.values == {"folder": str(tmp_path / "file")}


def test_nothing_is_left_where_the_name_cannot_be_taken(tmp_path: Path) -> None:
    with pytest.raises(OutsideError):
        save_paper(tmp_path, "x" * 300 + ".pdf", b"data")
    assert names(tmp_path) == []


def test_nothing_is_left_where_another_program_is_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _target: Path) -> Path:
        raise PermissionError(13, "a virus scanner holds the file")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutsideError) as told:
        save_paper(tmp_path, "label.pdf", b"data")
    assert told.value.code == "folder.not_writable"
    assert names(tmp_path) == []


def names(folder: Path) -> list[str]:
    """What stands in a folder."""
    return sorted(path.name for path in folder.iterdir())
