"""One case whole, as it is and as it becomes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desk_app.changes import Changes, Origin
from ui.pages.case.page import CasePage
from ui.widgets import Tools

SF = "SF1390027465183"


@pytest.fixture
def case(real: Any) -> Any:
    return real.open_case(waybill=SF, serial="QY-A3-0098117")


@pytest.fixture
def page(real: Any, case: Any, tools: Tools, shown: Callable[..., None]) -> CasePage:
    made = CasePage(tools, real.services, real.wang)
    shown(made)
    made.open(stream=case.stream)
    return made


def words(page: CasePage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_all_of_the_case_is_there(page: CasePage, case: Any) -> None:
    said = words(page)
    assert page.title.text() == case.number
    assert {
        "欧阳文静",
        "138 0013 8000",
        "TB20260301",
        "左耳没有声音",
        "轻语 A3 无线耳机",
        SF,
        "Expected",
    } <= set(said)
    assert [text for text in said if text in ("Case opened", "Item added", "Parcel announced")] == [
        "Parcel announced",
        "Item added",
        "Case opened",
    ]


def test_what_another_desk_does_is_there_at_once_and_a_half_written_note_stays(
    qtbot: QtBot, real: Any, page: CasePage
) -> None:
    page.note.set_text("note", "客户周六")
    real.services.receiving.receive(SF, real.maria.__class__(real.wang.person, real.wang.roles, "")).result()
    qtbot.waitUntil(lambda: page.status.text() == "Parcel arrived")
    assert "Received" in words(page)
    assert page.note.text("note") == "客户周六"


def test_a_note_is_added_once_and_stands_in_the_story(qtbot: QtBot, page: CasePage) -> None:
    page.note.set_text("note", "客户周六来取")
    for _ in range(2):
        qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: words(page).count("客户周六来取") == 1 and page.note.text("note") == "")
    assert words(page).count("Note") == 1


def test_a_note_begun_waits_at_its_case(qtbot: QtBot, page: CasePage, real: Any) -> None:
    first, other = page._stream, real.open_case().stream
    page.note.set_text("note", "客户周六")
    page.open(stream=other)
    assert page.note.text("note") == ""
    page.open(stream=first)
    assert page.note.text("note") == "客户周六"
    page._add_note()
    page.open(stream=other)
    page.note.set_text("note", "另一位客户")
    qtbot.waitUntil(lambda: page._actions["note"].isEnabled())
    assert page.note.text("note") == "另一位客户"
    page.open(stream=first)
    assert page.note.text("note") == ""


def test_an_empty_note_is_refused_beside_the_field(qtbot: QtBot, page: CasePage) -> None:
    page._add_note()
    qtbot.waitUntil(lambda: page.note.errors() == {"note": "Please fill this in."})


def test_what_was_erased_is_shown_as_erased(qtbot: QtBot, real: Any, page: CasePage, case: Any) -> None:
    real.services.reception.add_note(case.stream, "电话里很生气", real.wang).result()
    qtbot.waitUntil(lambda: "电话里很生气" in words(page))
    customer = real.services.cases.view(case.stream).case.customer
    real.services.privacy.forget(customer, real.wang).result()
    qtbot.waitUntil(lambda: "欧阳文静" not in " ".join(words(page)))
    said = words(page)
    assert not {"138 0013 8000", "左耳没有声音", "电话里很生气"} & set(said)
    assert said.count("Erased") >= 4


def test_the_way_to_the_bench_and_the_papers(
    qtbot: QtBot, page: CasePage, case: Any, shell: Any, answers: Any
) -> None:
    qtbot.keyClick(page, Qt.Key.Key_F8)
    assert shell.opened == [("bench", {"stream": case.stream, "item": "1"})]
    qtbot.keyClick(page, Qt.Key.Key_F4)
    qtbot.keyClick(page, Qt.Key.Key_F5)
    assert [name for name, _ in answers.asked] == ["receipt", "label"]
    assert answers.asked[0][1][:2] == (case.stream, "en")
    answers.give(Path("/papers/receipt.pdf"))
    answers.give((Path("/papers/label.pdf"), Path("/papers/label.png")))
    qtbot.waitUntil(lambda: len(shell.toasts) == 2)
    assert shell.toasts == [f"Printed to {Path('/papers') / name}" for name in ("receipt.pdf", "label.pdf")]
    assert not page._papers["report_zh"].isVisible()


def test_contested_entries_are_told_in_plain_words(page: CasePage, real: Any, case: Any) -> None:
    assert not page.contests.isVisible()
    view = real.services.cases.view(case.stream)
    page._show_contests(
        type(view)(
            **{name: getattr(view, name) for name in view.__slots__}
            | {"contests": ("item.disposed_already",)}
        )
    )
    assert page.contests.isVisible()
    assert page._contested.text().startswith("Two desks decided differently")


def test_a_case_that_is_not_here_is_told(page: CasePage, tools: Tools) -> None:
    page.open(stream="case/unknown")
    assert page.nothing.isVisible()
    assert not page.content.isVisible()
    tools.hub.tell(Changes(frozenset({"case/unknown"}), Origin.SYNC))
