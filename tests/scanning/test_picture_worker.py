"""Codes are found in pictures: which, where, in which order; what is no picture is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import barcode
import pytest
from barcode.writer import ImageWriter
from PIL import Image, ImageChops, ImageFilter

from desk_app.scanning import picture_worker
from desk_app.scanning.picture_worker import RefusedError, frame_codes, in_reading_order, picture_codes
from desk_app.scanning.pictures import Code
from desk_app.scanning.reading import Kind, read

pytestmark = pytest.mark.slow

Draw = Callable[..., Image.Image]
Write = Callable[..., bytes]
WAYBILL = "SF1385628716739"
QUIET_ZONE = 30  # ten modules, white


def grain(size: tuple[int, int], strength: int) -> Image.Image:
    """Noise from 0 to so much."""
    noise = Image.frombytes("L", size, random.Random(5).randbytes(size[0] * size[1]))
    return noise.point(lambda grey: grey * strength // 255)


def shaken(picture: Image.Image, pixels: int) -> Image.Image:
    """The mean of the picture and of what lies up to so many pixels beside it."""
    seen = picture
    for step in range(1, pixels):
        seen = Image.blend(seen, ImageChops.offset(picture, step, 0), 1 / (step + 1))
    return seen


def texts(data: bytes) -> list[str]:
    return [code.text for code in in_reading_order(picture_codes(data))]


@pytest.mark.parametrize(
    ("text", "kind", "aim"),
    [
        (WAYBILL, "Code128", "]C0"),
        ("ABC-1234", "Code39", "]A0"),
        ("6901234567892", "EAN13", "]E0"),
        ("96385074", "EAN8", "]E4"),
        ("00012345600012", "ITF", "]I1"),
        ("https://a.example/c/M7C7QK00042N", "QRCode", "]Q1"),
        ("QY-A3-0098117", "DataMatrix", "]d1"),
        ("PDF417 holds much", "PDF417", "]L2"),
        ("AZTEC", "Aztec", "]z0"),
    ],
)
def test_each_kind_comes_with_its_identifier(
    text: str, kind: str, aim: str, code: Draw, table: Draw, file_of: Write
) -> None:
    picture = table((code(text, kind), (200, 300)))
    assert [(found.text, found.aim) for found in picture_codes(file_of(picture))] == [(text, aim)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "AVIF"])
def test_every_kind_of_file_is_read(kind: str, code: Draw, table: Draw, file_of: Write) -> None:
    assert texts(file_of(table((code(WAYBILL), (100, 300))), kind)) == [WAYBILL]


def test_a_separator_stays_and_is_read_as_gs1(table: Draw, file_of: Write) -> None:
    fnc1 = barcode.get_barcode_class("gs1_128").FNC1_CHAR
    made = barcode.get("gs1_128", f"010690123456789210A7{fnc1}21X9", writer=ImageWriter())
    drawn = made.render({"write_text": False, "module_width": 0.3}).convert("L")
    (found,) = picture_codes(file_of(table((drawn, (200, 300)))))
    assert (found.text, found.aim) == ("010690123456789210A7\x1d21X9", "]C1")
    assert read(found.text, found.aim)[0].parts == (("01", "06901234567892"), ("10", "A7"), ("21", "X9"))


def test_an_american_number_is_the_same_goods(code: Draw, table: Draw, file_of: Write) -> None:
    (found,) = picture_codes(file_of(table((code("036000291452", "UPCA"), (200, 300)))))
    assert (found.text, found.aim) == ("0036000291452", "]E0")
    (typed, *_) = read("036000291452")
    assert (typed.kind, typed.value) == (Kind.GTIN, read(found.text, found.aim)[0].value)


@pytest.mark.parametrize("degrees", [7, -15, 20, 26, -33, 45, 60, -80, 90, 160])
def test_tilted_bars_are_found(degrees: int, code: Draw, table: Draw, file_of: Write) -> None:
    picture = table((code("M7I7QK0004240171"), (350, 350)))
    tilted = picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=225)
    assert texts(file_of(tilted)) == ["M7I7QK0004240171"]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda picture: picture.filter(ImageFilter.GaussianBlur(2)), id="blurred"),
        pytest.param(lambda picture: shaken(picture, 5), id="shaken"),
        pytest.param(lambda picture: ImageChops.add(picture, grain(picture.size, 120), 1, -60), id="noisy"),
        pytest.param(lambda picture: picture.point(lambda grey: 20 + grey // 5), id="dark"),
        pytest.param(lambda picture: picture.resize((4032, 3024)), id="large"),
        pytest.param(lambda picture: picture.reduce(2), id="small"),
        pytest.param(lambda picture: picture.convert("RGB"), id="coloured"),
        pytest.param(lambda picture: picture.convert("P"), id="palette"),
        pytest.param(lambda picture: picture.convert("I;16").point(lambda grey: grey * 256), id="16 bits"),
    ],
)
def test_a_damaged_picture_is_read(
    damage: Callable[[Image.Image], Image.Image], code: Draw, table: Draw, file_of: Write
) -> None:
    assert texts(file_of(damage(table((code(WAYBILL), (300, 300)))))) == [WAYBILL]


def test_what_is_transparent_lies_on_white(code: Draw, file_of: Write) -> None:
    drawn = Image.new("L", (700, 300), 255)
    drawn.paste(code(WAYBILL), (100, 100))
    logo = Image.new("RGBA", drawn.size, (0, 0, 0, 0))
    logo.putalpha(ImageChops.invert(drawn))
    assert texts(file_of(logo)) == [WAYBILL]


def test_several_codes_come_in_reading_order_each_once(code: Draw, table: Draw, file_of: Write) -> None:
    small = {text: code(text, "QRCode", 4) for text in ("ONE", "TWO", "THREE", "FOUR")}
    picture = table(
        (small["FOUR"], (700, 500)),
        (small["ONE"], (60, 70)),
        (small["TWO"], (400, 60)),
        (small["THREE"], (80, 480)),
        (small["ONE"], (800, 80)),
    )
    assert texts(file_of(picture)) == ["ONE", "TWO", "THREE", "FOUR"]


def test_thirty_codes_all_come(code: Draw, table: Draw, file_of: Write) -> None:
    wanted = [f"M7S{number:04}" for number in range(30)]
    laid = [
        (code(text, "QRCode", 4), (60 + 260 * (number % 6), 60 + 230 * (number // 6)))
        for number, text in enumerate(wanted)
    ]
    assert texts(file_of(table(*laid, size=(1650, 1250)))) == wanted


def test_bars_that_lie_aslant_beside_a_square_come_too(code: Draw, table: Draw, file_of: Write) -> None:
    both = table((code("HELLO", "QRCode", 5), (150, 200)), (code(WAYBILL), (400, 450)))
    assert set(texts(file_of(both.rotate(24, Image.Resampling.BICUBIC, fillcolor=225)))) == {"HELLO", WAYBILL}


@pytest.mark.parametrize("degrees", [0, 20, -40, 90])
def test_the_corners_are_where_the_code_is(degrees: int, code: Draw, table: Draw, file_of: Write) -> None:
    picture = table((code(WAYBILL), (380, 350)))
    (found,) = picture_codes(file_of(picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=225)))
    middle = [sum(point[axis] for point in found.corners) / 4 for axis in (0, 1)]
    drawn = code(WAYBILL)
    turned = Image.new("L", picture.size)
    turned.paste(255, (380, 350, 380 + drawn.width, 350 + drawn.height))
    left, top, right, low = turned.rotate(degrees).getbbox() or (0, 0, 0, 0)
    assert middle == pytest.approx([(left + right) / 2, (top + low) / 2], abs=40)
    assert all(left - 20 <= x <= right + 20 and top - 20 <= y <= low + 20 for x, y in found.corners)


def test_a_picture_is_upright_as_the_camera_says(code: Draw, table: Draw, file_of: Write) -> None:
    upright = table((code("UP", "QRCode", 5), (60, 40)), (code("DOWN", "QRCode", 5), (700, 600)))
    note = Image.Exif()
    note[0x0112] = 6  # to be turned by 90 degrees to the right
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    found = in_reading_order(picture_codes(file_of(lying, "JPEG", exif=note)))
    assert [code.text for code in found] == ["UP", "DOWN"]
    assert max(x for x, _ in found[0].corners) < 300
    assert min(x for x, _ in found[1].corners) > 600


def test_the_corners_of_a_large_picture_are_in_its_own_pixels(
    code: Draw, table: Draw, file_of: Write
) -> None:
    large = table((code(WAYBILL), (600, 500))).resize((7200, 4800))
    (found,) = picture_codes(file_of(large, "JPEG"))
    assert min(x for x, _ in found.corners) == pytest.approx((600 + QUIET_ZONE) * 6, abs=30)
    assert min(y for _, y in found.corners) == pytest.approx(500 * 6, abs=60)


def test_the_first_picture_of_an_animation_counts(code: Draw, table: Draw, file_of: Write) -> None:
    first, second = (table((code(text, "QRCode", 5), (200, 200))) for text in ("FIRST", "SECOND"))
    assert texts(file_of(first, "GIF", save_all=True, append_images=[second])) == ["FIRST"]


def test_nothing_is_found_where_nothing_is(file_of: Write) -> None:
    assert texts(file_of(grain((800, 600), 255))) == []
    assert texts(file_of(Image.new("L", (1, 1)))) == []


@pytest.mark.parametrize(
    "data", [b"", b"These are words, not a picture." * 99, b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"]
)
def test_what_is_no_picture_is_told(data: bytes) -> None:
    with pytest.raises(RefusedError, match=r"picture\.unreadable"):
        picture_codes(data)


def test_half_a_picture_is_told(code: Draw, table: Draw, file_of: Write) -> None:
    whole = file_of(table((code(WAYBILL), (300, 300))))
    with pytest.raises(RefusedError, match=r"picture\.unreadable"):
        picture_codes(whole[: len(whole) // 2])


def test_a_bomb_is_refused_before_it_is_unpacked(file_of: Write) -> None:
    bomb = file_of(Image.new("1", (10_000, 10_000)))
    assert len(bomb) < 200_000
    with pytest.raises(RefusedError, match=r"picture\.too_large"):
        picture_codes(bomb)


@pytest.mark.slow
def test_a_photograph_of_108_megapixels_is_read_smaller(code: Draw, table: Draw, file_of: Write) -> None:
    huge = table((code(WAYBILL), (400, 300))).resize((12_000, 9_000))
    assert texts(file_of(huge, "JPEG")) == [WAYBILL]


def test_no_further_copy_is_tried_when_time_is_up(
    code: Draw, table: Draw, file_of: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    tilted = table((code(WAYBILL), (300, 300))).rotate(30, Image.Resampling.BICUBIC, fillcolor=225)
    looked: list[Any] = []
    real = picture_worker._read
    monkeypatch.setattr(picture_worker, "_read", lambda copy: looked.append(copy) or real(copy))
    assert picture_codes(file_of(tilted), seconds=0) == []
    assert len(looked) <= 2  # the first as it is, and the first last resort


def test_a_frame_is_read_and_once_more_turned(code: Draw, table: Draw) -> None:
    level = table((code(WAYBILL), (300, 300)))
    tilted = level.rotate(30, Image.Resampling.BICUBIC, fillcolor=225)
    assert [found.text for found in frame_codes(level.size, level.tobytes())] == [WAYBILL]
    assert frame_codes(tilted.size, tilted.tobytes()) == []
    assert [found.text for found in frame_codes(tilted.size, tilted.tobytes(), -30)] == [WAYBILL]


def test_lines_are_read_from_left_to_right() -> None:
    def at(text: str, left: int, top: int) -> Code:
        return Code(text, "]Q1", ((left, top), (left + 90, top), (left + 90, top + 90), (left, top + 90)))

    shuffled = [at("d", 300, 210), at("b", 200, 20), at("c", 10, 205), at("a", 10, 0)]
    assert [code.text for code in in_reading_order(shuffled)] == ["a", "b", "c", "d"]
