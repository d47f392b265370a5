"""The last two cards of the first start: try the scanner, try the printer. One key leaves each for later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication

from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.scanning.reading import Source
from desk_app.scanning.wedge import wedge_of
from desk_app.settings import Settings
from desk_app.texts import Speaker
from ui.keys import KeyScans
from ui.pages.settings.printer_test import PrinterTest
from ui.pages.settings.readers import ReaderList
from ui.pages.settings.scanner_test import BESIDE, ScannerTest
from ui.port_scanner import PortScanners
from ui.services import Setup
from ui.tasks import Tasks
from ui.widgets import Alone, Answer, Button, StepBar, Text, Tone, row

LATER_KEY, NEXT_KEY = "Esc", "Ctrl+Return"


def steps(say: Speaker, current: int) -> StepBar:
    """Where one is in the first start."""
    return StepBar(
        say("First start"), [say("Language"), say("Store"), say("Scanner"), say("Printer")], current
    )


class DeviceCard(Alone):
    """A device to try. Later and Next lead on alike: what was found out is kept already."""

    def __init__(self, say: Speaker, title: str, detail: str, step: int, go_on: Callable[[], object]) -> None:
        super().__init__(title, detail, aside=steps(say, step))
        self.say = say
        self.later = Button(say("Later"), "clock", LATER_KEY, kind="quiet")
        self.next = Button(say("Go on"), "arrow-right", NEXT_KEY, kind="primary")
        for button in (self.later, self.next):
            button.clicked.connect(lambda: go_on())

    def add_foot(self) -> None:
        """The two ways on, below what is tried."""
        hint = Text(self.say("Both tests stand in the settings, too"), "caption", wrap=False)
        self.body.addLayout(row(self.later, 1, hint, self.next))


class ScannerCard(DeviceCard):
    """Reads what types and what is on the port that is chosen, while it is on show."""

    def __init__(self, say: Speaker, settings: Settings, setup: Setup, go_on: Callable[[], object]) -> None:
        super().__init__(
            say, say("Does the scanner work?"), say("Scan once. Nothing is recorded here."), 2, go_on
        )
        self.test = ScannerTest(say, setup.devices, settings, BESIDE, self._failed)
        self.readers = ReaderList(say, settings, setup.devices, self._failed, short=True)
        self.trouble = Text("", "", Tone.WRONG)
        self.trouble.hide()
        self._settings = settings
        self._ports = PortScanners(settings, setup.open_reader, self)
        self._keys: KeyScans | None = None
        self._ports.sent.connect(self._sent)
        self._ports.states_changed.connect(self.readers.show_states)
        self.readers.chosen.connect(self._ports.open)
        self.readers.wanted.connect(self._ports.lend)
        self.readers.told.connect(self.test.show_step)
        self.test.tried.connect(self._tried)
        for part in (self.test, self.readers, self.trouble):
            self.body.addWidget(part)
        self.add_foot()
        self.setFocusProxy(self.test.target)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._keys is None:
            self._keys = KeyScans(_application(), partial(wedge_of, self._settings))
            self._keys.scanned.connect(self._typed)
            self._ports.open()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._keys and not event.spontaneous():
            self._keys.stop()
            self._keys = None
            self._ports.close()

    def _sent(self, text: str, _job: str) -> None:
        self.test.hear(text, Source.SERIAL_PORT)

    def _typed(self, text: str) -> None:
        self.test.hear(text, Source.KEYBOARD)

    def _tried(self, answer: Answer) -> None:
        if answer is Answer.GOOD:
            self.next.setFocus()

    def _failed(self, error: ShownError) -> None:
        self.trouble.setText(sentence(error, self.say))
        self.trouble.show()


class PrinterCard(DeviceCard):
    """A page and a label, as PDF files."""

    def __init__(
        self, say: Speaker, settings: Settings, setup: Setup, tasks: Tasks, go_on: Callable[[], object]
    ) -> None:
        super().__init__(say, say("Do papers look right?"), "", 3, go_on)
        self.test = PrinterTest(say, tasks, setup.devices, lambda: settings.desk_name)
        self.body.addWidget(self.test)
        self.add_foot()
        self.setFocusProxy(self.test.page)


def _application() -> QGuiApplication:
    found = QApplication.instance()
    assert isinstance(found, QGuiApplication)
    return found
