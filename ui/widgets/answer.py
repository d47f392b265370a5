"""The big answer to a scan: readable from two metres, told by colour, drawing and words."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.theme import SIZES, Tone, icons, look
from ui.widgets.base import paint_panel
from ui.widgets.tiles import UNBREAKABLE

SIZES_TRIED = (48, 40, 33, 27, 22)
DETAIL_TRIED = (20, 18, 17, 15, 13)
ICON = 72
LOWEST = 148
WRAP = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere


class Answer(Enum):
    """`RECOGNISED` is painted before anything is safe and must not look like success."""

    IDLE = "idle"
    RECOGNISED = "recognised"
    GOOD = "good"
    ATTENTION = "attention"
    WRONG = "wrong"


_DRAWING = {
    Answer.IDLE: "scan-barcode",
    Answer.RECOGNISED: "scan-line",
    Answer.GOOD: "circle-check",
    Answer.ATTENTION: "triangle-alert",
    Answer.WRONG: "circle-x",
}
_TONE = {
    Answer.IDLE: Tone.NEUTRAL,
    Answer.RECOGNISED: Tone.NEUTRAL,
    Answer.GOOD: Tone.GOOD,
    Answer.ATTENTION: Tone.ATTENTION,
    Answer.WRONG: Tone.WRONG,
}


class AnswerField(QLabel):
    """Words as big as fit, and a second line.

    A label, so that screen readers read it out; it draws its words itself.
    """

    def __init__(self, words: str, detail: str = "") -> None:
        super().__init__()
        self.answer = Answer.IDLE
        self.setMinimumHeight(LOWEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._idle = (words, detail)
        self.show_answer(Answer.IDLE, words, detail)

    def show_answer(self, answer: Answer, words: str, detail: str = "") -> None:
        """Say something else; told to screen readers too."""
        self.answer = answer
        self.words, self.detail = words, detail
        self.setAccessibleName(words)
        self.setAccessibleDescription(detail)
        self.updateGeometry()
        self.update()

    def rest(self) -> None:
        """Wait for the next scan."""
        self.show_answer(Answer.IDLE, *self._idle)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Tall enough for the smallest letters."""
        room = width - self._left() - SIZES.xl
        words, detail = self._letters(len(SIZES_TRIED) - 1)
        used = _height(words, self.words, room) + _height(detail, self.detail, room)
        return max(LOWEST, used + 2 * SIZES.m)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, edge, ink = self._colours()
        paint_panel(painter, QRectF(self.rect()), fill, edge, 2, SIZES.radius_large)
        middle = self.height() / 2
        icons.paint(painter, _DRAWING[self.answer], ink, QRectF(SIZES.xl, middle - ICON / 2, ICON, ICON))
        painter.setPen(QColor(ink))
        wide = self.width() - SIZES.xl - self._left()
        room = QRectF(self._left(), SIZES.m, wide, self.height() - 2 * SIZES.m)
        self._paint_words(painter, room)

    def _colours(self) -> tuple[str, str, str]:
        """Fill, edge and ink. Only what is safe, odd or wrong is filled."""
        now = look()
        if self.answer is Answer.IDLE:
            return now.colours.surface, now.colours.line, now.colours.muted
        if self.answer is Answer.RECOGNISED:
            tone = now.tone(Tone.NEUTRAL)
            return tone.soft, now.colours.border, now.colours.text
        tone = now.tone(_TONE[self.answer])
        return tone.solid, "", tone.on_solid

    def _left(self) -> int:
        """Where the words begin."""
        return 2 * SIZES.xl + ICON

    def _paint_words(self, painter: QPainter, where: QRectF) -> None:
        words, detail = self._fitting(where)
        high = _height(words, self.words, where.width())
        low = _height(detail, self.detail, where.width()) if self.detail else 0
        top = where.center().y() - (high + low) / 2
        painter.setFont(words)
        painter.drawText(
            QRectF(where.left(), top, where.width(), high),
            _wrap(words, self.words, where.width()),
            self.words,
        )
        painter.setFont(detail)
        painter.drawText(
            QRectF(where.left(), top + high, where.width(), low),
            _wrap(detail, self.detail, where.width()),
            self.detail,
        )

    def _fitting(self, where: QRectF) -> tuple[QFont, QFont]:
        """The largest letters with which both texts fit; the smallest where none do."""
        for step in range(len(SIZES_TRIED)):
            words, detail = self._letters(step)
            used = _height(words, self.words, where.width()) + _height(detail, self.detail, where.width())
            whole = _wrap(words, self.words, where.width()) == Qt.TextFlag.TextWordWrap
            if used <= where.height() and (whole or step + 1 == len(SIZES_TRIED)):
                break
        return words, detail

    def _letters(self, step: int) -> tuple[QFont, QFont]:
        """The letters of both texts, from large to small."""
        words, detail = look().px(SIZES_TRIED[step]), look().px(DETAIL_TRIED[step])
        return _letters(self.font(), words, bold=True), _letters(self.font(), detail)


def _letters(base: QFont, size: int, bold: bool = False) -> QFont:
    font = QFont(base)
    font.setPixelSize(size)
    font.setBold(bold)
    return font


def _height(font: QFont, text: str, width: float) -> int:
    if not text:
        return 0
    wrap = _wrap(font, text, width)
    return QFontMetrics(font).boundingRect(0, 0, int(width), 10_000, wrap, text).height()


def _wrap(font: QFont, text: str, width: float) -> Qt.TextFlag:
    """Between words; anywhere only where a word, such as a long number, is wider than the line."""
    longest = max(map(QFontMetrics(font).horizontalAdvance, UNBREAKABLE.findall(text)), default=0)
    return Qt.TextFlag.TextWordWrap if longest <= int(width) else WRAP
