"""The whole program with plain pages in the place of the jobs'."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_app.domain.people import Actor
from desk_app.scanning.reading import Scan
from desk_app.settings import Settings
from ui import session
from ui.app import Program
from ui.pages.signin.page import SignIn
from ui.services import Services
from ui.widgets import Page, Tools


class PlainPage(Page):
    """A page that remembers how it was opened and takes waybills."""

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("Dock"))
        self.actor = actor
        self.where: list[dict[str, str]] = []
        self.scans: list[tuple[str, str]] = []

    def open(self, **where: str) -> None:
        self.where.append(where)

    def scanned(self, scan: Scan) -> bool:
        self.scans.append((scan.raw, scan.source.value))
        return scan.raw.startswith("SF")


@pytest.fixture
def start(
    qapp: QApplication, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Program]]:
    """Starts the program with plain pages and what opens its desk."""
    pages = tuple((name, title, icon, PlainPage, key) for name, title, icon, _, key in session.PAGES)
    monkeypatch.setattr(session, "PAGES", pages)
    made: list[Program] = []

    def begin(open_desk: Callable[[], Any]) -> Program:
        program = Program(qapp, open_desk, settings, tmp_path / "cache")
        made.append(program)
        program.start()
        return program

    yield begin
    for program in made:
        program.stop()
        program.window.close()
        program.window.deleteLater()


@pytest.fixture
def sign_in(qtbot: QtBot, answers: Any) -> Callable[[Program, Actor], None]:
    """Waits for the sign-in and lets a person in."""

    def enter(program: Program, person: Actor) -> None:
        stack: Any = program.window.centralWidget()
        qtbot.waitUntil(lambda: isinstance(stack.currentWidget(), SignIn))
        card = stack.currentWidget()
        card.people.tiles.tiles[0].click()
        card.entry.enter.click()
        answers.give(person)
        qtbot.waitUntil(lambda: program.window.is_entered)

    return enter


@pytest.fixture
def signed_in(
    start: Callable[..., Program],
    sign_in: Callable[[Program, Actor], None],
    services: Services,
    actor: Actor,
) -> Callable[..., Program]:
    """Starts the program and lets a person in."""

    def begin(given: Services = services, person: Actor = actor) -> Program:
        program = start(lambda: given)
        sign_in(program, person)
        return program

    return begin
