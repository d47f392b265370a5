"""Keeps an input method from composing what a scanner types into the field that has the focus."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desk_app.scanning.burst import TINY_GAP_MS, Burst
from desk_app.scanning.composing import Composition

FEWEST_CAPITALS, FEWEST_LETTERS = 2, 4
"""Keys at a scanner's pace before the input method is switched off. Nobody composes Chinese in capitals."""


class Composing:
    """What is composed in the field with the focus; switches its input method off while a scanner types."""

    def __init__(self) -> None:
        self._composition = Composition()
        self._field: QWidget | None = None
        self._stopped_at = ""
        self.is_clearing = False

    def take(self, event: QInputMethodEvent) -> str | None:
        """The characters struck since the last event, as `Composition.take` has them."""
        written = event.commitString()
        if self._field and written and written == self._stopped_at:
            self._stopped_at = ""
            event.setCommitString("")  # what it gives up when it is switched off is known already
            self._composition.forget()
            return ""
        return self._composition.take(event.preeditString(), written)

    def is_scanned(self, burst: Burst) -> bool:
        """Whether keys come so fast that a scanner's letters are being composed."""
        text = self._composition.text
        if self._field or not text:
            return False
        if text == text.upper():
            return burst.held >= FEWEST_CAPITALS and burst.is_fast()
        return burst.held >= FEWEST_LETTERS and burst.is_fast(TINY_GAP_MS)

    def stop(self, field: QObject) -> None:
        """Switch the input method off; what it composed goes from the field."""
        if not isinstance(field, QWidget):
            return
        self._field, self._stopped_at = field, self._composition.text
        self._wipe(field)
        self.is_clearing = True
        field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.is_clearing = False

    def clear(self, field: QObject) -> None:
        """Let the field show nothing of the composition, and the input method begin anew."""
        self._composition.forget()
        self._wipe(field)

    def _wipe(self, field: QObject) -> None:
        self.is_clearing = True
        QCoreApplication.sendEvent(field, QInputMethodEvent())
        QGuiApplication.inputMethod().reset()
        self.is_clearing = False

    def go_on(self) -> None:
        """Switch it on again."""
        field, self._field = self._field, None
        self._stopped_at = ""
        if field and isValid(field):
            field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, True)


def written(text: str) -> QInputMethodEvent:
    """An event that writes a text into a field, as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    return event
