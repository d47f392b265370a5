"""Photographs as they are kept: what the camera wrote beside the picture is taken away first.

Where a photograph was taken, when, with which device and by whom stays in the person's own file. Of all that
only which side is up is kept.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

PREVIEW_SIDES = (240, 160, 96)
PREVIEW_QUALITIES = (70, 50, 30)
LARGEST_PREVIEW = 12_000
QUALITY = 92
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
ORIENTATION = 0x0112
UPRIGHT = 1

_SCAN, _END = 0xDA, 0xD9
_SCAN_ENDS = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_KEPT_NOTES = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""Segments for applications that say how the picture is to be drawn, and how their content begins."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by the number that says how the camera was held."""

_NO_PICTURE = (  # what Pillow raises over damaged files
    *(OSError, SyntaxError, ValueError, EOFError, TypeError, LookupError, ArithmeticError),
    *(struct.error, Image.DecompressionBombError),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photograph without what was written beside it, and a small upright JPEG of it."""

    whole: bytes
    preview: bytes


def prepare(data: bytes) -> Prepared | None:
    """A photograph made ready to be kept; None for bytes that are no picture. Slow: some 50 ms."""
    try:
        whole = _without_notes(data)
        return Prepared(whole, _preview(whole))
    except _NO_PICTURE:
        return None


def _without_notes(data: bytes) -> bytes:
    """The picture alone; a JPEG keeps its very bytes, anything else is written anew."""
    with Image.open(BytesIO(data), formats=FORMATS) as opened:
        turned = opened.getexif().get(ORIENTATION, UPRIGHT)
        bare = _bare_jpeg(data, turned) if data.startswith(b"\xff\xd8\xff") else None
        return bare or _written_anew(_upright(opened, turned), opened.format == "PNG")


def _upright(picture: Image.Image, turned: int) -> Image.Image:
    return picture.transpose(_TURNS[turned]) if turned in _TURNS else picture


def _written_anew(picture: Image.Image, is_png: bool) -> bytes:
    out = BytesIO()
    if is_png:
        picture.info = {name: picture.info[name] for name in ("transparency",) if name in picture.info}
        picture.save(out, "PNG", exif=b"")
    else:
        _flat(picture).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    """The picture on white, in the colours a JPEG has."""
    coloured = picture.convert("RGBA")
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(coloured, mask=coloured.getchannel("A"))
    return flat


def _preview(data: bytes) -> bytes:
    with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as opened:
        opened.draft("RGB", (2 * PREVIEW_SIDES[0], 2 * PREVIEW_SIDES[0]))
        upright = _upright(opened, opened.getexif().get(ORIENTATION, UPRIGHT))
        upright.thumbnail((PREVIEW_SIDES[0], PREVIEW_SIDES[0]))
        small = _flat(upright)
    made = b""
    for side in PREVIEW_SIDES:
        small.thumbnail((side, side))
        for quality in PREVIEW_QUALITIES:
            made = _jpeg(small, quality)
            if len(made) <= LARGEST_PREVIEW:
                return made
    return made


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _bare_jpeg(data: bytes, turned: int) -> bytes | None:
    """A JPEG without notes, and without what follows its end; None where it is not laid out so."""
    bare, at = bytearray(data[:2] + _turn_note(turned)), 2
    while data[at : at + 1] == b"\xff" and at + 1 < len(data):
        marker = data[at + 1]
        if marker == _END:
            return bytes(bare) + data[at : at + 2]
        if marker == 0xFF:  # it may be said several times
            at += 1
            continue
        end = _segment_end(data, at, marker)
        if _is_kept(marker, data[at + 4 : end]):
            bare += data[at:end]
        at = end
    return None


def _segment_end(data: bytes, at: int, marker: int) -> int:
    """Where a segment ends; the picture's own bytes follow the head of a scan and belong to it."""
    end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    if marker != _SCAN:
        return end
    found = _SCAN_ENDS.search(data, end)
    return found.start() if found else len(data)


def _is_kept(marker: int, content: bytes) -> bool:
    is_note = 0xE0 <= marker <= 0xEF or marker == 0xFE
    return not is_note or (marker in _KEPT_NOTES and content.startswith(_KEPT_NOTES[marker]))


def _turn_note(turned: int) -> bytes:
    """The segment that says which side is up, and nothing else."""
    if turned not in _TURNS:
        return b""
    note = Image.Exif()
    note[ORIENTATION] = turned
    content = note.tobytes()
    return b"\xff\xe1" + (len(content) + 2).to_bytes(2, "big") + content
