"""Codes in pictures: how long it takes to find them, and how many are missed, by what ails the picture.

The pictures are drawn, not taken: five codes in modules of 3 (bars) and 6 pixels (squares) on a grey table,
then damaged. What a real camera does is harder in some ways (shine, folds, curved parcels), milder in others.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from benchmarks.figures import Bound, Figure
from desk_app.scanning.pictures import Code, Pictures

SIZE, LARGE, FRAME = (1600, 1200), (4032, 3024), (1280, 720)
TABLE, PAPER = 235, 255
BARS, SQUARES, HEIGHT = 3, 6, 120
CODES = {
    "SF1385628716739": zxingcpp.BarcodeFormat.Code128,
    "M7I7QK0004240171": zxingcpp.BarcodeFormat.Code128,
    "6901234567892": zxingcpp.BarcodeFormat.EAN13,
    "M7C7QK00042N": zxingcpp.BarcodeFormat.QRCode,
    "QY-A3-0098117": zxingcpp.BarcodeFormat.DataMatrix,
}
Damage = Callable[[Image.Image], Image.Image]
SECONDS_FLOOR, SECONDS_GOAL = Bound(1500, 3000), Bound(300, 1000)


def measure(_: Path, __: int, times: int) -> Iterator[Figure]:
    """Let the real worker read every picture of every group; its start is a figure of its own.

    times: as many of the five codes are drawn, and each picture is read a fifth as often.
    """
    pictures = Pictures()
    wrong = Figure("pictures with a code that is not there, by group", Bound(0, 0), "%")
    try:
        begun = Figure("the first picture, which starts the worker", Bound(2000))
        with begun.sample():
            pictures.read(_file(drawn("6901234567892"))).result()
        yield begun
        for group, damages in GROUPS.items():
            yield from _group(pictures, group, damages, times, wrong)
        yield wrong
        yield _frames(pictures, times)
    finally:
        pictures.close()


def drawn(text: str, size: tuple[int, int] = SIZE) -> Image.Image:
    """A code on white paper in the middle of a grey table."""
    made = zxingcpp.create_barcode(text, CODES[text])
    is_bars = CODES[text] in (zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.EAN13)
    image: Any = made.to_image(scale=BARS if is_bars else SQUARES)
    pixels = memoryview(image)
    high, wide = pixels.shape or (0, 0)
    code = Image.frombytes("L", (wide, high), pixels.tobytes())
    if is_bars:
        code = code.resize((code.width, HEIGHT))
    paper = Image.new("L", (code.width + 40, code.height + 40), PAPER)
    paper.paste(code, (20, 20))
    table = Image.new("L", size, TABLE)
    table.paste(paper, ((size[0] - paper.width) // 2, (size[1] - paper.height) // 2))
    return table


def _group(
    pictures: Pictures, group: str, damages: tuple[Damage, ...], times: int, wrong: Figure
) -> Iterator[Figure]:
    took = Figure(f"{group}: a picture", SECONDS_FLOOR, goal=SECONDS_GOAL)
    missed = Figure(f"{group}: codes missed", Bound(MOST_MISSED[group]), "%")
    told = [
        (text, {code.text for code in _read(pictures, took, _file(damage(drawn(text))), max(1, times // 5))})
        for text in list(CODES)[:times]
        for damage in damages
    ]
    missed.samples.append(100 * sum(text not in found for text, found in told) / len(told))
    wrong.samples.append(100 * sum(not found <= {text} for text, found in told) / len(told))
    yield from (took, missed)


def _read(pictures: Pictures, took: Figure, file: bytes, runs: int) -> tuple[Code, ...]:
    for _ in range(runs):
        with took.sample():
            found = pictures.read(file).result()
    return found


def _frames(pictures: Pictures, times: int) -> Figure:
    figure = Figure("a frame of a camera, 1280 x 720, with a turned copy", Bound(100), goal=Bound(50))
    frame = _noisy(8)(drawn("SF1385628716739", FRAME)).tobytes()
    for run in range(3 * times):
        with figure.sample():
            pictures.read_frame(FRAME, frame, (15, -30, 45)[run % 3]).result()
    return figure


def _file(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _tilted(degrees: int) -> Damage:
    return lambda picture: picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=TABLE)


def _blurred(radius: float) -> Damage:
    return lambda picture: picture.filter(ImageFilter.GaussianBlur(radius))


def _shaken(picture: Image.Image, pixels: int) -> Image.Image:
    seen = picture
    for step in range(1, pixels):
        seen = Image.blend(seen, ImageChops.offset(picture, step, 0), 1 / (step + 1))
    return seen


def _noisy(strength: int) -> Damage:
    """Every pixel up to so much lighter or darker."""

    def damage(picture: Image.Image) -> Image.Image:
        grain = Image.frombytes("L", picture.size, random.Random(7).randbytes(picture.width * picture.height))
        return ImageChops.add(picture, grain.point(lambda grey: grey * 2 * strength // 255), 1, -strength)

    return damage


def _shaded(picture: Image.Image) -> Image.Image:
    shade = Image.linear_gradient("L").resize(picture.size).point(lambda grey: 60 + grey * 195 // 255)
    return ImageChops.multiply(picture, shade)


def _faint(picture: Image.Image) -> Image.Image:
    return _noisy(6)(picture.point(lambda grey: 20 + grey * 60 // 255))


def _small(picture: Image.Image, part: float) -> Image.Image:
    size = (int(picture.width * part), int(picture.height * part))
    return picture.resize(size, Image.Resampling.BICUBIC)


def _aslant(picture: Image.Image) -> Image.Image:
    wide, high = picture.size
    corners = (wide * 0.15, 0, 0, high, wide, high * 0.95, wide * 0.85, 0)
    return picture.transform(picture.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


def _large(picture: Image.Image) -> Image.Image:
    return _noisy(6)(picture.resize(LARGE, Image.Resampling.BICUBIC))


GROUPS: dict[str, tuple[Damage, ...]] = {
    "clear": (lambda picture: picture, lambda picture: picture.rotate(90, expand=True), _aslant),
    "tilted": tuple(_tilted(degrees) for degrees in (5, -12, 20, 28, -37, 45, 60, 100)),
    "poor light, noise": (_shaded, _faint, _noisy(40), _noisy(80)),
    "soft": (
        _blurred(1),
        _blurred(2),
        partial(_shaken, pixels=5),
    ),
    "too soft": (_blurred(3), partial(_shaken, pixels=9)),
    "small": (partial(_small, part=0.5), partial(_small, part=0.4)),
    "tilted, soft and noisy": (lambda picture: _noisy(25)(_blurred(1.5)(_tilted(20)(picture))),),
    "12 megapixels": (_large,),
}
MOST_MISSED: dict[str, float | None] = dict.fromkeys(GROUPS)
MOST_MISSED |= {"clear": 0, "tilted": 0, "12 megapixels": 0}
MOST_MISSED |= {"poor light, noise": 10, "soft": 10}
