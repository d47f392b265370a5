"""One scanner: it types, or it is on a serial port that is set here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desk_app.readers import BAUDS, FRAMES, JOBS, ReaderSettings
from desk_app.texts import N_, Speaker
from ui.pages.settings.ports import words_of
from ui.port_scanner import PortNow
from ui.widgets import SIZES, Button, Choice, Form, Text, TextField, column, row

if TYPE_CHECKING:
    from desk_app.scanning.ports import Port

JOB_WORDS = {"": N_("The page on show"), "window": N_("Window"), "dock": N_("Dock"), "bench": N_("Bench")}
ANSWERS = {"": N_("No answer (usual)"), "yes": N_("ACK or NAK")}
SET = ("job", "baud", "frame", "answers")  # what only a scanner on a port has
LATER = ("job", "answers")  # what the first start leaves to the settings, and to the search


class FoundPorts(Choice):
    """The ports that are there when it is opened; what is set stays chosen."""

    opened = Signal()

    def showPopup(self) -> None:
        self.opened.emit()
        super().showPopup()


class ReaderForm(QWidget):
    """`reader` is None for a scanner that types. `changed` tells each choice at once.

    Among several it has a head, which asks to be `opened` or `removed`, and shows the rest when open.
    `short`: no port but those that are found can be set, and the least about it.
    """

    changed = Signal()
    opened = Signal()
    removed = Signal()

    def __init__(
        self,
        say: Speaker,
        ports: Callable[[], Sequence[Port]],
        place: Callable[[ReaderSettings], str],
        short: bool,
    ) -> None:
        super().__init__()
        self._say, self._ports, self._place, self._short = say, ports, place, short
        self.reader: ReaderSettings | None = None
        self.found, self.port = FoundPorts(), TextField()
        self.job = Choice([(job, say(JOB_WORDS[job])) for job in JOBS])
        self.baud = Choice([(str(baud), str(baud)) for baud in BAUDS])
        self.frame = Choice([(frame, frame) for frame in FRAMES])
        self.answers = Choice([(answer, say(words)) for answer, words in ANSWERS.items()])
        self.name, self.state = Text("", "strong"), Text("", "caption")
        self.state.hide()
        self.edit = Button("", "pencil", kind="quiet", name=say("Show its settings"))
        self.remove = Button("", "trash-2", kind="quiet", name=say("Remove this scanner"))
        self.form = self._make_form()
        head = row(column(self.name, self.state, spacing=0), self.edit, self.remove, spacing=SIZES.xs)
        head.setStretch(0, 1)
        self.setLayout(column(head, self.form, spacing=SIZES.s))
        self._connect()

    def show_reader(self, reader: ReaderSettings | None) -> None:
        """Show what is set."""
        self.reader = reader
        shown = reader or ReaderSettings("")
        self.job.set_value(shown.job)
        self.baud.set_value(str(shown.baud))
        self.frame.set_value(shown.frame)
        self.answers.set_value("yes" if shown.answers else "")
        self.reload()

    def reload(self) -> None:
        """Offer the ports that are there."""
        now = self._place(self.reader) if self.reader else ""
        named = {port.device: port.name for port in self._ports()}
        named.setdefault(now, "")
        options = [("", self._say("Types like a keyboard (usual)"))]
        options += [(device, _titled(device, name)) for device, name in named.items() if device]
        self.found.set_options(options)
        self.found.set_value(now)
        self.port.setText(now)
        self.name.setText(" · ".join(self._title(now, named[now])))
        for key in SET:
            shown = self.reader is not None and not (self._short and key in LATER)
            _show_with_label(self.form.field(key), shown)
        _show_with_label(self.port, not self._short)

    def show_among(self, several: bool, is_open: bool) -> None:
        """Stand alone, or among others with a head."""
        for part in (self.name, self.remove):
            part.setVisible(several)
        self.edit.setVisible(several and not is_open)
        self.form.setVisible(is_open or not several)

    def show_state(self, now: PortNow) -> None:
        """Say how the port is; nothing while nothing is known of it."""
        tone, words = words_of(now, self._say)
        self.state.setVisible(bool(words))
        self.state.set_tone(tone)
        self.state.setText(words)

    def use(self, device: str) -> None:
        """Set another port, and remember what is plugged in there; "" for a scanner that types."""
        there = next((port for port in self._ports() if port.device == device), None)
        usb, socket = (there.usb, there.place) if there else ("", "")
        if not device:
            self.reader = None
        elif self.reader is None or self._place(self.reader) != device:
            self.reader = replace(self.reader or ReaderSettings(device), port=device, usb=usb, place=socket)

    def _title(self, device: str, name: str) -> tuple[str, ...]:
        if not self.reader:
            return (self._say("New scanner"),)
        job = (self._say(JOB_WORDS[self.reader.job]),) if self.reader.job else ()
        return (_titled(device, name), *job)

    def _make_form(self) -> Form:
        say, form = self._say, Form(2)
        names = say(
            "Such as {linux} or {windows}; empty for scanners that type", linux="/dev/ttyACM0", windows="COM3"
        )
        bits = say("Data bits, parity (N none, E even, O odd), stop bits")
        form.add("found", say("How the scanner is connected"), self.found, span=2)
        form.add("port", say("Serial port"), self.port, hint=names)
        form.add("job", say("Its scans are for"), self.job)
        form.add("baud", say("Speed"), self.baud)
        form.add("frame", say("Format"), self.frame, hint=bits)
        form.add("answers", say("After each scan it gets"), self.answers)
        return form

    def _connect(self) -> None:
        self.found.activated.connect(self._keep_found)
        self.port.editingFinished.connect(self._keep_port)
        for field in (self.job, self.baud, self.frame, self.answers):
            field.activated.connect(self._keep_set)
        self.edit.clicked.connect(self.opened)
        self.remove.clicked.connect(self.removed)

    def _keep_found(self) -> None:
        self._keep_device(self.found.value())

    def _keep_port(self) -> None:
        self._keep_device(self.port.text().strip())

    def _keep_device(self, device: str) -> None:
        before = self.reader
        self.use(device)
        if self.reader != before:
            self.changed.emit()

    def _keep_set(self) -> None:
        before = self.reader
        if before:
            self.reader = replace(
                before,
                job=self.job.value(),
                baud=int(self.baud.value()),
                frame=self.frame.value(),
                answers=bool(self.answers.value()),
            )
        if self.reader != before:
            self.changed.emit()


def _titled(device: str, name: str) -> str:
    return f"{device} · {name}" if name else device


def _show_with_label(field: QWidget, shown: bool) -> None:
    place = field.parentWidget()
    assert place is not None, "a form puts its fields beside their labels"
    place.setVisible(shown)
