"""Who works here, and how somebody is added."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from desk_app.domain.people import ROLES, Actor
from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.services.views import PersonRow
from ui.pages.terms import ROLES as ROLE_WORDS
from ui.services import Services
from ui.sound import Sound
from ui.widgets import (
    SIZES,
    Button,
    Card,
    Column,
    Form,
    PasswordField,
    RowModel,
    TableView,
    Text,
    TextField,
    Tick,
    Tone,
    Tools,
    row,
)

ROWS_SEEN = 5


class PeopleCard(Card):
    """The list; and for administrators a form below it."""

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools.say("People"))
        self._tools, self._say, self._services, self._actor = tools, tools.say, services, actor
        self._people: tuple[PersonRow, ...] = ()
        self.model = self._make_model()
        self.table = TableView(self._say("List of people"), self.model)
        self.roles = Roles(tools)
        self.form = self._make_form()
        self.add = Button(self._say("Add person"), "plus", "Ctrl+Return")
        self.add.clicked.connect(self._add)
        self.body.addWidget(self.table)
        self._show_form()

    def reload(self) -> None:
        """Read anew who works here."""
        self._people = self._services.people.everybody()
        self.model.reload()
        rows = min(ROWS_SEEN, max(1, len(self._people)))
        self.table.setFixedHeight((rows + 1) * SIZES.control + SIZES.l)

    def _show_form(self) -> None:
        if not self._actor.may("people.manage"):
            self.body.addWidget(Text(self._say("An administrator adds people"), "muted"))
            return
        self.body.addWidget(self.form)
        self.body.addLayout(row(1, self.add))

    def _make_model(self) -> RowModel:
        say = self._say
        return RowModel(
            [
                Column(say("Name"), 220, lambda person: person.name, share=1),
                Column(say("Roles"), 140, self._roles_of, share=1),
                Column(say("PIN"), 60, lambda person: say("Yes") if person.has_pin else say("No")),
            ],
            lambda: len(self._people),
            lambda offset, limit: self._people[offset : offset + limit],
        )

    def _roles_of(self, person: PersonRow) -> str:
        return " · ".join(self._say(ROLE_WORDS[role]) for role in person.roles)

    def _make_form(self) -> Form:
        say, form = self._say, Form(2)
        form.add("name", say("Name"), TextField(), span=2)
        form.add("password", say("Password"), PasswordField(), hint=say("At least 8 characters"))
        form.add("pin", say("PIN (optional)"), PasswordField(digits=True), hint=say("4 to 12 digits"))
        form.add("roles", say("Roles"), self.roles, span=2)
        return form

    def _add(self) -> None:
        self.form.clear_errors()
        self.add.setEnabled(False)
        texts = self.form.texts()
        adding = self._services.people.add(
            texts["name"], self.roles.value(), texts["password"], texts["pin"], self._actor
        )
        self._tools.tasks.when(adding, self._added, self._failed)

    def _added(self, person: PersonRow) -> None:
        self.add.setEnabled(True)
        self.form.clear()
        self.roles.clear()
        self.reload()
        self._tools.shell.toast(self._say("{name} can sign in now", name=person.name), Tone.GOOD)

    def _failed(self, error: ShownError) -> None:
        self.add.setEnabled(True)
        wrong = getattr(error, "fields", {})
        for key in (key for key in self.form.texts() if key in wrong):
            self.form.show_error(key, sentence(wrong[key], self._say))
        if not self.form.errors():
            self._tools.shell.toast(sentence(error, self._say), Tone.WRONG)
        self._tools.sounds.play(Sound.ERROR)


class Roles(QWidget):
    """The roles of a person, any number of them."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self.ticks = {role: Tick(tools.say(ROLE_WORDS[role])) for role in ROLES}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for number, tick in enumerate(self.ticks.values()):
            grid.addWidget(tick, *divmod(number, 3))

    def value(self) -> tuple[str, ...]:
        """The roles that are ticked."""
        return tuple(role for role, tick in self.ticks.items() if tick.isChecked())

    def clear(self) -> None:
        """Tick none."""
        for tick in self.ticks.values():
            tick.setChecked(False)
