"""The question before what cannot be undone, at the foot of the page; for nothing else, never a dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame

from desk_app.texts import Speaker
from ui.theme import SIZES, Tone
from ui.widgets.base import Icon, Text, column, row
from ui.widgets.button import Button
from ui.widgets.flow import Flow
from ui.widgets.page import Page

TALL = 56


class Confirm(QFrame):
    """Says what will happen. `kept` on Esc or the button with the focus, `chosen` on the red one.

    For gloves: tall buttons far apart, the harmless one at the end where a page's next step usually is; and
    the red one sleeps until the second tap of a double tap is over.
    """

    chosen = Signal()
    kept = Signal()

    def __init__(self, say: Speaker, words: str, detail: str, danger: str) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self.setAccessibleDescription(detail)
        self.danger = Button(danger, "trash-2", kind="danger")
        self.keep = Button(say("Keep"), "x", "Esc", "primary")
        for button in (self.danger, self.keep):
            button.setMinimumHeight(TALL)
        self.danger.setEnabled(False)
        QTimer.singleShot(QApplication.doubleClickInterval(), self, self._wake)
        self.danger.clicked.connect(self.chosen)
        self.keep.clicked.connect(self.kept)
        self.setFocusProxy(self.keep)
        told = column(Text(words, "section"), Text(detail), spacing=SIZES.xs)
        line = row(Icon("triangle-alert", 28, Tone.WRONG), told, spacing=SIZES.l)
        line.setStretch(1, 1)
        whole = column(line, Flow(self.danger, self.keep, spacing=SIZES.xxl, right=True))
        whole.setContentsMargins(SIZES.xl, SIZES.l, SIZES.xl, SIZES.l)
        self.setLayout(whole)

    def _wake(self) -> None:
        self.danger.setEnabled(True)


def confirm(page: Page, words: str, detail: str, danger: str, act: Callable[[], object]) -> Confirm:
    """Ask at the foot of a page before `act`, which cannot be undone.

    `words` ask, `detail` says what will happen, `danger` stands on the red button. The question goes away
    with an answer, with the next scan and when the page is left.
    """
    asked = Confirm(page.say, words, detail, danger)

    def go_on() -> None:
        page.put_away()
        act()

    asked.chosen.connect(go_on)
    asked.kept.connect(page.put_away)
    page.show_foot(asked)
    return asked
