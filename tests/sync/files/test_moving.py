"""Photographs between two desks over real HTTP: in which order, how they resume, what they never hinder."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from desk_app.changes import Changes, Origin
from desk_app.services.reception import Reception
from desk_app.sync import files
from desk_app.sync.files import SMALLEST_PIECE
from desk_app.sync.loop import SyncLoop, SyncState
from desk_app.sync.signing import signed
from desk_app.sync.wire import LARGEST_PIECE

pytestmark = pytest.mark.slow

Eventually = Callable[[Callable[[], object]], None]
PATIENCE = 30


def test_the_preview_is_there_with_the_entry_and_the_photograph_follows(
    desks: tuple[Any, Any, str], picture: Path, centre: Any
) -> None:
    first, second, case = desks
    address = first.photograph(case, picture)
    first.sync()
    second.sync()
    (photo,) = second.photos(case)
    assert second.inspection.coming([photo]) == {photo.record}
    shown = second.inspection.photo(photo.record)
    assert shown is not None and shown.is_preview and len(shown.data) <= 12_000
    with Image.open(BytesIO(shown.data)) as small:
        assert (small.format, small.size) == ("JPEG", (180, 240))
    assert second.files.round().longest == 0  # asked, not there yet, asked again soon
    assert second.on_disk() == []
    heard: list[Changes] = []
    second.store.listen(heard.append)
    first.files.round()
    second.files.round()
    assert heard == [Changes(frozenset({case}), Origin.SYNC)]
    assert second.inspection.coming([photo]) == frozenset()
    shown = second.inspection.photo(photo.record)
    assert shown is not None and (shown.is_preview, shown.data) == (False, picture.read_bytes())
    assert [path.name for path in centre.on_disk()] == [address]
    assert first.store.files.to_send() == second.store.files.to_send() == ()


def test_a_file_whose_entry_waits_is_sent_after_it(desks: tuple[Any, Any, str], picture: Path) -> None:
    first, _, case = desks
    first.photograph(case, picture)
    first.files.round()
    assert first.moved == []
    first.sync()
    first.files.round()
    assert [move[0] for move in first.moved] == ["put"]
    first.files.round()
    assert len(first.moved) == 1


@given(cuts=st.lists(st.integers(0, 300_000), min_size=1, max_size=5), way=st.sampled_from(["put", "get"]))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_the_line_is_cut_it_goes_on_exactly_there(
    desks: tuple[Any, Any, str], line: Any, cuts: list[int], way: str
) -> None:
    first, second, case = desks
    data = random.Random(str((cuts, way))).randbytes(250_000)
    address = first.take_bytes(case, data)
    first.sync()
    first.moved.clear()
    second.moved.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "LARGEST_PIECE", 4 * SMALLEST_PIECE)
        if way == "get":
            carry(first, line, [])
            second.sync()
        mover = first if way == "put" else second
        carry(mover, line, [(way, cut) for cut in cuts])
        if way == "put":
            second.sync()
            carry(second, line, [])
    assert first.read(address) == second.read(address) == data
    starts = [(start, start + length) for what, _, start, length in mover.moved if what == way]
    assert starts[0][0] == 0 and starts[-1][1] == len(data)
    # What was answered is never moved again; of an answer that was cut off the desk could not know.
    assert all(start <= before for (_, before), (start, _) in pairwise(starts))
    if way == "get":
        assert all(start == before for (_, before), (start, _) in pairwise(starts))


def carry(desk: Any, line: Any, cuts: list[tuple[str, int]]) -> None:
    """Go rounds until nothing is left to move, with a cut in each of the first."""
    for way, cut in cuts:
        line.cut_after(way, cut + 1, times=2)
        desk.files.round()
    line.cut_after("put", 10**9)
    for _ in range(3):
        desk.files.round()


def test_a_slow_line_gets_smaller_pieces(desks: tuple[Any, Any, str], line: Any) -> None:
    first, _, case = desks
    first.take_bytes(case, random.Random(1).randbytes(2 * LARGEST_PIECE))
    first.sync()
    for _ in range(2):
        line.cut_after("put", 200_000, times=2)  # a client sends again at once where it is cut
        first.files.round()
    assert first.moved == []
    first.files.round()
    sizes = [length for _, _, _, length in first.moved]
    assert sizes[:3] == [LARGEST_PIECE // 16, LARGEST_PIECE // 8, LARGEST_PIECE // 4]
    assert sum(sizes) == 2 * LARGEST_PIECE


def test_what_a_page_shows_comes_first_else_the_newest(
    desks: tuple[Any, Any, str], share: Any, clock: Any
) -> None:
    first, second, case = desks
    taken = []
    for number in range(4):
        clock.advance(1_000_000)
        taken.append(first.take_bytes(case, random.Random(number).randbytes(100)))
    share(first, second)
    second.files.want([taken[1]])
    second.files.round()
    assert [address for _, address, _, _ in second.moved] == [taken[1], taken[3], taken[2], taken[0]]


def test_a_page_that_asks_does_not_wait_for_a_large_file(
    desks: tuple[Any, Any, str], share: Any, clock: Any
) -> None:
    first, second, case = desks
    small = first.take_bytes(case, random.Random(1).randbytes(100))
    clock.advance(1_000_000)
    large = first.take_bytes(case, random.Random(2).randbytes(5 * LARGEST_PIECE))
    share(first, second)
    wishes = iter([None, lambda: second.files.want([small])])
    second.before = lambda _: (next(wishes, None) or (lambda: None))()
    assert second.files.round().longest == 0
    second.files.round()
    moved = [(address, start) for _, address, start, _ in second.moved]
    pieces = [(large, start * LARGEST_PIECE) for start in range(5)]
    assert moved == [*pieces[:2], (small, 0), *pieces[2:]]


def test_only_the_newest_come_unasked(
    desks: tuple[Any, Any, str], share: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk_app.storage.kept.NEWEST", 2)
    first, second, case = desks
    taken = []
    for number in range(4):
        clock.advance(1_000_000)
        taken.append(first.take_bytes(case, random.Random(number).randbytes(100)))
    share(first, second)
    for _ in range(3):
        second.files.round()
    assert [address for _, address, _, _ in second.moved] == [taken[3], taken[2]]
    second.files.want([taken[0]])
    second.files.round()
    assert second.moved[-1][1] == taken[0] and second.read(taken[1]) is None


def test_pieces_are_small_while_somebody_scans(
    desks: tuple[Any, Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BETWEEN_SMALL", 0)
    first, _, case = desks
    first.take_bytes(case, random.Random(1).randbytes(LARGEST_PIECE + 4 * SMALLEST_PIECE))
    first.sync()
    first.files.heard(Changes(frozenset({"parcel/SF1"}), Origin.ACT))
    times = iter([0.0, 0.0, 0.0, 10.0])

    def later(_: str) -> None:
        first.now += next(times, 0.0)

    first.before = later
    first.files.round()
    sizes = [length for _, _, _, length in first.moved]
    assert sizes == [SMALLEST_PIECE] * 4 + [LARGEST_PIECE]


def test_what_comes_from_elsewhere_does_not_make_it_quiet(desks: tuple[Any, Any, str]) -> None:
    first, _, case = desks
    first.take_bytes(case, random.Random(1).randbytes(LARGEST_PIECE))
    first.sync()
    first.files.heard(Changes(frozenset({case}), Origin.SYNC))
    first.files.round()
    assert [length for _, _, _, length in first.moved] == [LARGEST_PIECE]


def test_forty_megabytes_under_way_hold_no_entry_up(
    desks: tuple[Any, Any, str], eventually: Eventually
) -> None:
    """The second piece waits until the entry has been acknowledged: what went behind it would never end."""
    first, _, case = desks
    first.take_bytes(case, random.Random(1).randbytes(40 * LARGEST_PIECE))
    first.sync()
    order: list[str] = []
    acknowledged = threading.Event()

    def before(_: str) -> None:
        if len(order) == 1:
            assert acknowledged.wait(PATIENCE)
        order.append("piece")

    first.before = before
    states: list[SyncState] = []
    loop = SyncLoop(
        first.store,
        first.client,
        first.clock,
        states.append,
        partial(signed, first.private),
        lambda pause: pause / 9,
    )
    first.store.listen(lambda _: loop.poke())
    loop.start()
    first.files.start()
    eventually(lambda: order == ["piece"])
    assert first.by
    Reception(first.desk).add_note(case, "while it is under way", first.by).result(PATIENCE)
    eventually(lambda: first.store.waiting_count() == 0)
    order.append("acknowledged")
    acknowledged.set()
    eventually(lambda: not first.store.files.to_send())
    loop.stop()
    assert order[:2] == ["piece", "acknowledged"] and order[2:] == ["piece"] * (len(order) - 2)
    assert len(order) > 40
