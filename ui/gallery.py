"""Every component in its states, inside the real shell: to look at, to try, and to draw for the docs."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from PySide6.QtWidgets import QApplication, QGridLayout

from desk_app.errors import OutsideError
from desk_app.texts import LANGUAGES, N_, Speaker, speaker
from ui.hub import Hub
from ui.main_window import MainWindow
from ui.sound import BeepDevice, Sounds
from ui.tasks import Tasks
from ui.theme import SIZES, Scheme, Theme, look
from ui.widgets import (
    Answer,
    AnswerField,
    Button,
    Card,
    Checklist,
    Chip,
    Choice,
    ChoiceTiles,
    Column,
    EmptyState,
    Facts,
    Form,
    Moment,
    NumberField,
    NumberPad,
    Option,
    Page,
    PasswordField,
    PhotoStrip,
    Point,
    RowModel,
    StepBar,
    TableView,
    TextArea,
    TextField,
    Tick,
    Timeline,
    Tone,
    Tools,
    column,
    photo_of,
    row,
)
from ui.widgets.photos import Thumbnail

SCHEMES = (Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST)
SIZE = QSize(1366, 768)
ROWS = 100_000
PAGES = ("answers", "fields", "lists", "story", "look")
SCALES = ("100", "125", "150")
PEOPLE = ("林晓雯", "Øyvind Åse", "欧阳文静", "Maria del Carmen Sánchez", "陈伟")
GOODS = ("轻语 A3 无线耳机", "Aurora 65 W charger", "云朵空气炸锅 4.5 L", "Kestrel mechanical keyboard")
WAYBILL, LONG_WAYBILL = "SF1390027465183", "9622080430009482100500794692105123"


class AnswersPage(Page):
    """The big answers, and what a scan bar, a toast and the signs say with them."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(
            tools, tools.say("Answers"), tools.say("What a scan led to, readable from two metres")
        )
        for answer, words, detail, aside in self._samples():
            field = AnswerField(words, detail)
            field.show_answer(answer, words, detail, aside)
            self.body.addWidget(field)
        toast = Button(self.say("Show a toast"), "info", "F6", "primary")
        toast.clicked.connect(self._toast)
        self.add_actions(toast)

    def open(self, **_where: str) -> None:
        """Fill the scan bar."""
        self.tools.shell.answer(Tone.GOOD, self.say("Parcel received"))

    def _samples(self) -> Sequence[tuple[Answer, str, str, str]]:
        say = self.say
        return (
            (Answer.GOOD, say("Received"), f"{WAYBILL} · {GOODS[0]}", "47"),
            (Answer.RECOGNISED, WAYBILL, say("Is being recorded …"), ""),
            (Answer.ATTENTION, say("Nobody announced this parcel"), LONG_WAYBILL, ""),
            (Answer.WRONG, say("This is not a waybill"), say("Scan the label of the carrier"), ""),
            (Answer.IDLE, say("Ready"), say("Scan a waybill"), ""),
        )

    def _toast(self) -> None:
        self.tools.shell.toast(self.say("Parcel put on shelf {shelf}", shelf="A-07"), undo=lambda: None)


class FieldsPage(Page):
    """Forms, choices, buttons."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, tools.say("Fields"))
        grid = QGridLayout()
        grid.setSpacing(SIZES.l)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.addWidget(self._form(), 0, 0)
        grid.addWidget(self._buttons(), 0, 1)
        grid.addWidget(self._tiles(), 1, 0)
        grid.addWidget(self._pad(), 1, 1)
        self.body.addLayout(grid)

    def _form(self) -> Card:
        say, form = self.say, Form(2)
        form.add("name", say("Customer"), TextField()).setProperty("text", PEOPLE[3])
        form.add("phone", say("Phone"), TextField())
        form.add("serial", say("Serial number"), TextField(scans=True), hint=say("Scan it or type it"))
        form.add("kind", say("Kind"), Choice([("repair", say("Repair")), ("return", say("Return"))]))
        form.add("minutes", say("Minutes"), NumberField(unit=say("min")))
        form.add("password", say("Password"), PasswordField())
        form.add("reason", say("In the customer's words"), TextArea(), span=2)
        form.add("accessories", say("Accessories"), Tick(say("Left with us"), ticked=True))
        form.show_error("phone", say("Write the phone number with 11 digits"))
        return Card(say("Form"), form)

    def _buttons(self) -> Card:
        say = self.say
        off = Button(say("Print label"), "printer")
        off.setEnabled(False)
        kinds = (
            Button(say("Open case"), "plus", "Ctrl+Return", "primary"),
            Button(say("Print label"), "printer", "Ctrl+P"),
            Button(say("Take back"), "undo-2", kind="danger"),
            Button(say("More"), "chevron-down", kind="quiet"),
            off,
        )
        chips = [Chip(say(text), tone) for text, tone in CHIPS]
        return Card(
            say("Buttons and chips"), *[row(kind, 1) for kind in kinds], *[row(chip, 1) for chip in chips]
        )

    def _tiles(self) -> Card:
        say = self.say
        tiles = ChoiceTiles(
            say("Grade"),
            [
                Option("A", say("As new"), say("Sealed or never used"), "check", Tone.GOOD),
                Option("B", say("Opened"), say("Complete, no marks"), "package-open"),
                Option("C", say("Used or marked"), say("Works, looks used"), "search"),
                Option("D", say("Faulty"), say("Goes to the bench"), "wrench", Tone.ATTENTION),
                Option("E", say("Scrap"), say("Cannot be mended"), "trash-2", Tone.WRONG),
            ],
        )
        tiles.set_value("B")
        self.keys_to(tiles)
        return Card(say("Grade"), tiles)

    def _pad(self) -> Card:
        pin = PasswordField(digits=True)
        pin.setAccessibleName(self.say("PIN"))
        return Card(self.say("PIN"), pin, NumberPad(self.say, pin))


CHIPS = (
    (N_("Repaired"), Tone.GOOD),
    (N_("Waits for parts"), Tone.WAITING),
    (N_("Needs a decision"), Tone.ATTENTION),
    (N_("Refused"), Tone.WRONG),
    (N_("Opened"), Tone.NEUTRAL),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up row."""

    number: int

    @property
    def case(self) -> str:
        """Its number."""
        return f"M7K-{self.number:05d}"


class ListsPage(Page):
    """A long table and an empty one."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, tools.say("Lists"), tools.say.plural("{n} case", "{n} cases", ROWS))
        say = self.say
        model = RowModel(
            [
                Column(say("Case"), 130, lambda sample: sample.case),
                Column(say("Customer"), 150, lambda sample: PEOPLE[sample.number % 5], share=1),
                Column(say("Item"), 190, lambda sample: GOODS[sample.number % 4], share=2),
                Column(say("State"), 190, lambda sample: say(CHIPS[sample.number % 5][0]), _tone),
                Column(say("Waybill"), 180, lambda _sample: WAYBILL, share=1),
                Column(say("Minutes"), 110, lambda sample: str(sample.number * 7 % 95), right=True),
            ],
            lambda: ROWS,
            lambda offset, limit: [Sample(number) for number in range(offset, min(ROWS, offset + limit))],
        )
        self.table = TableView(say("Cases"), model)
        self.table.setMinimumHeight(44 * 7)
        self.body.addWidget(self.table, 1)
        clear = Button(say("Clear the search"), "x")
        nothing = say("No case fits the search")
        self.body.addWidget(
            Card("", EmptyState("search", nothing, say("Try a phone number or a serial"), clear))
        )

    def first_focus(self) -> TableView:
        return self.table


def _tone(sample: Sample) -> Tone:
    return CHIPS[sample.number % 5][1]


class StoryPage(Page):
    """A case as its page shows it: facts, steps, checklist, photographs, story."""

    def __init__(self, tools: Tools, photos: Sequence[Path]) -> None:
        super().__init__(tools, "M7K-00214", f"{PEOPLE[2]} · {GOODS[0]}")
        say = self.say
        self.add_actions(Chip(say("Waits for parts"), Tone.WAITING))
        self.add_actions(Button(say("Print label"), "printer", "Ctrl+P"))
        self.add_actions(Button(say("Next step"), "arrow-right", "F8", "primary"))
        grid = QGridLayout()
        grid.setSpacing(SIZES.l)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.addLayout(
            column(self._head(), self._inspection(), self._photos(photos), 1, spacing=SIZES.l), 0, 0
        )
        grid.addLayout(column(Card(say("Story"), self._story()), 1), 0, 1)
        self.body.addWidget(
            StepBar(say("Repair"), [say("Request"), say("Diagnosis"), say("Repair"), say("Return")], 2)
        )
        self.body.addLayout(grid)

    def _head(self) -> Card:
        say = self.say
        pairs = [
            (say("Customer"), PEOPLE[2]),
            (say("Phone"), "138 0013 8000"),
            (say("Item"), GOODS[0]),
            (say("Serial number"), "QY-A3-0098117"),
            (say("Waybill"), LONG_WAYBILL),
            (say("Grade"), ""),
        ]
        return Card(say("Case"), Facts(pairs))

    def _inspection(self) -> Card:
        say = self.say
        points = [
            Point("case", say("Housing without cracks"), photo=True),
            Point(
                "battery", say("Battery holds its charge"), say("At least 80 percent of a new one"), unit="%"
            ),
            Point("sound", say("Both sides play")),
        ]
        checklist = Checklist(say, points)
        checklist.set_answer("case", "pass", photos=2)
        checklist.set_answer("battery", "fail", "61")
        checklist.go_to(2)
        self.keys_to(checklist)
        return Card(say("Checklist"), checklist)

    def _photos(self, photos: Sequence[Path]) -> Card:
        strip = PhotoStrip(self.say, self.tools.tasks)
        strip.set_photos([photo_of(path) for path in photos])
        return Card(self.say("Photographs"), strip)

    def _story(self) -> Timeline:
        say = self.say
        return Timeline(
            [
                Moment(
                    say("Waits for parts"), "14:20", PEOPLE[4], say("Battery A3"), "hourglass", Tone.WAITING
                ),
                Moment(say("Diagnosed"), "11:05", PEOPLE[4], say("Battery holds its charge"), "search"),
                Moment(say("Received"), "09:12", PEOPLE[0], WAYBILL, "package-check", Tone.GOOD),
                Moment(say("Opened"), "08:40", PEOPLE[0], say("In the customer's words"), "plus"),
            ]
        )


class LookPage(Page):
    """Scheme and size of letters, changed at once."""

    def __init__(self, tools: Tools, theme: Theme) -> None:
        super().__init__(tools, tools.say("Look"), wide=False)
        self._theme = theme
        say = self.say
        self._scheme = ChoiceTiles(
            say("Colours"),
            [
                Option("system", say("As the system"), icon="monitor"),
                Option("light", say("Light"), icon="sun"),
                Option("dark", say("Dark"), icon="moon"),
                Option("contrast", say("High contrast"), icon="contrast"),
            ],
            columns=2,
        )
        self._scale = ChoiceTiles(say("Size of letters"), [Option(size, f"{size} %") for size in SCALES])
        self._scheme.set_value(look().scheme.value)
        self._scale.set_value(f"{look().scale * 100:.0f}")
        for tiles in (self._scheme, self._scale):
            tiles.chosen.connect(self._apply)
        self.keys_to(self._scheme)
        self.body.addWidget(Card(say("Colours"), self._scheme))
        self.body.addWidget(Card(say("Size of letters"), self._scale))

    def _apply(self) -> None:
        self._theme.apply(Scheme(self._scheme.value()), int(self._scale.value()) / 100)


def gallery_window(say: Speaker, theme: Theme, photos: Sequence[Path]) -> MainWindow:
    """The shell with the gallery's pages, entered."""
    tasks = Tasks(theme)
    window = MainWindow(say, tasks, Hub(theme), Sounds(BeepDevice(QApplication.beep)))
    window.add_page("answers", N_("Answers"), "circle-check", AnswersPage, "Alt+1")
    window.add_page("fields", N_("Fields"), "pencil", FieldsPage, "Alt+2")
    window.add_page("lists", N_("Lists"), "clipboard-list", ListsPage, "Alt+3")
    window.add_page("story", N_("Story"), "history", lambda tools: StoryPage(tools, photos), "Alt+4")
    window.add_page("look", N_("Look"), "sun", lambda tools: LookPage(tools, theme), "Alt+9", last=True)
    window.show_sign("person", Tone.NEUTRAL, PEOPLE[0])
    window.show_sign("desk", Tone.NEUTRAL, say("Window {n}", n=2))
    window.show_sign("line", Tone.ATTENTION, say("No line · {n} waiting", n=12), "cloud-off")
    window.show_sign("printer", Tone.NEUTRAL, say("Ready"))
    window.show_sign("scanner", Tone.NEUTRAL, say("Ready"))
    window.enter("answers")
    return window


def pictures(out: Path, languages: Sequence[str] = LANGUAGES, scale: float = 1.0) -> list[Path]:
    """Draw every gallery page in every scheme and language into PNG files of `out`; needs a QApplication."""
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("pictures need a QApplication")
    with tempfile.TemporaryDirectory() as folder:
        theme = Theme(app, Path(folder))
        photos = sample_photos(Path(folder))
        drawn: list[Path] = []
        for language in languages:
            drawn += _pictures_of(language, theme, photos, out, scale)
    return drawn


def _pictures_of(language: str, theme: Theme, photos: Sequence[Path], out: Path, scale: float) -> list[Path]:
    window = gallery_window(speaker(language), theme, photos)
    window.resize(SIZE)
    drawn = []
    for scheme in SCHEMES:
        theme.apply(scheme, scale)
        for name in PAGES:
            path = out / f"{name}-{scheme.value}-{language}.png"
            _draw(window, name, path)
            drawn.append(path)
    window.tools.tasks.stop()
    window.close()
    window.deleteLater()
    return drawn


def _draw(window: MainWindow, name: str, path: Path) -> None:
    window.open(name)
    window.show()
    window.scan_bar.show_scan(WAYBILL)
    window.answer(Tone.GOOD, window.tools.say("Parcel received"))
    if name == "answers":
        window.toast(window.tools.say("Parcel put on shelf {shelf}", shelf="A-07"), undo=lambda: None)
    while any(thumbnail.image is None for thumbnail in window.findChildren(Thumbnail)):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QApplication.processEvents()
    if not window.grab().save(str(path)):
        raise OutsideError("picture_not_written", path=str(path))


def sample_photos(folder: Path) -> list[Path]:
    """Three made-up photographs of a device on a bench."""
    made: list[Path] = []
    for number, colour in enumerate(("#33566B", "#7A5A3A", "#4A6B4E")):
        image = QImage(1200, 900, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        light = QLinearGradient(0, 0, 1200, 900)
        light.setColorAt(0, QColor(colour).lighter(190))
        light.setColorAt(1, QColor(colour))
        painter.fillRect(image.rect(), light)
        painter.fillRect(380 + number * 40, 180, 420, 560, QColor(colour).darker(220))
        painter.end()
        made.append(folder / f"photo-{number}.jpg")
        image.save(str(made[-1]))
    return made
