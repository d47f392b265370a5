"""Where a code leads that no page takes: opened, asked for elsewhere, asked about; and readers with a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desk_app.errors import OutsideError
from desk_app.readers import ReaderSettings
from desk_app.scanning.codes import OwnKind, encode
from desk_app.services.views import Brought, LineState, Target
from ui.app import Program
from ui.services import Services

pytestmark = pytest.mark.slow

WAIT = 5000


def page(program: Program) -> Any:
    """The plain page on show."""
    return program.window.page


def test_a_code_no_page_takes_opens_what_it_names(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services
) -> None:
    services.cases.targets["M7K00214W"] = Target("case", "case/1")  # type: ignore[attr-defined]
    services.cases.targets["M7I1"] = Target("bench", "case/1", 2)  # type: ignore[attr-defined]
    program = signed_in()
    program.window.typed.emit("M7K00214W")
    assert program.window.route is not None
    assert (program.window.route.name, page(program).where) == ("case", [{"stream": "case/1"}])
    program.window.typed.emit("M7I1")
    assert (program.window.route.name, page(program).where) == (
        "bench",
        [{"stream": "case/1", "item": "2"}],
    )


def test_an_unknown_code_is_asked_about(
    qtbot: QtBot, signed_in: Callable[..., Program], answers: Any
) -> None:
    program = signed_in()
    program.window.typed.emit("HELLO")
    assert program.window.scan_bar.words.text().startswith("Not on this desk. Asking")
    assert answers.asked[-1] == ("bring", (("HELLO",),))
    answers.give(Brought.NOWHERE)
    qtbot.waitUntil(lambda: program.window.scan_bar.words.text() == "Nobody knows this code", timeout=WAIT)
    assert program.window.route is not None
    assert (program.window.route.name, page(program).where) == (
        "what",
        [{"code": "HELLO", "detail": "Nobody knows this code"}],
    )


def test_a_code_of_ours_is_never_asked_about(
    qtbot: QtBot, signed_in: Callable[..., Program], answers: Any
) -> None:
    program = signed_in()
    for code, told in (
        (encode(OwnKind.SHELF, "S03"), "A shelf: scan it on the dock, behind its parcel"),
        ("M7C7QK00002H", "Nobody knows this code"),
    ):
        program.window.typed.emit(code)
        answers.give(Brought.NOWHERE)
        qtbot.waitUntil(lambda told=told: program.window.scan_bar.words.text() == told, timeout=WAIT)
        assert program.window.route is not None
        assert program.window.route.name == "window"


def test_the_reader_of_a_job_always_does_that_job(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services
) -> None:
    services.settings.readers = (ReaderSettings("/dev/ttyACM0", 9600, job="dock"),)
    program = signed_in()
    reader = services.open_reader.made[-1]  # type: ignore[attr-defined]
    program.window.open("cases")
    reader.on_scan("SF1390027465183")
    qtbot.waitUntil(lambda: "dock" in program.window.work._pages, timeout=WAIT)
    dock: Any = program.window.work._pages["dock"]
    qtbot.waitUntil(lambda: dock.scans == [("SF1390027465183", "serial")], timeout=WAIT)
    assert program.window.route is not None
    assert program.window.route.name == "cases"
    assert page(program).scans == []


def test_without_a_line_nobody_is_asked(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, answers: Any
) -> None:
    services.line.now = LineState("offline", 0, 0, "line.cut")  # type: ignore[attr-defined]
    program = signed_in()
    program.window.typed.emit("HELLO")
    assert program.window.scan_bar.words.text().startswith("Not on this desk. Without a line")
    assert "bring" not in [asked[0] for asked in answers.asked]


def test_what_comes_from_the_central_service_is_opened(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, answers: Any
) -> None:
    program = signed_in()
    program.window.typed.emit("M7K00214W")
    services.cases.targets["M7K00214W"] = Target("case", "case/1")  # type: ignore[attr-defined]
    answers.give(Brought.HERE)
    qtbot.waitUntil(lambda: program.window.route is not None and program.window.route.name == "case")
    assert page(program).where == [{"stream": "case/1"}]


def test_what_is_another_store_s_says_so(
    qtbot: QtBot, signed_in: Callable[..., Program], answers: Any
) -> None:
    program = signed_in()
    program.window.typed.emit("SN1")
    answers.give(Brought.ELSEWHERE)
    words = program.window.scan_bar.words
    qtbot.waitUntil(lambda: words.text() == "This belongs to another store.", timeout=WAIT)


def test_a_line_that_fails_meanwhile_is_told(
    qtbot: QtBot, signed_in: Callable[..., Program], answers: Any
) -> None:
    program = signed_in()
    program.window.typed.emit("SN1")
    answers.give(OutsideError("line.cut"))
    words = program.window.scan_bar.words
    qtbot.waitUntil(lambda: words.text().startswith("Not on this desk. Without a line"), timeout=WAIT)


def test_only_the_last_code_leads_somewhere(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, answers: Any
) -> None:
    program = signed_in()
    program.window.typed.emit("M7FIRST")
    services.cases.targets["M7FIRST"] = Target("case", "case/1")  # type: ignore[attr-defined]
    program.window.typed.emit("M7LAST")
    answers.give(Brought.HERE)
    answers.give(Brought.NOWHERE)
    words = program.window.scan_bar.words
    qtbot.waitUntil(lambda: words.text() == "Nobody knows this code", timeout=WAIT)
    assert program.window.route is not None
    assert program.window.route.name == "what"
