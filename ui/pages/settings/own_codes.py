"""The store's own codes by how they look, such as its order numbers; and a field to try a code."""

from __future__ import annotations

from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.scanning.reading import TEACHABLE, Source
from desk_app.services.views import Taught
from ui.pages.codes import KINDS, TAUGHT
from ui.services import Services
from ui.sound import Sound
from ui.widgets import (
    SIZES,
    Button,
    Card,
    Choice,
    Column,
    Form,
    RowModel,
    TableView,
    Text,
    TextField,
    Tools,
    row,
)

KEEP_KEY, FORGET_KEY = "Shift+F2", "Shift+F3"
ROWS_SEEN = 4


class OwnCodesCard(Card):
    """The list, a form to add to it or to change a row, and what a tried code is taken as."""

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools.say("Codes of this store"))
        self._tools, self._say, self._codes, self._actor = tools, tools.say, services.codes, actor
        self._rows: tuple[Taught, ...] = ()
        self._model = self._make_model()
        self.table = TableView(self._say("List of codes"), self._model)
        self.table.opened.connect(self._show)
        self.form = self._make_form()
        self.keep = Button(self._say("Keep it"), "save", KEEP_KEY)
        self.keep.clicked.connect(self._keep)
        self.forget = Button(self._say("Take it away"), "trash-2", FORGET_KEY)
        self.forget.clicked.connect(self._forget)
        self.taken = Text("", "strong")
        for part in (
            Text(self._say("# is a digit, @ a letter, ? either: SO-###### is SO- and six digits"), "caption"),
            self.table,
            self.form,
            self.taken,
        ):
            self.body.addWidget(part)
        self.body.addLayout(row(1, self.forget, self.keep))

    def reload(self) -> None:
        """Read anew what was taught."""
        self._rows = self._codes.taught()
        self._model.reload()
        self.table.setVisible(bool(self._rows))
        self.table.setFixedHeight((min(ROWS_SEEN, max(1, len(self._rows))) + 1) * SIZES.control + SIZES.l)
        self._try(self.form.text("tried"))

    def _make_model(self) -> RowModel:
        say = self._say
        return RowModel(
            [
                Column(say("Looks like"), 200, lambda taught: taught.mask, share=1),
                Column(say("It is"), 160, lambda taught: say(TAUGHT[taught.kind]), share=1),
            ],
            lambda: len(self._rows),
            lambda offset, limit: self._rows[offset : offset + limit],
        )

    def _make_form(self) -> Form:
        say, form = self._say, Form(2)
        tried = TextField(say("Scan or type a code"), scans=True)
        form.add("mask", say("Looks like"), TextField("SO-######"))
        form.add("kind", say("It is"), Choice([(kind.value, say(TAUGHT[kind])) for kind in TEACHABLE]))
        form.add("tried", say("Try a code"), tried, span=2)
        tried.textChanged.connect(self._try)
        return form

    def _show(self, taught: Taught) -> None:
        """Put a row into the form, to change it or to take it away."""
        self.form.set_text("mask", taught.mask)
        self.form.set_text("kind", taught.kind)

    def _try(self, code: str) -> None:
        """Say what a code is taken as, by what is kept."""
        self.taken.setVisible(bool(code.strip()))
        if code.strip():
            reading = self._codes.hear(code, Source.TYPED)[0].surest
            kind = self._say(KINDS[reading.kind])
            self.taken.setText(self._say("Taken as {kind}: {value}", kind=kind, value=reading.value))

    def _keep(self) -> None:
        self.form.clear_errors()
        mask, kind = self.form.text("mask").upper(), self.form.text("kind")
        self._tools.tasks.when(self._codes.teach(mask, kind, self._actor), self._kept, self._failed)

    def _forget(self) -> None:
        self.form.clear_errors()
        mask = self.form.text("mask").upper()
        if any(row.mask == mask for row in self._rows):
            self._tools.tasks.when(self._codes.forget(mask, self._actor), self._kept, self._failed)
        else:
            self.form.show_error("mask", self._say("Choose a row of the list"))

    def _kept(self, _result: None) -> None:
        self.form.set_text("mask", "")
        self._tools.sounds.play(Sound.GOOD)
        self.reload()

    def _failed(self, error: ShownError) -> None:
        self.form.show_error("mask", sentence(error, self._say))
        self._tools.sounds.play(Sound.ERROR)
