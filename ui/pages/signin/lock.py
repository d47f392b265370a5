"""The lock screen: tells nothing of anybody; who locked it goes on where they were, or another signs in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from desk_app.texts import Speaker
from ui.hub import Hub
from ui.pages.signin.secret import Refused, SecretEntry
from ui.services import Services
from ui.tasks import Tasks
from ui.widgets import Alone, Button, Text
from ui.workplace import CHANGE_PERSON

if TYPE_CHECKING:
    from desk_app.domain.people import Actor


class Lock(Alone):
    """The secret of `person` unlocks; `entered` gets them, `change` is asked for another person."""

    def __init__(
        self,
        say: Speaker,
        tasks: Tasks,
        hub: Hub,  # noqa: ARG002 - as all cards
        services: Services,
        person: str,
        entered: Callable[[Actor], object],
        change: Callable[[], object],
    ) -> None:
        super().__init__(say("Locked"), " · ".join((services.place.store, services.place.desk)))
        self._say, self._services, self._person = say, services, person
        self.refused = Refused()
        change_person = Button(say("Change person"), "users", key=CHANGE_PERSON)
        change_person.clicked.connect(change)
        self.entry = SecretEntry(say, tasks, say("Unlock"), change_person, self._check, entered)
        self.entry.field.textEdited.connect(self.refused.hide)
        self.body.addWidget(Text(say("Whoever locked it finds everything as it was"), "muted"))
        for part in (self.refused, self.entry):
            self.body.addWidget(part)
        self.setFocusProxy(self.entry)
        has_pin = any(row.has_pin for row in services.people.everybody() if row.stream == person)
        self.entry.begin(has_pin)

    def refuse_scan(self) -> None:
        """Say that a scan came while nobody may work here."""
        self.refused.tell(self._say("Locked: sign in first. Nothing was recorded."))

    def _check(self, secret: str) -> Future[Actor]:
        return self._services.people.sign_in(self._person, secret)
