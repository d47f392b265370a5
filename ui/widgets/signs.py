"""Quiet signs of person, desk, line, printer and scanner, and the line they stand in."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy

from ui.theme import SIZES, Tone, icons, look
from ui.widgets.base import bind_key, key_sign, keycap_size, paint_keycap, paint_panel
from ui.widgets.flow import Flow

ICON = 18


class StatusSign(QAbstractButton):
    """A drawing and a few words. Neutral while all is well; a tone, and other words, when it is not.

    `key` does the same as a click.
    """

    def __init__(
        self, name: str, icon: str, words: str = "", tone: Tone = Tone.NEUTRAL, key: str = ""
    ) -> None:
        super().__init__()
        self._name, self._icon, self._key = name, icon, key
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if key:
            bind_key(self, key)
        self.show_status(tone, words)

    def show_status(self, tone: Tone, words: str, icon: str = "") -> None:
        """Say how it is; `icon` replaces the drawing."""
        self.tone, self.words = tone, words
        self._icon = icon or self._icon
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(words or key_sign(self._key))
        self.setToolTip(f"{self._name} ({key_sign(self._key)})" if self._key else self._name)
        self.updateGeometry()
        self.update()

    def _cap(self) -> QSize:
        return keycap_size(self, key_sign(self._key) if self._key and self.words else "")

    def _side(self) -> int:
        return look().px(ICON)

    def sizeHint(self) -> QSize:
        beside = (self.fontMetrics().horizontalAdvance(self.words), self._cap().width())
        width = self._side() + 2 * SIZES.m + sum(part + SIZES.s for part in beside if part)
        return QSize(max(SIZES.control, width), max(SIZES.control, self.fontMetrics().height() + SIZES.l))

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
        left = SIZES.m if self.words else (self.width() - self._side()) / 2
        icons.paint(
            painter,
            self._icon,
            ink,
            QRectF(left, (self.height() - self._side()) / 2, self._side(), self._side()),
        )
        self._paint_words(painter, ink, left + self._side() + SIZES.s)

    def _paint_words(self, painter: QPainter, ink: str, left: float) -> None:
        painter.setPen(QColor(ink))
        where = QRectF(left, 0, self.width(), self.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, self.words)
        cap = self._cap()
        if cap.width():
            left += self.fontMetrics().horizontalAdvance(self.words) + SIZES.s
            top = (self.height() - cap.height()) / 2
            paint_keycap(painter, QRectF(left, top, cap.width(), cap.height()), key_sign(self._key), ink)


class StatusLine(QFrame):
    """The line at the foot of the window: who and where on the left, signs on the right."""

    def __init__(self, left: tuple[StatusSign, ...], right: tuple[StatusSign, ...]) -> None:
        super().__init__()
        line = Flow(*left, *right, spacing=SIZES.xs, apart=len(left))
        line.setContentsMargins(SIZES.m, 0, SIZES.m, 0)
        self.setLayout(line)
