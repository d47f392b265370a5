"""The worker for pictures: kept, replaced when it dies or hangs, bounded, ended with the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from desk_app.errors import OutsideError
from desk_app.scanning.pictures import LARGEST_FILE, Pictures

pytestmark = pytest.mark.slow

Draw = Callable[..., Image.Image]
Write = Callable[..., bytes]
WAYBILL = "SF1385628716739"
LONG = 60


@pytest.fixture
def photo(code: Draw, table: Draw, file_of: Write) -> bytes:
    return file_of(table((code(WAYBILL), (300, 300))))


def texts(pictures: Pictures, picture: bytes | Path) -> list[str]:
    return [code.text for code in pictures.read(picture).result(LONG)]


def trouble(pictures: Pictures, picture: bytes | Path) -> str:
    with pytest.raises(OutsideError) as told:
        pictures.read(picture).result(LONG)
    return told.value.code


def test_the_worker_is_started_when_it_is_needed_and_kept(pictures: Pictures, photo: bytes) -> None:
    assert pictures.process is None
    assert texts(pictures, photo) == [WAYBILL]
    first = pictures.process
    assert first not in (None, os.getpid())
    assert trouble(pictures, b"no picture") == "picture.unreadable"
    assert texts(pictures, photo) == [WAYBILL]
    assert pictures.process == first


def test_a_file_is_read_by_its_path(pictures: Pictures, photo: bytes, tmp_path: Path) -> None:
    path = tmp_path / "标签 1.png"
    path.write_bytes(photo)
    assert texts(pictures, path) == [WAYBILL]
    words = tmp_path / "words.jpg"
    words.write_text("no picture")
    assert trouble(pictures, words) == "picture.unreadable"
    assert trouble(pictures, tmp_path / "missing.jpg") == "picture.unreadable"


def test_a_file_that_is_too_large_is_not_even_read(pictures: Pictures, tmp_path: Path) -> None:
    path = tmp_path / "film.jpg"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert trouble(pictures, path) == "picture.too_large"
    assert pictures.process is None


def test_a_frame_is_read(pictures: Pictures, code: Draw, table: Draw) -> None:
    seen = table((code(WAYBILL), (300, 300)))
    (found,) = pictures.read_frame(seen.size, seen.tobytes()).result(LONG)
    assert found.text == WAYBILL


@pytest.mark.needs_linux
def test_a_worker_that_is_killed_in_the_middle_is_replaced(pictures: Pictures, photo: bytes) -> None:
    texts(pictures, photo)
    first = pictures.process
    assert first
    os.kill(first, signal.SIGSTOP)  # now it is in the middle for as long as we like
    asked = pictures.read(photo)
    os.kill(first, signal.SIGKILL)
    assert [code.text for code in asked.result(LONG)] == [WAYBILL]
    assert pictures.process != first


def test_a_picture_every_worker_dies_over_is_told() -> None:
    begun: list[list[str]] = []

    def dies() -> list[str]:
        begun.append([sys.executable, "-c", "input(); raise SystemExit(9)"])
        return begun[-1]

    pictures = Pictures(dies)
    assert trouble(pictures, b"x" * 1_000_000) == "picture.too_hard"
    assert len(begun) == 2
    pictures.close()


def test_half_an_answer_is_none() -> None:
    pictures = Pictures(lambda: [sys.executable, "-c", "input(); print('{\"codes\": [', end='')"])
    assert trouble(pictures, b"x") == "picture.too_hard"
    pictures.close()


def test_a_worker_that_hangs_is_killed() -> None:
    begun: list[int] = []

    def hangs() -> list[str]:
        begun.append(1)
        return [sys.executable, "-c", "import time; time.sleep(600)"]

    pictures = Pictures(hangs, seconds=0.2)
    assert trouble(pictures, b"x" * 10_000_000) == "picture.too_hard"  # more than a pipe holds
    assert begun == [1]
    assert pictures.process is None
    pictures.close()


def test_a_worker_that_cannot_be_started_is_told() -> None:
    pictures = Pictures(lambda: ["/does/not/exist"])
    assert trouble(pictures, b"x") == "picture.too_hard"
    pictures.close()


def test_closing_ends_what_is_read_and_what_waits() -> None:
    pictures = Pictures(lambda: [sys.executable, "-c", "import time; time.sleep(600)"])
    asked, waits = pictures.read(b"x"), pictures.read(b"y")
    pictures.close()
    assert isinstance(asked.exception(LONG), OutsideError) or asked.cancelled()
    assert waits.cancelled() or isinstance(waits.exception(LONG), OutsideError)
    assert pictures.process is None


@pytest.mark.needs_linux
def test_the_worker_s_memory_is_bounded() -> None:
    greedy = "from desk_app.scanning import picture_worker as w; w._bound(); bytearray(w.MEMORY)"
    run = subprocess.run([sys.executable, "-c", greedy], capture_output=True, text=True, check=False)
    assert run.stderr.rstrip().endswith("MemoryError")


def test_the_worker_ends_with_its_input() -> None:
    worker = subprocess.run(
        [sys.executable, "-m", "desk_app", "look-at-pictures"], input=b"", capture_output=True, check=False
    )
    assert (worker.returncode, worker.stdout, worker.stderr) == (0, b"", b"")
