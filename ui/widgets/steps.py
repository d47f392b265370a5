"""Where one is in a flow of a few steps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import SIZES, icons, look

DOT = 26
GAP = 28


class StepBar(QWidget):
    """Names of the steps; those before the present one carry a tick. In a narrow window only it is named."""

    def __init__(self, name: str, steps: Sequence[str], current: int = 0) -> None:
        super().__init__()
        self._name, self._steps = name, tuple(steps)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.go_to(current)

    def go_to(self, current: int) -> None:
        """Show that this step (from 0) is being done; `len(steps)` when all are."""
        self.current = current
        at = self._steps[current] if current < len(self._steps) else ""
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(at)
        self.update()

    def sizeHint(self) -> QSize:
        width = sum(self._width(step) for step in self._steps) + GAP * (len(self._steps) - 1)
        return QSize(width, max(DOT, self.fontMetrics().height()) + SIZES.s)

    def minimumSizeHint(self) -> QSize:
        words = max((self._width(step) for step in self._steps), default=0)
        dots = (DOT + GAP) * max(0, len(self._steps) - 1)
        return QSize(words + dots, self.sizeHint().height())

    def _is_narrow(self) -> bool:
        return self.width() < self.sizeHint().width()

    def _taken(self, index: int) -> int:
        """The width of a step as it is drawn."""
        named = index == self.current or not self._is_narrow()
        return self._width(self._steps[index]) if named else DOT

    def _width(self, step: str) -> int:
        return DOT + SIZES.s + round(self.fontMetrics().horizontalAdvance(step) * 1.08) + SIZES.xs

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 0.0
        for index in range(len(self._steps)):
            self._paint_step(painter, x, index)
            x += self._taken(index)
            if index + 1 < len(self._steps):
                painter.setPen(QColor(look().colours.border))
                middle = self.height() / 2
                painter.drawLine(int(x + SIZES.xs), int(middle), int(x + GAP - SIZES.s), int(middle))
            x += GAP

    def _paint_step(self, painter: QPainter, x: float, index: int) -> None:
        colours = look().colours
        done, here = index < self.current, index == self.current
        dot = QRectF(x, (self.height() - DOT) / 2, DOT, DOT)
        painter.setPen(Qt.PenStyle.NoPen if done or here else QColor(colours.border))
        painter.setBrush(QColor(colours.accent if here else colours.accent_soft if done else colours.surface))
        painter.drawEllipse(dot.adjusted(0.5, 0.5, -0.5, -0.5))
        if done:
            icons.paint(painter, "check", colours.accent_ink, dot.adjusted(5, 5, -5, -5))
        else:
            painter.setPen(QColor(colours.on_accent if here else colours.muted))
            painter.setFont(self._font(here))
            painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, str(index + 1))
        if not here and self._is_narrow():
            return
        painter.setPen(QColor(colours.text if here else colours.muted))
        painter.setFont(self._font(here))
        words = QRectF(dot.right() + SIZES.s, 0, self._width(self._steps[index]), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._steps[index])

    def _font(self, bold: bool) -> QFont:
        font = self.font()
        font.setBold(bold)
        return font
