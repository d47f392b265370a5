"""An open desk: who signs in, its pages, what its scanners send, and the signs at its foot."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_app.domain.people import Actor
from desk_app.refusals import sentence
from desk_app.scanning.pictures import Code
from desk_app.scanning.reading import Source
from desk_app.scanning.wedge import wedge_of
from desk_app.services.views import LineState
from desk_app.texts import N_, Speaker
from ui.keys import KeyScans
from ui.leading import Leading
from ui.pages.bench.page import BenchPage
from ui.pages.case.page import CasePage
from ui.pages.cases.page import CasesPage
from ui.pages.dock.page import DockPage
from ui.pages.line.page import LinePage
from ui.pages.scans.page import ScansPage
from ui.pages.settings.page import SettingsPage
from ui.pages.settings.ports import sign_of
from ui.pages.what import WhatPage
from ui.pages.window.page import WindowPage
from ui.picturing import Picturing
from ui.port_scanner import PortNow, PortScanners
from ui.presence import Jobs, Presence
from ui.services import Services
from ui.widgets import Tone
from ui.widgets.later import Seldom
from ui.workplace import Place

if TYPE_CHECKING:
    from ui.app import Program

PAGES = (
    ("window", N_("Window"), "store", WindowPage, "Alt+1"),
    ("dock", N_("Dock"), "truck", DockPage, "Alt+2"),
    ("bench", N_("Bench"), "wrench", BenchPage, "Alt+3"),
    ("cases", N_("Cases"), "clipboard-list", CasesPage, "Alt+4"),
    ("case", N_("Case"), "folder-open", CasePage, ""),
    ("line", N_("Line and desks"), "cloud", LinePage, ""),
    ("scans", N_("Last scans"), "history", ScansPage, ""),
    ("what", N_("What is this?"), "circle-question-mark", WhatPage, ""),
    ("settings", N_("Settings"), "settings", SettingsPage, "Alt+9"),
)
COUNT_MS = 250  # pulls bring hundreds of changes a second
DEVICES = ("scanner", "printer")  # signs that lead to their part of the settings
FIRST_PAGES = (
    ("clerk", "window"),
    ("agent", "window"),
    ("warehouse", "dock"),
    ("technician", "bench"),
    ("checker", "bench"),
)
RIGHTS = {  # who has one of them finds the page on the rail; a page without is everybody's
    "window": ("case.open",),
    "dock": ("parcel.receive",),
    "bench": ("item.inspect", "item.repair", "repair.check"),
}
LED_TO_ONLY = ("case", "scans", "what")  # not on the rail
LED_TO = {"bench": ("item.hand_over",)}  # who has one of them gets there by a code or from a case


class Session(QObject):
    """From opening the desk to the end of the program; people come and go."""

    _line = Signal(object)  # by the line's thread

    def __init__(self, program: Program, services: Services) -> None:
        super().__init__()
        self._program, self._services = program, services
        self._window = program.window
        self._presence = Presence(program, services, Jobs(self._places, first_page))
        self._presence.entered.connect(self._entered)
        self._ports = PortScanners(services.settings, services.open_reader, self)
        self._keys = KeyScans(program.app, partial(wedge_of, services.settings))
        self._leading = Leading(program, services)
        self._picturing = Picturing(program, services)
        self._picturing.found.connect(self.pictured)
        self._line_state = services.line.state()
        self._to_look_at = 0
        self._counting = Seldom(self, self._count, COUNT_MS)

    def begin(self) -> None:
        """Connect everything and let somebody sign in."""
        self._connect_scans()
        queued = Qt.ConnectionType.QueuedConnection
        self._line.connect(self._line_changed, queued)
        self._services.on_line(self._line.emit)
        self._services.on_changes(self._program.hub.tell)
        self._services.settings.listen(self._setting_changed)
        self._program.hub.changed.connect(self._counting.ask)
        self._window.sign_clicked.connect(self._sign_clicked)
        self._ports.open()
        self._show_title()
        self._set_idle()
        self._count()
        self.change_person()

    def stop(self) -> None:
        """Let go of the keys and of the scanners' ports."""
        self._program.hub.changed.disconnect(self._counting.ask)
        self._counting.stop()
        self._keys.stop()
        self._picturing.stop()
        self._presence.stop()
        self._ports.close()

    # people

    def change_person(self) -> None:
        """Ask who works now."""
        self._presence.change_person()

    def _entered(self) -> None:
        self._leading.forget()
        self._window.scans.settle()
        self._show_signs()
        settings = self._services.settings
        if settings.trouble:
            self._window.toast(sentence(settings.trouble, self._say), Tone.ATTENTION)
            settings.trouble = None

    def _places(self, actor: Actor) -> list[Place]:
        """The pages as this person may use them."""
        return [
            Place(
                name,
                title,
                icon,
                partial(page, services=self._services, actor=actor),
                key,
                rail=name not in LED_TO_ONLY and _has_one(actor, RIGHTS.get(name)),
                last=name == "settings",
                allowed=_has_one(actor, RIGHTS.get(name)) or _has_one(actor, LED_TO.get(name, ())),
            )
            for name, title, icon, page, key in PAGES
        ]

    # scans

    def _connect_scans(self) -> None:
        self._keys.scanned.connect(self._key_scan)
        self._keys.rested.connect(self._repair_rests)
        self._window.typed.connect(self._typed)
        self._window.on_scan(self._leading.follow)
        self._ports.sent.connect(self._serial_scan)
        self._ports.states_changed.connect(self._ports_changed)
        self._program.hub.ports_wanted.connect(self._ports.lend)

    def _key_scan(self, text: str) -> None:
        self._take(text, Source.KEYBOARD)

    def _serial_scan(self, text: str, job: str) -> None:
        self._take(text, Source.SERIAL_PORT, job)

    def _typed(self, text: str) -> None:
        self._take(text, Source.TYPED)

    def _take(self, text: str, source: Source, job: str = "", aim: str = "") -> None:
        """Give a scan to the page on show, or to that of the job its reader is bound to."""
        self._presence.idle.stir()
        if self._window.is_entered:
            for scan in self._services.codes.hear(text, source, aim):
                self._window.take_scan(scan, job)
        else:
            self._presence.refuse_scan()

    def pictured(self, codes: tuple[Code, ...]) -> None:
        """Codes that were read from a picture or by the camera go the way of scans."""
        for code in codes:
            self._take(code.text, Source.CAMERA, aim=code.aim)

    def _repair_rests(self) -> None:
        words = self._say("The keyboard is right again: the repair of codes rests. The settings forget it.")
        self._window.toast(words, Tone.ATTENTION)

    def _ports_changed(self, states: tuple[PortNow, ...]) -> None:
        self._program.hub.tell_ports(states)
        self._show_signs()

    # settings

    def _setting_changed(self, name: str) -> None:
        acts = {
            "language": self._speak,
            "scheme": self._program.apply_look,
            "text_scale": self._program.apply_look,
            "volume": self._set_volume,
            "readers": self._new_ports,
            "lock_minutes": self._set_idle,
        }
        if name in acts:  # after the event: the page that changed it may be made anew
            QTimer.singleShot(0, self, acts[name])

    def _speak(self) -> None:
        self._presence.forget_kept()
        self._window.set_language(self._say)
        self._program.speak()
        self._show_signs()
        self._show_title()

    def _set_idle(self) -> None:
        self._presence.idle.set_minutes(self._services.settings.lock_minutes)

    def _set_volume(self) -> None:
        self._program.sounds.volume = self._services.settings.volume

    def _new_ports(self) -> None:
        self._ports.open()
        self._show_signs()

    # signs

    @property
    def _say(self) -> Speaker:
        return self._program.say

    def _sign_clicked(self, name: str) -> None:
        acts = {"person": self._presence.change_person, "lock": self._presence.lock}
        if name in acts:
            acts[name]()
        elif name == "line":
            self._window.open("line")
        else:
            self._window.open("settings", **({"device": name} if name in DEVICES else {}))

    def _line_changed(self, state: LineState) -> None:
        self._line_state = state
        self._show_signs()
        self._program.hub.tell_line(state)

    def _count(self) -> None:
        """The line is on the rail while somebody has to look at something there."""
        self._to_look_at = self._services.attention.count()
        self._window.offer("line", self._to_look_at > 0)
        self._show_line()

    def _show_signs(self) -> None:
        show, place = self._window.show_sign, self._services.place
        actor = self._presence.actor
        show("person", Tone.NEUTRAL, actor.name if actor else "")
        show("desk", Tone.ATTENTION if place.sample else Tone.NEUTRAL, self._desk_words())
        show("printer", Tone.NEUTRAL, self._say("Prints into PDF files"))
        self._show_line()
        self._show_scanner()

    def _desk_words(self) -> str:
        place = self._services.place
        return self._say("Sample shop · {desk}", desk=place.desk) if place.sample else place.desk

    def _show_line(self) -> None:
        state, show = self._line_state, self._window.show_sign
        if state.line == "online" and self._to_look_at:
            words = self._say.plural("{n} to look at", "{n} to look at", self._to_look_at)
            show("line", Tone.ATTENTION, words, "cloud")
        elif state.line == "online" and state.is_loading:
            words = self._say("Loading · {n} %", n=self._say.number(state.loaded))
            show("line", Tone.NEUTRAL, words, "cloud")
        elif state.line == "online":
            show("line", Tone.NEUTRAL, self._say("Connected"), "cloud")
        elif state.line == "refused":
            show("line", Tone.WRONG, self._say("The central service refuses this desk"), "cloud-off")
        else:
            words = self._say("No line · {n} waiting", n=self._say.number(state.waiting))
            show("line", Tone.ATTENTION, words, "cloud-off")

    def _show_scanner(self) -> None:
        if sign := sign_of(self._ports.states, self._say):
            self._window.show_sign("scanner", *sign)

    def _show_title(self) -> None:
        place = self._services.place
        names = ["Mendesk", self._say("Sample shop") if place.sample else place.store]
        self._window.setWindowTitle(" · ".join(names))


def _has_one(actor: Actor, rights: tuple[str, ...] | None) -> bool:
    """Whether the person has one of the rights; None is everybody's."""
    return rights is None or any(actor.may(right) for right in rights)


def first_page(actor: Actor) -> str:
    """Where a person's work begins: the first of their roles that has a place of its own."""
    return next((page for role, page in FIRST_PAGES if role in actor.roles), "window")
