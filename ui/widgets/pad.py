"""Digits to touch, for PINs and counts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from desk_app.texts import Speaker
from ui.theme import SIZES
from ui.widgets.button import Button

LAYOUT = ("123", "456", "789", "<0>")


class NumberPad(QWidget):
    """Writes into `target`, or only signals without one; `entered` is its Enter. It takes no focus."""

    typed = Signal(str)
    entered = Signal()

    def __init__(self, say: Speaker, target: QLineEdit | None = None) -> None:
        super().__init__()
        self._target = target
        self.setAccessibleName(say("Number pad"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SIZES.s)
        for line, signs in enumerate(LAYOUT):
            for number, sign in enumerate(signs):
                grid.addWidget(self._button(sign, say), line, number)

    def take_key(self, event: QKeyEvent) -> bool:
        """Digits, Backspace and Enter typed outside any field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Backspace:
            self._delete()
        elif event.text() and event.text() in "0123456789":
            self._type(event.text())
        else:
            return False
        return True

    def _button(self, sign: str, say: Speaker) -> Button:
        if sign == "<":
            made = Button("", "delete", name=say("Delete the last digit"))
            made.clicked.connect(self._delete)
        elif sign == ">":
            made = Button("", "corner-down-left", kind="primary", name=say("Confirm"))
            made.clicked.connect(self.entered)
        else:
            made = Button(sign)
            made.clicked.connect(lambda: self._type(sign))
        made.setMinimumSize(64, 56)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return made

    def _type(self, digit: str) -> None:
        if self._target:
            self._target.insert(digit)
        self.typed.emit(digit)

    def _delete(self) -> None:
        if self._target:
            self._target.backspace()
