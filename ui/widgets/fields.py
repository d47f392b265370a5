"""Fields to write and choose in. Their labels and errors are the form's affair."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QListView, QPlainTextEdit, QSpinBox

from ui.theme import SIZES

TAKES_SCANS = "takesScans"  # a scan is typed into it
TAKES_KEYS = "takesKeys"  # it gets every key of a scanner as it comes


class TextField(QLineEdit):
    """One line. `scans`: a scan made while it has the focus is typed into it instead of going to the page."""

    def __init__(self, placeholder: str = "", scans: bool = False) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        if scans:
            self.setProperty(TAKES_SCANS, True)
            self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def minimumSizeHint(self) -> QSize:
        """Wide enough to say what is to be written."""
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        least = super().minimumSizeHint()
        return QSize(max(least.width(), words + 2 * SIZES.l), least.height())


class PasswordField(TextField):
    """One line that hides what is written; with `digits` only a PIN can be written."""

    def __init__(self, placeholder: str = "", digits: bool = False) -> None:
        super().__init__(placeholder)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        if digits:
            self.setInputMethodHints(self.inputMethodHints() | Qt.InputMethodHint.ImhDigitsOnly)


class TextArea(QPlainTextEdit):
    """Several lines. Tab moves on to the next field."""

    def __init__(self, placeholder: str = "", lines: int = 3) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFixedHeight(max(SIZES.control, lines * self.fontMetrics().lineSpacing() + 3 * SIZES.m))


class Choice(QComboBox):
    """One of some options, each a key and its words."""

    def __init__(self, options: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.setView(QListView())
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Offer these options; the first is chosen."""
        self.clear()
        for key, words in options:
            self.addItem(words, key)

    def value(self) -> str:
        """The key of the chosen option, "" without options."""
        return str(self.currentData() or "")

    def set_value(self, key: str) -> None:
        """Choose by key; raises KeyError for one that is not offered."""
        index = self.findData(key)
        if index < 0:
            raise KeyError(key)
        self.setCurrentIndex(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A turn of the wheel scrolls the page and changes nothing by accident."""
        event.ignore()


class NumberField(QSpinBox):
    """A whole number with its unit behind it."""

    def __init__(self, least: int = 0, most: int = 9999, unit: str = "") -> None:
        super().__init__()
        self.setRange(least, most)
        self.setFixedHeight(SIZES.control)
        self.lineEdit().setTextMargins(SIZES.m - 1, 0, 0, 0)  # a style sheet does not reach the line inside
        self.setSuffix(f" {unit}" if unit else "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A turn of the wheel scrolls the page and changes nothing by accident."""
        event.ignore()


class Tick(QCheckBox):
    """Yes or no. Enter leaves it alone; Space turns it."""

    def __init__(self, text: str, ticked: bool = False) -> None:
        super().__init__(text)
        self.setAccessibleName(text)
        self.setChecked(ticked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)
