"""Tells when nobody has touched the desk for a while: no key, no mouse, no finger, no scan."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

MINUTE_MS = 60_000
TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletMove,
        QEvent.Type.TabletPress,
    }
)


class Idle(QObject):
    """Watches the windows that come to the front until `stop`; `passed` comes after the minutes that are set.

    Scans that come by no key are told by `stir`.
    """

    passed = Signal()

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app)
        self._app = app
        self.timer = QTimer(self, singleShot=True)
        self.timer.timeout.connect(self.passed)
        app.focusWindowChanged.connect(self._watch)
        self._watch(app.focusWindow())

    def set_minutes(self, minutes: int) -> None:
        """Wait so long from now on; 0: for ever."""
        self.timer.setInterval(minutes * MINUTE_MS)
        self.stir()

    def stir(self) -> None:
        """Somebody is here."""
        if self.timer.interval():
            self.timer.start()
        else:
            self.timer.stop()

    def stop(self) -> None:
        """Watch no window any more."""
        self.timer.stop()
        self._app.focusWindowChanged.disconnect(self._watch)
        for window in self._app.allWindows():
            window.removeEventFilter(self)
        self.deleteLater()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in TOUCHES:
            self.stir()
        return False

    def _watch(self, window: QWindow | None) -> None:
        if window:
            window.installEventFilter(self)
