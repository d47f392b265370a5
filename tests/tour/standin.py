"""A small desk window in a process of its own, for the tests of the tour's tools: `standin.py PORT`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from desk_app.readers import ReaderSettings
from desk_app.scanning.reading import Scan, Source, hear
from desk_app.scanning.serial_port import SerialReader
from desk_app.texts import speaker
from ui.hub import Hub
from ui.keys import KeyScans
from ui.main_window import MainWindow
from ui.sound import BeepDevice, Sounds
from ui.tasks import Tasks
from ui.theme import Scheme, Theme, Tone
from ui.widgets import (
    Alone,
    Answer,
    AnswerField,
    Button,
    Card,
    Checklist,
    Chip,
    Choice,
    ChoiceTiles,
    Column,
    Facts,
    Form,
    Moment,
    NumberField,
    Option,
    Page,
    PasswordField,
    Point,
    RowModel,
    TableView,
    TextArea,
    TextField,
    Tick,
    Timeline,
    Tools,
)


class ScanPage(Page):
    """Shows what was scanned, counts it, and lists it."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, "Stand-in dock", "Scan anything")
        self.field = AnswerField("Ready", "Scan a waybill")
        self.rows: list[str] = []
        columns = [Column("Number", 80, lambda row: str(row[0])), Column("Code", 300, lambda row: row[1])]
        self.model = RowModel(columns, lambda: len(self.rows), self._fetch)
        self.body.addWidget(self.field)
        self.body.addWidget(TableView("Scans", self.model))

    def scanned(self, scan: Scan) -> bool:
        self.rows.append(scan.raw)
        self.field.show_answer(Answer.GOOD, "Received", f"{scan.raw} {len(self.rows)}")
        self.model.reload()
        self.tools.shell.answer(Tone.GOOD, f"Received {scan.raw}")
        self.tools.shell.toast(f"Number {len(self.rows)}")
        return True

    def _fetch(self, offset: int, limit: int) -> list[tuple[int, str]]:
        return list(enumerate(self.rows, 1))[offset : offset + limit]


class FormPage(Page):
    """One field of each kind, and a button that says what they hold."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, "Stand-in form")
        self.form = Form(2)
        self.form.add("name", "Customer", TextField())
        self.form.add("code", "Waybill", TextField(scans=True))
        self.form.add("secret", "Password", PasswordField())
        self.form.add("kind", "Kind", Choice([("repair", "Repair"), ("return", "Return")]))
        self.form.add("minutes", "Minutes", NumberField(unit="min"))
        self.form.add("reason", "Reason", TextArea(), span=2)
        self.form.add("sure", "Sure", Tick("I am sure"))
        self.tiles = ChoiceTiles("Grade", [Option("A", "As new", "Sealed"), Option("B", "Opened")])
        self.checklist = Checklist(self.say, [Point("case", "Housing whole"), Point("on", "Switches on")])
        self.told = Facts([("Held", "nothing yet")])
        self.chip = Chip("Calm")
        self.story = Timeline([Moment("Opened", "08:40", "Li", "by hand")])
        self.add_actions(self.chip, Button("Keep", "save", "F8", "primary"))
        keep = self.actions_row.itemAt(1).widget()
        keep.clicked.connect(self._keep)
        self.keys_to(self.checklist)
        for part in (self.form, Card("Grade", self.tiles), self.checklist, self.told, self.story):
            self.body.addWidget(part)

    def _keep(self) -> None:
        held = {**self.form.texts(), "grade": self.tiles.value(), **self.checklist.answers()}
        if not held["name"]:
            self.form.show_error("name", "Write a name")
            return
        self.form.clear_errors()
        self.told.set_pairs(list(held.items()))
        self.chip.show_status("Kept", Tone.GOOD)


class Port(QObject):
    """Brings the scans of the serial line to the window."""

    scanned = Signal(str)


def main() -> int:
    """Open the window; ends when it is closed or the process is told to end."""
    app = QApplication(sys.argv)
    window = MainWindow(speaker("en"), Tasks(app), Hub(app), Sounds(BeepDevice(lambda: None)))
    Theme(app, Path(tempfile.mkdtemp())).apply(Scheme.LIGHT)
    keys, port = KeyScans(app), Port()
    for signal, source in ((keys.scanned, Source.KEYBOARD), (port.scanned, Source.SERIAL_PORT)):
        signal.connect(lambda text, source=source: window.take_scan(hear(text, source, 0)))
    reader = SerialReader(ReaderSettings(sys.argv[1]), port.scanned.emit, lambda _state, _port: None)
    reader.start()
    window.add_page("dock", "Dock", "truck", ScanPage, "Alt+1")
    window.add_page("form", "Form", "pencil", FormPage, "Alt+2")
    window.show_sign("person", Tone.NEUTRAL, "林晓雯")
    begin = Button("Begin", "log-in")
    begin.clicked.connect(lambda: window.enter("dock"))
    window.show_bare(Alone("Stand-in", "Press to begin", begin))
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
