"""A status in one or two words on a tinted patch."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.theme import SIZES, Tone, look

PAD = 10
DOT = 8


class Chip(QLabel):
    """`tone` colours it; the words alone say everything."""

    def __init__(self, text: str, tone: Tone = Tone.NEUTRAL) -> None:
        super().__init__(text)
        self._tone = tone
        self.setProperty("role", "caption")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_status(self, text: str, tone: Tone) -> None:
        """Show another status."""
        self._tone = tone
        self.setText(text)
        self.update()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        return chip_size(self.fontMetrics(), self.text())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        paint_chip(painter, QRectF(self.rect()), self.text(), self._tone)


def chip_size(metrics: QFontMetrics, text: str) -> QSize:
    """The room a chip needs."""
    return QSize(metrics.horizontalAdvance(text) + DOT + SIZES.s + 2 * PAD, metrics.height() + 6)


def paint_chip(painter: QPainter, where: QRectF, text: str, tone: Tone) -> None:
    """Draw a chip with the painter's font; words are shortened where there is too little room."""
    colours = look().tone(tone)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.soft))
    painter.drawRoundedRect(where, where.height() / 2, where.height() / 2)
    painter.setBrush(QColor(colours.solid))
    middle = where.center().y()
    painter.drawEllipse(QRectF(where.left() + PAD, middle - DOT / 2, DOT, DOT))
    painter.setPen(QColor(colours.ink))
    words = where.adjusted(PAD + DOT + SIZES.s - 2, 0, -PAD + 2, 0)
    short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(words.width()) + 1)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)
