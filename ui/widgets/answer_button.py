"""A button that stays down, in the tone of what it says."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui.theme import SIZES, Tone, icons, look
from ui.widgets.base import ClickWhenToggled, keycap_size, paint_keycap, paint_panel


class AnswerButton(QAbstractButton):
    """`key` is only shown: it acts through the component the button is part of."""

    def __init__(self, text: str, icon: str, key: str, tone: Tone, about: str) -> None:
        super().__init__()
        self._icon, self._key, self._tone = icon, key, tone
        self.setText(text)
        self.setAccessibleName(f"{about}: {text}")
        self.setCheckable(True)
        ClickWhenToggled(self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        cap = keycap_size(self, self._key).width()
        width = look().px(SIZES.icon) + words + cap + 2 * SIZES.s + 2 * SIZES.m
        return QSize(width, max(SIZES.control, self.fontMetrics().height() + SIZES.l))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, tone, on = look().colours, look().tone(self._tone), self.isChecked()
        fill = tone.solid if on else (colours.hover if self.underMouse() else colours.surface)
        edge = colours.accent if self.hasFocus() else (tone.solid if on else colours.border)
        paint_panel(painter, QRectF(self.rect()), fill, edge, 2 if self.hasFocus() else 1)
        ink, middle = tone.on_solid if on else colours.text, self.height() / 2
        side = look().px(SIZES.icon)
        icons.paint(painter, self._icon, ink, QRectF(SIZES.m, middle - side / 2, side, side))
        painter.setPen(QColor(ink))
        words = QRectF(SIZES.m + side + SIZES.s, 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        cap = keycap_size(self, self._key)
        left = self.width() - SIZES.m - cap.width()
        paint_keycap(
            painter, QRectF(left, middle - cap.height() / 2, cap.width(), cap.height()), self._key, ink
        )
