"""The label of a parcel nobody announced: its shelf in big figures, its waybill, the day it came."""

from __future__ import annotations

from desk_app.texts import Speaker
from printing.papers import fonts
from printing.papers.inputs import ParcelLabel
from printing.papers.kit import LANGUAGE_TAGS
from printing.papers.labels import (
    EDGE,
    HEIGHT,
    WIDTH,
    Box,
    Mark,
    Words,
    as_pdf,
    as_picture,
    badge,
    bars,
)


def parcel_label(label: ParcelLabel, say: Speaker) -> bytes:
    """The label as a PDF page of 60 × 40 mm."""
    title = say("Label {number}", number=label.parcel_code)
    return as_pdf(_marks(label, say), title, LANGUAGE_TAGS[say.language])


def parcel_label_picture(label: ParcelLabel, say: Speaker) -> bytes:
    """The label as a 1-bit PNG of 480 × 320 pixels, a pixel a printer dot."""
    return as_picture(_marks(label, say))


def _marks(label: ParcelLabel, say: Speaker) -> list[Mark]:
    right = WIDTH - EDGE
    return [
        Words(fonts.fitted(label.shelf, 270, 88, bold=True), EDGE, 88, 88, bold=True),
        Words(say("Unannounced"), right, 40, 24, bold=True, side="right"),
        Words(say.moment(label.received_at, label.store.zone), right, 72, 20, side="right"),
        *(badge(say("SAMPLE / 样例"), right, 102, 18) if label.store.sample else ()),
        Box(EDGE, 114, WIDTH - 2 * EDGE, 2),
        Words(fonts.fitted(label.carrier or say("Waybill"), WIDTH - 2 * EDGE, 20), EDGE, 142, 20),
        *_waybill(label.waybill),
        *bars(label.parcel_code, 194, 76),
        Words(label.parcel_code, WIDTH // 2, HEIGHT - 22, 20, side="middle"),
    ]


def _waybill(waybill: str) -> list[Mark]:
    room = WIDTH - 2 * EDGE
    size = next(
        size
        for size in (32, 28, 24, 20, 16)
        if fonts.fitted(waybill, room, size, bold=True) == waybill or size == 16
    )
    return [Words(fonts.fitted(waybill, room, size, bold=True), EDGE, 176, size, bold=True)]
