"""Quiet signs of line, printer and scanner, and the line they stand in."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy

from ui.theme import SIZES, Tone, icons, look
from ui.widgets.base import paint_panel, row

ICON = 18


class StatusSign(QAbstractButton):
    """A drawing and a few words. Neutral while all is well; a tone, and other words, when it is not."""

    def __init__(self, name: str, icon: str, words: str = "", tone: Tone = Tone.NEUTRAL) -> None:
        super().__init__()
        self._name, self._icon = name, icon
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_status(tone, words)

    def show_status(self, tone: Tone, words: str, icon: str = "") -> None:
        """Say how it is; `icon` replaces the drawing."""
        self.tone, self.words = tone, words
        self._icon = icon or self._icon
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(words)
        self.setToolTip(self._name)
        self.updateGeometry()
        self.update()

    def _side(self) -> int:
        return look().px(ICON)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.words) + self._side() + SIZES.s + 2 * SIZES.m
        return QSize(width, max(SIZES.control, metrics.height() + SIZES.l))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, tone = look().colours, look().tone(self.tone)
        calm = self.tone is Tone.NEUTRAL
        where = QRectF(self.rect()).adjusted(0, 5, 0, -5)
        fill = (colours.hover if self.underMouse() else "") if calm else tone.soft
        paint_panel(painter, where, fill, colours.accent if self.hasFocus() else "", 2)
        ink = colours.muted if calm else tone.ink
        icons.paint(
            painter,
            self._icon,
            ink,
            QRectF(SIZES.m, (self.height() - self._side()) / 2, self._side(), self._side()),
        )
        painter.setPen(QColor(ink))
        words = QRectF(SIZES.m + self._side() + SIZES.s, 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.words)


class StatusLine(QFrame):
    """The line at the foot of the window: who and where on the left, signs on the right."""

    def __init__(self, *left: StatusSign, right: tuple[StatusSign, ...] = ()) -> None:
        super().__init__()
        line = row(*left, 1, *right, spacing=SIZES.xs)
        line.setContentsMargins(SIZES.m, 0, SIZES.m, 0)
        self.setLayout(line)
