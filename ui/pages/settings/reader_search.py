"""Finding out how a scanner's port is to be set, while the code on show is scanned again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from desk_app.texts import N_, Speaker
from ui.pages.settings.ports import STATES
from ui.services import Devices, Reader
from ui.widgets import Answer

if TYPE_CHECKING:
    from desk_app.scanning.port_assistant import Told

STEPS = {
    "scan": (Answer.IDLE, N_("Scan this code again and again")),
    "other_speed": (Answer.RECOGNISED, N_("It came garbled. Scan again")),
    "other_frame": (Answer.RECOGNISED, N_("The speed is right. Scan again")),
    "other_code": (Answer.ATTENTION, N_("That was another code. Scan the one shown here")),
    "nothing_fits": (Answer.ATTENTION, N_("Nothing fitted yet. Scan on, all is tried once more")),
    "wait": (Answer.RECOGNISED, N_("It came whole. Wait a moment, do not scan")),
    "answered": (Answer.RECOGNISED, N_("The scanner waits for answers. Wait a moment, do not scan")),
    "found": (Answer.GOOD, N_("The scanner works")),
    "deaf": (Answer.WRONG, N_("The scanner does not hear the answer it waits for")),
}
DETAILS = {
    "found": N_("Found and kept: {baud} · {frame}"),
    "deaf": N_("Switch ACK/NAK off in the scanner, or each scan may come twice"),
}
TRYING = N_("Trying {port} with {baud} · {frame}")


class ReaderSearch(QObject):
    """`told` carries a `Told` for every step; the last one ends it."""

    told = Signal(object)
    _heard = Signal(object)  # by the assistant's thread

    def __init__(self, devices: Devices, parent: QObject) -> None:
        super().__init__(parent)
        self._devices = devices
        self._assistant: Reader | None = None
        self._heard.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def is_on(self) -> bool:
        """Whether it listens now."""
        return self._assistant is not None

    def begin(self, ports: Sequence[str]) -> None:
        """Listen on all of them; nobody else may hold them."""
        self._assistant = self._devices.search(ports, self._heard.emit)
        self._assistant.start()

    def stop(self) -> None:
        """Let go of the ports."""
        if self._assistant:
            self._assistant.stop()
            self._assistant = None

    def _tell(self, told: Told) -> None:
        if self.is_on:
            self.told.emit(told)


def step_words(told: Told, say: Speaker) -> tuple[Answer, str, str]:
    """How it goes: for the field beside the code."""
    values: dict[str, Any] = {"port": told.port, "baud": told.baud, "frame": told.frame}
    if told.state != "open":
        return Answer.ATTENTION, say(STATES[told.state][2], port=told.port), ""
    kind, words = STEPS[told.step]
    detail = DETAILS.get(told.step, TRYING)
    return kind, say(words), say(detail, **values)
