"""What goes wrong with photographs on their way: full disks, wrong bytes, erasures, a service that dies."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desk_app import files as kept
from desk_app import vault
from desk_app.domain.facts import ItemPhotographed
from desk_app.sync.own_central import OwnCentral
from desk_app.sync.wire import LARGEST_PIECE

pytestmark = pytest.mark.slow

Eventually = Callable[[Callable[[], object]], None]
PATIENCE = 30


class OldPicture(msgspec.Struct):
    """What a photograph's record held in the first version."""

    name: str
    key: bytes
    hash: str


def test_a_full_disk_stops_fetching_and_nothing_else(
    desks: tuple[Any, Any, str], share: Any, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, case = desks
    theirs = first.take_bytes(case, b"theirs" * 100)
    share(first, second)
    usage = shutil.disk_usage("/")
    monkeypatch.setattr("desk_app.files.shutil.disk_usage", lambda _: usage._replace(free=kept.SPARE))
    second.files.round()
    assert second.files.trouble == "disk.full"
    assert second.on_disk() == []
    assert second.inspection.coming(second.photos(case))
    ours = second.photograph(case, picture)  # work goes on
    second.sync()
    monkeypatch.setattr(
        "desk_app.files.shutil.disk_usage",
        lambda path: usage if "central" in str(path) else usage._replace(free=0),
    )
    second.files.round()
    assert [move[:2] for move in second.moved if move[0] == "put"] == [("put", ours)]
    monkeypatch.undo()
    second.files.round()
    assert second.files.trouble == "" and second.read(theirs) == b"theirs" * 100


def test_a_full_disk_of_the_service_stops_sending_and_nothing_else(
    desks: tuple[Any, Any, str], share: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, case = desks
    theirs = first.take_bytes(case, b"theirs" * 100)
    share(first, second)
    ours = second.take_bytes(case, b"ours" * 100)
    second.sync()
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(
        "desk_app.files.shutil.disk_usage",
        lambda path: usage if "central" not in str(path) else usage._replace(free=0),
    )
    second.files.round()
    assert second.read(theirs) == b"theirs" * 100 and second.files.trouble == ""
    assert [file.address for file in second.store.files.to_send()] == [ours]
    caplog.clear()
    monkeypatch.undo()
    second.files.round()
    assert second.store.files.to_send() == ()


def test_wrong_bytes_are_never_taken_for_the_photograph(
    desks: tuple[Any, Any, str], share: Any, centre: Any
) -> None:
    first, second, case = desks
    address = first.take_bytes(case, b"right" * 1000)
    other = first.take_bytes(case, b"other" * 1000)
    share(first, second)
    (path,) = [path for path in centre.on_disk() if path.name == address]
    path.write_bytes(b"wrong" * 1000)
    for _ in range(5):
        second.files.round()
    assert second.on_disk() == [other]
    tries = [move for move in second.moved if move[1] == address]
    assert len(tries) == 3  # and not for ever
    assert second.inspection.coming(second.photos(case))


def test_what_this_desk_s_disk_has_spoiled_is_not_taken_by_the_service(
    desks: tuple[Any, Any, str], centre: Any
) -> None:
    first, _, case = desks
    address = first.take_bytes(case, b"right" * 1000)
    other = first.take_bytes(case, b"other" * 1000)
    first.sync()
    next((first.store.folder / "files").rglob(address)).write_bytes(b"wrong" * 1000)
    for _ in range(5):
        first.files.round()
    assert [path.name for path in centre.on_disk()] == [other]
    assert len([move for move in first.moved if move[1] == address]) == 0
    assert [file.address for file in first.store.files.to_send()] == [address]


@pytest.mark.parametrize("way", ["put", "get"])
def test_erased_while_it_is_under_way_it_is_nowhere(
    desks: tuple[Any, Any, str], share: Any, centre: Any, way: str
) -> None:
    first, second, case = desks
    first.take_bytes(case, random.Random(1).randbytes(3 * LARGEST_PIECE))
    first.sync()
    if way == "get":
        share(first, second)
    mover = first if way == "put" else second
    count = iter(range(9))

    def before(_: str) -> None:
        if next(count) == 1:
            first.erase(case)
            first.sync()
            mover.sync()

    mover.before = before
    mover.files.round()
    mover.before = lambda _: None
    second.sync()
    for desk in (first, second):
        desk.files.round()
        assert desk.on_disk() == []
        assert desk.store.files.to_send() == desk.store.files.to_fetch(()) == ()
    assert centre.on_disk() == []


def test_an_erasure_reaches_every_desk_and_the_service(
    desks: tuple[Any, Any, str], share: Any, picture: Path, centre: Any
) -> None:
    first, second, case = desks
    first.photograph(case, picture)
    share(first, second)
    second.files.round()
    assert len(first.on_disk()) == len(second.on_disk()) == len(centre.on_disk()) == 1
    (photo,) = second.photos(case)
    second.erase(case)
    second.sync()
    first.sync()
    assert (first.on_disk(), second.on_disk(), centre.on_disk()) == ([], [], [])
    assert first.inspection.photo(photo.record) is second.inspection.photo(photo.record) is None
    assert first.inspection.coming([photo]) == second.inspection.coming([photo]) == frozenset()
    for desk in (first, second):
        desk.files.round()
        desk.files.want([photo.file])
        desk.files.round()
        assert desk.on_disk() == []


def test_a_photograph_of_the_first_version_opens(
    desks: tuple[Any, Any, str], share: Any, picture: Path
) -> None:
    """Its record has no preview; its file comes as any other."""

    first, second, case = desks
    box = vault.encrypt_file(picture.read_bytes())

    def decide(act: Any) -> None:
        sealed = act.seal(OldPicture("x.jpg", box.key, box.hash))
        act.add(case, ItemPhotographed(1, sealed.id, box.hash, "before"), sealed)

    first.store.files.keep(box.hash, box.box)
    assert first.by
    first.store.act(decide, first.by, 0).result(PATIENCE)
    share(first, second)
    (photo,) = second.photos(case)
    assert second.inspection.photo(photo.record) is None
    assert second.inspection.coming([photo]) == {photo.record}
    second.files.round()
    shown = second.inspection.photo(photo.record)
    assert shown is not None and shown.data == picture.read_bytes()


@pytest.mark.slow
@pytest.mark.needs_linux
@pytest.mark.logs("is started again")
def test_a_service_killed_under_an_upload_has_it_in_the_end(
    tmp_path: Path, running: Any, eventually: Eventually
) -> None:
    """The real processes and threads: photographed at A, seen at B, erased everywhere."""
    own = OwnCentral(tmp_path / "central", jitter=lambda pause: pause / 100)
    try:
        first, second = running(own)
        case = first.open_case()
        pieces = iter(range(10**6))

        def kill(_: str) -> None:
            if next(pieces) == 2:
                os.kill(own._process._child.pid, signal.SIGKILL)  # type: ignore[union-attr]

        first.before = kill
        data = random.Random(1).randbytes(8 * LARGEST_PIECE)
        address = first.take_bytes(case, data)
        eventually(lambda: second.read(address))
        assert second.read(address) == data
        eventually(lambda: second.case(case).customer)
        second.erase(case)
        eventually(lambda: first.on_disk() == second.on_disk() == [])
        eventually(lambda: not list((tmp_path / "central").rglob(f"*{address}*")))
    finally:
        own.stop()
