"""The pages that show answers, fields, lists and a case's story."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ui.gallery.samples import CHIPS, GOODS, LONG_WAYBILL, PEOPLE, WAYBILL, ZONE, Sample
from ui.pages.columns import Columns
from ui.theme import SIZES
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
    Times,
    Tone,
    Tools,
    clock_column,
    column,
    photo_of,
    row,
)

ROWS = 100_000


class AnswersPage(Page):
    """The big answers, and what a scan bar, a toast and the signs say with them."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(
            tools, tools.say("Answers"), tools.say("What a scan led to, readable from two metres")
        )
        for answer, words, detail in self._samples():
            field = AnswerField(words, detail)
            field.show_answer(answer, words, detail)
            self.body.addWidget(field)
        toast = Button(self.say("Show a toast"), "info", "F6", "primary")
        toast.clicked.connect(self._toast)
        self.add_actions(toast)

    def open(self, **_where: str) -> None:
        """Fill the scan bar."""
        self.tools.shell.answer(Tone.GOOD, self.say("Parcel received"))

    def _samples(self) -> Sequence[tuple[Answer, str, str]]:
        say = self.say
        return (
            (Answer.GOOD, say("Received"), f"{WAYBILL} · {GOODS[0]}"),
            (Answer.RECOGNISED, WAYBILL, say("Is being recorded …")),
            (Answer.ATTENTION, say("Nobody announced this parcel"), LONG_WAYBILL),
            (Answer.WRONG, say("This is not a waybill"), say("Scan the label of the carrier")),
            (Answer.IDLE, say("Ready"), say("Scan a waybill")),
        )

    def _toast(self) -> None:
        self.tools.shell.toast(self.say("Parcel put on shelf {shelf}", shelf="A-07"), undo=lambda: None)


class FieldsPage(Page):
    """Forms, choices, buttons."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, tools.say("Fields"))
        left = column(self._form(), self._tiles(), 1, spacing=SIZES.l)
        right = column(self._buttons(), self._pad(), 1, spacing=SIZES.l)
        self.body.addWidget(Columns(left, right, (3, 2)))

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


class ListsPage(Page):
    """A long table with compact rows, and an empty one."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, tools.say("Lists"), tools.say.plural("{n} case", "{n} cases", ROWS))
        say, times = self.say, Times(self.say, ZONE, tools.hub)
        now = tools.hub.clock()
        self._model = RowModel(
            [
                Column(say("Case"), 130, lambda sample: sample.case),
                Column(say("Customer"), 150, lambda sample: PEOPLE[sample.number % 5], share=1),
                Column(say("Item"), 190, lambda sample: GOODS[sample.number % 4], share=2),
                Column(say("State"), 190, lambda sample: say(CHIPS[sample.number % 5][0]), _tone),
                Column(say("Waybill"), 180, lambda _sample: WAYBILL, share=1),
                clock_column(times, say("Time left"), 190, lambda sample: sample.deadline(now)),
            ],
            lambda: ROWS,
            lambda offset, limit: [Sample(number) for number in range(offset, min(ROWS, offset + limit))],
        )
        tools.hub.minute.connect(self._model.retell)
        self.table = TableView(say("Cases"), self._model, compact=True)
        self.table.setMinimumHeight(36 * 9)
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
        left = column(self._head(), self._inspection(), self._photos(photos), 1, spacing=SIZES.l)
        right = column(Card(say("Story"), self._story()), 1)
        self.body.addWidget(
            StepBar(say("Repair"), [say("Request"), say("Diagnosis"), say("Repair"), say("Return")], 2)
        )
        self.body.addWidget(Columns(left, right, (3, 2)))

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
