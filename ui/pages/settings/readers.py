"""The scanners of a desk: usually one that types; or one on a serial port; or several, each for its job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from desk_app.errors import ShownError
from desk_app.readers import ReaderSettings
from desk_app.scanning.ports import find
from desk_app.settings import Settings
from desk_app.texts import Speaker
from ui.pages.settings.reader_form import ReaderForm
from ui.pages.settings.reader_search import ReaderSearch, step_words
from ui.port_scanner import PortNow
from ui.services import Devices
from ui.widgets import SIZES, Answer, Button, column
from ui.widgets.base import discard, tab_through
from ui.widgets.flow import Flow

if TYPE_CHECKING:
    from desk_app.scanning.port_assistant import Told
    from desk_app.scanning.ports import Port

ADD_KEY, SEARCH_KEY = "Shift+F6", "F11"
LAST = ("found", "deaf")


class ReaderList(QWidget):
    """Every choice is kept at once, then `chosen` tells; `failed` is told when it cannot be kept.

    `told` carries how the search for a scanner's settings goes: an `Answer`, words and detail. `wanted` tells
    when it needs the ports for itself, and when no more. `short`: for one scanner, with fewer choices.
    """

    chosen = Signal()
    told = Signal(Answer, str, str)
    wanted = Signal(bool)

    def __init__(
        self,
        say: Speaker,
        settings: Settings,
        devices: Devices,
        failed: Callable[[ShownError], object],
        short: bool = False,
    ) -> None:
        super().__init__()
        self._say, self._settings, self._devices, self._failed = say, settings, devices, failed
        self._short = short
        self.forms: list[ReaderForm] = []
        self._current: ReaderForm | None = None
        self._ports: Sequence[Port] = ()
        self._search = ReaderSearch(devices, self)
        self._search.told.connect(self._step)
        self.add = Button(say("Add a scanner"), "plus", ADD_KEY)
        self.search = Button(say("Find out its settings"), "search", SEARCH_KEY)
        self.add.clicked.connect(self._add_new)
        self.search.clicked.connect(self._search_or_stop)
        self._box, self._column = QWidget(), column(spacing=SIZES.l)
        self._box.setLayout(self._column)
        self.setLayout(column(self._box, Flow(self.add, self.search), spacing=SIZES.m))
        self.reload()

    @property
    def is_searching(self) -> bool:
        """Whether it listens on the ports itself."""
        return self._search.is_on

    def reload(self) -> None:
        """Show what is set, and look for ports anew."""
        self._ports = self._devices.ports()
        readers = self._settings.readers
        if not self.forms or self._readers() != readers:
            self._fill(readers)
        for form in self.forms:
            form.reload()
        self._arrange()

    def show_states(self, states: Sequence[PortNow]) -> None:
        """Say how the port of each scanner is."""
        with_port = [form for form in self.forms if form.reader]
        for form, now in zip(with_port, states, strict=False):
            form.show_state(now)
        for form in self.forms if len(with_port) != len(states) else ():
            form.show_state(PortNow("", ""))

    def stop_search(self) -> None:
        """Give the ports back."""
        if self._search.is_on:
            self._search.stop()
            self.search.set_text(self._say("Find out its settings"))
            self.wanted.emit(False)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.stop_search()

    # the forms

    def _fill(self, readers: Sequence[ReaderSettings]) -> None:
        for form in self.forms:
            discard(form)
        self.forms = []
        for reader in readers or (None,):
            self._append(reader)
        self._current = self.forms[0] if len(self.forms) == 1 else None

    def _append(self, reader: ReaderSettings | None) -> ReaderForm:
        form = ReaderForm(self._say, lambda: self._ports, self._place, self._short)
        form.found.opened.connect(self.reload)
        form.changed.connect(partial(self._changed, form))
        form.opened.connect(partial(self._open, form))
        form.removed.connect(partial(self._remove, form))
        before = self.forms[-1].answers if self.forms else self._box
        self.forms.append(form)
        self._column.addWidget(form)
        form.show()
        tab_through(before, form)
        form.show_reader(reader)
        return form

    def _arrange(self) -> None:
        for form in self.forms:
            form.show_among(len(self.forms) > 1, form is self._current)
        self.add.setVisible(bool(self._readers()) and not self._short)
        self.search.setVisible(self._current is not None)

    def _add_new(self) -> None:
        blank = next((form for form in self.forms if not form.reader), None)
        self._open(blank or self._append(None))

    def _open(self, form: ReaderForm) -> None:
        self.stop_search()
        self._current = form
        self._arrange()
        form.found.setFocus()

    def _remove(self, form: ReaderForm) -> None:
        form.reader = None
        self._changed(form)

    def _changed(self, form: ReaderForm) -> None:
        self.stop_search()
        if form.reader is None and len(self.forms) > 1:
            self.forms.remove(form)
            discard(form)
        self._keep()

    def _keep(self) -> None:
        before = self._settings.readers
        try:
            self._settings.readers = self._readers()
        except ShownError as error:
            self._failed(error)
        else:
            if before != self._settings.readers:
                self.chosen.emit()
        if self._current not in self.forms:
            self._current = self.forms[0] if len(self.forms) == 1 else None
        self.reload()

    def _readers(self) -> tuple[ReaderSettings, ...]:
        return tuple(form.reader for form in self.forms if form.reader)

    def _place(self, reader: ReaderSettings) -> str:
        """What the port of a reader is called now, or was when it was there."""
        return find(reader, self._settings.readers, self._ports) or reader.port

    # finding out

    def _search_or_stop(self) -> None:
        if self._search.is_on:
            self.stop_search()
            self.told.emit(Answer.IDLE, self._say("Scan this code, or any parcel"), "")
            return
        self.reload()
        ports = self._to_search()
        if not ports:
            self.told.emit(Answer.ATTENTION, self._say("No port found. Plug the scanner in first"), "")
            return
        self.show_states(())
        self.wanted.emit(True)
        self._search.begin(ports)
        self.search.set_text(self._say("Stop"))

    def _to_search(self) -> list[str]:
        """The port that is set, or all that are no other scanner's."""
        assert self._current is not None, "the button is shown for an open form only"
        if self._current.reader:
            return [self._place(self._current.reader)]
        others = {self._place(reader) for reader in self._readers()}
        return [port.device for port in self._ports if port.device not in others]

    def _step(self, told: Told) -> None:
        self.told.emit(*step_words(told, self._say))
        if told.step in LAST:
            self._found(told)

    def _found(self, told: Told) -> None:
        form = self._current
        assert form is not None, "whoever closes a form stops its search"
        form.use(told.port)
        assert form.reader is not None, "a port was found"
        form.show_reader(replace(form.reader, baud=told.baud, frame=told.frame, answers=told.answers))
        self._changed(form)
