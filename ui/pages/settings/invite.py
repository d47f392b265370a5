"""Another desk joins with a code that this one shows, as letters and as a picture to scan."""

from __future__ import annotations

from io import BytesIO

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel

from desk_app.clock import MINUTE
from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from ui.pages import acts
from ui.services import Services
from ui.widgets import Button, Card, Text, Tick, Tools, row

HOLDS = 15 * MINUTE
GROUP = 4
PIXELS = 4


class InviteCard(Card):
    """A button; then the code."""

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools.say("Another desk"))
        self._tools, self._services, self._actor = tools, services, actor
        say = tools.say
        self.words = Text(
            say("A further desk joins this store with a code that holds for 15 minutes."), "muted"
        )
        self.code = Text("", "section")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.picture = QLabel()
        self.picture.setAccessibleName(say("The code as a picture to scan"))
        self.show_code = Button(say("Show a code"), "link", "F10")
        self.show_code.setEnabled(actor.may("desk.invite"))
        self.show_code.clicked.connect(self._ask)
        self.network = Tick(say("Desks on other computers may join"), bool(services.settings.network))
        self.network.setEnabled(actor.may("desk.invite"))
        self.network.toggled.connect(self._open_network)
        self.body.addWidget(self.network)
        if not services.place.is_central:
            self.network.hide()
        self.body.addWidget(self.words)
        self.body.addWidget(self.code)
        self.body.addLayout(row(self.picture, 1))
        self.body.addLayout(row(1, self.show_code))
        for part in (self.code, self.picture):
            part.hide()

    def _ask(self) -> None:
        self.show_code.setEnabled(False)
        self._tools.tasks.when(self._services.line.join_code(self._actor), self._show, self._failed)

    def _open_network(self, is_open: bool) -> None:
        """Serve other computers from now on, or no more; a code that was shown leads nowhere then."""
        try:
            self._services.settings.network = int(is_open)
        except ShownError as error:
            acts.refuse(self._tools, error)
        for part in (self.code, self.picture):
            part.hide()

    def _show(self, code: str) -> None:
        self.show_code.setEnabled(True)
        self.code.setText(grouped(code))
        self.picture.setPixmap(picture_of(code))
        until = self._services.clock() + HOLDS
        time = self._tools.say.time(until, self._services.zone)
        self.words.setText(
            self._tools.say("Write or scan this on the other desk, once, before {time}.", time=time)
        )
        for part in (self.code, self.picture):
            part.show()

    def _failed(self, error: ShownError) -> None:
        self.show_code.setEnabled(True)
        acts.refuse(self._tools, error)


def grouped(code: str) -> str:
    """A code in groups that are read aloud easily."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def picture_of(code: str) -> QPixmap:
    """The code as QR, dark on white whatever the colours of the window."""
    import segno

    png = BytesIO()
    segno.make_qr(code, error="m").save(png, kind="png", scale=PIXELS)
    made = QPixmap()
    made.loadFromData(png.getvalue())
    return made
