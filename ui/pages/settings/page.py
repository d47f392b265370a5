"""Settings: look and sound, the scanner, a further desk, people, and where everything lies."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from desk_app.scanning.reading import Reading, Scan
from desk_app.settings import LOCK_MINUTES, SCALES
from desk_app.texts import LANGUAGES, N_, NAMES, Speaker
from ui.actions import Action
from ui.pages import acts
from ui.pages.codes import KINDS
from ui.pages.columns import Columns
from ui.pages.settings.camera import CameraCard
from ui.pages.settings.invite import InviteCard
from ui.pages.settings.own_codes import OwnCodesCard
from ui.pages.settings.people import PeopleCard
from ui.pages.settings.printer_test import PrinterTest
from ui.pages.settings.readers import ReaderList
from ui.pages.settings.scanner_test import BELOW, ScannerTest
from ui.pages.settings.wedge_form import WedgeForm
from ui.services import Services
from ui.sound import Sound
from ui.widgets import (
    SIZES,
    Answer,
    Button,
    Card,
    Choice,
    ChoiceTiles,
    Facts,
    Form,
    Option,
    Page,
    Text,
    Tone,
    Tools,
    column,
)
from ui.widgets.base import key_sign, tab_through
from ui.widgets.flow import Flow
from ui.workplace import LOCK

SCHEMES = (
    ("system", N_("As the system"), "monitor"),
    ("light", N_("Light"), "sun"),
    ("dark", N_("Dark"), "moon"),
    ("contrast", N_("High contrast"), "contrast"),
)
SOUNDS = (
    (Sound.GOOD, Action("settings.sound_good", N_("Good"), key="F2", icon="circle-check")),
    (Sound.ATTENTION, Action("settings.sound_attention", N_("Look here"), key="F3", icon="triangle-alert")),
    (Sound.ERROR, Action("settings.sound_error", N_("Wrong"), key="F4", icon="circle-x")),
)
TEST_SCANNER = Action("settings.scanner_test", N_("Test the scanner"), key="F6", icon="scan-barcode")
COMMANDS = Action("settings.commands", N_("Command codes on A4"), key="Shift+F11", icon="printer")
CARDS = Action("settings.cards", N_("Command codes as cards"), key="Shift+F10", icon="printer")
TEST_PAGE = Action("settings.test_page", N_("Print a test page"), icon="printer")  # its key is its button's
TEST_LABEL = Action("settings.test_label", N_("Print a test label"), icon="tag")
ANSWER_SOUNDS = {
    Answer.GOOD: Sound.GOOD,
    Answer.RECOGNISED: Sound.GOOD,
    Answer.ATTENTION: Sound.ATTENTION,
    Answer.WRONG: Sound.ERROR,
}
VOLUMES = ((0, N_("Off")), (30, N_("Quiet")), (70, N_("Normal")), (100, N_("Loud")))


class SettingsPage(Page):
    """Everything here counts at once; there is nothing to confirm."""

    job = "settings"

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("Settings"), tools.say("Every change counts at once"))
        self._services, self._settings = services, services.settings
        self._first: QWidget | None = None
        self.scan_acts = {"try_scanner": self._try_scanner}
        failed = partial(acts.refuse, tools)
        self.scanner_test = ScannerTest(self.say, services.devices, self._settings, BELOW, failed)
        self.scanner_test.tried.connect(self._tried)
        self.wedge = WedgeForm(self.say, self._settings, failed)
        self.scanner_test.changed.connect(self.wedge.reload)
        self.printer_test = PrinterTest(self.say, tools.tasks, services.devices, lambda: services.place.desk)
        for action, button in ((TEST_PAGE, self.printer_test.page), (TEST_LABEL, self.printer_test.label)):
            tools.actions.bind(self, action, button.click)
        self.people = PeopleCard(tools, services, actor)
        self.invite = InviteCard(tools, services, actor)
        left = column(
            self._look(),
            self._sound(),
            self._lock(),
            self._scanner(),
            CameraCard(self.say),
            1,
            spacing=SIZES.l,
        )
        printer = Card(self.say("Printer"), self.printer_test)
        self.own_codes = OwnCodesCard(tools, services, actor)
        right = column(self.people, self.invite, self.own_codes, printer, self._about(), 1, spacing=SIZES.l)
        self.body.addWidget(Columns(left, right, (1, 1)))
        tab_through(self._test_button, self.readers, self.wedge, self.scanner_test, *self._code_buttons)

    def open(self, device: str = "", **_where: str) -> None:
        """Read who works here, and what is plugged in; `device` (line, scanner, printer) is shown at once."""
        self.people.reload()
        self.own_codes.reload()
        self.readers.reload()
        self.readers.show_states(self.tools.hub.port_states)
        firsts = {
            "line": self.invite.show_code,
            "scanner": self.scanner_test.target,
            "printer": self.printer_test.page,
        }
        self._first = firsts.get(device)
        if self._first:
            self.show_part(self._first)

    def first_focus(self) -> QWidget:
        """The test that was asked for."""
        return self._first or self

    def _try_scanner(self, scan: Scan, reading: Reading) -> bool:
        """Show what the scanner sent; here it opens nothing."""
        self.scanner_test.hear(scan.raw, scan.source)
        self.tools.shell.answer(Tone.NEUTRAL, self.say(KINDS[reading.kind]))
        return True

    def show_part(self, part: QWidget) -> None:
        """Scroll there when all parts have found their places, and put the focus on it."""
        part.setFocus()
        QTimer.singleShot(0, part, lambda: _scroll_to(part))

    # the cards

    def _look(self) -> Card:
        say, form = self.say, Form(2)
        self.language = Choice([(language, NAMES[language]) for language in LANGUAGES])
        self.scale = Choice([(str(scale), f"{scale} %") for scale in SCALES])
        self.scheme = ChoiceTiles(
            say("Colours"), [Option(key, say(words), icon=icon) for key, words, icon in SCHEMES], columns=2
        )
        self.language.set_value(self._settings.language)
        self.scale.set_value(str(self._settings.text_scale))
        self.scheme.set_value(self._settings.scheme)
        self.language.activated.connect(self._keep_language)
        self.scale.activated.connect(self._keep_scale)
        self.scheme.chosen.connect(self._keep_scheme)
        form.add("language", say("Language"), self.language)
        form.add("scale", say("Size of letters"), self.scale)
        form.add("scheme", say("Colours"), self.scheme, span=2)
        return Card(say("Look"), form)

    def _sound(self) -> Card:
        say, form = self.say, Form(2)
        self.volume = Choice([(str(volume), say(words)) for volume, words in VOLUMES])
        nearest = min(VOLUMES, key=lambda step: abs(step[0] - self._settings.volume))[0]
        self.volume.set_value(str(nearest))
        self.volume.activated.connect(self._keep_volume)
        form.add("volume", say("Volume"), self.volume, span=2)
        bind = self.tools.actions.bind
        tries = [
            Button.of(bind(self, action, partial(self.tools.sounds.play, sound))) for sound, action in SOUNDS
        ]
        return Card(say("Sound"), form, Text(say("Try how they sound"), "caption"), Flow(*tries))

    def _lock(self) -> Card:
        say, form = self.say, Form(2)
        self.lock = Choice([(str(minutes), _after(say, minutes)) for minutes in LOCK_MINUTES])
        self.lock.set_value(str(self._settings.lock_minutes))
        self.lock.activated.connect(self._keep_lock)
        form.add("lock", say("Lock by itself"), self.lock)
        words = say("{keys} locks at once. What is being written stays.", keys=key_sign(LOCK))
        return Card(say("Lock screen"), form, Text(words, "caption"))

    def _scanner(self) -> Card:
        self.readers = ReaderList(
            self.say, self._settings, self._services.devices, partial(acts.refuse, self.tools)
        )
        self.readers.told.connect(self._told)
        self.readers.wanted.connect(self.tools.hub.ports_wanted)
        self.tools.hub.ports.connect(self.readers.show_states)
        test = self.tools.actions.bind(self, TEST_SCANNER, self._test_scanner)
        told = self.say("Who works with a scanner alone scans what to do: receive, pass, fail, next step …")
        self._code_buttons = self._make_code_buttons()
        codes = column(Text(told, "caption"), Flow(*self._code_buttons), spacing=SIZES.s)
        card = Card(self.say("Scanner"), self.readers, self.wedge, self.scanner_test, codes)
        self._test_button = Button.of(test)
        card.head.addWidget(self._test_button)
        return card

    def _make_code_buttons(self) -> list[Button]:
        devices, bind = self._services.devices, self.tools.actions.bind
        printing = ((COMMANDS, devices.print_commands), (CARDS, devices.print_cards))
        made = [bind(self, action, partial(self._print_codes, make)) for action, make in printing]
        return [Button.of(action) for action in made]

    def _print_codes(self, make: Callable[[str], Future[Path]]) -> None:
        acts.print_paper(self.tools, make(self.say.language))

    def _about(self) -> Card:
        say, place = self.say, self._services.place
        pairs = [
            (say("Store"), place.store),
            (say("This desk"), place.desk),
            (say("Data"), str(place.data)),
            (say("Papers"), str(place.papers)),
            (say("Version"), place.version),
        ]
        return Card(say("About"), Facts(pairs, columns=1))

    # keeping

    def _keep_language(self) -> None:
        self._keep("language", self.language.value())

    def _keep_scale(self) -> None:
        self._keep("text_scale", int(self.scale.value()))

    def _keep_scheme(self, scheme: str) -> None:
        self._keep("scheme", scheme)

    def _keep_lock(self) -> None:
        self._keep("lock_minutes", int(self.lock.value()))

    def _keep_volume(self) -> None:
        self._keep("volume", int(self.volume.value()))
        self.tools.sounds.volume = self._settings.volume
        self.tools.sounds.play(Sound.GOOD)

    def _keep(self, name: str, value: str | int) -> None:
        try:
            setattr(self._settings, name, value)
        except ShownError as error:
            acts.refuse(self.tools, error)

    # trying

    def _test_scanner(self) -> None:
        self.show_part(self.scanner_test.target)

    def _told(self, answer: Answer, words: str, detail: str) -> None:
        """How the search for a scanner's settings goes, beside the code that is to be scanned."""
        self.scanner_test.show_step(answer, words, detail)
        if answer in (Answer.GOOD, Answer.ATTENTION, Answer.WRONG):
            self.tools.sounds.play(ANSWER_SOUNDS[answer])
        self.show_part(self.scanner_test.target)

    def _tried(self, answer: Answer) -> None:
        """Sound, and show the whole report, above all its answer."""
        self.tools.sounds.play(ANSWER_SOUNDS[answer])
        for part in (self.scanner_test.facts, self.scanner_test.target):
            QTimer.singleShot(0, part, partial(_scroll_to, part))


def _scroll_to(part: QWidget) -> None:
    """Let the page scroll so far that a part can be seen."""
    parent = part.parentWidget()
    while parent:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(part, 0, SIZES.xxl)
        parent = parent.parentWidget()


def _after(say: Speaker, minutes: int) -> str:
    """When the desk locks by itself."""
    if not minutes:
        return say("Never")
    return say.plural("After {n} minute without use", "After {n} minutes without use", minutes)
