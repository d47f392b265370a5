"""The last steps: the second check by somebody else, and handing over."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent

from desk_app.texts import N_
from ui.pages import photos
from ui.pages.bench.panel import Bench, OnBench, Panel, big_words
from ui.pages.bench.repairing import diagnosis_facts, part_line
from ui.widgets import (
    Answer,
    AnswerField,
    Card,
    ChoiceTiles,
    Facts,
    Form,
    Option,
    Text,
    TextArea,
    Tone,
)

PASSED, FAILED = "passed", "failed"


class CheckPanel(Panel):
    """What was done, and whether it holds; the service refuses the one who repaired."""

    next_text = N_("Record the second check")
    next_icon = "list-checks"
    FIELDS = {"repair.reason_needed": "note"}

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        say = self.say
        self.own = Text(
            say("You repaired it yourself: somebody else does the second check."), "", Tone.ATTENTION
        )
        self.done = Facts(columns=2)
        self.photos = photos.strip(bench.tools)
        self.result = ChoiceTiles(say("Second check"), columns=2)
        self.form = Form()
        self.form.add("note", say("What the check found"), TextArea(lines=2))
        self.reasons = ChoiceTiles(say("What failed"), columns=2)
        self.reasons.chosen.connect(self._give_reason)
        self.result.chosen.connect(self._chosen)
        self.body.addWidget(self.own)
        self.body.addWidget(Card(say("Second check"), self.result, self.reasons, self.form))
        self.body.addWidget(Card(say("What was done"), self.done, self.photos))

    def begin(self, on: OnBench) -> None:
        """Nothing is chosen: the check is a decision of its own."""
        say = self.say
        self.result.set_options(
            [
                Option(PASSED, say("Passed"), say("Ready to hand over"), "circle-check", Tone.GOOD),
                Option(FAILED, say("Failed"), say("Goes to the bench"), "circle-x", Tone.WRONG),
            ]
        )
        tests = [Option(point.key, point.text) for point in on.trade.tests(on.item.category)]
        self.reasons.set_options(tests)
        self._chosen("")
        assert self.form is not None
        self.form.clear()
        super().begin(on)

    def show_item(self, on: OnBench) -> None:
        """The repair as it was recorded."""
        super().show_item(on)
        repair = on.item.repair
        if repair is None:
            return
        self.own.setVisible(repair.technician == self.bench.actor.person)
        self.done.set_pairs(repair_done(on))
        photos.show(self.photos, self.bench.tools, self.bench.services, on.item.photos)

    def take_key(self, event: QKeyEvent) -> bool:
        """1 passed, 2 failed; then which test failed."""
        return (self.reasons if self.reasons.isVisible() else self.result).take_key(event)

    def step_back(self) -> bool:
        """Nothing is chosen again."""
        taken = bool(self.result.value())
        self.result.set_value("")
        self._chosen("")
        return taken

    def _chosen(self, result: str) -> None:
        """Only what the next digit goes to shows digits; what failed is forgotten with the failure."""
        assert self.form is not None
        if self.reasons.value() and self.form.text("note") == self._reason():
            self.form.set_text("note", "")
        self.reasons.set_value("")
        self.reasons.setVisible(result == FAILED)
        self.result.show_digits(result != FAILED)
        if result:
            self.reveal_soon(self.form)

    def _reason(self) -> str:
        return self.say("{test}: failed", test=self.on.code(self.reasons.value())) if self.on else ""

    def _give_reason(self, _test: str) -> None:
        """A reason by one digit; more can be written behind it."""
        if self.form:
            self.form.set_text("note", self._reason())

    def go_on(self) -> None:
        """Record the result."""
        if self.on is None or self.form is None:
            return
        if not self.result.value():
            self.trouble_is(self.say("Choose: passed or failed"))
            return
        passed = self.result.value() == PASSED
        self.step(
            self.bench.services.repairs.check(
                *self.on.place, passed, self.form.text("note"), self.bench.actor
            )
        )


class HandOverPanel(Panel):
    """The goods go back to the customer."""

    next_text = N_("Hand over")
    next_icon = "send"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        say = self.say
        ask = big_words(
            "send", say("Ready to hand over"), say("Give it to the customer with its accessories")
        )
        self.done = Facts(columns=2)
        self.card = Card(say("What was done"), self.done)
        self.body.addWidget(ask)
        self.body.addWidget(self.card)

    def show_item(self, on: OnBench) -> None:
        """What the customer may ask about."""
        super().show_item(on)
        self.card.setVisible(on.item.repair is not None)
        self.done.set_pairs(repair_done(on))

    def go_on(self) -> None:
        """Record that it is gone."""
        if self.on:
            self.step(self.bench.services.reception.hand_over(*self.on.place, self.bench.actor))


class DonePanel(Panel):
    """Nothing is left to do at the bench."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.answer = AnswerField(self.say("Done"))
        self.body.addWidget(self.answer)

    def show_item(self, on: OnBench) -> None:
        """What became of it."""
        super().show_item(on)
        left = on.item.goods == "left"
        said = self.say("Handed over") if left else on.trade.disposition(on.item)
        self.answer.show_answer(Answer.GOOD, said, self.say("Scan the next item label"))


def repair_done(on: OnBench) -> list[tuple[str, str]]:
    """The repair in pairs: diagnosis, parts, tests, time, people."""
    repair, say = on.item.repair, on.trade.say
    if repair is None:
        return []
    tests = "\n".join(
        say("{test}: passed", test=on.code(test.test))
        if test.passed
        else say("{test}: failed", test=on.code(test.test))
        for test in repair.tests
    )
    return [
        *diagnosis_facts(on),
        (say("Parts used"), "\n".join(part_line(part) for part in repair.parts)),
        (say("Tests after the repair"), tests),
        (say("Working time"), say.duration(repair.minutes)),
        (say("Technician"), on.view.people.get(repair.technician, "")),
        *([(say("Second checker"), on.view.people.get(repair.checker, ""))] if repair.checker else []),
    ]
