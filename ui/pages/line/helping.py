"""The file for somebody who helps from afar: written by a button, and shown where it lies."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desk_app.errors import ShownError
from desk_app.texts import N_
from ui.actions import Action
from ui.pages import acts
from ui.services import Services
from ui.widgets import Button, Card, Page, Text, Tone
from ui.widgets.flow import Flow

WRITE = Action("line.support", N_("Write the file"), key="F7", icon="save")


class SupportCard(Card):
    """Says what is in the file, and after it was written where it is."""

    def __init__(self, page: Page, services: Services) -> None:
        super().__init__(page.say("For support"))
        self._page, self._say, self._services = page, page.say, services
        self._action = page.tools.actions.bind(page, WRITE, self._write)
        self._path: Path | None = None
        self.result = Text("")
        self.folder = Button(self._say("Open the folder"), "folder-open", kind="quiet")
        self.folder.clicked.connect(self._open)
        told = self._say(
            "Versions, settings, counts, the last changes of the line and the log, in one file. No names, "
            "numbers or texts of customers are in it."
        )
        self.body.addWidget(Text(told, "muted"))
        self.body.addWidget(self.result)
        self.body.addLayout(Flow(Button.of(self._action), self.folder))
        self.result.hide()
        self.folder.hide()

    def _write(self) -> None:
        self._action.setEnabled(False)
        self._page.tools.tasks.when(self._services.support.write(), self._written, self._failed)

    def _written(self, path: Path) -> None:
        self._action.setEnabled(True)
        self._path = path
        self.result.setText(self._say("Written to {path}", path=path))
        for part in (self.result, self.folder):
            part.show()

    def _failed(self, error: ShownError) -> None:
        self._action.setEnabled(True)
        acts.refuse(self._page.tools, error)

    def _open(self) -> None:
        if self._path and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent))):
            words = self._say("No program here opens {path}", path=self._path.parent)
            self._page.tools.shell.toast(words, Tone.ATTENTION)
