"""Dock and bench by scans alone: command codes do what keys do, and say so where they mean nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk_app.scanning import commands
from desk_app.scanning.codes import OwnKind, encode
from desk_app.scanning.commands import BY_BODY, Command
from desk_app.scanning.reading import Source, hear
from ui.commands import MEANINGS

pytestmark = pytest.mark.slow

NOON = 1_772_366_400_000_000
PHONE_FAULT, PHONE_PART = 1, 1


class Scanner:
    """A person with a scanner and nothing else."""

    def __init__(self, stand: Any) -> None:
        self.stand, self.window = stand, stand.window

    @property
    def bench(self) -> Any:
        return self.window.page

    @property
    def told(self) -> str:
        words: str = self.window.scan_bar.words.text()
        return words

    def scan(self, *what: Command | str) -> None:
        for each in what:
            code = each if isinstance(each, str) else each.code
            self.window.take_scan(hear(code, Source.KEYBOARD, NOON))

    def at(self, step: str) -> Any:
        self.stand.qtbot.waitUntil(lambda: self.bench.step == step)
        return self.bench.panel

    def item(self, case: Any) -> Any:
        item = self.stand.services.cases.view(case.stream).case.item(1)
        assert item
        return item

    def label(self, case: Any) -> str:
        code: str = self.stand.services.cases.item_code(case.number, 1)
        return code


@pytest.fixture
def scanner(stand: Callable[..., Any], lead: Callable[..., None]) -> Scanner:
    made = Scanner(stand("en"))
    lead(made.window, made.stand.services)
    return made


def digits(*numbers: int) -> list[Command]:
    return [BY_BODY[f"D{number}"] for number in numbers]


def test_a_parcel_is_received_shelved_taken_back_and_undone(scanner: Scanner) -> None:
    wait = scanner.stand.qtbot.waitUntil
    scanner.scan(commands.RECEIVE, "SF1390027465183")
    wait(lambda: scanner.bench.answer.words == "Nobody announced this parcel")
    scanner.scan(commands.HOLD)
    wait(lambda: scanner.bench.answer.words.startswith("Parcel put on shelf"))
    for _ in range(2):
        scanner.scan(commands.UNDO)
        wait(lambda: scanner.bench.answer.words == "Undone")
        scanner.bench.answer.words = ""
    assert not any(row.waybill == "SF1390027465183" for row in scanner.stand.services.receiving.arrived(50))
    scanner.scan(commands.UNDO)
    assert scanner.told == "“Undo” does nothing here now"
    scanner.scan(encode(OwnKind.SHELF, "S07"))
    assert scanner.told == "No parcel waits for a shelf"
    scanner.scan(commands.DONE)
    assert scanner.told.endswith("today")


def test_an_item_is_taken_in_checked_and_placed_by_scans(scanner: Scanner) -> None:
    case = scanner.stand.filled.cases["receive"]
    scanner.scan(commands.BENCH, scanner.label(case), commands.NEXT)
    panel = scanner.at("inspect")
    count = len(panel.checklist.rows)
    scanner.scan(commands.FAIL, commands.UNDO)
    assert panel.checklist.answers() == {}
    scanner.scan(*[commands.PASS] * count)
    assert panel.grades.value() == "A"
    scanner.scan(commands.GRADES[1])
    assert panel.grades.value() == "B"
    scanner.scan(commands.NEXT)
    scanner.stand.qtbot.waitUntil(lambda: "note" in panel.form.errors())
    scanner.scan(*digits(2))
    assert panel.form.text("note") == "Worse than the checklist says"
    scanner.scan(commands.GRADES[0])
    assert (panel.form.text("note"), panel.reasons.isVisible()) == ("", False)
    scanner.scan(commands.GRADES[1], *digits(2), commands.NEXT)
    scanner.stand.qtbot.waitUntil(lambda: scanner.item(case).grade == "B")
    assert panel.form.text("note") == "Worse than the checklist says"


def test_a_repair_is_diagnosed_mended_and_finished_by_scans(scanner: Scanner) -> None:
    case = scanner.stand.filled.cases["diagnose"]
    wait = scanner.stand.qtbot.waitUntil
    scanner.scan(scanner.label(case))
    diagnose = scanner.at("diagnose")
    scanner.scan(*digits(1, 2), commands.OUT_OF_WARRANTY)
    assert (diagnose.fault.value(), diagnose.part.value()) == (
        diagnose.fault.tiles[0].option.key,
        diagnose.part.tiles[1].option.key,
    )
    assert scanner.told == "Out of warranty"
    scanner.scan(*digits(9))
    assert diagnose.fault.value()
    scanner.scan(commands.UNDO, *digits(1), commands.NEXT)
    repair = scanner.at("repair")
    found = scanner.item(case).repair
    assert (found.part, found.in_warranty) == (diagnose.part.tiles[0].option.key, False)
    scanner.scan(commands.PART, *digits(1), "LCD-88120417", "LCD-70035566", commands.ADD_PART)
    wait(lambda: len(scanner.item(case).repair.parts) == 1)
    (part,) = scanner.item(case).repair.parts
    assert (part.serial, part.old_serial) == ("LCD-88120417", "LCD-70035566")
    tests = len(repair.tests.rows)
    scanner.scan(*[commands.PASS] * (tests - 1), commands.FAIL, commands.UNDO, commands.PASS)
    wait(lambda: len(scanner.item(case).repair.tests) == tests)
    scanner.scan(commands.MINUTES)
    wait(lambda: scanner.item(case).repair.minutes > 0)
    scanner.scan(commands.NEXT)
    scanner.at("check")
    assert all(test.passed for test in scanner.item(case).repair.tests)


def test_a_second_check_fails_and_says_why_by_scans(scanner: Scanner) -> None:
    case = scanner.stand.filled.cases["check"]
    scanner.scan(scanner.label(case))
    check = scanner.at("check")
    scanner.scan(commands.FAIL, *digits(1))
    assert check.result.value() == "failed"
    assert check.form.text("note").endswith(": failed")
    scanner.scan(commands.PASS)
    assert check.result.value() == "passed"
    assert not check.reasons.isVisible()
    assert check.form.text("note") == ""
    scanner.scan(commands.UNDO)
    assert check.result.value() == ""
    scanner.scan(*digits(1))
    assert check.result.value() == "passed"


def test_what_is_ready_is_handed_over_only_at_its_step(scanner: Scanner) -> None:
    scanner.scan(scanner.label(scanner.stand.filled.cases["receive"]), commands.HAND_OVER)
    assert scanner.told == "“Hand over” does nothing here now"
    case = scanner.stand.filled.cases["hand_over"]
    scanner.scan(scanner.label(case))
    scanner.at("hand_over")
    scanner.scan(commands.HAND_OVER)
    scanner.stand.qtbot.waitUntil(lambda: scanner.item(case).goods == "left")


def test_every_command_of_the_card_means_something() -> None:
    assert {meaning.command for meaning in MEANINGS} == set(BY_BODY.values())


def test_a_command_of_a_newer_version_is_told(scanner: Scanner) -> None:
    scanner.scan(encode(OwnKind.COMMAND, "ZZ9"))
    assert scanner.told == "“ZZ9” does nothing here now"


def test_where_a_command_means_nothing_it_says_so_and_does_nothing(scanner: Scanner) -> None:
    scanner.window.open("cases")
    scanner.scan(commands.PASS)
    assert scanner.told == "“Pass” does nothing here now"
    scanner.scan(commands.BENCH, commands.BACK)
    assert scanner.window.route.name == "cases"


def test_the_last_scans_are_told_and_undone_from_their_page(scanner: Scanner) -> None:
    scanner.window.open("dock")
    scanner.scan("SF1390027465183")
    scanner.stand.qtbot.waitUntil(lambda: scanner.bench.answer.words == "Nobody announced this parcel")
    scanner.scan(commands.HISTORY)
    page = scanner.window.page
    rows = [(row.scan.raw, row.words) for row in page._rows]
    assert rows[1] == ("SF1390027465183", "Nobody announced this parcel")
    assert scanner.window.tools.actions.run("scans.undo")
    scanner.stand.qtbot.waitUntil(lambda: page._rows[1].is_undone)
    scanner.stand.qtbot.waitUntil(
        lambda: not any(r.waybill == "SF1390027465183" for r in scanner.stand.services.receiving.arrived(50))
    )
    assert not scanner.window.tools.actions.run("scans.undo")
