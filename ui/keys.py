"""Catches scanners that type: their keys become a scan wherever the focus is; typing is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from desk_app.scanning.burst import Burst, Outcome
from desk_app.scanning.wedge import Mender, Wedge
from ui.arrivals import Arrivals
from ui.composing import Composing, written
from ui.widgets.fields import TAKES_KEYS, TAKES_SCANS

GROUP_SEPARATOR = "\x1d"
ENDS = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}
PAUSE_MS = 400  # between a key and what an input method writes, whose clocks differ: more is no scan
_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_COMMANDS = _CTRL | _ALT | Qt.KeyboardModifier.MetaModifier
_ALT_GR = _CTRL | _ALT  # as Windows reports it


@dataclass(slots=True)
class _Held:
    """An event that waits, and how many characters of it the burst was fed with.

    A composed letter has no event of its own: the field shows it already.
    """

    target: QObject
    event: QKeyEvent | QInputMethodEvent | None
    text: str = ""

    @property
    def is_echo(self) -> bool:
        """Whether it writes what was struck, and counted, while it was composed."""
        return isinstance(self.event, QInputMethodEvent) and not self.text


class KeyScans(QObject):
    """Watches the keys of the window with the focus; `scanned` carries a scan's text with its separators.

    What the scanner adds is taken off and its layout repaired, as `wedge` says at that moment. A field with
    the property `takesScans` gets the scan typed into it instead, one with `takesKeys` every key as it comes.
    `rested` tells that codes come right without the repair. It watches until `stop`.
    """

    scanned = Signal(str)
    rested = Signal()

    def __init__(
        self, app: QGuiApplication, wedge: Callable[[], Wedge] = Wedge, arrivals: Arrivals | None = None
    ) -> None:
        super().__init__(app)
        self._app, self._wedge, self._mender = app, wedge, Mender(wedge)
        self._burst = Burst()
        self._composing = Composing()
        self._arrivals = arrivals or Arrivals(self)
        self._arrived_at, self._was_stamped = 0, True
        self._held: list[_Held] = []
        self._replaying = False
        self._patience = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._patience.timeout.connect(self._silence_after_the_queue)
        self._last_look = QTimer(self, singleShot=True, interval=0)
        self._last_look.timeout.connect(self._silence)
        self._field: QObject | None = None
        app.focusWindowChanged.connect(self._watch)
        app.focusObjectChanged.connect(self._watch_field)
        self._watch(app.focusWindow())
        self._watch_field(app.focusObject())

    def stop(self) -> None:
        """Watch no window any more; keys that were held are let go of."""
        self._app.focusWindowChanged.disconnect(self._watch)
        self._app.focusObjectChanged.disconnect(self._watch_field)
        self._watch_field(None)
        for window in self._app.allWindows():
            window.removeEventFilter(self)
        self._patience.stop()
        self._last_look.stop()
        self._held.clear()
        self._rest()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold back what may be a scan. Seen at the window, a key passes here once, before any field."""
        if isinstance(event, QInputMethodEvent) and self._composing.is_clearing:
            return bool(event.commitString())  # what an input method gives up is held already
        if self._replaying:
            return False
        if isinstance(event, QInputMethodEvent):
            return watched is self._field and self._compose(watched, event)
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWindow):
            return False
        if event.type() is QEvent.Type.KeyPress:
            return self._press(watched, event)
        if event.type() is QEvent.Type.KeyRelease and self._held:
            self._held.append(_Held(watched, event.clone()))
            return True
        return False

    def _watch(self, window: QWindow | None) -> None:
        if window:
            window.installEventFilter(self)

    def _watch_field(self, field: QObject | None) -> None:
        """Input methods write into the field itself, past its window."""
        if self._field and isValid(self._field) and self._field is not field:
            self._field.removeEventFilter(self)
        self._field = None if isinstance(field, QWindow) else field
        if self._field:
            self._field.installEventFilter(self)

    def _press(self, window: QWindow, event: QKeyEvent) -> bool:
        """Whether the key is held or taken."""
        text = _text(event)
        if text is None:
            return False
        if not text or self._goes_to_the_field():
            self._silence()
            return False
        self._begin()
        self._held.append(_Held(window, event.clone(), text))
        return self._feed(text, event.timestamp())

    def _compose(self, field: QObject, event: QInputMethodEvent) -> bool:
        """Whether what an input method does to the field is held or taken."""
        text = None if self._goes_to_the_field() else self._composing.take(event)
        if text is None:
            self._silence()
            return False
        writes = bool(event.commitString())
        if not text and not (writes and self._held):
            return False
        self._begin()
        self._arrivals.begin()
        self._held.append(_Held(field, event.clone() if writes else None, text))
        if not text:
            return True
        is_kept = self._feed(text, 0, is_prompt=self._arrivals.is_prompt())
        if self._held and self._composing.is_scanned(self._burst):
            self._stop_composing(field)
        return writes and is_kept

    def _begin(self) -> None:
        if not self._burst.waiting:
            self._burst.use(self._wedge().pace)

    def _feed(self, text: str, stamp: int, is_prompt: bool = True) -> bool:
        """Whether the key that was held last stays so."""
        self._compare_clocks(stamp, is_prompt)
        outcome = self._burst.key(text, stamp or self._arrived_at)
        passes = outcome == Outcome(None, (text,)) and len(self._held) == 1
        if passes:
            self._held.clear()
        self._settle(outcome)
        return not passes

    def _compare_clocks(self, stamp: int, is_prompt: bool) -> None:
        """Time stamps and arrivals are two clocks: between one and the other only a long pause is known."""
        now, is_stamped = self._arrivals.now(), stamp > 0
        if is_stamped != self._was_stamped or not is_prompt:
            if now - self._arrived_at > PAUSE_MS:
                held = self._held.pop()
                self._settle(self._burst.silence())
                self._held.append(held)
            self._burst.lose_time()
        self._arrived_at, self._was_stamped = now, is_stamped

    def _goes_to_the_field(self) -> bool:
        """Whether the field with the focus gets a scan's keys just as they come."""
        focus = QApplication.focusWidget()
        if focus is None or not (focus.property(TAKES_KEYS) or focus.property(TAKES_SCANS)):
            return False
        return bool(focus.property(TAKES_KEYS)) or not self._wedge().mends

    def _stop_composing(self, field: QObject) -> None:
        for held in self._held:
            held.event = held.event or written(held.text)
        self._composing.stop(field)

    def _silence_after_the_queue(self) -> None:
        """Key events that wait in the queue of a busy window come first."""
        self._last_look.start()

    def _silence(self) -> None:
        if self._burst.waiting:
            self._settle(self._burst.silence())

    def _settle(self, outcome: Outcome) -> None:
        """Report a scan, give typed keys to the field, keep the rest waiting."""
        scan = self._take(len(outcome.taken or ""))
        while scan and self._held and self._held[0].is_echo:
            scan.append(self._held.pop(0))
        typed = self._take(sum(map(len, outcome.given_back)))
        ends = [held for held in self._held if outcome.taken and held.text in ENDS.values()]
        self._last_look.stop()
        if self._burst.waiting:
            self._patience.start(self._burst.patience_ms)
        else:
            self._patience.stop()
            typed += self._releases_left()
        self._clear(scan)
        self._replay(typed)
        if outcome.taken:
            self._report(outcome.taken, ends)
        if not self._burst.waiting:
            self._rest()

    def _report(self, taken: str, ends: list[_Held]) -> None:
        rested = self._mender.rests
        code = self._mender.mend(taken)
        focus = QApplication.focusWidget()
        if focus and focus.property(TAKES_SCANS):
            keys = [_Held(focus, QKeyEvent(QEvent.Type.KeyPress, 0, _PLAIN, letter)) for letter in code]
            self._replay([*keys, *ends])
        else:
            self.scanned.emit(code)
        if self._mender.rests and not rested:
            self.rested.emit()

    def _clear(self, scan: list[_Held]) -> None:
        """Take from the field what an input method composed of a scan."""
        for field in {held.target for held in scan if not isinstance(held.target, QWindow)}:
            if isValid(field):
                self._composing.clear(field)

    def _rest(self) -> None:
        self._arrivals.end()
        self._composing.go_on()

    def _take(self, characters: int) -> list[_Held]:
        """Remove so many characters from the front, with the releases among them."""
        taken: list[_Held] = []
        while self._held and characters:
            characters -= len(self._held[0].text)
            taken.append(self._held.pop(0))
        return taken

    def _releases_left(self) -> list[_Held]:
        """All that remains when nothing waits: releases, and the Enter of a scan, which belongs to nobody."""
        left = [held for held in self._held if not held.text]
        self._held.clear()
        return left

    def _replay(self, typed: list[_Held]) -> None:
        self._replaying = True
        try:
            for held in typed:
                if held.event and isValid(held.target):  # it may have been closed while the key waited
                    QCoreApplication.sendEvent(held.target, held.event)
        finally:
            self._replaying = False


def _text(event: QKeyEvent) -> str | None:
    """What a key may add to a scan; "" for a key no scanner sends; None for Shift, accents and their like."""
    if not event.text() and (event.key() in _MODIFIERS or event.key() in _ACCENTS):
        return None
    if event.isAutoRepeat():
        return ""
    if event.key() == Qt.Key.Key_BracketRight and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return GROUP_SEPARATOR
    commands = event.modifiers() & _COMMANDS
    if commands and commands != _ALT_GR and not "\x1c" <= event.text() <= "\x1f":
        return ""
    return ENDS[Qt.Key(event.key())] if event.key() in ENDS else event.text()


_PLAIN = Qt.KeyboardModifier.NoModifier
_ACCENTS = range(Qt.Key.Key_Dead_Grave, Qt.Key.Key_Dead_Longsolidusoverlay + 1)
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
