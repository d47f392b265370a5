"""A code to scan, drawn on the screen as it would be printed: black on white in every scheme."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from ui.theme import SIZES, look

MODULE = 2
QUIET = 12  # modules of white at each end
BARS = 72
BLACK, WHITE = "#000000", "#FFFFFF"


class CodePicture(QLabel):
    """`bars` are its modules, "1" for black. Every bar is a whole number of the screen's own dots."""

    def __init__(self, text: str, bars: str, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.show_code(text, bars)

    def show_code(self, text: str, bars: str) -> None:
        """Show this code."""
        self._text, self._bars = text, bars
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        high = BARS + look().px(SIZES.body) * 3 // 2 + 2 * SIZES.m
        return QSize((len(self._bars) + 2 * QUIET) * MODULE, high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(WHITE))
        painter.drawRoundedRect(QRectF(self.rect()), SIZES.radius, SIZES.radius)
        self._paint_bars(painter)
        self._paint_text(painter)

    def _paint_bars(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatioF()
        module = int(MODULE * ratio) / ratio
        left = round((self.width() - len(self._bars) * module) / 2 * ratio) / ratio
        for place, bar in enumerate(self._bars):
            if bar == "1":
                painter.fillRect(QRectF(left + place * module, SIZES.m, module, BARS), QColor(BLACK))

    def _paint_text(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(look().px(SIZES.body))
        painter.setFont(font)
        painter.setPen(QColor(BLACK))
        where = QRectF(0, SIZES.m + BARS, self.width(), self.height() - SIZES.m - BARS)
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, self._text)
