"""The repair itself: diagnosis, parts, tests, minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QKeyEvent

from desk_app.domain.cases import Part
from desk_app.services.views import Diagnosis, PartUsed
from desk_app.texts import N_
from ui.actions import Action
from ui.pages import photos, words
from ui.pages.bench.panel import Bench, OnBench, Panel
from ui.pages.bench.seen_codes import SeenCodes
from ui.widgets import (
    Button,
    Card,
    Checklist,
    ChoiceTiles,
    Facts,
    Form,
    NumberField,
    Option,
    Text,
    TextArea,
    TextField,
    Tick,
    Tone,
    row,
)

PICK_PART = Action("bench.pick_part", N_("Choose part"), key="F6", icon="tag")
ADD_PART = Action("bench.add_part", N_("Add part"), key="F7", icon="plus")
ADD_MINUTES = Action("bench.add_minutes", N_("Add minutes"), key="F9", icon="clock")
AFTER = "after"
MOST_PARTS = 999
LONGEST_WORK = 24 * 60
SCANNED_FIELDS = ("serial", "old_serial")


class DiagnosePanel(Panel):
    """What is wrong with it, and whether the warranty covers it: a digit for the fault, one for the part."""

    next_text = N_("Record the diagnosis")
    next_icon = "search"
    FIELDS = {"diagnosis.fault_needed": "fault"}

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        say = self.say
        self.fault, self.part = (
            ChoiceTiles(say("Fault found"), columns=4),
            ChoiceTiles(say("Part of the device"), columns=4),
        )
        self.tick = Tick(say("Within the warranty"), ticked=True)
        self.form = form = Form(2)
        form.add("fault", say("Fault found"), self.fault, span=2)
        form.add("part", say("Part of the device"), self.part, span=2)
        form.add("note", say("What was found"), TextArea(lines=2))
        form.add("in_warranty", say("Warranty"), self.tick)
        self.body.addWidget(Card(say("Diagnosis"), form))
        for tiles in (self.fault, self.part):
            tiles.chosen.connect(self._show_turn)

    def begin(self, on: OnBench) -> None:
        """The faults and parts of the item's category, and what was found before."""
        assert self.form is not None
        self.fault.set_options(_options(on.trade.faults(on.item.category)))
        self.part.set_options(_options(on.trade.parts(on.item.category)))
        self.form.clear()
        self._fill(on)
        super().begin(on)

    def go_on(self) -> None:
        """Record the diagnosis."""
        if self.on is None or self.form is None:
            return
        texts = self.form.texts()
        found = Diagnosis(texts["fault"], texts["part"], texts["note"], bool(texts["in_warranty"]))
        self.step(self.bench.services.repairs.diagnose(*self.on.place, found, self.bench.actor))

    def take_key(self, event: QKeyEvent) -> bool:
        """A digit for the fault, then one for the part; a third begins anew."""
        if self.fault.value() and not self.part.value():
            return self.part.take_key(event)
        if not self.fault.take_key(event):
            return False
        self.part.set_value("")
        self._show_turn()
        return True

    def step_back(self) -> bool:
        """The last choice is open again."""
        last = next((tiles for tiles in (self.part, self.fault) if tiles.value()), None)
        if last:
            last.set_value("")
            self._show_turn()
        return last is not None

    def _show_turn(self, _key: str = "") -> None:
        """Only the tiles that the next digit goes to show digits."""
        chosen = bool(self.fault.value()), bool(self.part.value())
        self.fault.show_digits(not chosen[0] or all(chosen))
        self.part.show_digits(chosen == (True, False))

    def turn_warranty(self) -> bool:
        """A command code turns the tick."""
        self.tick.setChecked(not self.tick.isChecked())
        told = self.say("Within the warranty") if self.tick.isChecked() else self.say("Out of warranty")
        self.bench.tools.shell.answer(Tone.NEUTRAL, told)
        return True

    def _fill(self, on: OnBench) -> None:
        self._show_turn()
        repair = on.item.repair
        if repair is None or not repair.fault or self.form is None:
            return
        for name, value, known in (
            ("fault", repair.fault, on.trade.faults(on.item.category)),
            ("part", repair.part, on.trade.parts(on.item.category)),
        ):
            if value in dict(known):
                self.form.set_text(name, value)
        self.form.set_text("note", on.view.texts.get(repair.note_record, ""))
        self.form.set_text("in_warranty", "yes" if repair.in_warranty else "")
        self._show_turn()


class RepairPanel(Panel):
    """Parts, tests and minutes; each is recorded as it happens."""

    next_text = N_("Repair finished")
    next_icon = "circle-check"
    FIELDS = {"part.name_needed": "name", "part.quantity": "quantity"}
    takes = ("takes_numbers",)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        say, bind = self.say, bench.tools.actions.bind
        self.failed = Text("", "strong", Tone.ATTENTION)
        self.diagnosis = Facts(columns=2)
        self.form = self._part_form()
        self.parts = Text("")
        self.picks = ChoiceTiles(say("Part"))
        self.picks.chosen.connect(self._picked)
        self.tests = Checklist(say)
        self.tests.setAccessibleName(say("Tests after the repair"))
        self.tests.answered.connect(self._tested)
        self.minutes = NumberField(1, LONGEST_WORK, say("min"))
        self.minutes.setAccessibleName(say("Minutes"))
        self.worked = Text("", "muted", wrap=False)
        self.photos = photos.strip(bench.tools, lambda: self.add_photos(AFTER))
        self.pick_part = Button.of(bind(self, PICK_PART, self._pick))
        self.seen = SeenCodes(bench.tools, bench.services.pictures, self._copy)
        self.add_part = Button.of(bind(self, ADD_PART, self._use_part))
        self.add_minutes = Button.of(bind(self, ADD_MINUTES, self._work))
        self._lay_out_panel()

    def begin(self, on: OnBench) -> None:
        """Empty fields and the tests of the category."""
        assert self.form is not None
        self.form.clear()
        self.form.set_text("quantity", "1")
        self.minutes.setValue(15)
        self.tests.set_points(on.trade.tests(on.item.category))
        self.picks.set_options(_options(on.trade.parts(on.item.category)))
        self.picks.hide()
        super().begin(on)

    def show_item(self, on: OnBench) -> None:
        """What was done so far."""
        super().show_item(on)
        repair = on.item.repair
        if repair is None:
            return
        say = self.say
        self.diagnosis.set_pairs(diagnosis_facts(on))
        lines = [part_line(part) for part in repair.parts]
        self.parts.setText("\n".join(lines) or say("No part used yet"))
        self.worked.setText(say("{time} so far", time=say.duration(repair.minutes)))
        known = {line.point.key for line in self.tests.rows}
        for test in repair.tests:
            if test.test in known:
                self.tests.set_answer(test.test, "pass" if test.passed else "fail")
        self.failed.setVisible(repair.failed_checks > 0)
        self.failed.setText(say("The second check failed. Repair and test again."))
        shown = [photo for photo in on.item.photos if photo.stage == AFTER]
        photos.show(self.photos, self.bench.tools, self.bench.services, shown)

    def take_key(self, event: QKeyEvent) -> bool:
        """Digits answer the tests; while a part is asked for, they choose it."""
        return self.picks.take_key(event) if self.picks.isVisible() else self.tests.take_key(event)

    def step_back(self) -> bool:
        """The mark goes to the last test: its next answer counts."""
        return self.tests.go_back()

    def take_text(self, text: str) -> Callable[[], None] | None:
        """A scanned serial goes into the first empty serial field of the part."""
        form = self.form
        name = next((name for name in SCANNED_FIELDS if form and not form.text(name)), "")
        return self.write(name, text) if name else None

    def _copy(self, text: str) -> bool:
        """A number on a photograph is a part's; full fields stay as they are, and it is said."""
        if self.form and self.take_text(text):
            self.reveal_soon(self.form)
            return True
        self.bench.tools.shell.toast(self.say("Both serial fields are filled in already"), Tone.ATTENTION)
        return False

    def go_on(self) -> None:
        """The technician is done."""
        if self.on:
            self.step(self.bench.services.repairs.finish(*self.on.place, self.bench.actor))

    def _pick(self) -> None:
        """Ask which part, by a digit."""
        self.picks.set_value("")
        self.picks.setVisible(not self.picks.isVisible())
        if self.picks.isVisible():
            self.reveal(self.picks)

    def _picked(self, key: str) -> None:
        if self.on and self.form:
            self.form.set_text("name", self.on.code(key))
        self.picks.hide()

    def _use_part(self) -> None:
        if self.on is None or self.form is None or self.busy:
            return
        texts = self.form.texts()
        part = PartUsed(
            texts["part"], texts["name"], int(texts["quantity"]), texts["serial"], texts["old_serial"]
        )
        self.step(
            self.bench.services.repairs.use_part(*self.on.place, part, self.bench.actor), self._next_part
        )

    def _next_part(self) -> None:
        if self.form:
            self.form.clear()
            self.form.set_text("quantity", "1")

    def _tested(self, key: str, answer: str) -> None:
        if self.on:
            passed = answer == "pass"
            self.reveal_after(self.tests, key, self.add_minutes)
            self.act(self.bench.services.repairs.test(*self.on.place, key, passed, self.bench.actor))

    def _work(self) -> None:
        if self.on:
            minutes = self.minutes.value()
            self.act(self.bench.services.repairs.work(*self.on.place, minutes, self.bench.actor))

    def _part_form(self) -> Form:
        say, form = self.say, Form(2)
        form.add("name", say("Part"), TextField())
        form.add("part", say("Part number"), TextField(scans=True))
        form.add(
            "serial", say("Serial of the new part"), TextField(scans=True), hint=say("Scan it or type it")
        )
        form.add("old_serial", say("Serial of the old part"), TextField(scans=True))
        form.add("quantity", say("Quantity"), NumberField(1, MOST_PARTS))
        return form

    def _lay_out_panel(self) -> None:
        say = self.say
        assert self.form is not None
        self.body.addWidget(self.failed)
        self.body.addWidget(
            Card(say("Parts used"), self.parts, self.picks, self.form, row(1, self.pick_part, self.add_part))
        )
        self.body.addWidget(Card(say("Tests after the repair"), self.tests))
        self.body.addWidget(Card(say("Working time"), row(self.worked, 1, self.minutes, self.add_minutes)))
        self.body.addWidget(Card(say("Photographs after the repair"), self.photos, self.seen))
        self.body.addWidget(Card(say("Diagnosis"), self.diagnosis))


def _options(pairs: Sequence[tuple[str, str]]) -> list[Option]:
    return [Option(key, words) for key, words in pairs]


def part_line(part: Part) -> str:
    """A part that went in: how many, what, and its serials, new ← old."""
    name = f"{part.quantity} × {part.name}"
    swapped = f"{part.serial} ← {part.old_serial}" if part.old_serial else part.serial
    return words.joined(name, part.part, swapped)


def diagnosis_facts(on: OnBench) -> list[tuple[str, str]]:
    """What was found, in words."""
    repair, say = on.item.repair, on.trade.say
    if repair is None:
        return []
    return [
        (say("Fault found"), on.code(repair.fault)),
        (say("Part of the device"), on.code(repair.part)),
        (say("Warranty"), say("Within the warranty") if repair.in_warranty else say("Out of warranty")),
        (say("What was found"), on.view.texts.get(repair.note_record, "") if repair.note_record else ""),
    ]
