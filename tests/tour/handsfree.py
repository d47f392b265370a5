"""Dock and bench with a scanner and nothing else: the card with command codes does what keys would do."""

from __future__ import annotations

from cast import BAKER, HANDS_FREE, SECOND, item_code
from desks import Desk
from repair import points
from stage import Stage

from desk_app.scanning import commands
from desk_app.scanning.codes import OwnKind, encode
from desk_app.scanning.commands import BY_BODY, Command

SHELF = "S04"
BAD_POINT = 2
NEW_SERIAL, OLD_SERIAL = "FAN-20119", "FAN-10877"


def dock_and_bench(stage: Stage) -> None:
    """A parcel is received and shelved, an air fryer inspected, repaired, checked and placed."""
    before = sum(desk.hands.keys for desk in stage.desks)
    dock(stage, stage.b)
    inspect(stage, stage.b)
    mend(stage, stage.b)
    check(stage, stage.a)
    pressed = sum(desk.hands.keys for desk in stage.desks) - before
    stage.record.note("Not one key was pressed for it", pressed == 0, f"{pressed} keys")


def dock(stage: Stage, desk: Desk) -> None:
    """Received, shelved by the shelf's label, labelled, taken back, and shelved again."""
    scan(desk, commands.RECEIVE)
    desk.window.wait_for("Scan one parcel after the other")
    desk.hands.scan(HANDS_FREE)
    stage.see("A scan receives the parcel", desk, "Nobody announced this parcel", HANDS_FREE)
    desk.hands.scan(encode(OwnKind.SHELF, SHELF))
    stage.see("The shelf's label puts it there", desk, f"Parcel put on shelf {SHELF}")
    scan(desk, commands.UNDO)
    stage.see("The command code takes it back", desk, "Undone")
    stage.central(
        "Central holds that it lies on no shelf any more",
        {"kind": "parcel.shelved", "stream": f"parcel/{HANDS_FREE}", "data": {"shelf": ""}},
    )
    desk.hands.scan(HANDS_FREE)
    desk.window.wait_for("Nobody announced this parcel")
    scan(desk, commands.HOLD)
    stage.see("The command code shelves it", desk, "Parcel put on shelf S02")


def inspect(stage: Stage, desk: Desk) -> None:
    """The item's label leads from the dock to the bench; one point fails; it is to be repaired."""
    desk.hands.scan(item_code(stage.numbers[BAKER.name]))
    stage.see("The item's label puts it on the bench", desk, BAKER.product, BAKER.serial)
    scan(desk, commands.NEXT)
    desk.window.find("Record the inspection")
    for point in range(1, points(desk) + 1):
        scan(desk, commands.FAIL if point == BAD_POINT else commands.PASS)
    scan(desk, commands.UNDO, commands.PASS)
    desk.window.wait_for("The checklist gives")
    stage.picture(desk, "bench-hands-free")
    scan(desk, commands.NEXT)
    desk.window.find("Record the decision")
    choose(desk, "Repair")
    scan(desk, commands.NEXT)


def mend(stage: Stage, desk: Desk) -> None:
    """Fault and part by digits, a part with both serials, minutes, tests; finished."""
    desk.window.find("Record the diagnosis")
    scan(desk, BY_BODY["D1"], BY_BODY["D2"], commands.OUT_OF_WARRANTY, commands.NEXT)
    desk.window.find("Repair finished")
    scan(desk, commands.PART, BY_BODY["D1"])
    for serial in (NEW_SERIAL, OLD_SERIAL):
        desk.hands.scan(serial)
        desk.window.wait_for(serial)
    scan(desk, commands.ADD_PART)
    stage.see("The part is used by scans", desk, NEW_SERIAL, OLD_SERIAL)
    for _test in range(points(desk)):
        scan(desk, commands.PASS)
    scan(desk, commands.MINUTES)
    stage.see("The minutes are counted by a scan", desk, "15 min so far")
    scan(desk, commands.NEXT)
    desk.window.wait_for("You repaired it yourself: somebody else does the second check.")
    stage.central(
        "Central holds the repair that was done by scans",
        {"kind": "repair.diagnosed", "data": {"in_warranty": False}},
        {"kind": "repair.part_used", "data": {"serial": NEW_SERIAL, "old_serial": OLD_SERIAL}},
    )


def check(stage: Stage, desk: Desk) -> None:
    """Somebody else checks at the other desk and places it; the first desk sees it."""
    stage.scanner.scan(item_code(stage.numbers[BAKER.name]))
    desk.window.wait_for(BAKER.product, NEW_SERIAL)
    for command in (commands.PASS, commands.NEXT):
        stage.scanner.scan(command.code)
    desk.window.find(desk.say("Record the decision"))
    stage.scanner.scan(encode(OwnKind.SHELF, SHELF))
    desk.window.wait_for(SHELF)
    stage.scanner.scan(commands.NEXT.code)
    stage.see("It is placed by a scan", desk, f"翻新 · {SHELF}")
    stage.see("The other desk shows it within a second", stage.b, f"Refurbish · {SHELF}", within=SECOND)


def scan(desk: Desk, *what: Command) -> None:
    """Scan commands from the card, each when the one before was answered."""
    for command in what:
        desk.hands.scan(command.code)
        desk.window.wait_for(command.code)


def choose(desk: Desk, key: str) -> None:
    """Choose a tile by the digit that stands on it."""
    scan(desk, digit(desk, key))


def digit(desk: Desk, key: str) -> Command:
    """The command for the tile with these words, by its place among the tiles on show."""
    tiles = [node.name for node in desk.window.nodes() if node.role == "radio button"]
    return BY_BODY[f"D{tiles.index(desk.say(key)) + 1}"]
