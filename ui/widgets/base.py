"""Small parts all components share: words in their role, icons, layouts, painted panels."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import SIZES, Tone, icons, look


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet looks at, and draw the widget anew when it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


Box = TypeVar("Box", bound=QBoxLayout)


def discard(widget: QWidget) -> None:
    """Take a widget away now; it is destroyed when the event that runs is over."""
    widget.hide()
    widget.deleteLater()


class _Column(QVBoxLayout):
    """Remembers how tall it is at every width until something in it changes.

    Qt remembers one width and asks in turn for several, at each level of layouts more often than above it:
    the words of a long page would be measured hundreds of times before they are first seen.
    """

    def __init__(self) -> None:
        super().__init__()
        self._heights: dict[int, int] = {}
        self._least_heights: dict[int, int] = {}

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def minimumHeightForWidth(self, width: int) -> int:
        if width not in self._least_heights:
            self._least_heights[width] = super().minimumHeightForWidth(width)
        return self._least_heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        self._least_heights.clear()
        super().invalidate()


class Text(QLabel):
    """Words. `role`: "" (body), "muted", "caption", "strong", "section", "title", "big"."""

    def __init__(self, text: str = "", role: str = "", tone: Tone | None = None, wrap: bool = True) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("role", role)
        self.setProperty("tone", tone.value if tone else "")
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_tone(self, tone: Tone | None) -> None:
        """Colour the words."""
        set_property(self, "tone", tone.value if tone else "")


class Icon(QWidget):
    """A drawing of `resources/icons` in a tone's colour; says nothing to a screen reader."""

    def __init__(self, name: str, size: int = SIZES.icon, tone: Tone = Tone.NEUTRAL) -> None:
        super().__init__()
        self._name, self._tone, self._size = name, tone, size
        self._resize()

    def show_icon(self, name: str, tone: Tone) -> None:
        """Show another drawing or tone."""
        self._name, self._tone = name, tone
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.FontChange:
            self._resize()

    def _resize(self) -> None:
        self.setFixedSize(look().px(self._size), look().px(self._size))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, self._name, look().tone(self._tone).ink, QRectF(self.rect()))


class Mark(QWidget):
    """The program's sign."""

    def __init__(self, side: int = 30) -> None:
        super().__init__()
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, edge = look().colours, self.width() / 6
        paint_panel(painter, QRectF(self.rect()), colours.accent, "", radius=round(self.width() / 4))
        inner = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        icons.paint(painter, "package-check", colours.on_accent, inner)


class Rule(QFrame):
    """A thin line between two parts: across, or upright with a `height`."""

    def __init__(self, height: int = 0) -> None:
        super().__init__()
        self.setObjectName("rule")
        if height:
            self.setFixedSize(1, height)
        else:
            self.setFixedHeight(1)


def column(*parts: QWidget | QLayout | int | None, spacing: int = SIZES.m) -> QVBoxLayout:
    """Parts below each other; a number is a stretch, None is left out."""
    return _filled(_Column(), parts, spacing)


def row(*parts: QWidget | QLayout | int | None, spacing: int = SIZES.m) -> QHBoxLayout:
    """Parts beside each other; a number is a stretch, None is left out."""
    return _filled(QHBoxLayout(), parts, spacing)


def _filled(box: Box, parts: tuple[QWidget | QLayout | int | None, ...], spacing: int) -> Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(spacing)
    for part in parts:
        if isinstance(part, QWidget):
            box.addWidget(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        elif isinstance(part, int):
            box.addStretch(part)
    return box


def paint_panel(
    painter: QPainter, where: QRectF, fill: str, edge: str, width: int = 1, radius: int = SIZES.radius
) -> None:
    """A rounded panel with its edge inside `where`; "" leaves fill or edge out."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(edge), width) if edge else Qt.PenStyle.NoPen)
    half = width / 2 if edge else 0
    painter.drawRoundedRect(where.adjusted(half, half, -half, -half), radius, radius)


def bind_key(button: QAbstractButton, key: str) -> None:
    """Let a key click a button wherever it is visible; at once, while Qt's own shortcut first animates."""
    shortcut = QShortcut(QKeySequence(key), button)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(button.click)
    button.setAccessibleDescription(key_sign(key))


class ClickWhenToggled(QObject):
    """Screen readers turn a button that stays down without a click; let that count as a click."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button)
        self._button, self._is_pressed = button, False
        button.pressed.connect(self._pressed)
        button.released.connect(self._released)
        button.toggled.connect(self._toggled)

    def _pressed(self) -> None:
        self._is_pressed = True

    def _released(self) -> None:
        self._is_pressed = False

    def _toggled(self, checked: bool) -> None:
        if checked and not self._is_pressed:
            self._button.clicked.emit()


def tab_through(before: QWidget, *parts: QWidget) -> None:
    """Let Tab go from `before` (or where it would stand) through `parts` and what is in them.

    Tab goes to widgets in the order they were put in; those put in later would come last, wherever they
    stand. Call it when all of them are in their page.
    """
    for part in parts:
        for widget in (part, *part.findChildren(QWidget)):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is part.window():
                QWidget.setTabOrder(before, widget)
                before = widget


def show_checked(button: QAbstractButton, checked: bool) -> None:
    """Show a button up or down; nobody clicked it."""
    with QSignalBlocker(button):
        button.setChecked(checked)


def key_sign(key: str) -> str:
    """A key as it stands on a button, e.g. `Ctrl+P`."""
    sign = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    for name, short in (("Return", "Enter"), ("Left", "←"), ("Right", "→")):
        sign = sign.replace(name, short)
    return sign


def keycap_size(widget: QWidget, key: str) -> QSize:
    """The room a key's sign needs beside a text; nothing for no key."""
    if not key:
        return QSize(0, 0)
    metrics = widget.fontMetrics()
    return QSize(round(metrics.horizontalAdvance(key) * 0.85) + 2 * SIZES.s, metrics.height())


def paint_keycap(painter: QPainter, where: QRectF, key: str, ink: str) -> None:
    """A key's sign: small letters in a thin frame of the ink's colour."""
    painter.save()
    font = painter.font()
    font.setPixelSize(look().px(SIZES.caption))
    font.setBold(False)
    painter.setFont(font)
    frame = QColor(ink)
    frame.setAlphaF(0.35)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(frame, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(where.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(ink))
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter, key)
    painter.restore()
