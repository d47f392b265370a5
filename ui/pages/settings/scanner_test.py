"""Tries a scanner: a code to scan, what arrived, and in plain words what is wrong and what to do.

Both the first start and the settings show it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from desk_app.errors import ShownError
from desk_app.scanning import layout
from desk_app.scanning.diagnosis import TEST_CODE, Diagnosis, Heard, Letter, Trouble, diagnose, told
from desk_app.scanning.layout import Calibration, Learnt, Took
from desk_app.scanning.reading import Kind, Source, read
from desk_app.scanning.wedge import NO_WEDGE, Mender, Wedge, wedge_of
from desk_app.settings import Settings
from desk_app.texts import N_, Speaker
from ui.pages.codes import KINDS
from ui.pages.settings.code_picture import CodePicture
from ui.pages.settings.mending import remedies
from ui.pages.settings.scan_report import FORGET_KEY, MEND_KEY, Cells, Troubles
from ui.pages.settings.scan_target import ScanTarget
from ui.services import Devices
from ui.widgets import SIZES, Answer, Button, Facts, column, row

ENDS = {"": N_("Nothing"), "\t": N_("Tab"), "\r": N_("Enter")}
TARGET = 340  # pixels across, for words that are read from afar
BESIDE = QBoxLayout.Direction.LeftToRight
BELOW = QBoxLayout.Direction.TopToBottom


class ScannerTest(QWidget):
    """`tried` carries the `Answer` that was given. The answer stands `BESIDE` the code or `BELOW` it.

    What can be set here instead of in the scanner is set by one key; `changed` tells, `failed` is told when
    it cannot be kept. A layout is learnt from codes that are shown one after the other.
    """

    tried = Signal(object)
    changed = Signal()

    def __init__(
        self,
        say: Speaker,
        devices: Devices,
        settings: Settings,
        direction: QBoxLayout.Direction,
        failed: Callable[[ShownError], object],
    ) -> None:
        super().__init__()
        self._say, self._devices, self._settings, self._failed = say, devices, settings, failed
        self._remedies: dict[Trouble, Mapping[str, str]] = {}
        self._lesson: Calibration | None = None
        self.code = CodePicture(TEST_CODE, devices.bars(), say("A code to scan"))
        self.target = ScanTarget(say("Scan this code, or any parcel"), say("Every key is shown as it comes"))
        self.cells, self.facts, self.troubles = Cells(), Facts(columns=4), Troubles(say)
        self.mend = Button(say("Mend it here"), "wrench", MEND_KEY)
        self.forget = Button(say("Forget the keyboard's repair"), "undo-2", FORGET_KEY)
        self.target.setMinimumWidth(TARGET)
        self.target.heard.connect(self._heard_keys)
        self.mend.clicked.connect(self._mend)
        self.forget.clicked.connect(self._forget)
        self._lay_out(direction)

    def hear(self, text: str, source: Source) -> Kind:
        """Show a scan whose keys were taken together: by a port, or while the focus was elsewhere."""
        if self._lesson and source is Source.KEYBOARD:
            self.target.setFocus()  # there the next one comes as it is, without any repair
        else:
            self._show(Heard(text), source, NO_WEDGE)
        return kind_of(text)

    def _lay_out(self, direction: QBoxLayout.Direction) -> None:
        lying = QBoxLayout(direction)
        lying.setContentsMargins(0, 0, 0, 0)
        lying.setSpacing(SIZES.l)
        lying.addWidget(self.code)
        lying.addWidget(self.target, 1)
        acts = row(self.mend, self.forget, 1)
        self.setLayout(column(lying, self.cells, self.troubles, acts, self.facts, spacing=SIZES.l))
        for part in (self.cells, self.troubles, self.mend, self.facts):
            part.hide()
        self.forget.setVisible(bool(self._settings.keyboard_repair))

    def show_step(self, kind: Answer, words: str, detail: str) -> None:
        """Say what is going on while the code is scanned for another reason than a test."""
        for part in (self.cells, self.troubles, self.facts):
            part.hide()
        self.target.show_answer(kind, words, detail)

    def _heard_keys(self, heard: Heard) -> None:
        if self._lesson:
            self._learn(self._lesson, heard)
        else:
            self._show(heard, Source.KEYBOARD, wedge_of(self._settings))

    def _show(self, heard: Heard, source: Source, wedge: Wedge) -> None:
        found = diagnose(heard, wedge=wedge)
        self._remedies = remedies(heard, found, wedge, self._settings)
        end = tuple(Letter(sign, sign) for sign in heard.end or "")
        self.cells.show_letters((*found.letters, *end), self._say("What arrived"))
        self.troubles.show_findings(found.findings, self._remedies)
        self.facts.set_pairs(self._facts(heard, source, found.is_expected, wedge))
        self.cells.show()
        self.facts.show()
        self.mend.setVisible(bool(self._remedies))
        self._answer(found)

    def _facts(self, heard: Heard, source: Source, is_expected: bool, wedge: Wedge) -> list[tuple[str, str]]:
        say, code = self._say, Mender(lambda: wedge).mend(heard.text)
        how = say("Serial port") if source is Source.SERIAL_PORT else say("Keyboard")
        kind = say("The test code") if is_expected else say(KINDS[kind_of(code)])
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

    # mending

    def _mend(self) -> None:
        """Set what was found; a layout is learnt, and the same key ends that too."""
        if self._lesson:
            self._end_lesson()
            self.target.rest()
            return
        found, self._remedies = self._remedies, {}
        if not all(self._keep(name, value) for values in found.values() for name, value in values.items()):
            return
        self._put_away()
        self.target.setFocus()
        if Trouble.LAYOUT in found:
            self._begin_lesson()
        else:
            self.target.show_answer(
                Answer.RECOGNISED, self._say("It is set"), self._say("Scan the code once more")
            )

    def _forget(self) -> None:
        if self._keep("keyboard_repair", ""):
            self._put_away()
            self.forget.hide()
            self.target.setFocus()
            self.target.rest()

    def _keep(self, name: str, value: str) -> bool:
        try:
            setattr(self._settings, name, value)
        except ShownError as error:
            self._failed(error)
            return False
        self.changed.emit()
        return True

    def _put_away(self) -> None:
        for part in (self.cells, self.troubles, self.mend, self.facts):
            part.hide()

    # learning a keyboard

    def _begin_lesson(self) -> None:
        self._lesson = Calibration()
        self.mend.set_text(self._say("Stop"))
        self.mend.show()
        self._show_lesson(self._lesson)

    def _show_lesson(self, lesson: Calibration) -> None:
        words = self._say("Scan code {n} of {all}", n=lesson.number + 1, all=len(layout.CODES))
        self.code.show_code(lesson.code, self._devices.bars(lesson.code))
        self.target.show_answer(Answer.RECOGNISED, words, self._say("The next one follows by itself"))

    def _learn(self, lesson: Calibration, heard: Heard) -> None:
        wedge = wedge_of(self._settings)
        took = lesson.take(wedge.split(heard.text)[1])
        if took is Took.OTHER:
            self.target.show_answer(
                Answer.ATTENTION, self._say("That was another code"), self._say("Scan the one shown here")
            )
        elif lesson.is_over:
            self._end_lesson()
            self._show_learnt(lesson.learnt())
        elif took is Took.NEXT:
            self._show_lesson(lesson)

    def _end_lesson(self) -> None:
        self._lesson = None
        self.mend.set_text(self._say("Mend it here"))
        self.mend.hide()
        self.code.show_code(TEST_CODE, self._devices.bars())

    def _show_learnt(self, learnt: Learnt) -> None:
        say, found = self._say, told(learnt)
        if not self._keep("keyboard_repair", learnt.repair.kept()):
            return
        self.forget.setVisible(bool(learnt.repair))
        self.troubles.show_findings(found)
        count = len(learnt.repair.came)
        detail = say.plural("{n} character is put right", "{n} characters are put right", count)
        kind = Answer.ATTENTION if found else Answer.GOOD
        words = say("The keyboard is learnt") if count else say("There is nothing to put right")
        self.target.show_answer(kind, words, detail if count else say("The keyboard types codes as they are"))
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
