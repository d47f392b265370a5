"""Tries the printer with a page and a label. Papers are PDF files for now, and it says so."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.texts import Speaker
from ui.services import Devices
from ui.tasks import Tasks
from ui.widgets import SIZES, Button, Text, Tone, column, row

PAGE_KEY, LABEL_KEY, OPEN_KEY = "F7", "F8", "F9"


class PrinterTest(QWidget):
    """`desk` gives the desk's name for the paper."""

    def __init__(self, say: Speaker, tasks: Tasks, devices: Devices, desk: Callable[[], str]) -> None:
        super().__init__()
        self._say, self._tasks, self._devices, self._desk = say, tasks, devices, desk
        self._path: Path | None = None
        told = say(
            "Papers are PDF files for now: open a file and print it from there. They lie in {folder}",
            folder=devices.folder,
        )
        look = say("On the paper: the ruler is 50 mm long, the code can be scanned, no letter is missing.")
        self.result = Text("")
        self.result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.page = Button(say("Print a test page"), "printer", PAGE_KEY)
        self.label = Button(say("Print a test label"), "tag", LABEL_KEY)
        self.open = Button(say("Open the file"), "eye", OPEN_KEY)
        self.page.clicked.connect(self._print_page)
        self.label.clicked.connect(self._print_label)
        self.open.clicked.connect(self._open)
        buttons = row(self.page, self.label, 1)
        self.setLayout(
            column(Text(told), Text(look, "muted"), buttons, self.result, row(self.open, 1), spacing=SIZES.m)
        )
        self.result.hide()
        self.open.hide()

    def _print_page(self) -> None:
        self._ask(self._devices.print_page(self._desk(), self._say.language))

    def _print_label(self) -> None:
        self._ask(self._devices.print_label(self._desk(), self._say.language))

    def _ask(self, printing: Future[Path]) -> None:
        self._set_busy(True)
        self._tasks.when(printing, self._printed, self._failed)

    def _printed(self, path: Path) -> None:
        self._set_busy(False)
        self._path = path
        self._tell(self._say("Printed to {path}", path=path), Tone.GOOD)
        self.open.show()
        self.open.setFocus()

    def _failed(self, error: ShownError) -> None:
        self._set_busy(False)
        self._tell(sentence(error, self._say), Tone.WRONG)

    def _open(self) -> None:
        if self._path and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path))):
            self._tell(self._say("No program here opens {path}", path=self._path), Tone.ATTENTION)

    def _tell(self, words: str, tone: Tone) -> None:
        self.result.set_tone(tone)
        self.result.setText(words)
        self.result.show()

    def _set_busy(self, busy: bool) -> None:
        for button in (self.page, self.label):
            button.setEnabled(not busy)
