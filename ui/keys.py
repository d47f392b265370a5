"""Catches scanners that type: their keys become a scan wherever the focus is; typing is left alone."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from desk_app.scanning.burst import Burst, BurstSettings, Outcome
from ui.widgets.fields import TAKES_SCANS

GROUP_SEPARATOR = "\x1d"
ENDS = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}
_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_COMMANDS = _CTRL | _ALT | Qt.KeyboardModifier.MetaModifier
_ALT_GR = _CTRL | _ALT  # as Windows reports it


@dataclass(frozen=True, slots=True)
class _Held:
    """A key event that waits; releases are not `fed` to the burst."""

    window: QWindow
    event: QKeyEvent
    fed: bool


class KeyScans(QObject):
    """Watches the keys of the window with the focus; `scanned` carries a scan's text with its separators.

    A field with the property `takesScans` gets a scanner's keys like any other. It watches until `stop`.
    """

    scanned = Signal(str)

    def __init__(self, app: QGuiApplication, settings: BurstSettings | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._burst = Burst(settings)
        self._held: list[_Held] = []
        self._replaying = False
        self._patience = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._patience.timeout.connect(self._silence_after_the_queue)
        self._last_look = QTimer(self, singleShot=True, interval=0)
        self._last_look.timeout.connect(self._silence)
        app.focusWindowChanged.connect(self._watch)
        self._watch(app.focusWindow())

    def stop(self) -> None:
        """Watch no window any more; keys that were held are let go of."""
        self._app.focusWindowChanged.disconnect(self._watch)
        for window in self._app.allWindows():
            window.removeEventFilter(self)
        self._patience.stop()
        self._last_look.stop()
        self._held.clear()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold back what may be a scan. Seen at the window, a key passes here once, before any field."""
        if self._replaying or not isinstance(event, QKeyEvent) or not isinstance(watched, QWindow):
            return False
        if event.type() is QEvent.Type.KeyPress:
            return self._press(watched, event)
        if event.type() is QEvent.Type.KeyRelease and self._held:
            self._held.append(_Held(watched, event.clone(), fed=False))
            return True
        return False

    def _watch(self, window: QWindow | None) -> None:
        if window:
            window.installEventFilter(self)

    def _press(self, window: QWindow, event: QKeyEvent) -> bool:
        """Whether the key is held or taken."""
        text = _text(event)
        if text is None:
            return False
        if not text or _focus_takes_scans():
            self._silence()
            return False
        self._held.append(_Held(window, event.clone(), fed=True))
        outcome = self._burst.key(text, event.timestamp() or time.monotonic_ns() // 1_000_000)
        passes = outcome == Outcome(None, (text,)) and len(self._held) == 1
        if passes:
            self._held.clear()
        self._settle(outcome)
        return not passes

    def _silence_after_the_queue(self) -> None:
        """Key events that wait in the queue of a busy window come first."""
        self._last_look.start()

    def _silence(self) -> None:
        if self._burst.waiting:
            self._settle(self._burst.silence())

    def _settle(self, outcome: Outcome) -> None:
        """Report a scan, give typed keys to the field, keep the rest waiting."""
        self._take(len(outcome.taken or ""))
        typed = self._take(len(outcome.given_back))
        self._last_look.stop()
        if self._burst.waiting:
            self._patience.start(self._burst.patience_ms)
        else:
            self._patience.stop()
            typed += self._releases_left()
        self._replay(typed)
        if outcome.taken:
            self.scanned.emit(outcome.taken)

    def _take(self, keys: int) -> list[_Held]:
        """Remove as many keys from the front, with the releases among them."""
        taken: list[_Held] = []
        while self._held and keys:
            keys -= self._held[0].fed
            taken.append(self._held.pop(0))
        return taken

    def _releases_left(self) -> list[_Held]:
        """All that remains when nothing waits: releases, and the Enter of a scan, which belongs to nobody."""
        left = [held for held in self._held if not held.fed]
        self._held.clear()
        return left

    def _replay(self, typed: list[_Held]) -> None:
        self._replaying = True
        try:
            for held in typed:
                if isValid(held.window):  # it may have been closed while the key waited
                    QCoreApplication.sendEvent(held.window, held.event)
        finally:
            self._replaying = False


def _text(event: QKeyEvent) -> str | None:
    """What a key may add to a scan; "" for a key no scanner sends; None for Shift and its like."""
    if not event.text() and event.key() in _MODIFIERS:
        return None
    if event.isAutoRepeat():
        return ""
    if event.key() == Qt.Key.Key_BracketRight and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return GROUP_SEPARATOR
    commands = event.modifiers() & _COMMANDS
    if commands and commands != _ALT_GR and not "\x1c" <= event.text() <= "\x1f":
        return ""
    text = ENDS.get(Qt.Key(event.key())) if event.key() in ENDS else event.text()
    return text if text and len(text) == 1 else ""


_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)


def _focus_takes_scans() -> bool:
    focus = QApplication.focusWidget()
    return bool(focus and focus.property(TAKES_SCANS))
