"""Buttons that carry their words, an icon and the key that does the same."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton

from ui.theme import SIZES, Tone, icons, look
from ui.widgets.base import bind_key, key_sign, keycap_size, paint_keycap


class Button(QPushButton):
    """`kind`: "" (plain), "primary" (the one next step of a page), "danger" or "quiet" (no frame).

    `key` is shown on it and works wherever the button is visible. A button without words needs `name`.
    """

    def __init__(self, text: str, icon: str = "", key: str = "", kind: str = "", name: str = "") -> None:
        super().__init__()
        self._words, self._icon, self._key = text, icon, key
        self.setProperty("kind", kind)
        self.setAccessibleName(name or text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        if key:
            bind_key(self, key)
        if not text:
            self.setToolTip(f"{name} ({self.key_sign()})" if key else name)

    @classmethod
    def of(cls, action: QAction, kind: str = "") -> Button:
        """The button of a registered action: its words, icon and key; disabled with it."""
        made = cls(action.text(), str(action.data() or ""), kind=kind)
        made._key = action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
        made.setAccessibleDescription(made.key_sign())
        made.clicked.connect(action.trigger)
        action.changed.connect(made._follow)
        made._action = action
        made._follow()
        return made

    _action: QAction | None = None

    def _follow(self) -> None:
        if self._action:
            self.setEnabled(self._action.isEnabled())
            self.set_text(self._action.text())

    def words(self) -> str:
        """The words on it."""
        return self._words

    def set_text(self, text: str) -> None:
        """Say something else on it."""
        self._words = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def key_sign(self) -> str:
        """The key as it stands on the button, e.g. `Ctrl+P`."""
        return key_sign(self._key)

    def sizeHint(self) -> QSize:
        cap = keycap_size(self, self.key_sign()).width() if self._words else 0
        parts = [part for part in (self._icon and look().px(SIZES.icon), self._text_width(), cap) if part]
        width = sum(parts) + SIZES.s * (len(parts) - 1) + 2 * (SIZES.l if self._words else SIZES.m)
        return QSize(width, max(SIZES.control, self.fontMetrics().height() + 2 * SIZES.s))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _text_width(self) -> int:
        font = self.font()
        font.setBold(True)
        return QFontMetrics(font).horizontalAdvance(self._words) if self._words else 0

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        self._paint_content(painter)

    def _paint_content(self, painter: QPainter) -> None:
        ink = self._ink()
        cap = keycap_size(self, self.key_sign()) if self._words else QSize(0, 0)
        used = self.sizeHint().width() - 2 * (SIZES.l if self._words else SIZES.m)
        x, middle = (self.width() - used) / 2, self.height() / 2
        if self._icon:
            side = look().px(SIZES.icon)
            icons.paint(painter, self._icon, ink, QRectF(x, middle - side / 2, side, side))
            x += side + SIZES.s
        if self._words:
            font = self.font()
            font.setBold(self.property("kind") in ("primary", "danger"))
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(
                QRectF(x, 0, self._text_width() + 2, self.height()),
                Qt.AlignmentFlag.AlignVCenter,
                self._words,
            )
            x += self._text_width() + SIZES.s
        if cap.width():
            paint_keycap(
                painter, QRectF(x, middle - cap.height() / 2, cap.width(), cap.height()), self.key_sign(), ink
            )

    def _ink(self) -> str:
        colours = look().colours
        if not self.isEnabled():
            return colours.disabled
        kinds = {"primary": colours.on_accent, "danger": look().tone(Tone.WRONG).ink}
        return kinds.get(self.property("kind"), colours.text)
