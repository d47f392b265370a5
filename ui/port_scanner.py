"""The reader on the serial port that is set; what it sends and how it is come home to the Qt thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from desk_app.settings import Settings
from ui.services import OpenReader, Reader


class PortScanner(QObject):
    """`sent` carries the text of each scan, `state_changed` a `PortState`; `state` is "" without a port."""

    sent = Signal(str)
    state_changed = Signal(str)
    _read = Signal(str)  # by the reader's thread
    _told = Signal(str)

    def __init__(self, settings: Settings, open_reader: OpenReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._open_reader = settings, open_reader
        self._reader: Reader | None = None
        self.state = ""
        self._read.connect(self.sent, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._changed, Qt.ConnectionType.QueuedConnection)

    def open(self) -> None:
        """Read from the port that is set now, and from no other."""
        self.close()
        settings = self._settings
        if settings.serial_port:
            self._reader = self._open_reader(
                settings.serial_port, settings.serial_baud, self._read.emit, self._told.emit
            )
            self._reader.start()

    def close(self) -> None:
        """Let go of the port."""
        if self._reader:
            self._reader.stop()
            self._reader = None
        self._changed("")

    def _changed(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
