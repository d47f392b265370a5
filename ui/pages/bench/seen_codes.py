"""What the codes on photographs say, beside them: a number to compare, or to copy where one is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desk_app.errors import ShownError
from desk_app.scanning.pictures import Code
from desk_app.scanning.reading import Kind, Why, read
from desk_app.texts import N_
from ui.services import Pictures
from ui.widgets import SIZES, Button, Text, Tone, Tools, column
from ui.widgets.base import discard
from ui.widgets.flow import Flow

if TYPE_CHECKING:
    from ui.pages.bench.panel import OnBench

SHOWN = {
    Kind.SERIAL: N_("Serial number on the photograph: {code}"),
    Kind.IMEI: N_("IMEI on the photograph: {code}"),
    Kind.MEID: N_("MEID on the photograph: {code}"),
    Kind.GTIN: N_("GTIN on the photograph: {code}"),
}
COPIED = frozenset((Kind.SERIAL, Kind.IMEI, Kind.MEID))
MOST = 6


class SeenCodes(QWidget):
    """Looks at photographs beside their being kept, and says what names a device or a part.

    A photograph without codes, or one that cannot be looked at, leaves it as it is: nobody asked. `copy`
    gets the number that is to be copied and says whether there was room; without it nothing can be copied.
    """

    def __init__(self, tools: Tools, pictures: Pictures, copy: Callable[[str], bool] | None = None) -> None:
        super().__init__()
        self._tools, self._pictures, self._copy = tools, pictures, copy
        self._on: OnBench | None = None
        self._shown: list[tuple[Kind, str]] = []
        self.lines: list[QWidget] = []
        self._lines = column(spacing=SIZES.s)
        self.setLayout(self._lines)
        self.hide()

    def look_at(self, paths: Sequence[Path], on: OnBench) -> None:
        """Look for codes in these files, which are photographs of the item on the bench."""
        self._on = on
        for path in paths:
            asked = self._pictures.read(path)
            self._tools.tasks.when(asked, partial(self._found, on.place), self._unread)

    def forget(self) -> None:
        """Another item is on the bench, or another step of it begins."""
        self._on, self._shown = None, []
        for line in self.lines:
            discard(line)
        self.lines.clear()
        self.hide()

    def _found(self, place: tuple[str, int], codes: tuple[Code, ...]) -> None:
        if self._on is None or self._on.place != place:
            return
        for code in codes:
            self._show(code)
        self.setVisible(bool(self.lines))

    def _unread(self, _error: ShownError) -> None:
        """That a photograph is none is said where it is kept."""

    def _show(self, code: Code) -> None:
        readings = read(code.text, code.aim)
        for each in readings:
            named = (each.kind, each.value)
            is_meant = each is readings[0] or each.why is Why.ELEMENT_STRING  # all else is a guess
            if each.kind in SHOWN and is_meant and named not in self._shown and len(self._shown) < MOST:
                self._shown.append(named)
                self._add_line(*named)

    def _copy_once(self, button: Button, value: str) -> None:
        if self._copy and self._copy(value):
            button.setEnabled(False)

    def _add_line(self, kind: Kind, value: str) -> None:
        say, line = self._tools.say, QWidget()
        words = Text(say(SHOWN[kind], code=value), wrap=False)
        parts: list[QWidget] = [words]
        if self._on and value in (self._on.item.serial, self._on.item.imei, self._on.item.gtin):
            parts.append(Text(say("as in the case"), "caption", Tone.GOOD, wrap=False))
        elif self._copy and kind in COPIED:
            copy = Button(say("Copy into an empty field"), "corner-down-left", kind="quiet")
            copy.setAccessibleName(f"{copy.words()}: {value}")
            copy.clicked.connect(partial(self._copy_once, copy, value))
            parts.append(copy)
        line.setLayout(Flow(*parts, spacing=SIZES.m))
        self.lines.append(line)
        self._lines.addWidget(line)
