"""The first steps: take the goods in hand, answer the checklist, decide what becomes of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeyEvent

from desk_app.texts import N_
from ui.pages import photos
from ui.pages.bench.panel import Bench, OnBench, Panel, big_words
from ui.pages.bench.seen_codes import SeenCodes
from ui.widgets import (
    Card,
    Checklist,
    ChoiceTiles,
    Form,
    Option,
    Text,
    TextArea,
    TextField,
)

BEFORE = "before"
REASONS = (
    ("better", N_("Better than the checklist says")),
    ("worse", N_("Worse than the checklist says")),
    ("unasked", N_("The checklist does not ask for it")),
)


class ReceivePanel(Panel):
    """The goods are still in their parcel or with the customer."""

    next_text = N_("Take it in hand")
    next_icon = "inbox"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        say = self.say
        ask = big_words("inbox", say("Is it in your hand?"), say("Take it out of its parcel and compare it"))
        self.body.addWidget(ask)

    def go_on(self) -> None:
        """Record that the goods are in our hands."""
        if self.on:
            self.step(self.bench.services.inspection.take_in(*self.on.place, self.bench.actor))


class InspectPanel(Panel):
    """The checklist gives the grade; another grade needs a reason."""

    next_text = N_("Record the inspection")
    next_icon = "clipboard-check"
    FIELDS = {"grade.reason_needed": "note"}

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        say = self.say
        self.checklist = Checklist(say)
        self.checklist.answered.connect(self._answered)
        self.checklist.photo_asked.connect(lambda _key: self.add_photos(BEFORE))
        self.grades = ChoiceTiles(say("Grade"), columns=3)
        self.grades.chosen.connect(self._overruled)
        self.computed = Text("", "muted")
        self.photos = photos.strip(bench.tools, lambda: self.add_photos(BEFORE))
        self.seen = SeenCodes(bench.tools, bench.services.pictures)
        self.form = Form()
        self.form.add("note", say("Remarks, or why another grade"), TextArea(lines=2))
        self.reasons = ChoiceTiles(say("Why another grade"), columns=3)
        self.reasons.chosen.connect(self._give_reason)
        self.body.addWidget(Card(say("Checklist"), self.checklist))
        self.body.addWidget(Card(say("Grade"), self.computed, self.grades, self.reasons, self.form))
        self.body.addWidget(Card(say("Photographs before the repair"), self.photos, self.seen))

    def begin(self, on: OnBench) -> None:
        """A fresh checklist of the item's category."""
        self._by_hand = False
        self.reasons.set_options([Option(key, self.say(words)) for key, words in REASONS])
        self.checklist.set_points(on.trade.points(on.item.category))
        self.grades.set_options(on.trade.grades())
        assert self.form is not None
        self.form.clear()
        self._ask_reason()
        super().begin(on)
        self._show_computed()

    def show_item(self, on: OnBench) -> None:
        """The photographs that are there."""
        super().show_item(on)
        shown = [photo for photo in on.item.photos if photo.stage == BEFORE]
        photos.show(self.photos, self.bench.tools, self.bench.services, shown)

    def take_key(self, event: QKeyEvent) -> bool:
        """Digits answer the points; then they choose the grade, and why it is another one."""
        if self.checklist.take_key(event):
            return True
        wanted = self.reasons if self.reasons.isVisible() and not self.reasons.value() else self.grades
        return self._all_answered() and wanted.take_key(event)

    def step_back(self) -> bool:
        """The last point is open again, and the checklist gives the grade."""
        taken = self.checklist.take_back()
        self._by_hand = False
        self._ask_reason()
        self._show_computed()
        return taken

    def go_on(self) -> None:
        """Record answers, measures, grade and note."""
        if self.on is None or self.form is None:
            return
        self.step(
            self.bench.services.inspection.inspect(
                *self.on.place,
                self.checklist.answers(),
                self.checklist.measures(),
                self.grades.value(),
                self.form.text("note"),
                self.bench.actor,
            )
        )

    def _all_answered(self) -> bool:
        return len(self.checklist.answers()) == len(self.checklist.rows)

    def _answered(self, key: str, _answer: str) -> None:
        self._show_computed()
        self.reveal_after(self.checklist, key, self.grades)

    def _overruled(self, key: str) -> None:
        self._by_hand = key != self._computed()
        self._ask_reason()
        if self.form:
            self.reveal_soon(self.form)

    def _ask_reason(self) -> None:
        """Only what the next digit goes to shows digits; the reason is forgotten with the other grade."""
        assert self.form is not None
        if self.reasons.value() and self.form.text("note") == self._reason():
            self.form.set_text("note", "")
        self.reasons.set_value("")
        self.reasons.show_digits(True)
        self.reasons.setVisible(self._by_hand)
        self.grades.show_digits(not self._by_hand)

    def _reason(self) -> str:
        return self.say(dict(REASONS)[self.reasons.value()])

    def _give_reason(self, _key: str) -> None:
        """A reason by one digit; more can be written behind it. Then digits choose the grade again."""
        assert self.form is not None
        self.form.set_text("note", self._reason())
        self.grades.show_digits(True)
        self.reasons.show_digits(False)

    def _computed(self) -> str:
        """The grade that follows from the answers, "" while points are open."""
        if self.on is None or not self._all_answered():
            return ""
        return self.on.trade.grade_of(self.on.item.category, self.checklist.answers())

    def _show_computed(self) -> None:
        computed = self._computed()
        told = self.say("Answer the points: 1 pass, 2 fail")
        if computed and self.on:
            told = self.say("The checklist gives {grade}", grade=self.on.trade.word(computed))
        self.computed.setText(told)
        if not self._by_hand:
            self.grades.set_value(computed)


class DecidePanel(Panel):
    """What becomes of the goods; what the handbook suggests stands first."""

    next_text = N_("Record the decision")
    next_icon = "check"
    FIELDS = {"shelf.unknown": "shelf"}
    takes = ("takes_shelf",)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        say = self.say
        self.tiles = ChoiceTiles(say("What becomes of it"), columns=2)
        self.form = Form()
        self.form.add(
            "shelf", say("Shelf"), TextField(scans=True), hint=say("Scan the shelf, or leave it empty")
        )
        self.body.addWidget(Card(say("What becomes of it"), self.tiles, self.form))

    def begin(self, on: OnBench) -> None:
        """Offer what is possible now: after a repair, no second one."""
        repaired = on.item.repair is not None
        options = on.trade.dispositions(on.item.grade, on.view.case.case_kind, repaired)
        self.tiles.set_options(options)
        self.tiles.set_value(options[0].key)
        assert self.form is not None
        self.form.clear()
        super().begin(on)

    def take_key(self, event: QKeyEvent) -> bool:
        """A digit chooses."""
        return self.tiles.take_key(event)

    def take_text(self, text: str) -> Callable[[], None]:
        """The shelf that was scanned."""
        return self.write("shelf", text)

    def go_on(self) -> None:
        """Record what was chosen."""
        if self.on and self.form:
            shelf = self.form.text("shelf")
            self.step(
                self.bench.services.inspection.dispose(
                    *self.on.place, self.tiles.value(), shelf, self.bench.actor
                )
            )
