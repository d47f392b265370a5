"""What may wait comes right after the paint, once, and never before it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.later import Later, Seldom


class Notes(QObject):
    """Notes each paint of a widget between other things."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.seen: list[str] = []
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - as Qt names it
        if event.type() is QEvent.Type.Paint:
            self.seen.append("painted")
        return False


def test_it_comes_once_and_after_the_paint(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    box = QVBoxLayout(window)
    with qtbot.waitExposed(window):
        window.show()
    QCoreApplication.processEvents()
    notes = Notes(window)
    later = Later(window, lambda: notes.seen.append("later"))
    later.ask()
    later.ask()
    box.addWidget(QLabel("more"))
    window.update()
    qtbot.waitUntil(lambda: "later" in notes.seen)
    QCoreApplication.processEvents()
    assert notes.seen.index("painted") < notes.seen.index("later")
    assert notes.seen.count("later") == 1
    later.ask()
    qtbot.waitUntil(lambda: notes.seen.count("later") == 2)


def test_what_was_thrown_away_does_nothing_any_more(qtbot: QtBot) -> None:
    owner, done = QObject(), list[str]()
    later = Later(owner, lambda: done.append("done"))
    later.ask()
    del later
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()
    assert done == []


def test_seldom_does_once_what_many_ask_for_and_again_for_who_asks_later(qtbot: QtBot) -> None:
    owner = QWidget()
    done: list[int] = []
    seldom = Seldom(owner, lambda: done.append(1), every_ms=1)
    for _ in range(3):
        seldom.ask()
    assert not done
    qtbot.waitUntil(lambda: bool(done))
    seldom.ask()
    qtbot.waitUntil(lambda: len(done) == 2)
