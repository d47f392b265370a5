"""How a scanner is connected: it types, or it is on a serial port with a speed; and how that port is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desk_app.errors import ShownError
from desk_app.settings import BAUDS, Settings
from desk_app.texts import N_, Speaker
from ui.widgets import SIZES, Choice, Form, Text, TextField, Tone, column

if TYPE_CHECKING:
    from desk_app.scanning.ports import Port

STATES = {
    "open": (Tone.NEUTRAL, "scan-barcode", N_("Scanner ready")),
    "missing": (Tone.ATTENTION, "unplug", N_("Scanner not found: is {port} right?")),
    "busy": (Tone.ATTENTION, "unplug", N_("Another program has the scanner's port")),
    "denied": (Tone.ATTENTION, "lock", N_("No right to use {port}")),
    "lost": (Tone.WRONG, "unplug", N_("Scanner unplugged: plug it in again")),
}


class FoundPorts(Choice):
    """The ports that are there when it is opened; what is set stays chosen."""

    opened = Signal()

    def showPopup(self) -> None:
        self.opened.emit()
        super().showPopup()


class PortForm(QWidget):
    """Every choice is kept at once, then `chosen` tells; `failed` is told when it cannot be kept.

    `short`: no port but those that are found can be set, and a speed only for a port.
    """

    chosen = Signal()

    def __init__(
        self,
        say: Speaker,
        settings: Settings,
        ports: Callable[[], Sequence[Port]],
        failed: Callable[[ShownError], object],
        short: bool = False,
    ) -> None:
        super().__init__()
        self._say, self._settings, self._ports, self._failed = say, settings, ports, failed
        self._short = short
        self.found, self.port = FoundPorts(), TextField()
        self.baud = Choice([(str(baud), str(baud)) for baud in BAUDS])
        self.baud.set_value(str(settings.serial_baud))
        self.state = Text("", "caption")
        self._form = self._make_form()
        self.setLayout(column(self._form, self.state, spacing=SIZES.m))
        self.found.opened.connect(self.reload)
        self.found.activated.connect(self._keep_found)
        self.port.editingFinished.connect(self._keep_port)
        self.baud.activated.connect(self._keep_baud)
        self.reload()
        self.show_state("")

    def reload(self) -> None:
        """Look for ports anew."""
        kept = self._settings.serial_port
        named = {port.device: port.name for port in self._ports()}
        named.setdefault(kept, "")
        options = [("", self._say("Types like a keyboard (usual)"))]
        options += [
            (device, f"{device} · {name}" if name else device) for device, name in named.items() if device
        ]
        self.found.set_options(options)
        self.found.set_value(kept)
        self.port.setText(kept)
        _show_with_label(self.baud, bool(kept) or not self._short)
        _show_with_label(self.port, not self._short)

    def show_state(self, state: str) -> None:
        """Say how the port is, a key of `STATES`; "" while nothing is known of one."""
        self.state.setVisible(state in STATES)
        if state in STATES:
            tone, _icon, words = STATES[state]
            self.state.set_tone(Tone.GOOD if state == "open" else tone)
            self.state.setText(self._say(words, port=self._settings.serial_port))

    def _make_form(self) -> Form:
        say, form = self._say, Form(2)
        names = say(
            "Such as {linux} or {windows}; empty for scanners that type", linux="/dev/ttyACM0", windows="COM3"
        )
        form.add("found", say("How the scanner is connected"), self.found, span=2)
        form.add("port", say("Serial port"), self.port, hint=names)
        form.add("baud", say("Speed"), self.baud)
        return form

    def _keep_found(self) -> None:
        self._keep("serial_port", self.found.value())

    def _keep_port(self) -> None:
        self._keep("serial_port", self.port.text().strip())

    def _keep_baud(self) -> None:
        self._keep("serial_baud", int(self.baud.value()))

    def _keep(self, name: str, value: str | int) -> None:
        try:
            before = getattr(self._settings, name)
            setattr(self._settings, name, value)
        except ShownError as error:
            self._failed(error)
        else:
            if before != value:
                self.chosen.emit()
        self.reload()


def _show_with_label(field: QWidget, shown: bool) -> None:
    place = field.parentWidget()
    assert place is not None, "a form puts its fields beside their labels"
    place.setVisible(shown)
