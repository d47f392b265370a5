"""What the window shows when a case is open: its number, large, and its papers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desk_app.domain.people import Actor
from desk_app.services.views import OpenedCase
from desk_app.texts import LANGUAGES, N_, NAMES
from ui.actions import Action
from ui.pages import acts
from ui.services import Services
from ui.widgets import Answer, AnswerField, Button, Card, Choice, Form, Text, Tools, column

NEXT = Action("window.next", N_("Next customer"), key="F2", icon="arrow-right")
RECEIPT = Action("window.receipt", N_("Print receipt"), key="F4", icon="receipt-text")
LABEL = Action("window.label", N_("Print item label"), key="F5", icon="tag")
SHOW = Action("window.show_case", N_("Show case"), key="F6", icon="folder-open")
FIRST_ITEM = 1


class Opened(QWidget):
    """The answer and the papers of one case; `begin` is called for the next customer."""

    def __init__(self, tools: Tools, services: Services, actor: Actor, begin: Callable[[], None]) -> None:
        super().__init__()
        self._tools, self._services, self._actor = tools, services, actor
        self._case = OpenedCase("", "")
        say = tools.say
        self.answer = AnswerField(say("Case opened"))
        self.language = Choice([(language, NAMES[language]) for language in LANGUAGES])
        self.language.set_value(say.language)
        self.papers = Text("", "muted")
        self.buttons = self._bind(begin)
        form = Form(2)
        form.add("language", say("Language of the receipt"), self.language)
        papers = Card(say("Papers"), form, self.papers)
        self.setLayout(column(self.answer, papers))

    def show_case(self, case: OpenedCase, customer: str, product: str) -> None:
        """Show a case that was opened just now."""
        self._case = case
        self.papers.setText("")
        self.answer.show_answer(
            Answer.GOOD, case.number, f"{self._tools.say('Case opened')} · {customer} · {product}"
        )

    def show_buttons(self, shown: bool) -> None:
        """Show or hide what can be done with the case."""
        for button in self.buttons:
            button.setVisible(shown)

    def _bind(self, begin: Callable[[], None]) -> tuple[Button, ...]:
        bind = self._tools.actions.bind
        return (
            Button.of(bind(self, SHOW, self._show)),
            Button.of(bind(self, LABEL, self._print_label)),
            Button.of(bind(self, RECEIPT, self._print_receipt)),
            Button.of(bind(self, NEXT, begin), "primary"),
        )

    def _show(self) -> None:
        self._tools.shell.open("case", stream=self._case.stream)

    def _print_receipt(self) -> None:
        asked = self._services.papers.receipt(self._case.stream, self.language.value(), self._actor)
        acts.print_paper(self._tools, asked, self._written)

    def _print_label(self) -> None:
        asked = self._services.papers.label(self._case.stream, FIRST_ITEM, self._actor)
        refused = partial(acts.refuse, self._tools)
        self._tools.tasks.when(asked, lambda paths: self._written(paths[0]), refused)

    def _written(self, path: Path) -> None:
        """Say where a paper lies; the page keeps saying it when the toast is gone."""
        acts.paper_written(self._tools, path)
        told = self._tools.say("Printed to {path}", path=path)
        self.papers.setText("\n".join(filter(None, (self.papers.text(), told))))
