"""First start, one calm card at a time: language; new store, joining or sample shop; scanner; printer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.settings import Settings
from desk_app.texts import LANGUAGES, N_, NAMES, Speaker, speaker
from ui.pages.setup.devices import PrinterCard, ScannerCard, steps
from ui.services import Setup
from ui.tasks import Tasks
from ui.widgets import (
    Alone,
    Button,
    ChoiceTiles,
    Form,
    Option,
    PasswordField,
    Text,
    TextField,
    Tone,
    row,
)
from ui.widgets.base import discard

PIN_DIGITS = 6


class SetupCards(QWidget):
    """The cards, one after the other. `done` is called when the store or the desk is there."""

    def __init__(self, settings: Settings, tasks: Tasks, setup: Setup, done: Callable[[], object]) -> None:
        super().__init__()
        self.settings, self.setup, self.done = settings, setup, done
        self._tasks = tasks
        self._stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.show_language()

    @property
    def say(self) -> Speaker:
        """The language that was chosen, or the desk's default."""
        return speaker(self.settings.language)

    @property
    def card(self) -> QWidget | None:
        """The card on show."""
        return self._stack.currentWidget()

    def show_language(self) -> None:
        """Ask for the language."""
        self._show(LanguageCard(self))

    def show_ways(self) -> None:
        """Ask how to begin."""
        self._show(WayCard(self))

    def show_way(self, way: str) -> None:
        """Ask what a way needs, which for the sample shop is nothing."""
        cards: dict[str, Callable[[SetupCards], Alone]] = {
            "found": FoundCard,
            "join": JoinCard,
            "sample": SampleCard,
        }
        self._show(cards[way](self))

    def wait(self, making: Future[None], card: AskCard) -> None:
        """Go on when it is made; say what is wrong on the card otherwise."""
        card.set_busy(True)
        self._tasks.when(making, self._made, card.failed)

    def show_scanner(self) -> None:
        """Let the scanner be tried; what was made is safe already."""
        self._show(ScannerCard(self.say, self.settings, self.setup, self.show_printer))

    def show_printer(self) -> None:
        """Let the printer be tried, the last step."""
        self._show(PrinterCard(self.say, self.settings, self.setup, self._tasks, self.done))

    def _made(self, _nothing: None) -> None:
        self.show_scanner()

    def _show(self, card: Alone) -> None:
        old = self._stack.currentWidget()
        self._stack.setCurrentIndex(self._stack.addWidget(card))
        if old:
            self._stack.removeWidget(old)
            discard(old)
        self.setFocusProxy(card)
        card.setFocus()


CHOOSE = N_("Choose your language")


class LanguageCard(Alone):
    """In which language? Asked in all of them; a choice is spoken at once."""

    def __init__(self, cards: SetupCards) -> None:
        title = " · ".join(speaker(language)(CHOOSE) for language in LANGUAGES)
        super().__init__(title, aside=steps(cards.say, 0))
        self._cards = cards
        options = [Option(language, NAMES[language], icon="languages") for language in LANGUAGES]
        self.tiles = ChoiceTiles(title, options, columns=2)
        self.tiles.chosen.connect(self._chosen)
        self.body.addWidget(self.tiles)
        self.setFocusProxy(_first_tile(self.tiles))

    def _chosen(self, language: str) -> None:
        self._cards.settings.language = language
        self._cards.show_ways()


class WayCard(Alone):
    """A new store, a further desk, or the sample shop."""

    def __init__(self, cards: SetupCards) -> None:
        say = cards.say
        super().__init__(say("How do you want to begin?"), aside=steps(say, 1))
        self.tiles = ChoiceTiles(
            say("How do you want to begin?"),
            [
                Option("found", say("Start a new store"), say("This is the first desk"), "store"),
                Option("join", say("Join with a code"), say("Another desk shows it to you"), "link"),
                Option(
                    "sample",
                    say("Look around first"),
                    say("A sample shop with made-up people"),
                    "eye",
                    Tone.ATTENTION,
                ),
            ],
            columns=1,
        )
        self.tiles.chosen.connect(cards.show_way)
        self.body.addWidget(self.tiles)
        self.body.addLayout(row(_back(say, cards.show_language), 1))
        self.setFocusProxy(_first_tile(self.tiles))


class AskCard(Alone):
    """A form with one button. `act` gets its texts; errors come back beside the fields."""

    def __init__(self, cards: SetupCards, title: str, detail: str, button: str) -> None:
        super().__init__(title, detail, aside=steps(cards.say, 1))
        self.cards, self.say, self._words = cards, cards.say, button
        self.form = self.make_form()
        self.trouble = Text("", "", Tone.WRONG)
        self.trouble.hide()
        self.button = Button(button, "arrow-right", kind="primary")
        self.button.clicked.connect(self.go)
        self._back = _back(self.say, cards.show_ways)
        for part in (self.form, self.trouble):
            self.body.addWidget(part)
        self.body.addLayout(row(self._back, 1, self.button))

    def make_form(self) -> Form:
        """The fields."""
        return Form(2)

    def act(self, texts: dict[str, str]) -> None:
        """Do it."""
        raise NotImplementedError

    def go(self) -> None:
        """What the button does, and Enter in any field."""
        if self.button.isEnabled():
            self.trouble.hide()
            self.form.clear_errors()
            self._try(self.form.texts())

    def failed(self, error: ShownError) -> None:
        """Say what is wrong, beside its field where it belongs to one."""
        self.set_busy(False)
        for field, wrong in getattr(error, "fields", {}).items():
            self.form.show_error(field, sentence(wrong, self.say))
        if not self.form.errors():
            self.trouble.setText(sentence(error, self.say))
            self.trouble.show()

    def set_busy(self, busy: bool) -> None:
        """While it is made nothing else can be chosen."""
        for part in (self.form, self.button, self._back):
            part.setEnabled(not busy)
        self.button.set_text(self.say("One moment …") if busy else self._words)

    def _try(self, texts: dict[str, str]) -> None:
        try:
            self.act(texts)
        except ShownError as error:  # the settings could not be written
            self.failed(error)

    def add_field(
        self, form: Form, key: str, label: str, field: TextField, hint: str = "", span: int = 1
    ) -> None:
        """Add a field whose Enter goes on."""
        form.add(key, label, field, hint, span)
        field.returnPressed.connect(self.go)


class FoundCard(AskCard):
    """A new store with its first administrator."""

    def __init__(self, cards: SetupCards) -> None:
        say = cards.say
        super().__init__(
            cards,
            say("Start a new store"),
            say("You are its first administrator. Further people and desks are added later."),
            say("Start the store"),
        )
        self.form.set_text("desk_name", say("Window {n}", n=1))
        self.setFocusProxy(self.form.field("store_name"))

    def make_form(self) -> Form:
        say, form = self.say, Form(2)
        self.add_field(form, "store_name", say("Store"), TextField())
        self.add_field(form, "desk_name", say("This desk"), TextField())
        self.add_field(form, "person_name", say("Your name"), TextField())
        self.add_field(form, "pin", say("PIN (optional)"), PasswordField(digits=True), say("4 to 12 digits"))
        self.add_field(form, "password", say("Password"), PasswordField(), say("At least 8 characters"))
        self.add_field(form, "again", say("Password again"), PasswordField())
        return form

    def act(self, texts: dict[str, str]) -> None:
        """Found the store when both passwords are the same."""
        if texts["password"] != texts["again"]:
            self.form.show_error("again", self.say("This is not the same password"))
            return
        found(self.cards, self, texts, sample=False)


class JoinCard(AskCard):
    """A further desk of a store that is there."""

    def __init__(self, cards: SetupCards) -> None:
        say = cards.say
        super().__init__(
            cards,
            say("Join with a code"),
            say("On a desk that works: Settings, Another desk, Show a code. It holds for 15 minutes."),
            say("Join the store"),
        )
        self.setFocusProxy(self.form.field("code"))

    def make_form(self) -> Form:
        say, form = self.say, Form()
        self.add_field(form, "code", say("Join code"), TextField(scans=True), say("Scan it or type it"))
        self.add_field(form, "desk_name", say("This desk"), TextField(say("Window {n}", n=2)))
        return form

    def act(self, texts: dict[str, str]) -> None:
        """Join."""
        self.cards.settings.desk_name = texts["desk_name"]
        code = "".join(texts["code"].split())
        self.cards.wait(self.cards.setup.join(code, texts["desk_name"]), self)


class SampleCard(AskCard):
    """The sample shop needs no answers; it says the PIN that was drawn for it."""

    def __init__(self, cards: SetupCards) -> None:
        say = cards.say
        self.pin = draw_pin()
        super().__init__(
            cards,
            say("Sample shop"),
            say("People, parcels and repairs in it are made up. Do not record real customers here."),
            say("Open the sample shop"),
        )
        self.setFocusProxy(self.button)

    def make_form(self) -> Form:
        form = Form()
        pin = TextField()
        pin.setText(self.pin)
        pin.setReadOnly(True)
        form.add("pin", self.say("Everybody's PIN in the sample shop"), pin)
        return form

    def act(self, texts: dict[str, str]) -> None:
        """Found the sample shop; nobody knows the password, everybody the PIN."""
        self.cards.settings.sample_pin = self.pin
        names = {
            "store_name": self.say("Sample shop"),
            "desk_name": self.say("Window {n}", n=1),
            "person_name": self.say("Sample administrator"),
            "password": secrets.token_urlsafe(18),
        }
        found(self.cards, self, {**texts, **names}, sample=True)


def draw_pin() -> str:
    """A PIN that begins with a pair of different steps, so that it is no run such as 123456."""
    digits = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS - 3))
    return f"{digits[0]}{digits[0]}{(int(digits[0]) + 3) % 10}{digits}"


def found(cards: SetupCards, card: AskCard, texts: dict[str, str], sample: bool) -> None:
    """Make a store with its first person."""
    cards.settings.desk_name = texts["desk_name"]
    making = cards.setup.found(
        texts["store_name"],
        texts["desk_name"],
        texts["person_name"],
        texts["password"],
        texts["pin"],
        cards.settings.language,
        sample,
    )
    cards.wait(making, card)


def _back(say: Speaker, back: Callable[[], object]) -> Button:
    button = Button(say("Back"), "arrow-left", kind="quiet")
    button.clicked.connect(lambda: back())
    return button


def _first_tile(tiles: ChoiceTiles) -> QWidget:
    return tiles.findChildren(QWidget)[0]
