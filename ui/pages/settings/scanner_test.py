"""Tries a scanner: a code to scan, what arrived, and in plain words what is wrong and what to do.

Both the first start and the settings show it.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from desk_app.scanning.diagnosis import TEST_CODE, Diagnosis, Heard, Letter, diagnose
from desk_app.scanning.reading import Kind, Source, read
from desk_app.texts import N_, Speaker
from ui.pages.codes import KINDS
from ui.pages.settings.code_picture import CodePicture
from ui.pages.settings.scan_report import Cells, Troubles
from ui.pages.settings.scan_target import ScanTarget
from ui.widgets import SIZES, Answer, Facts, column

ENDS = {"": N_("Nothing"), "\t": N_("Tab"), "\r": N_("Enter")}
TARGET = 340  # pixels across, for words that are read from afar
BESIDE = QBoxLayout.Direction.LeftToRight
BELOW = QBoxLayout.Direction.TopToBottom


class ScannerTest(QWidget):
    """`tried` carries the `Answer` that was given. The answer stands `BESIDE` the code or `BELOW` it."""

    tried = Signal(object)

    def __init__(self, say: Speaker, bars: str, direction: QBoxLayout.Direction) -> None:
        super().__init__()
        self._say = say
        self.code = CodePicture(TEST_CODE, bars, say("A code to scan"))
        self.target = ScanTarget(say("Scan this code, or any parcel"), say("Every key is shown as it comes"))
        self.cells, self.facts, self.troubles = Cells(), Facts(columns=4), Troubles(say)
        self.target.setMinimumWidth(TARGET)
        self.target.heard.connect(self._heard_keys)
        lying = QBoxLayout(direction)
        lying.setContentsMargins(0, 0, 0, 0)
        lying.setSpacing(SIZES.l)
        lying.addWidget(self.code)
        lying.addWidget(self.target, 1)
        self.setLayout(column(lying, self.cells, self.troubles, self.facts, spacing=SIZES.l))
        for part in (self.cells, self.troubles, self.facts):
            part.hide()

    def hear(self, text: str, source: Source) -> Kind:
        """Show a scan whose keys were taken together: by a port, or while the focus was elsewhere."""
        self._show(Heard(text), source)
        return kind_of(text)

    def _heard_keys(self, heard: Heard) -> None:
        self._show(heard, Source.KEYBOARD)

    def _show(self, heard: Heard, source: Source) -> None:
        found = diagnose(heard)
        end = tuple(Letter(sign, sign) for sign in heard.end or "")
        self.cells.show_letters((*found.letters, *end), self._say("What arrived"))
        self.troubles.show_findings(found.findings)
        self.facts.set_pairs(self._facts(heard, source, found.is_expected))
        self.cells.show()
        self.facts.show()
        self._answer(found)

    def _facts(self, heard: Heard, source: Source, is_expected: bool) -> list[tuple[str, str]]:
        say = self._say
        how = say("Serial port") if source is Source.SERIAL_PORT else say("Keyboard")
        kind = say("The test code") if is_expected else say(KINDS[kind_of(heard.text)])
        pairs = [(say("Came by"), how), (say("Taken as"), kind)]
        if heard.end is not None:
            end = ENDS.get(heard.end, ENDS["\r"])
            pairs.append((say("At the end"), say(end)))
        if heard.median_ms is not None:
            pairs.append((say("Between two keys"), say("{ms} ms", ms=heard.median_ms)))
        return pairs

    def _answer(self, found: Diagnosis) -> None:
        say, kind = self._say, _answer_of(found)
        words, detail = {
            Answer.GOOD: (say("The scanner works"), say("The code came as it is printed")),
            Answer.RECOGNISED: (
                say("It arrived"),
                say("Scan the code shown here to check letters and signs too"),
            ),
            Answer.ATTENTION: (say("The scanner works"), say("Something could be better: see below")),
            Answer.WRONG: (say("The scanner needs another setting"), say("What to do stands below")),
        }[kind]
        self.target.show_answer(kind, words, detail)
        self.tried.emit(kind)


def _answer_of(found: Diagnosis) -> Answer:
    if any(finding.is_serious for finding in found.findings):
        return Answer.WRONG
    if found.findings:
        return Answer.ATTENTION
    return Answer.GOOD if found.is_expected else Answer.RECOGNISED


def kind_of(text: str) -> Kind:
    """What a code is taken as."""
    return read(text)[0].kind
