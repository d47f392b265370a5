"""Asks which one of the codes in a picture is meant."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget

from desk_app.scanning.pictures import Code
from desk_app.scanning.reading import Kind, read
from desk_app.texts import Speaker
from ui.pages import words
from ui.pages.codes import KINDS
from ui.widgets import SIZES, Button, ChoiceTiles, Option, Text, column
from ui.widgets.flow import Flow
from ui.widgets.scan_bar import shortened

LONGEST_SHOWN = 60


class FoundCodes(QWidget):
    """`chosen` carries the code: by a digit, a touch, or Enter; `closed` comes with Esc."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, say: Speaker, codes: Sequence[Code]) -> None:
        super().__init__()
        self._codes = codes
        title = say("{n} codes in the picture. Which one?", n=say.number(len(codes)))
        self.tiles = ChoiceTiles(title, [_option(say, *each) for each in enumerate(codes)], columns=2)
        self.tiles.set_value("0")
        self.use = Button(say("Use this code"), "check", kind="primary")
        self.close_button = Button(say("Use none"), "x", "Esc")
        self.use.clicked.connect(self._use)
        self.close_button.clicked.connect(self.closed)
        self.setAccessibleName(title)
        self.setFocusProxy(self.tiles.tiles[0])
        hint = Text(say("A digit chooses, Enter uses it"), "muted")
        self._lay_out(column(Text(title, "section"), hint, spacing=0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._use()
        elif not self.tiles.take_key(event):
            super().keyPressEvent(event)

    def _use(self) -> None:
        self.chosen.emit(self._codes[int(self.tiles.value())])

    def _lay_out(self, head: QLayout) -> None:
        inside, scroll = QWidget(), QScrollArea()
        inside.setLayout(column(self.tiles, 1))
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        foot = Flow(self.close_button, self.use, right=True)
        whole = column(head, scroll, foot, spacing=SIZES.l)
        whole.setStretch(1, 1)
        whole.setContentsMargins(SIZES.xl, SIZES.l, SIZES.xl, SIZES.xl)
        self.setLayout(whole)


def _option(say: Speaker, number: int, code: Code) -> Option:
    reading = read(code.text, code.aim)[0]
    carrier = words.carrier(say, reading.carrier) if reading.carrier else ""
    text = reading.value if reading.kind is Kind.GS1 else code.text  # its parts stand apart there
    return Option(
        str(number), shortened(text, LONGEST_SHOWN), words.joined(say(KINDS[reading.kind]), carrier)
    )
