"""How a scanner that types does so: how fast, and what it adds around a code."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desk_app.errors import ShownError
from desk_app.settings import LONGEST_AFFIX, PACES, Settings
from desk_app.texts import N_, Speaker
from ui.widgets import Choice, Form, TextField, column

PACE_WORDS = {
    "fast": N_("Fast: by cable, beside people who type very fast"),
    "usual": N_("Usual"),
    "slow": N_("Slow: by radio, such as Bluetooth"),
}


class WedgeForm(QWidget):
    """Every change is kept at once; `failed` is told when it cannot be kept."""

    def __init__(self, say: Speaker, settings: Settings, failed: Callable[[ShownError], object]) -> None:
        super().__init__()
        self._settings, self._failed = settings, failed
        self.pace = Choice([(name, say(PACE_WORDS[name])) for name in PACES])
        self.prefix, self.suffix = TextField(), TextField()
        form = Form(2)
        form.add("pace", say("How fast the scanner types"), self.pace, span=2)
        form.add("prefix", say("Put in front by the scanner"), self.prefix, hint=say("Taken off each code"))
        form.add("suffix", say("Added behind, beside Enter"), self.suffix)
        self.setLayout(column(form))
        for field in (self.prefix, self.suffix):
            field.setMaxLength(LONGEST_AFFIX)
        self.pace.activated.connect(self._keep_pace)
        self.prefix.editingFinished.connect(self._keep_prefix)
        self.suffix.editingFinished.connect(self._keep_suffix)
        self.reload()

    def reload(self) -> None:
        """Show what is set."""
        self.pace.set_value(self._settings.reader_pace)
        self.prefix.setText(self._settings.reader_prefix)
        self.suffix.setText(self._settings.reader_suffix)

    def _keep_pace(self) -> None:
        self._keep("reader_pace", self.pace.value())

    def _keep_prefix(self) -> None:
        self._keep("reader_prefix", self.prefix.text())

    def _keep_suffix(self) -> None:
        self._keep("reader_suffix", self.suffix.text())

    def _keep(self, name: str, value: str) -> None:
        try:
            setattr(self._settings, name, value)
        except ShownError as error:
            self._failed(error)
        self.reload()
