"""The readers on serial ports; what they send and how they are comes home to the Qt thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from desk_app.readers import ReaderSettings
from desk_app.settings import Settings
from ui.services import OpenReader, Reader


@dataclass(frozen=True, slots=True)
class PortNow:
    """How a reader's port is: a `PortState`, "" while nothing is known yet; and what it is called now."""

    state: str
    port: str


class PortScanners(QObject):
    """`sent` carries each scan's text and its reader's job, `states_changed` a `PortNow` for each reader.

    `states` says the latter too, in the order of the settings; while the ports are lent it stays as it was.
    """

    sent = Signal(str, str)
    states_changed = Signal(tuple)
    _read = Signal(object, str)  # by the readers' threads
    _told = Signal(object, str, str)

    def __init__(self, settings: Settings, open_reader: OpenReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._open_reader = settings, open_reader
        self._opened: list[_Opened] = []
        self._is_lent = False
        self.states: tuple[PortNow, ...] = ()
        self._read.connect(self._send, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._changed, Qt.ConnectionType.QueuedConnection)

    def open(self) -> None:
        """Read from the ports that are set now, and from no others; those that are read already stay open."""
        wanted: Sequence[ReaderSettings] = () if self._is_lent else self._settings.readers
        before = self._opened
        kept = {each.settings: each for each in before}
        self._opened = [kept.pop(reader) if reader in kept else _Opened(reader) for reader in wanted]
        for each in before:
            if each not in self._opened:
                each.stop()
        for each in self._opened:
            if each not in before:
                self._start(each)
        self._tell()

    def close(self) -> None:
        """Let go of all ports."""
        for each in self._opened:
            each.stop()
        self._opened = []
        self._tell()

    def lend(self, is_lent: bool) -> None:
        """Leave the ports to somebody else until they are given back."""
        self._is_lent = is_lent
        self.open()

    def _start(self, each: _Opened) -> None:
        each.reader = self._open_reader(
            each.settings,
            lambda: self._settings.readers,
            partial(self._read.emit, each),
            partial(self._told.emit, each),
        )
        each.reader.start()

    def _send(self, each: _Opened, text: str) -> None:
        self.sent.emit(text, each.settings.job)

    def _changed(self, each: _Opened, state: str, port: str) -> None:
        if each in self._opened:
            each.now = PortNow(state, port)
            self._tell()

    def _tell(self) -> None:
        states = tuple(each.now for each in self._opened)
        if states != self.states and not self._is_lent:
            self.states = states
            self.states_changed.emit(states)


class _Opened:
    """A reader that is read, and how it is."""

    def __init__(self, settings: ReaderSettings) -> None:
        self.settings = settings
        self.now = PortNow("", settings.port)
        self.reader: Reader | None = None

    def stop(self) -> None:
        """Let go of the port."""
        if self.reader:
            self.reader.stop()
