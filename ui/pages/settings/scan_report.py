"""What a scan of the test says: every character in a cell of its own, the plain facts, and what to mend."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desk_app.scanning.diagnosis import Finding, Letter, Trouble
from desk_app.scanning.layout import CODES
from desk_app.texts import N_, Speaker
from ui.theme import SIZES, Tone, look
from ui.widgets import Icon, Text, column, row
from ui.widgets.base import discard, paint_panel

CONTROLS = {
    "\r": "CR",
    "\n": "LF",
    "\t": "TAB",
    "\x00": "NUL",
    "\x02": "STX",
    "\x03": "ETX",
    "\x04": "EOT",
    "\x1b": "ESC",
    "\x1c": "FS",
    "\x1d": "GS",
    "\x1e": "RS",
    "\x1f": "US",
}
BLANK = "␣"
MOST_CELLS = 96
CELL, GAP = 26, 3

WORDS: dict[Trouble, tuple[str, str]] = {
    Trouble.FULL_WIDTH: (
        N_("An input method took the keys"),
        N_("Switch the keyboard to English before scanning."),
    ),
    Trouble.LAYOUT: (
        N_("The keyboard layouts differ: {pairs}"),
        N_("Set the scanner to the layout of this computer, or this computer to English (USA)."),
    ),
    Trouble.CAPS_LOCK: (
        N_("Capital and small letters are swapped"),
        N_("Switch Caps Lock off. Labels of ours and waybills are read all the same."),
    ),
    Trouble.CASE_LOST: (
        N_("Capital and small letters are not told apart"),
        N_("Let the scanner send letters as they are printed; serial numbers may need both."),
    ),
    Trouble.ZEROS_LOST: (
        N_("Zeros in front are missing: {meant}"),
        N_("Let the scanner send leading zeros; its booklet has a code for it."),
    ),
    Trouble.LETTERS_MISSING: (
        N_("Characters got lost: {meant}"),
        N_("The scanner is too fast or too far from its base. Give it 5 ms between two characters."),
    ),
    Trouble.CUT_SHORT: (
        N_("The end of the code is missing: {meant}"),
        N_("Let the scanner send long codes, and hold it so that it sees all bars."),
    ),
    Trouble.SLOW: (
        N_("The keys come slowly: {ms} ms apart"),
        N_("Set the scanner's delay between characters to none, or it looks like a person who types."),
    ),
    Trouble.PREFIX: (
        N_("The scanner puts something in front: {came}"),
        N_("Switch the prefix off in the scanner."),
    ),
    Trouble.AIM_PREFIX: (
        N_("The scanner names the kind of code in front: {came}"),
        N_("This is understood here and can stay; other programs may stumble over it."),
    ),
    Trouble.SUFFIX: (
        N_("The scanner adds something at the end: {came}"),
        N_("Switch the suffix off in the scanner, all but Enter."),
    ),
    Trouble.NO_SUFFIX: (
        N_("No Enter at the end"),
        N_("Scans count a moment later, and very short codes may be missed. Set the suffix to Enter (CR)."),
    ),
    Trouble.TAB_SUFFIX: (
        N_("Tab instead of Enter at the end"),
        N_("Scans count, but in a form Tab leads to the next field. Set the suffix to Enter (CR)."),
    ),
    Trouble.REPAIRED: (
        N_("The keyboard layouts differ, and codes are put right here: {pairs}"),
        N_("This can stay. Better still is a scanner that is set to the layout of this computer."),
    ),
    Trouble.REPAIR_RESTS: (
        N_("The keyboard is right again"),
        N_("Forget the repair, so that it changes no code any more."),
    ),
    Trouble.ALIKE: (
        N_("Characters that come alike: {meant}"),
        N_("Codes with these stay as they come. Set the scanner to the layout of this computer."),
    ),
    Trouble.LOST: (
        N_("These characters did not come: {meant}"),
        N_("A key waits for a letter to put an accent on. Set the scanner to the layout of this computer."),
    ),
}


MEND_KEY, FORGET_KEY = "F5", "Shift+F5"
REMEDIES: dict[Trouble, str] = {
    Trouble.SLOW: N_("Or press {button}: then keys as slow as these count here."),
    Trouble.PREFIX: N_("Or press {button}: then it is taken off here."),
    Trouble.SUFFIX: N_("Or press {button}: then it is taken off here."),
    Trouble.LAYOUT: N_("Or press {button} and scan {n} codes: then codes are put right here."),
}


class Cells(QLabel):
    """The characters, each in a cell; a wrong one is coloured, with what was meant below it.

    A label, so that screen readers read it out; it draws itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self._letters: tuple[Letter, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_letters(self, letters: Sequence[Letter], name: str) -> None:
        """Show these; `name` is what a screen reader says before them."""
        self._letters = tuple(letters[:MOST_CELLS])
        self.setAccessibleName(f"{name}: {visible(''.join(letter.came for letter in letters))}")
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(4 * look().px(CELL), self._line_height())

    def sizeHint(self) -> QSize:
        wide = sum(self._width(letter) + GAP for letter in self._letters)
        return QSize(max(wide, self.minimumSizeHint().width()), self._line_height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Tall enough for as many lines as the cells need."""
        return max(1, len(self._lines(width))) * self._line_height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, line in enumerate(self._lines(self.width())):
            left = 0
            for letter in line:
                self._paint(painter, letter, left, number * self._line_height())
                left += self._width(letter) + GAP

    def _paint(self, painter: QPainter, letter: Letter, left: int, top: int) -> None:
        colours, side = look().colours, look().px(CELL)
        wrong = look().tone(Tone.WRONG)
        where = QRectF(left, top, self._width(letter), side)
        edge = colours.line if letter.is_right else wrong.ink
        paint_panel(painter, where, colours.sunken if letter.is_right else wrong.soft, edge, radius=4)
        shown = visible(letter.came)
        painter.setPen(QColor(colours.text if letter.is_right else wrong.ink))
        painter.setFont(self._font(shown))
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, shown)
        if not letter.is_right and letter.meant:
            painter.setPen(QColor(colours.muted))
            painter.setFont(self._font(""))
            below = QRectF(left - GAP, top + side, self._width(letter) + 2 * GAP, self._line_height() - side)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, letter.meant)

    def _lines(self, width: int) -> list[list[Letter]]:
        lines: list[list[Letter]] = []
        left = width + 1
        for letter in self._letters:
            if left + self._width(letter) > width:
                lines.append([])
                left = 0
            lines[-1].append(letter)
            left += self._width(letter) + GAP
        return lines

    def _width(self, letter: Letter) -> int:
        shown = visible(letter.came)
        used = QFontMetrics(self._font(shown)).horizontalAdvance(shown) + 2 * SIZES.xs
        return max(look().px(CELL) * 3 // 4, used)

    def _line_height(self) -> int:
        has_meant = any(letter.meant and not letter.is_right for letter in self._letters)
        return look().px(CELL) + (look().px(SIZES.caption) * 3 // 2 if has_meant else GAP)

    def _font(self, shown: str) -> QFont:
        """The names of control characters stand smaller than characters."""
        font = QFont(self.font())
        font.setPixelSize(look().px(SIZES.body if len(shown) == 1 else SIZES.caption))
        return font


class Troubles(QWidget):
    """One line for each finding: what it is, and what to do."""

    def __init__(self, say: Speaker) -> None:
        super().__init__()
        self._say = say
        self._lines: list[QWidget] = []
        self._column = column(spacing=SIZES.m)
        self.setLayout(self._column)

    def show_findings(self, findings: Sequence[Finding], mendable: Collection[Trouble] = ()) -> None:
        """Show these instead; `mendable` are those that a key mends here."""
        for line in self._lines:
            self._column.removeWidget(line)
            discard(line)
        self._lines = [self._line(finding, finding.trouble in mendable) for finding in findings]
        for line in self._lines:
            self._column.addWidget(line)
        self.setVisible(bool(findings))

    def _line(self, finding: Finding, is_mendable: bool) -> QWidget:
        title, todo = WORDS[finding.trouble]
        tone = Tone.WRONG if finding.is_serious else Tone.ATTENTION
        words = column(
            Text(said(self._say, title, finding), "strong"), Text(self._say(todo), "muted"), spacing=2
        )
        if is_mendable:
            words.addWidget(Text(self._say(REMEDIES[finding.trouble], button=MEND_KEY, n=len(CODES))))
        line = QWidget()
        lying = row(column(Icon("triangle-alert" if finding.is_serious else "info", tone=tone), 1), words)
        lying.setStretch(1, 1)
        line.setLayout(lying)
        return line


def said(say: Speaker, words: str, finding: Finding) -> str:
    """What a trouble is called, with what came and what was meant."""
    pair = partial(say, N_("{came} instead of {meant}"))
    pairs = [
        pair(came=visible(came), meant=meant)
        for came, meant in zip(finding.came, finding.meant, strict=False)
    ]
    return say(words, came=visible(finding.came), meant=finding.meant, pairs=" · ".join(pairs), ms=finding.ms)


def visible(text: str) -> str:
    """A text whose control characters and blanks can be seen."""
    return "".join(_visible(letter) for letter in text)


def _visible(letter: str) -> str:
    if letter == " ":
        return BLANK
    return letter if letter.isprintable() else CONTROLS.get(letter, f"{ord(letter):02X}")
