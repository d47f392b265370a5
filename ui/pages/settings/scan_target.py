"""Where a scanner is tried: takes keys as they come, one by one, with their times, and tells how it went."""

from __future__ import annotations

import time
from itertools import pairwise

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent

from desk_app.scanning.diagnosis import Heard
from ui.keys import ENDS
from ui.theme import SIZES, look
from ui.widgets import AnswerField
from ui.widgets.base import paint_panel
from ui.widgets.fields import TAKES_KEYS

PAUSE_MS = 600  # without a key, and the scan is over; slow scanners are to be shown too
LINE_FEED_MS = 150  # in which a second end, the LF of CR LF, may come
SHORTEST = 3
NO_SCANNER_SENDS = frozenset((Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Delete))


class ScanTarget(AnswerField):
    """While it has the focus a scan's raw keys go nowhere else; `heard` carries a `Heard`."""

    heard = Signal(object)

    def __init__(self, words: str, detail: str = "") -> None:
        super().__init__(words, detail)
        self._keys: list[tuple[str, int | None]] = []
        self._over = QTimer(self, singleShot=True)
        self._over.timeout.connect(self._finish)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(TAKES_KEYS, True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)  # so that one that takes keys is seen

    def event(self, event: QEvent) -> bool:
        """A Tab in the middle of a scan belongs to it; alone it leads on."""
        pressed = self._keys and event.type() is QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = _text(event)
        if not text or (not self._keys and text in ENDS.values()):
            super().keyPressEvent(event)
            return
        self._take(text, event.timestamp() or time.monotonic_ns() // 1_000_000)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        for letter in event.commitString():
            self._take(letter, None)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._finish()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            where = QRectF(self.rect()).adjusted(3, 3, -3, -3)
            paint_panel(QPainter(self), where, "", look().colours.accent, 3, SIZES.radius_large - 3)

    def _take(self, text: str, at_ms: int | None) -> None:
        ends = text in ENDS.values() or text == "\n"
        if self._keys and _is_end(self._keys[-1][0]) and not ends:
            self._finish()
        self._keys.append((text, at_ms))
        self._over.start(LINE_FEED_MS if ends else PAUSE_MS)

    def _finish(self) -> None:
        self._over.stop()
        keys, self._keys = self._keys, []
        text = "".join(key for key, _ in keys)
        code = text.rstrip("\r\n\t")
        if len(code) >= SHORTEST:
            self.heard.emit(Heard(code, text[len(code) :], _gaps([at for _, at in keys])))


def _is_end(text: str) -> bool:
    return text in ("\r", "\n", "\t")


def _text(event: QKeyEvent) -> str:
    """What a key sends; "" for one that no scanner strikes."""
    if event.isAutoRepeat() or event.key() in NO_SCANNER_SENDS:
        return ""
    return ENDS.get(Qt.Key(event.key())) or event.text()


def _gaps(times: list[int | None]) -> tuple[int, ...]:
    """The milliseconds between keys whose times are known."""
    known = [at for at in times if at is not None]
    return tuple(later - earlier for earlier, later in pairwise(known))
