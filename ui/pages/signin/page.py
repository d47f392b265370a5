"""Sign-in: who are you, then PIN or password. A shared desk comes back here for the next person."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from desk_app.changes import Changes
from desk_app.texts import Speaker
from ui.hub import Hub
from ui.pages.signin.people import PeopleTiles
from ui.pages.signin.secret import Refused, SecretEntry
from ui.services import Services
from ui.tasks import Tasks
from ui.widgets import Alone, Button, EmptyState, Text, Tone

if TYPE_CHECKING:
    from desk_app.domain.people import Actor
    from desk_app.services.views import PersonRow


class SignIn(Alone):
    """Tiles of people, who came last first, and the secret; `entered` gets the person who signed in."""

    def __init__(
        self,
        say: Speaker,
        tasks: Tasks,
        hub: Hub,
        services: Services,
        entered: Callable[[Actor], object],
    ) -> None:
        super().__init__(say("Sign in"), " · ".join((services.place.store, services.place.desk)))
        self._say, self._services = say, services
        self.people = PeopleTiles(say)
        self.nobody = EmptyState(
            "users",
            say("Nobody to choose yet"),
            say("The people of this store come over the line from the first desk"),
        )
        self.who = Text("", "section")
        other = Button(say("Somebody else"), "users", key="Esc")
        other.clicked.connect(self._choose_again)
        self.entry = SecretEntry(say, tasks, say("Sign in"), other, self._check, entered)
        self.refused = Refused()
        self._lay_out_body()
        self.people.chosen.connect(self._choose)
        self.entry.field.textEdited.connect(self.refused.hide)
        hub.changed.connect(self._changed)
        self.reload()

    def reload(self) -> None:
        """Read who works here; the one who was chosen stays chosen."""
        chosen = self.people.value()
        recent = self._services.settings.recent_people.split()
        self._rows = {person.stream: person for person in self._services.people.everybody()}
        self.people.set_people(sorted(self._rows.values(), key=lambda row: _place(recent, row)))
        self.nobody.setVisible(not self._rows)
        if not chosen or chosen not in self._rows:
            self._choose(self._only_one())

    def refuse_scan(self) -> None:
        """Say that a scan came too early."""
        self.refused.tell(self._say("Sign in first: nothing was recorded"))

    def _changed(self, changes: Changes) -> None:
        if changes.touch("person"):
            self.reload()

    def _lay_out_body(self) -> None:
        if self._services.settings.sample_pin and self._services.place.sample:
            words = self._say(
                "Sample shop: the people are made up. Everybody's PIN is {pin}.",
                pin=self._services.settings.sample_pin,
            )
            self.body.addWidget(Text(words, "strong", Tone.ATTENTION))
        for part in (self.refused, self.people, self.nobody, self.who, self.entry):
            self.body.addWidget(part)

    def _only_one(self) -> str:
        return next(iter(self._rows)) if len(self._rows) == 1 else ""

    def _choose(self, stream: str) -> None:
        """One step after the other: first the person, then the secret."""
        self.people.set_value(stream)
        chosen = self._rows.get(stream)
        many = len(self._rows) > 1
        self.people.setVisible(bool(self._rows) and not (many and chosen))
        self.who.setVisible(many and chosen is not None)
        self.entry.setVisible(chosen is not None)
        if chosen:
            self.who.setText(chosen.name)
            self.entry.leave.setVisible(many)
            self.entry.begin(chosen.has_pin)
        self.setFocusProxy(self.entry if chosen else self.people)
        self.setFocus()

    def _choose_again(self) -> None:
        self._choose("")

    def _check(self, secret: str) -> Future[Actor]:
        return self._services.people.sign_in(self.people.value(), secret)


def _place(recent: list[str], row: PersonRow) -> int:
    """Who came last first; those who never came behind them, as they were."""
    return recent.index(row.stream) if row.stream in recent else len(recent)
