"""An open desk: who signs in, its pages, what its scanners send, and the signs at its foot."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from desk_app.domain.people import Actor
from desk_app.refusals import sentence
from desk_app.scanning.reading import Scan, Source, hear
from desk_app.services.views import LineState
from desk_app.texts import N_, Speaker
from ui.keys import KeyScans
from ui.pages.bench.page import BenchPage
from ui.pages.case.page import CasePage
from ui.pages.cases.page import CasesPage
from ui.pages.dock.page import DockPage
from ui.pages.settings.page import SettingsPage
from ui.pages.signin.page import SignIn
from ui.pages.window.page import WindowPage
from ui.services import Reader, Services
from ui.sound import Sound
from ui.widgets import Page, Tone, Tools

if TYPE_CHECKING:
    from ui.app import Program

CHANGE_PERSON = "F12"
PAGES = (
    ("window", N_("Window"), "store", WindowPage, "Alt+1"),
    ("dock", N_("Dock"), "truck", DockPage, "Alt+2"),
    ("bench", N_("Bench"), "wrench", BenchPage, "Alt+3"),
    ("cases", N_("Cases"), "clipboard-list", CasesPage, "Alt+4"),
    ("case", N_("Case"), "folder-open", CasePage, ""),
    ("settings", N_("Settings"), "settings", SettingsPage, "Alt+9"),
)
FIRST_PAGES = (
    ("clerk", "window"),
    ("agent", "window"),
    ("warehouse", "dock"),
    ("technician", "bench"),
    ("checker", "bench"),
)
PORTS = {
    "open": (Tone.NEUTRAL, "scan-barcode", N_("Scanner ready")),
    "missing": (Tone.ATTENTION, "unplug", N_("Scanner not found: is {port} right?")),
    "busy": (Tone.ATTENTION, "unplug", N_("Another program has the scanner's port")),
    "denied": (Tone.ATTENTION, "lock", N_("No right to use {port}")),
    "lost": (Tone.WRONG, "unplug", N_("Scanner unplugged: plug it in again")),
}


class Session(QObject):
    """From opening the desk to the end of the program; people come and go."""

    _sent = Signal(str)  # by the reader's thread
    _port = Signal(str)
    _line = Signal(object)  # by the line's thread

    def __init__(self, program: Program, services: Services) -> None:
        super().__init__()
        self._program, self._services = program, services
        self._window = program.window
        self._actor: Actor | None = None
        self._reader: Reader | None = None
        self._port_state = ""
        self._keys = KeyScans(program.app)
        self._line_state = services.line.state()

    def begin(self) -> None:
        """Connect everything and let somebody sign in."""
        self._add_pages()
        self._connect_scans()
        queued = Qt.ConnectionType.QueuedConnection
        self._line.connect(self._line_changed, queued)
        self._services.on_line(self._line.emit)
        self._services.on_changes(self._program.hub.tell)
        self._services.settings.listen(self._setting_changed)
        self._window.sign_clicked.connect(self._sign_clicked)
        QShortcut(QKeySequence(CHANGE_PERSON), self._window, self.change_person)
        self._open_reader()
        self._show_title()
        self._sign_in()

    def stop(self) -> None:
        """Let go of the keys and of the scanner's port."""
        self._keys.stop()
        self._close_reader()

    # people

    def change_person(self) -> None:
        """Ask who works now; what was being written on a page is gone with its person."""
        if self._window.is_entered:
            self._sign_in()

    def _sign_in(self) -> None:
        self._actor = None
        program = self._program
        card = SignIn(self._say, program.tasks, program.hub, self._services, self._entered)
        self._window.show_bare(card)

    def _entered(self, actor: Actor) -> None:
        self._actor = actor
        self._show_signs()
        self._window.enter(first_page(actor))
        settings = self._services.settings
        if settings.trouble:
            self._window.toast(sentence(settings.trouble, self._say), Tone.ATTENTION)
            settings.trouble = None

    def _add_pages(self) -> None:
        for name, title, icon, page, key in PAGES:
            self._window.add_page(
                name,
                title,
                icon,
                partial(self._make, page),
                key,
                rail=name != "case",
                last=name == "settings",
            )

    def _make(self, page: type, tools: Tools) -> Page:
        assert self._actor is not None, "pages are for those who signed in"
        made = page(tools, self._services, self._actor)
        assert isinstance(made, Page)
        return made

    # scans

    def _connect_scans(self) -> None:
        self._keys.scanned.connect(self._key_scan)
        self._window.typed.connect(self._typed)
        self._window.on_scan(self._open_named)
        self._sent.connect(self._serial_scan, Qt.ConnectionType.QueuedConnection)
        self._port.connect(self._port_changed, Qt.ConnectionType.QueuedConnection)

    def _key_scan(self, text: str) -> None:
        self._take(text, Source.KEYBOARD)

    def _serial_scan(self, text: str) -> None:
        self._take(text, Source.SERIAL_PORT)

    def _typed(self, text: str) -> None:
        self._take(text, Source.TYPED)

    def _take(self, text: str, source: Source) -> None:
        self._window.take_scan(hear(text, source, self._services.clock()))

    def _open_named(self, scan: Scan) -> None:
        """Open what a code names that the page on show has no use for."""
        target = self._services.cases.target(scan.raw)
        if not target.page:
            self._window.answer(
                Tone.ATTENTION, self._say("Unknown code. Scan it on the dock, or search the cases.")
            )
            self._program.sounds.play(Sound.ATTENTION)
            return
        where = {"stream": target.stream, "item": str(target.item) if target.item else ""}
        self._window.open(target.page, **{name: value for name, value in where.items() if value})

    def _close_reader(self) -> None:
        if self._reader:
            self._reader.stop()
            self._reader = None

    def _open_reader(self) -> None:
        self._close_reader()
        settings = self._services.settings
        self._port_state = ""
        if settings.serial_port:
            self._reader = self._services.open_reader(
                settings.serial_port, settings.serial_baud, self._sent.emit, self._port.emit
            )
            self._reader.start()

    def _port_changed(self, state: str) -> None:
        self._port_state = state
        self._show_signs()

    # settings

    def _setting_changed(self, name: str) -> None:
        acts = {
            "language": self._speak,
            "scheme": self._program.apply_look,
            "text_scale": self._program.apply_look,
            "volume": self._set_volume,
            "serial_port": self._new_port,
            "serial_baud": self._new_port,
        }
        if name in acts:  # after the event: the page that changed it may be made anew
            QTimer.singleShot(0, self, acts[name])

    def _speak(self) -> None:
        self._window.set_language(self._say)
        self._program.speak()
        self._show_signs()
        self._show_title()

    def _set_volume(self) -> None:
        self._program.sounds.volume = self._services.settings.volume

    def _new_port(self) -> None:
        self._open_reader()
        self._show_signs()

    # signs

    @property
    def _say(self) -> Speaker:
        return self._program.say

    def _sign_clicked(self, name: str) -> None:
        if name == "person":
            self.change_person()
        else:
            self._window.open("settings")

    def _line_changed(self, state: LineState) -> None:
        self._line_state = state
        self._show_signs()

    def _show_signs(self) -> None:
        show, place = self._window.show_sign, self._services.place
        show("person", Tone.NEUTRAL, self._actor.name if self._actor else "")
        show("desk", Tone.ATTENTION if place.sample else Tone.NEUTRAL, self._desk_words())
        show("printer", Tone.NEUTRAL, self._say("Prints into PDF files"))
        self._show_line()
        self._show_scanner()

    def _desk_words(self) -> str:
        place = self._services.place
        return self._say("Sample shop · {desk}", desk=place.desk) if place.sample else place.desk

    def _show_line(self) -> None:
        state, show = self._line_state, self._window.show_sign
        if state.line == "online":
            show("line", Tone.NEUTRAL, self._say("Connected"), "cloud")
        elif state.line == "refused":
            show("line", Tone.WRONG, self._say("The central service refuses this desk"), "cloud-off")
        else:
            words = self._say("No line · {n} waiting", n=state.waiting)
            show("line", Tone.ATTENTION, words, "cloud-off")

    def _show_scanner(self) -> None:
        port = self._services.settings.serial_port
        if not port:
            self._window.show_sign("scanner", Tone.NEUTRAL, self._say("Scanner types"), "keyboard")
        elif self._port_state:
            tone, icon, words = PORTS[self._port_state]
            self._window.show_sign("scanner", tone, self._say(words, port=port), icon)

    def _show_title(self) -> None:
        place = self._services.place
        names = ["Mendesk", self._say("Sample shop") if place.sample else place.store]
        self._window.setWindowTitle(" · ".join(names))


def first_page(actor: Actor) -> str:
    """Where a person's work begins: the first of their roles that has a place of its own."""
    return next((page for role, page in FIRST_PAGES if role in actor.roles), "window")
