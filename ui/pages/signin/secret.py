"""One field for PIN or password, with digits to touch; and what a scan is told while nobody is signed in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.texts import Speaker
from ui.tasks import Tasks
from ui.theme import SIZES
from ui.widgets import Button, Form, Icon, NumberPad, PasswordField, Text, Tone, row
from ui.widgets.base import column

if TYPE_CHECKING:
    from desk_app.domain.people import Actor


class SecretEntry(QWidget):
    """Asks `check` with what was written; `entered` gets the person it fits. Wrong is said at the field.

    `enter` is what its button says; `leave` stands below it, for somebody else.
    """

    def __init__(
        self,
        say: Speaker,
        tasks: Tasks,
        enter: str,
        leave: Button,
        check: Callable[[str], Future[Actor]],
        entered: Callable[[Actor], object],
    ) -> None:
        super().__init__()
        self._say, self._tasks, self._check, self._entered = say, tasks, check, entered
        self._asked: Future[Actor] | None = None
        self.field = PasswordField()
        self.form = Form()
        self.form.add("secret", say("PIN or password"), self.field)
        self.enter = Button(enter, "log-in", kind="primary")
        self.leave = leave
        self.pad = NumberPad(say, self.field)
        whole = row(column(self.form, self.enter, leave, 1), self.pad, spacing=SIZES.xl)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.field)
        self.field.returnPressed.connect(self._go)
        self.pad.entered.connect(self._go)
        self.enter.clicked.connect(self._go)

    def begin(self, has_pin: bool) -> None:
        """Begin anew, with digits to touch for who has a PIN."""
        self._asked = None
        self.field.clear()
        self.form.clear_errors()
        self.enter.setEnabled(True)
        self.pad.setVisible(has_pin)

    def _go(self) -> None:
        """Check once; Enter pressed again meanwhile does nothing."""
        if not self.enter.isEnabled():
            return
        self.enter.setEnabled(False)
        asked = self._asked = self._check(self.field.text())
        self._tasks.when(asked, partial(self._fits, asked), partial(self._failed, asked))

    def _fits(self, asked: Future[Actor], actor: Actor) -> None:
        if asked is self._asked:  # else somebody else was chosen meanwhile
            self._entered(actor)

    def _failed(self, asked: Future[Actor], error: ShownError) -> None:
        if asked is not self._asked:
            return
        self.enter.setEnabled(True)
        self.field.clear()
        self.form.clear_errors()
        self.form.show_error("secret", sentence(error, self._say))


class Refused(QWidget):
    """What a scan is told that came while nobody was signed in."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Text("", "section", Tone.WRONG)
        line = row(Icon("circle-x", 28, Tone.WRONG), self.words)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.hide()

    def tell(self, words: str) -> None:
        """Say it."""
        self.words.setText(words)
        self.show()
