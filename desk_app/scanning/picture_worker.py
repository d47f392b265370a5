"""The process that looks for codes in pictures: one picture in, its codes out, until its input ends.

Damaged and hostile pictures can crash, hang or fill the memory of what decodes them; here that hurts nobody.
`pictures` asks by a line of JSON (`Asked`) and so many bytes; the answer is a line of JSON (`Told`).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from math import ceil, cos, dist, radians, sin, sqrt
from typing import BinaryIO, NamedTuple

import msgspec
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from desk_app.scanning.pictures import Asked, Code, Point, Told

Back = Callable[[float, float], tuple[float, float]]

MEMORY = 1 << 30
MOST_PIXELS, WHOLE_PIXELS, QUICK_PIXELS, DOUBLED_PIXELS = 64_000_000, 16_000_000, 3_200_000, 2_000_000
BUDGET_S = 3.0
TILTS = (15, -15, 30, -30, 45)
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF")
PAPER = 255
FLATTEST = 30
"""What was seen on one line of a picture only, so many times as long as high, is rarely what stands there."""

_F = zxingcpp.BarcodeFormat
_CHECKED_BARS = (_F.Code128, _F.Code93, _F.EANUPC, _F.DataBar, _F.ITF14)
_LOOSE_BARS = (_F.Code39, _F.Codabar, _F.ITF)  # on turned copies they are seen in other codes too
_SQUARES = (_F.QRCode, _F.MicroQRCode, _F.DataMatrix, _F.Aztec, _F.PDF417, _F.MaxiCode)
_LEVEL = zxingcpp.BarcodeFormats((*_CHECKED_BARS, *_LOOSE_BARS, *_SQUARES))
_TILTED = zxingcpp.BarcodeFormats(_CHECKED_BARS)
_SHARPEN = (ImageFilter.UnsharpMask(2, 150, 0), ImageFilter.UnsharpMask(3, 300, 0))


class Copy(NamedTuple):
    """A copy of the picture, where a point of it lies there, and whether it was turned for tilted bars."""

    image: Image.Image
    back: Back
    turned: bool = False


class RefusedError(Exception):
    """A picture that is not looked at; its text is the code that says why."""


def main() -> int:
    """Answer until the input ends."""
    _bound()
    # By number: a program without a console has no sys.stdin, though it was given pipes.
    with open(0, "rb", closefd=False) as given, open(1, "wb", closefd=False) as out:
        while line := given.readline():
            out.write(msgspec.json.encode(_told(msgspec.json.decode(line, type=Asked), given)) + b"\n")
            out.flush()
    return 0


def _bound() -> None:
    """At most so much memory, and the window first, where the system can do it."""
    if sys.platform != "win32":
        import resource

        os.nice(5)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":  # elsewhere the limit also counts what is only mapped
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _told(asked: Asked, given: BinaryIO) -> Told:
    try:
        data = given.read(asked.length)
        found = frame_codes(asked.frame, data, asked.tilt) if asked.frame else picture_codes(data)
        return Told(tuple(in_reading_order(found)))
    except RefusedError as refused:
        return Told(trouble=str(refused))
    except MemoryError:
        return Told(trouble="picture.too_large")


def picture_codes(data: bytes, seconds: float = BUDGET_S) -> list[Code]:
    """The codes of a picture's file. After `seconds` no further copy of it is tried. Raises RefusedError."""
    until = time.monotonic() + seconds
    whole, scale = opened(data)
    small, more = _shrunk(whole, QUICK_PIXELS)
    quick = Copy(small, _scaled(scale * more))
    usual = [quick, *_tilted(quick)] if more == 1 else [quick, *_tilted(quick), Copy(whole, _scaled(scale))]
    found = _search(usual, until)
    return found or _search(_last_resorts(quick, scale * more), until, first_only=True)


def frame_codes(size: tuple[int, int], grey: bytes, tilt: int = 0) -> list[Code]:
    """The codes of a camera's frame, as it is and bars once more on a copy turned by `tilt` degrees."""
    frame = Copy(Image.frombuffer("L", size, grey, "raw", "L", 0, 1), _scaled(1))
    return _search([frame, *_tilted(frame, (tilt,) if tilt else ())], float("inf"))


def opened(data: bytes) -> tuple[Image.Image, float]:
    """A picture's first image, upright, grey, of bounded size, and how often it was made smaller.

    Raises RefusedError `picture.unreadable`, `picture.too_large`.
    """
    Image.MAX_IMAGE_PIXELS = None  # MOST_PIXELS counts what has to be held, not what the file says
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            width = picture.width
            picture.draft("L", _fitting(picture.size, WHOLE_PIXELS))
            if picture.width * picture.height > MOST_PIXELS:
                raise RefusedError("picture.too_large")
            grey, times = _shrunk(_grey(picture), WHOLE_PIXELS)
            return ImageOps.exif_transpose(grey), times * width / picture.width
    except (RefusedError, MemoryError):
        raise
    except Exception as error:  # what damaged files make the library raise has no end
        raise RefusedError("picture.unreadable") from error


def in_reading_order(codes: Iterable[Code]) -> list[Code]:
    """Line by line, and each line from left to right; a line is what is beside its first code."""
    lines: list[list[Code]] = []
    for code in sorted(codes, key=_middle_y):
        if lines and _middle_y(code) <= max(y for _, y in lines[-1][0].corners):
            lines[-1].append(code)
        else:
            lines.append([code])
    return [code for line in lines for code in sorted(line, key=lambda code: min(code.corners))]


# the copies that are looked at


def _tilted(copy: Copy, tilts: Iterable[int] = TILTS) -> Iterator[Copy]:
    """Copies turned so that tilted bars lie level; those of squares are found at any angle."""
    return (_turned(copy, tilt) for tilt in tilts)


def _last_resorts(quick: Copy, scale: float) -> Iterator[Copy]:
    """For pictures that are blurred, shaken, or too small or large."""
    sharp = [Copy(quick.image.filter(sharpen), quick.back) for sharpen in _SHARPEN]
    yield from sharp
    yield Copy(quick.image.reduce(2), _scaled(scale * 2))
    if quick.image.width * quick.image.height <= DOUBLED_PIXELS:
        doubled = (quick.image.width * 2, quick.image.height * 2)
        yield Copy(quick.image.resize(doubled, Image.Resampling.BICUBIC), _scaled(scale / 2))
    yield from _tilted(sharp[0])


def _turned(copy: Copy, tilt: int) -> Copy:
    image = copy.image.rotate(tilt, Image.Resampling.BILINEAR, expand=True, fillcolor=PAPER)
    sine, cosine = sin(radians(tilt)), cos(radians(tilt))
    (width, height), (wider, higher) = copy.image.size, image.size

    def back(x: float, y: float) -> tuple[float, float]:
        x, y = x - wider / 2, y - higher / 2
        return copy.back(cosine * x - sine * y + width / 2, sine * x + cosine * y + height / 2)

    return Copy(image, back, turned=True)


def _scaled(scale: float) -> Back:
    return lambda x, y: (x * scale, y * scale)


def _shrunk(image: Image.Image, pixels: int) -> tuple[Image.Image, int]:
    """The picture made smaller by a whole number, so that it has at most so many pixels; and that number."""
    times = ceil(sqrt(image.width * image.height / pixels))
    return (image.reduce(times), times) if times > 1 else (image, 1)


def _fitting(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    times = max(1.0, sqrt(size[0] * size[1] / pixels))
    return int(size[0] / times), int(size[1] / times)


def _grey(picture: Image.Image) -> Image.Image:
    """On white paper where it is transparent; with what the camera said of which side is up."""
    if picture.has_transparency_data:
        coloured = picture.convert("RGBA")
        grey = Image.new("L", picture.size, PAPER)
        grey.paste(coloured.convert("L"), mask=coloured.getchannel("A"))
    else:
        grey = picture.convert("L")
    grey.info["exif"] = picture.getexif().tobytes()
    return grey


# looking


def _search(copies: Iterable[Copy], until: float, first_only: bool = False) -> list[Code]:
    """The codes of all copies, or of the first that has any; each once."""
    found: dict[tuple[str, str], Code] = {}
    for copy in copies:
        for code in _read(copy):
            found.setdefault((code.text, code.aim), code)
        if time.monotonic() > until or (first_only and found):
            break
    return list(found.values())


def _read(copy: Copy) -> Iterator[Code]:
    formats = _TILTED if copy.turned else _LEVEL
    for code in zxingcpp.read_barcodes(copy.image, formats=formats, text_mode=zxingcpp.TextMode.Plain):
        place = code.position
        around = [
            (at.x, at.y) for at in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        ]
        if code.text and dist(around[1], around[2]) * FLATTEST > dist(around[0], around[1]):
            text = code.text.encode(errors="replace").decode()  # JSON has no halves of surrogate pairs
            first, second, third, fourth = (_whole(copy.back(*point)) for point in around)
            yield Code(text, code.symbology_identifier, (first, second, third, fourth))


def _whole(point: tuple[float, float]) -> Point:
    return round(point[0]), round(point[1])


def _middle_y(code: Code) -> float:
    return sum(y for _, y in code.corners) / len(code.corners)
