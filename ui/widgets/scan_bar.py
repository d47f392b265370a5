"""The bar on top of every page: what was scanned last and what it led to; typing and Enter do the same."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame

from desk_app.texts import Speaker
from ui.theme import SIZES, Tone
from ui.widgets.base import Icon, Rule, Text, column, row
from ui.widgets.button import Button
from ui.widgets.fields import TextField

ICONS = {
    Tone.NEUTRAL: "scan-line",
    Tone.ACCENT: "scan-line",
    Tone.GOOD: "circle-check",
    Tone.ATTENTION: "triangle-alert",
    Tone.WRONG: "circle-x",
    Tone.WAITING: "hourglass",
}
KEY = "Ctrl+L"
PASTE = QKeySequence.StandardKey.Paste
PICTURE_KEY = "Ctrl+O"
CAMERA_KEY = "Ctrl+Shift+O"
LONGEST_SHOWN = 16


class ScanBar(QFrame):
    """`entered` carries what was typed and confirmed. Scanned keys do not come here; they go to the shell.

    `picture_asked` and `camera_asked` want codes read from a picture or by the camera.
    """

    entered = Signal(str)
    picture_asked = Signal()
    camera_asked = Signal()

    def __init__(self, say: Speaker) -> None:
        super().__init__()
        self.field = TextField(say("Scan or type a code"))
        self.field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.field.setProperty("role", "plain")
        self.field.setAccessibleName(say("Code"))
        self.field.returnPressed.connect(self._enter)
        self.code, self.words = Text("", "caption", wrap=False), Text("")
        self._sign = Icon("scan-line", SIZES.icon)
        self._says_nothing = say("Nothing scanned yet")
        QShortcut(QKeySequence(KEY), self, self.field.setFocus)
        self.field.installEventFilter(self)
        self.picture = Button("", "image", PICTURE_KEY, "quiet", name=say("Read codes from a picture"))
        self.picture.clicked.connect(self.picture_asked)
        self.camera = Button("", "camera", CAMERA_KEY, "quiet", name=say("Read codes by the camera"))
        self.camera.clicked.connect(self.camera_asked)
        self.camera.hide()
        said = column(self.words, self.code, spacing=0)
        bar = row(
            Icon("scan-barcode", 24, Tone.ACCENT),
            self.field,
            Rule(height=28),
            self._sign,
            said,
            self.picture,
            self.camera,
        )
        bar.setContentsMargins(SIZES.l, SIZES.xs, SIZES.l, SIZES.xs)
        bar.setStretchFactor(self.field, 1)
        bar.setStretchFactor(said, 2)
        bar.addStrut(56 - 2 * SIZES.xs)
        self.setLayout(bar)
        self.rest()

    def rest(self) -> None:
        """Nothing was scanned."""
        self.show_scan("")
        self.show_answer(Tone.NEUTRAL, self._says_nothing)

    def show_scan(self, code: str) -> None:
        """Show what was scanned, shortened in the middle where it is long."""
        printable, short = printed(code), shortened(code, LONGEST_SHOWN)
        self.code.setText(short)
        self.code.setToolTip(printable if short != printable else "")
        self.code.setVisible(bool(code))
        self.show_answer(Tone.NEUTRAL, "")

    def show_answer(self, tone: Tone, words: str) -> None:
        """Say what it led to."""
        self._sign.show_icon(ICONS[tone], tone)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.words.set_tone(tone)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Leave Ctrl+V to the window where it is a picture; the field would keep it and do nothing."""
        if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        pasted = QGuiApplication.clipboard().mimeData() if event.matches(PASTE) else None
        is_picture = pasted is not None and not pasted.hasText() and (pasted.hasImage() or pasted.hasUrls())
        if is_picture:
            event.ignore()
        return is_picture

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.field.hasFocus():
            self.field.clear()
        super().keyPressEvent(event)

    def _enter(self) -> None:
        text = self.field.text().strip()
        self.field.clear()
        if text:
            self.entered.emit(text)


def printed(code: str) -> str:
    """A code with a sign for each character that cannot be seen."""
    return "".join(letter if letter.isprintable() else "␝" for letter in code)


def shortened(code: str, most: int) -> str:
    """A code as it is printed; its two ends where it has more than `most` characters."""
    shown, half = printed(code), most // 2
    return shown if len(shown) <= most else f"{shown[:half]} … {shown[-half:]}"
