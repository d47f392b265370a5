"""Photographs on paper: made upright and as small as the print needs, three in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from desk_app.texts import Speaker
from printing.papers import fonts
from printing.papers.flowables import INK, MUTED, SMALL, SOFT
from printing.papers.inputs import Photo

IN_A_ROW = 3

_NO_PICTURE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)  # of a damaged file
_GAP = 5 * mm
_CAPTION = 5 * mm
_LONGEST_SIDE = 640  # pixels: some 280 to the inch at the printed size


def photo_grid(photos: Sequence[Photo], say: Speaker) -> list[Flowable]:
    """The photographs in rows that go over to the next page whole."""
    rows = [photos[start : start + IN_A_ROW] for start in range(0, len(photos), IN_A_ROW)]
    return [_Row([_shown(photo, say) for photo in row]) for row in rows]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A photograph on the paper; the excuse stands in its place where there is no picture."""

    jpeg: bytes | None
    caption: str
    excuse: str


def _shown(photo: Photo, say: Speaker) -> _Shown:
    if not photo.is_preview:
        return _Shown(_jpeg(photo.data), photo.caption, say("This photograph cannot be shown"))
    note = say("Preview; photograph on its way")
    caption = f"{note} · {photo.caption}" if photo.caption else note
    return _Shown(_jpeg(photo.data), caption if photo.data else photo.caption, say("On its way to this desk"))


class _Row(Flowable):  # type: ignore[misc]
    """Photographs side by side, each with its caption."""

    def __init__(self, photos: Sequence[_Shown]) -> None:
        super().__init__()
        self._photos = photos

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        """Width and height in a column `room` wide."""
        self.width = room
        self._side = (room - (IN_A_ROW - 1) * _GAP) / IN_A_ROW
        self.height = self._side * 0.75 + _CAPTION + 2 * mm
        return room, self.height

    def draw(self) -> None:
        """Draw from left to right."""
        for place, photo in enumerate(self._photos):
            left = place * (self._side + _GAP)
            self._picture(photo, left)
            self._caption(photo.caption, left)

    def _picture(self, photo: _Shown, left: float) -> None:
        bottom, height = _CAPTION + 2 * mm, self._side * 0.75
        self.canv.setFillColor(SOFT)
        self.canv.rect(left, bottom, self._side, height, stroke=0, fill=1)
        if photo.jpeg is None:
            self.canv.setFillColor(MUTED)
            self.canv.setFont(fonts.REGULAR, SMALL)
            self.canv.drawCentredString(left + self._side / 2, bottom + height / 2, photo.excuse)
        else:
            picture = ImageReader(BytesIO(photo.jpeg))
            self.canv.drawImage(
                picture, left, bottom, self._side, height, preserveAspectRatio=True, anchor="c"
            )

    def _caption(self, caption: str, left: float) -> None:
        self.canv.setFillColor(INK)
        self.canv.setFont(fonts.REGULAR, SMALL)
        self.canv.drawString(left, 2.6 * mm, fonts.fitted(caption, self._side, SMALL))


def _jpeg(data: bytes) -> bytes | None:
    """The photograph as the paper holds it; None for bytes that are no picture."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as opened:
            opened.draft("RGB", (2 * _LONGEST_SIDE, 2 * _LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            return _encoded(upright)
    except _NO_PICTURE:
        return None


def _encoded(picture: Image.Image) -> bytes:
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A") if "A" in picture.getbands() else None)
    out = BytesIO()
    flat.save(out, "JPEG", quality=85)
    return out.getvalue()
