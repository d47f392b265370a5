"""The label that goes on a thing: what it is, its case, its code, where it belongs."""

from __future__ import annotations

from desk_app.texts import Speaker
from printing.papers import fonts
from printing.papers.inputs import ItemLabel
from printing.papers.kit import LANGUAGE_TAGS
from printing.papers.labels import (
    EDGE,
    HEIGHT,
    WIDTH,
    Mark,
    Words,
    as_pdf,
    as_picture,
    badge,
    bars,
    block,
)

_TAIL = 8  # characters of a serial that tell two devices of a case apart


def item_label(label: ItemLabel, say: Speaker) -> bytes:
    """The label as a PDF page of 60 × 40 mm."""
    title = say("Label {number}", number=label.item_code)
    return as_pdf(_marks(label, say), title, LANGUAGE_TAGS[say.language])


def item_label_picture(label: ItemLabel, say: Speaker) -> bytes:
    """The label as a 1-bit PNG of 480 × 320 pixels, a pixel a printer dot."""
    return as_picture(_marks(label, say))


def _marks(label: ItemLabel, say: Speaker) -> list[Mark]:
    return [
        *block(label.product, 38, 28, most=2),
        Words(label.case_number, EDGE, 116, 36, bold=True),
        *_serial(label, say),
        *bars(label.item_code, 134, 92),
        Words(label.item_code, WIDTH // 2, 248, 20, side="middle"),
        *_place(label, say),
        *(badge(say("SAMPLE / 样例"), WIDTH - EDGE, HEIGHT - 22) if label.sample else ()),
    ]


def _serial(label: ItemLabel, say: Speaker) -> list[Mark]:
    if not label.serial:
        return []
    tail = label.serial if len(label.serial) <= _TAIL else "…" + label.serial[-_TAIL:]
    return [Words(say("Serial {tail}", tail=tail), WIDTH - EDGE, 114, 24, side="right")]


def _place(label: ItemLabel, say: Speaker) -> list[Mark]:
    told = [label.shelf, say(label.disposition) if label.disposition else ""]
    room = WIDTH - 2 * EDGE - (160 if label.sample else 0)
    text = fonts.fitted(" · ".join(filter(None, told)), room, 32, bold=True)
    return [Words(text, EDGE, HEIGHT - 20, 32, bold=True)] if text else []
