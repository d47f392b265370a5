"""Frames of a camera, drawn as a hand would move, tilt and blur them: a code in sight is told once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest
from PIL import Image, ImageChops, ImageFilter

from desk_app.errors import OutsideError
from desk_app.scanning.frames import LARGEST_FRAME, MOST_REMEMBERED, QUIET_US, TILTS, FrameReader
from desk_app.scanning.picture_worker import frame_codes
from desk_app.scanning.pictures import Code, Pictures, Point

Draw = Callable[..., Image.Image]
WAYBILL, ITEM = "SF1385628716739", "M7I7QK00042101R"
SIZE = (960, 540)
CORNERS = ((0, 0), (9, 0), (9, 9), (0, 9))


class Decoder:
    """Decodes at once, in the test's own process; or when the test says so."""

    def __init__(self, later: bool = False) -> None:
        self.asked: list[tuple[Point, int]] = []
        self.futures: list[Future[tuple[Code, ...]]] = []
        self._later = later

    def read_frame(self, size: Point, grey: bytes, tilt: int) -> Future[tuple[Code, ...]]:
        self.asked.append((size, tilt))
        self.futures.append(Future())
        if not self._later:
            self.futures[-1].set_result(tuple(frame_codes(size, grey, tilt)))
        return self.futures[-1]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def reader(told: list[str]) -> FrameReader:
    return FrameReader(Decoder(), lambda code: told.append(code.text))


def grey(picture: Image.Image) -> tuple[Point, bytes]:
    return picture.size, picture.tobytes()


def moved(picture: Image.Image, frames: int) -> Iterator[Image.Image]:
    """A hand that brings a code in, holds it, and is never still."""
    chance = random.Random(3)
    for number in range(frames):
        tilt = 30 - 3 * number + chance.uniform(-2, 2)
        blur = max(0.0, 4 - 0.5 * number)
        seen = picture.rotate(tilt, Image.Resampling.BILINEAR, fillcolor=225)
        seen = ImageChops.offset(seen, chance.randrange(-20, 20), chance.randrange(-20, 20))
        grain = Image.frombytes("L", seen.size, chance.randbytes(seen.width * seen.height))
        yield ImageChops.add(
            seen.filter(ImageFilter.GaussianBlur(blur)), grain.point(lambda v: v // 16), 1, -8
        )


def test_a_code_that_is_brought_in_is_told_once(
    reader: FrameReader, told: list[str], code: Draw, table: Draw
) -> None:
    held = table((code(WAYBILL), (200, 220)), size=SIZE)
    for number, frame in enumerate(moved(held, 14)):
        assert reader.feed(*grey(frame), number * 100_000)
    assert told == [WAYBILL]


def test_two_codes_in_sight_are_told_once_each(
    reader: FrameReader, told: list[str], code: Draw, table: Draw
) -> None:
    both = table((code(WAYBILL), (200, 100)), (code(ITEM, "QRCode", 4), (300, 300)), size=SIZE)
    for number in range(4):
        reader.feed(*grey(both), number * 100_000)
    assert sorted(told) == sorted([WAYBILL, ITEM])


def test_tilted_bars_are_told_within_a_round_of_tilts(
    reader: FrameReader, told: list[str], code: Draw, table: Draw
) -> None:
    held = table((code(WAYBILL), (200, 220)), size=SIZE).rotate(-32, Image.Resampling.BICUBIC, fillcolor=225)
    for number in range(len(TILTS)):
        reader.feed(*grey(held), number * 100_000)
    assert told == [WAYBILL]


def test_it_is_told_again_when_it_was_away(
    reader: FrameReader, told: list[str], code: Draw, table: Draw
) -> None:
    held, empty = table((code(ITEM), (200, 220)), size=SIZE), table(size=SIZE)
    for at in range(0, 3 * QUIET_US, QUIET_US // 2):  # held for long
        reader.feed(*grey(held), at)
    assert told == [ITEM]
    last = 3 * QUIET_US - QUIET_US // 2
    reader.feed(*grey(empty), last + 1)
    reader.feed(*grey(held), last + QUIET_US)
    assert told == [ITEM]
    reader.feed(*grey(held), last + 2 * QUIET_US + 1)
    assert told == [ITEM, ITEM]


def test_how_long_it_is_quiet_can_be_set(told: list[str], code: Draw, table: Draw) -> None:
    reader = FrameReader(Decoder(), lambda found: told.append(found.text), quiet_us=0)
    held = table((code(ITEM), (200, 220)), size=SIZE)
    for at in (1, 2, 3):
        reader.feed(*grey(held), at)
    assert told == [ITEM] * 3


def test_frames_are_dropped_while_one_is_read(told: list[str]) -> None:
    decoder = Decoder(later=True)
    reader = FrameReader(decoder, lambda code: told.append(code.text))
    assert [reader.feed((2, 2), bytes(4), at) for at in range(5)] == [True, False, False, False, False]
    assert len(decoder.asked) == 1
    decoder.futures[0].set_result((Code(ITEM, "]Q1", CORNERS),))
    assert told == [ITEM]
    assert reader.feed((2, 2), bytes(4), 6)


def test_a_frame_that_cannot_be_read_is_no_trouble(told: list[str]) -> None:
    decoder = Decoder(later=True)
    reader = FrameReader(decoder, lambda code: told.append(code.text))
    reader.feed((2, 2), bytes(4), 0)
    decoder.futures[0].set_exception(OutsideError("picture.too_hard"))
    assert reader.feed((2, 2), bytes(4), 1)
    decoder.futures[1].cancel()
    assert reader.feed((2, 2), bytes(4), 2)
    assert told == []


def test_what_is_remembered_is_bounded(told: list[str]) -> None:
    decoder = Decoder(later=True)
    reader = FrameReader(decoder, lambda code: told.append(code.text))
    for number in range(3 * MOST_REMEMBERED):
        reader.feed((2, 2), bytes(4), number)
        decoder.futures[-1].set_result((Code(str(number), "]Q1", CORNERS),))
    assert len(told) == 3 * MOST_REMEMBERED
    assert len(reader._seen) == MOST_REMEMBERED


@pytest.mark.parametrize(
    ("size", "length"), [((2, 2), 3), ((0, 0), 0), ((LARGEST_FRAME + 1, 1), LARGEST_FRAME + 1)]
)
def test_what_is_no_frame_is_refused(reader: FrameReader, size: Point, length: int) -> None:
    with pytest.raises(ValueError, match="no frame"):
        reader.feed(size, bytes(length), 0)


def test_frames_go_through_the_real_worker(
    pictures: Pictures, told: list[str], code: Draw, table: Draw, eventually: Callable[..., None]
) -> None:
    reader = FrameReader(pictures, lambda found: told.append(found.text))
    held = grey(table((code(WAYBILL), (200, 220)), size=SIZE))
    taken = [reader.feed(*held, at) for at in range(50)]
    assert taken[0]
    eventually(lambda: told == [WAYBILL])
