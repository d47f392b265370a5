"""The A4 sheet all papers share: head, title with its codes, running head, page x of y, fixed bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from desk_app.texts import Speaker
from printing.papers import fonts
from printing.papers.flowables import (
    ACCENT,
    BODY,
    INK,
    MARGIN,
    MUTED,
    RULE,
    SMALL,
    TITLE,
    WIDTH,
    code128_width,
    draw_code128,
    draw_qr,
    pill,
    qr_width,
)
from printing.papers.inputs import StoreHead

LANGUAGE_TAGS = {"zh_CN": "zh-CN", "en": "en"}
_CODE_HEIGHT = 11 * mm
_QR_DOTS = 6

rl_config.useA85 = 0  # photographs stand in the file as they are, a quarter smaller


@dataclass(frozen=True)
class Sheet:
    """What every page of a paper carries. `code` is drawn as Code 128 and QR beside the title."""

    store: StoreHead
    title: str
    number: str
    code: str
    say: Speaker

    def render(self, parts: Sequence[Flowable]) -> bytes:
        """The PDF of these parts on as many pages as they need; the same parts give the same bytes."""
        fonts.load()
        out = BytesIO()
        document = BaseDocTemplate(
            out,
            pagesize=A4,
            title=f"{self.title} {self.number}",
            author=self.store.name,
            creator="Mendesk",
            lang=LANGUAGE_TAGS[self.say.language],
            displayDocTitle=True,
            invariant=True,
            pageCompression=1,
            initialFontName=fonts.REGULAR,
            pageTemplates=[PageTemplate("sheet", [_frame()], onPage=self._running_head)],
        )
        document.build([_Head(self), *parts], canvasmaker=self._canvas)
        return out.getvalue()

    def _canvas(self, *arguments: Any, **options: Any) -> _CountingCanvas:
        return _CountingCanvas(self, *arguments, **options)

    def _running_head(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        if document.page == 1:
            return
        top = A4[1] - 13 * mm
        canvas.setFont(fonts.REGULAR, SMALL)
        canvas.setFillColor(MUTED)
        canvas.drawString(MARGIN, top, f"{self.title} · {self.number}")
        if self.store.sample:
            pill(canvas, self.say("SAMPLE / 样例"), A4[0] - MARGIN, top - 4)


def _frame() -> Frame:
    return Frame(MARGIN, 18 * mm, WIDTH, A4[1] - 36 * mm, 0, 0, 0, 0, id="sheet")


class _CountingCanvas(Canvas):  # type: ignore[misc]
    """Holds every page back until their number is known, then draws the foot on each."""

    def __init__(self, sheet: Sheet, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._sheet = sheet
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the name of the base class
        """Keep the page."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Draw the feet and write the document."""
        pages = self._pages
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            self._foot(number, len(pages))
            super().showPage()
        super().save()

    def _foot(self, number: int, count: int) -> None:
        say, store, base = self._sheet.say, self._sheet.store, 10 * mm
        self.setStrokeColor(RULE)
        self.setLineWidth(0.4)
        self.line(MARGIN, base + 4 * mm, A4[0] - MARGIN, base + 4 * mm)
        self.setFont(fonts.REGULAR, SMALL)
        self.setFillColor(MUTED)
        pages = say("Page {page} of {pages}", page=number, pages=count)
        self.drawRightString(A4[0] - MARGIN, base, pages)
        room = WIDTH - fonts.width(pages, fonts.REGULAR, SMALL) - 8 * mm
        self.drawString(MARGIN, base, fonts.fitted(_address(store), room, SMALL))


class _Head(Flowable):  # type: ignore[misc]
    """Store, title, number and codes at the top of the first page."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        """Width and height in a column `room` wide."""
        self.width, self.height = room, 42 * mm
        return room, self.height

    def draw(self) -> None:
        """Draw from the top down."""
        self._store()
        self._title()
        self._codes()

    def _store(self) -> None:
        canvas, store, top = self.canv, self.sheet.store, self.height
        canvas.setFillColor(INK)
        canvas.setFont(fonts.BOLD, 12)
        mark = 42 * mm if store.sample else 0.0
        canvas.drawString(0, top - 11, fonts.fitted(store.name, self.width - mark, 12, bold=True))
        canvas.setFillColor(MUTED)
        canvas.setFont(fonts.REGULAR, SMALL + 0.5)
        canvas.drawString(0, top - 24, fonts.fitted(_contact(store), self.width, SMALL + 0.5))
        canvas.setFillColor(ACCENT)
        canvas.rect(0, top - 34, self.width, 1.4, stroke=0, fill=1)
        if store.sample:
            pill(canvas, self.sheet.say("SAMPLE / 样例"), self.width, top - 14)

    def _title(self) -> None:
        canvas, sheet = self.canv, self.sheet
        canvas.setFillColor(INK)
        canvas.setFont(fonts.BOLD, TITLE)
        canvas.drawString(-1, self.height - 68, sheet.title)
        canvas.setFillColor(MUTED)
        canvas.setFont(fonts.REGULAR, BODY)
        name = sheet.say("Case number")
        canvas.drawString(0, self.height - 92, name)
        canvas.setFillColor(INK)
        canvas.setFont(fonts.BOLD, 13)
        canvas.drawString(fonts.width(name, fonts.REGULAR, BODY) + 6, self.height - 92.6, sheet.number)

    def _codes(self) -> None:
        canvas, code = self.canv, self.sheet.code
        side = qr_width(code, _QR_DOTS)
        bottom = self.height - 46 - side
        draw_qr(canvas, code, self.width - side, bottom, _QR_DOTS)
        length = code128_width(code)
        left = self.width - side - 8 * mm - length
        draw_code128(canvas, code, left, bottom + side - _CODE_HEIGHT, _CODE_HEIGHT)
        canvas.setFillColor(MUTED)
        canvas.setFont(fonts.REGULAR, SMALL)
        canvas.drawCentredString(left + length / 2, bottom + 1, code)


def _address(store: StoreHead) -> str:
    return " · ".join(filter(None, [store.name, store.phone]))


def _contact(store: StoreHead) -> str:
    return " · ".join(filter(None, [store.address, store.phone]))
