"""A short word at the foot of the page that goes by itself, with an undo where there is one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desk_app.texts import Speaker
from ui.theme import SIZES, Tone, icons, look
from ui.widgets.base import Text, discard, row
from ui.widgets.button import Button
from ui.widgets.scan_bar import ICONS

SHOWN_MS = 5000
SHOWN_WITH_UNDO_MS = 10_000
UNDO_KEY = "Ctrl+Z"


class Toasts(QObject):
    """Shows one toast at a time over the foot of `host`; a newer one takes its place.

    `taken` says how much of the foot must not be covered; call `place` when that changes.
    """

    def __init__(self, host: QWidget, say: Speaker, taken: Callable[[], int] = lambda: 0) -> None:
        super().__init__(host)
        self._host, self.say, self._taken = host, say, taken
        self.shown: Toast | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.clear)
        host.installEventFilter(self)

    def show_toast(
        self, text: str, tone: Tone = Tone.NEUTRAL, undo: Callable[[], object] | None = None
    ) -> None:
        """Say something; Ctrl+Z or the button undoes it while it is there."""
        self.clear()
        self.shown = Toast(self._host, text, tone, self._undo_button(undo) if undo else None)
        self.place()
        self.shown.show()
        self.shown.raise_()
        self._timer.start(SHOWN_WITH_UNDO_MS if undo else SHOWN_MS)

    def clear(self) -> None:
        """Take the toast away."""
        self._timer.stop()
        if self.shown:
            discard(self.shown)
            self.shown = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.place()
        return False

    def _undo_button(self, undo: Callable[[], object]) -> Button:
        button = Button(self.say("Undo"), "undo-2", UNDO_KEY)

        def act() -> None:
            self.clear()
            undo()

        button.clicked.connect(act)
        return button

    def place(self) -> None:
        """Let the toast stand in the middle of what is free."""
        if not self.shown:
            return
        self.shown.setMaximumWidth(self._host.width() - 2 * SIZES.xl)
        self.shown.adjustSize()
        left = (self._host.width() - self.shown.width()) // 2
        below = max(SIZES.xl, self._taken() + SIZES.s)
        self.shown.move(left, self._host.height() - below - self.shown.height())


class Toast(QFrame):
    """The patch itself."""

    def __init__(self, host: QWidget, text: str, tone: Tone, undo: Button | None) -> None:
        super().__init__(host)
        self.setObjectName("toast")
        self.words, self.undo = Text(text), undo
        self.setAccessibleName(text)
        self.words.setMinimumWidth(min(420, self.words.fontMetrics().horizontalAdvance(text) + SIZES.s))
        line = row(_Sign(tone), self.words, undo, spacing=SIZES.m)
        line.setContentsMargins(SIZES.l, SIZES.s, SIZES.m, SIZES.s)
        self.setLayout(line)
        self.setMinimumHeight(52)


class _Sign(QWidget):
    """The tone's drawing on the dark patch."""

    def __init__(self, tone: Tone) -> None:
        super().__init__()
        self._tone = tone
        self.setFixedSize(SIZES.icon, SIZES.icon)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        icon = "info" if self._tone is Tone.NEUTRAL else ICONS[self._tone]
        icons.paint(QPainter(self), icon, look().colours.surface, QRectF(self.rect()))
