"""Sign-in: who are you, then PIN or password. A shared desk comes back here for the next person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from desk_app.changes import Changes
from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.texts import Speaker
from ui.hub import Hub
from ui.pages.terms import ROLES
from ui.services import Services
from ui.tasks import Tasks
from ui.widgets import (
    Alone,
    Button,
    ChoiceTiles,
    EmptyState,
    Form,
    NumberPad,
    Option,
    PasswordField,
    Text,
    Tone,
    row,
)
from ui.widgets.base import column

if TYPE_CHECKING:
    from desk_app.domain.people import Actor
    from desk_app.services.views import PersonRow

SEEN_TILES = 230  # about three rows; more people scroll


class SignIn(Alone):
    """Tiles of people and one field for the secret; `entered` gets the person who signed in."""

    def __init__(
        self,
        say: Speaker,
        tasks: Tasks,
        hub: Hub,
        services: Services,
        entered: Callable[[Actor], object],
    ) -> None:
        super().__init__(say("Sign in"), " · ".join((services.place.store, services.place.desk)))
        self._say, self._tasks, self._services, self._entered = say, tasks, services, entered
        self.tiles = ChoiceTiles(say("Who are you?"), columns=3)
        self.tiles.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.nobody = EmptyState(
            "users",
            say("Nobody to choose yet"),
            say("The people of this store come over the line from the first desk"),
        )
        self.secret = PasswordField()
        self.pad = NumberPad(say, self.secret)
        self.form = Form()
        self.form.add("secret", say("PIN or password"), self.secret)
        self.enter = Button(say("Sign in"), "log-in", kind="primary")
        self._lay_out_body()
        self._connect()
        hub.changed.connect(self._changed)
        self.reload()

    def reload(self) -> None:
        """Read who works here; the one who was chosen stays chosen."""
        chosen = self.tiles.value()
        self._people = {person.stream: person for person in self._services.people.everybody()}
        self.tiles.set_options([self._option(person) for person in self._people.values()])
        self._list.setMinimumHeight(min(SEEN_TILES, self.tiles.sizeHint().height()))
        self._list.setVisible(bool(self._people))
        self.nobody.setVisible(not self._people)
        if chosen in self._people:
            self.tiles.set_value(chosen)
        else:
            self._choose(self._only_one())

    def _changed(self, changes: Changes) -> None:
        if changes.touch("person"):
            self.reload()

    def _option(self, person: PersonRow) -> Option:
        roles = " · ".join(self._say(ROLES[role]) for role in person.roles)
        return Option(person.stream, person.name, roles, "user")

    def _lay_out_body(self) -> None:
        if self._services.settings.sample_pin and self._services.place.sample:
            words = self._say(
                "Sample shop: the people are made up. Everybody's PIN is {pin}.",
                pin=self._services.settings.sample_pin,
            )
            self.body.addWidget(Text(words, "strong", Tone.ATTENTION))
        self._list = _scrolled(self.tiles)
        self.body.addWidget(self._list)
        self.body.addWidget(self.nobody)
        left = column(self.form, self.enter, 1)
        whole = row(left, self.pad)
        whole.setStretch(0, 1)
        self.body.addLayout(whole)

    def _connect(self) -> None:
        self.tiles.chosen.connect(self._choose)
        self.secret.returnPressed.connect(self._sign_in)
        self.pad.entered.connect(self._sign_in)
        self.enter.clicked.connect(self._sign_in)

    def _only_one(self) -> str:
        return next(iter(self._people)) if len(self._people) == 1 else ""

    def _choose(self, stream: str) -> None:
        self.tiles.set_value(stream)
        self.secret.clear()
        self.form.clear_errors()
        chosen = self._people.get(stream)
        for part in (self.secret, self.enter):
            part.setEnabled(chosen is not None)
        self.pad.setVisible(bool(chosen and chosen.has_pin))
        self.setFocusProxy(self.secret if chosen else self.tiles)
        self.setFocus()

    def _sign_in(self) -> None:
        if not self.enter.isEnabled():
            return
        self.enter.setEnabled(False)
        trying = self._services.people.sign_in(self.tiles.value(), self.secret.text())
        self._tasks.when(trying, self._entered, self._failed)

    def _failed(self, error: ShownError) -> None:
        self.enter.setEnabled(True)
        self.secret.clear()
        self.form.clear_errors()
        self.form.show_error("secret", sentence(error, self._say))


def _scrolled(tiles: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setObjectName("onCard")
    area.setWidget(tiles)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
