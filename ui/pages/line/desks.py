"""The desks of the store: when each was last heard of, and how one that is lost is shut out."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.services.views import DeskRow
from desk_app.texts import N_
from ui.actions import Action
from ui.pages import acts, words
from ui.services import Services
from ui.widgets import SIZES, Button, Card, Chip, Page, Rule, Text, Times, Tone, When, column, confirm, row
from ui.widgets.base import discard

JOIN = Action("line.join", N_("Add a desk"), key="F10", icon="link")


class DesksCard(Card):
    """For those who may invite desks; the list comes from the central service."""

    def __init__(self, page: Page, services: Services, actor: Actor, times: Times) -> None:
        super().__init__(page.say("Desks of this store"))
        self._page, self._say, self._services, self._actor = page, page.say, services, actor
        self._times = times
        self.told = Text("", "muted")
        self.rows = column(spacing=SIZES.m)
        self.buttons: dict[str, Button] = {}
        self.body.addWidget(self.told)
        self.body.addLayout(self.rows)
        join = page.tools.actions.bind(page, JOIN, self._join)
        self.head.addWidget(Button.of(join, "quiet"))

    def reload(self) -> None:
        """Ask for the desks; until they come, what is known stays."""
        self._page.tools.tasks.when(self._services.line.desks(self._actor), self._show, self._missing)

    def _join(self) -> None:
        self._page.tools.shell.open("settings", device="line")

    def _missing(self, error: ShownError) -> None:
        self.told.setText(sentence(error, self._say))
        self.told.show()

    def _show(self, desks: tuple[DeskRow, ...]) -> None:
        self.told.hide()
        self.buttons.clear()
        while item := self.rows.takeAt(0):
            if widget := item.widget():
                discard(widget)
        for number, desk in enumerate(desks):
            if number:
                self.rows.addWidget(Rule())
            self.rows.addWidget(self._desk(desk))

    def _desk(self, desk: DeskRow) -> QWidget:
        say = self._say
        told = column(Text(desk.name, "strong"), self._heard(desk), spacing=2)
        line = row(told, self._end(desk))
        line.setStretch(0, 1)
        line.setContentsMargins(0, 0, 0, 0)
        made = QWidget()
        made.setAccessibleName(say("Desk {name}", name=desk.name))
        made.setLayout(line)
        return made

    def _end(self, desk: DeskRow) -> QWidget:
        """What stands at the end of a desk's line."""
        say = self._say
        if desk.shut_out:
            return Chip(say("Was shut out"), Tone.WRONG)
        if desk.ours:
            return Chip(say("This desk"), Tone.ACCENT)
        button = Button(say("Shut out"), "lock", kind="quiet", name=say("Shut out {name}", name=desk.name))
        button.clicked.connect(partial(self._ask, desk))
        self.buttons[desk.id] = button
        return button

    def _heard(self, desk: DeskRow) -> Text:
        say, times = self._say, self._times
        joined = say("Joined {when}", when=times.exact(desk.joined_at))
        if not desk.heard_at:
            return Text(joined, "caption")

        def beside(when: str) -> str:
            return words.joined(joined, say("last contact {when}", when=when))

        return When(times, desk.heard_at, "caption", beside=beside)

    def _ask(self, desk: DeskRow) -> None:
        say = self._say
        confirm(
            self._page,
            say("Shut {name} out?", name=desk.name),
            say(
                "It gets and sends nothing any more, at once. What was not sent yet stays on it. It can only "
                "come back by joining anew."
            ),
            say("Shut out for good"),
            partial(self._shut_out, desk),
        )

    def _shut_out(self, desk: DeskRow) -> None:
        asked = self._services.line.shut_out(desk.id, self._actor)
        tools = self._page.tools
        tools.tasks.when(asked, partial(self._done, desk), partial(acts.refuse, tools))

    def _done(self, desk: DeskRow, desks: tuple[DeskRow, ...]) -> None:
        self._show(desks)
        self._page.tools.shell.toast(self._say("{name} is shut out", name=desk.name), Tone.GOOD)
