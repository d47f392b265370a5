"""What the steps at the bench have in common: whose item is on it, how an act is done and a refusal said."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from desk_app.domain.cases import Item
from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.services.views import CaseView
from ui.pages import acts
from ui.pages.bench.seen_codes import SeenCodes
from ui.pages.trade import Trade
from ui.services import Services
from ui.sound import Sound
from ui.widgets import SIZES, Card, Checklist, Form, Icon, Text, Tone, Tools, column, row


@dataclass(frozen=True, slots=True)
class Bench:
    """What every step needs; `again` shows the item anew after an act."""

    tools: Tools
    services: Services
    actor: Actor
    again: Callable[[], None]


@dataclass(frozen=True, slots=True)
class OnBench:
    """The item that is worked on."""

    view: CaseView
    item: Item
    trade: Trade

    @property
    def place(self) -> tuple[str, int]:
        """The case's stream and the item's number, as the services ask for them."""
        return self.view.stream, self.item.item

    def code(self, code: str) -> str:
        """The text of a fault, part or test of the item's category."""
        return self.trade.code(self.item.category, code)


class Panel(QWidget):
    """One step. `next_text` is what the page's one big button says; "" for no next step.

    `begin` is called when the step begins, `show_item` each time the case changed. FIELDS: code of a
    refusal → the field of `form` it is said beside; any other is said at the foot of the panel. `takes`: the
    codes it has fields for, as the table of routes says it.
    """

    next_text = ""
    next_icon = "arrow-right"
    FIELDS: dict[str, str] = {}
    takes: tuple[str, ...] = ()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench
        self.say = bench.tools.say
        self.form: Form | None = None
        self.on: OnBench | None = None
        self.seen: SeenCodes | None = None
        self.busy = False
        self.trouble = Text("", "", Tone.WRONG)
        self._trouble_row = QWidget()
        line = row(Icon("triangle-alert", 20, Tone.WRONG), self.trouble, spacing=SIZES.s)
        line.setStretch(1, 1)
        self._trouble_row.setLayout(line)
        self._trouble_row.hide()
        self.body = column(spacing=SIZES.l)
        self.setLayout(column(self.body, self._trouble_row, 1, spacing=SIZES.l))

    def begin(self, on: OnBench) -> None:
        """Another item, or another step of it: forget what was written."""
        self.on = on
        if self.seen:
            self.seen.forget()
        self.clear_errors()
        self.show_item(on)

    def show_item(self, on: OnBench) -> None:
        """Show what is recorded; what is being written stays."""
        self.on = on

    def go_on(self) -> None:
        """Do the next step."""

    def take_key(self, _event: QKeyEvent) -> bool:
        """Digits for what is chosen on this step."""
        return False

    def take_text(self, _text: str) -> Callable[[], None] | None:
        """Write a scanned number into a field, such as a part's serial number; how to undo it."""
        return None

    def turn_warranty(self) -> bool:
        """Say the other of within and out of warranty; False where that is not asked."""
        return False

    def step_back(self) -> bool:
        """Take back the last answer by digit; False where there is none."""
        return False

    def write(self, field: str, text: str) -> Callable[[], None]:
        """Write a scan into a field of the form; how to undo it."""
        assert self.form is not None
        before = self.form.text(field)
        self.form.set_text(field, text)
        return partial(self.form.set_text, field, before)

    def step(self, asked: Future[None], done: Callable[[], object] | None = None) -> None:
        """As `act`, and `busy` until it is done: a key that is pressed twice does nothing twice."""
        self.busy = True
        self.act(asked, done)

    def act(self, asked: Future[None], done: Callable[[], object] | None = None) -> None:
        """Wait for an act, then show the item anew; a refusal is said where it belongs."""
        self.clear_errors()
        after = partial(self._done, done)
        self.bench.tools.tasks.when(asked, after, self.refused)

    def add_photos(self, stage: str) -> None:
        """Ask for picture files and keep them; reading and encrypting them goes on beside the window."""
        paths = acts.choose_photos(self, self.bench.tools)
        if self.on and paths:
            if self.seen:
                self.seen.look_at(paths, self.on)
            keep = partial(self._photograph, self.on.place, paths, stage)
            self.bench.tools.tasks.run(keep, partial(self._done, None), self.refused)

    def _photograph(self, place: tuple[str, int], paths: list[Path], stage: str) -> None:
        self.bench.services.inspection.photograph(*place, paths, stage, self.bench.actor).result()

    def refused(self, error: ShownError) -> None:
        """Say why not."""
        self.busy = False
        words = sentence(error, self.say)
        field = self.FIELDS.get(error.code)
        if self.form and field:
            self.form.show_error(field, words)
            self.reveal_soon(self.form)
        else:
            self.trouble_is(words)
        self.bench.tools.sounds.play(Sound.ERROR)

    def trouble_is(self, words: str) -> None:
        """Say at the foot of the step what is wrong."""
        self.trouble.setText(words)
        self._trouble_row.show()
        self.reveal_soon(self._trouble_row)

    def clear_errors(self) -> None:
        """Forget what was refused."""
        self._trouble_row.hide()
        self.trouble.setText("")
        if self.form:
            self.form.clear_errors()

    def reveal_after(self, checklist: Checklist, key: str, then: QWidget) -> None:
        """Scroll to the point after the one that was answered; after the last to what comes then."""
        keys = [line.point.key for line in checklist.rows]
        after = keys.index(key) + 1
        self.reveal(checklist.rows[after] if after < len(keys) else then)

    def reveal(self, widget: QWidget) -> None:
        """Scroll until a widget can be seen."""
        above: QWidget | None = self
        while above and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 0, SIZES.xxl)

    def reveal_soon(self, widget: QWidget) -> None:
        """Scroll to what has only just got its place."""
        QTimer.singleShot(0, self, partial(self.reveal, widget))

    def _done(self, done: Callable[[], object] | None, _result: None) -> None:
        self.busy = False
        if done:
            done()
        self.bench.again()


def big_words(icon: str, words: str, detail: str) -> Card:
    """What is to be done, large, where a step has nothing to fill in."""
    said = column(Text(words, "big"), Text(detail, "muted"), spacing=0)
    line = row(Icon(icon, 48), said, spacing=SIZES.xl)
    line.setStretch(1, 1)
    return Card("", line)
