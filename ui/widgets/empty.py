"""What a list shows that has nothing: why, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.theme import SIZES
from ui.widgets.base import Icon, Text, column, row


class EmptyState(QWidget):
    """A drawing, a sentence, what to do, and the button that does it."""

    def __init__(self, icon: str, words: str, detail: str = "", button: QWidget | None = None) -> None:
        super().__init__()
        self.setAccessibleName(words)
        title, more = Text(words, "section"), Text(detail, "muted")
        for text in (title, more):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if not detail:
            more.hide()
        drawing = row(1, Icon(icon, 48), 1)
        act = row(1, button, 1) if button else None
        whole = column(1, drawing, title, more, act, 1, spacing=SIZES.s)
        whole.setContentsMargins(SIZES.xl, SIZES.xl, SIZES.xl, SIZES.xl)
        self.setLayout(whole)
