"""The log's file is bounded, and a disk that takes nothing more makes no noise."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

import pytest

from desk_app import log_file
from desk_app.log_file import LogFile


def a_record(text: str) -> logging.LogRecord:
    return logging.LogRecord("desk", logging.INFO, "", 0, text, (), None)


@pytest.mark.needs_linux
def test_a_full_disk_makes_no_noise(capsys: pytest.CaptureFixture[str]) -> None:
    file = LogFile(Path("/dev/full"), logging.Formatter())
    file.handle(a_record("nobody can keep this"))
    with contextlib.suppress(OSError):
        file.stream.close()
    file.stream = None
    file.close()
    assert capsys.readouterr() == ("", "")


def test_it_never_grows_beyond_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "LARGEST", 200)
    file = LogFile(tmp_path / "log", logging.Formatter())
    for number in range(100):
        file.handle(a_record(f"line {number:03} " + "x" * 50))
    file.close()
    kept = sorted(tmp_path.iterdir())
    assert [each.name for each in kept] == ["log", "log.1", "log.2", "log.3"]
    assert all(each.stat().st_size <= 200 for each in kept)
    assert "line 099" in kept[0].read_text("utf-8")
