"""The whole program over a shop's data folder, with somebody at work, and ways to see when it has painted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QEventLoop, QObject, QSize
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.shop import PIN, Shop
from desk_app import bootstrap
from desk_app.clock import system_clock
from desk_app.domain.people import Actor
from desk_app.settings import Settings
from ui.app import Program
from ui.main_window import MainWindow
from ui.services import Services
from ui.session import PAGES, Session
from ui.workplace import Place

SECONDS = 60.0
MOST_TURNS = 200
PAUSE = 0.0005
WINDOW = QSize(1366, 768)
ALL = QEventLoop.ProcessEventsFlag.AllEvents


class Running:
    """An open desk: its window, its services, and the person who works there."""

    def __init__(self, program: Program, services: Services) -> None:
        assert program.session
        self.program, self.services = program, services
        self.window: MainWindow = program.window
        self.session: Session = program.session
        self.actor: Actor = services.people.sign_in(services.people.everybody()[0].stream, PIN).result()
        self._places = [
            Place(name, title, icon, partial(page, services=services, actor=self.actor), key, name != "case")
            for name, title, icon, page, key in PAGES
        ]
        self.enter("settings")

    def enter(self, page: str) -> None:
        """Begin with fresh pages, this one on show, and nothing left to do."""
        self.window.enter(page, self._places)
        settle()


@contextmanager
def running(shop: Shop) -> Iterator[Running]:
    """The program over `shop`, its window on show."""
    desk = bootstrap.Program(shop.data, system_clock)
    found: list[Services] = []

    def open_desk() -> Services:
        services = desk.open()
        assert isinstance(services, Services)
        found.append(services)
        return services

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    program = Program(app, open_desk, Settings(shop.data / "settings.json"), shop.folder / "cache")
    try:
        program.window.resize(WINDOW)
        program.start()
        until(lambda: program.session is not None)
        yield Running(program, found[0])
    finally:
        program.stop()
        desk.close()
        program.window.close()


def until(done: Callable[[], bool]) -> None:
    """Let the program work until something is true; RuntimeError where that takes too long."""
    end = time.monotonic() + SECONDS
    while not done():
        QCoreApplication.processEvents()
        if not done():
            time.sleep(PAUSE)
        if time.monotonic() > end:
            raise RuntimeError("the program did not get there")


def settle() -> None:
    """Let the program do all it has to do now, deleting what it threw away included."""
    dispatcher = QAbstractEventDispatcher.instance()
    for _ in range(MOST_TURNS):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if not dispatcher.processEvents(ALL):
            return


class Paints(QObject):
    """Whether a widget has been `done`: painted at a time when what `when` asks was true."""

    def __init__(self, widget: QWidget, when: Callable[[], bool]) -> None:
        super().__init__()
        self.done = False
        self._when = when
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._when():
            self.done = True
        return False


def paint(act: Callable[[], QWidget], when: Callable[[], bool] = lambda: True) -> None:
    """Do something and come back when the widget it names has been painted, and shows what `when` asks."""
    widget = act()
    paints = Paints(widget, when)
    until(lambda: paints.done)
    widget.removeEventFilter(paints)
