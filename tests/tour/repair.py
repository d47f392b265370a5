"""The bench: a phone is inspected, repaired, checked by somebody else, and handed over with its report."""

from __future__ import annotations

from cast import ADMIN, CALLER, SECOND, TECHNICIAN, item_code
from desks import Desk
from stage import Stage

from desk_app.scanning.commands import HAND_OVER

PART, PART_NUMBER = "Screen assembly P3", "SCR-P3-02"
NEW_SERIAL, OLD_SERIAL = "LCD-88120417", "LCD-70035566"
FINDING = "Glass cracked, touch dead at the lower left"
SCREEN_POINT = 3  # the third point of a phone's checklist is about its screen


def inspect(stage: Stage) -> None:
    """Desk B takes the phone in hand and answers the checklist by digits: only the screen fails."""
    desk = stage.b
    desk.hands.press("Alt+3")
    desk.window.wait_for("Scan an item label")
    desk.hands.scan(item_code(stage.numbers[CALLER.name]))
    stage.see(
        "The item label puts the phone on the bench", desk, CALLER.product, CALLER.serial, CALLER.reason
    )
    desk.strike("Take it in hand")
    desk.window.find("Record the inspection")
    for point in range(1, points(desk) + 1):
        desk.hands.press("2" if point == SCREEN_POINT else "1")
    stage.see("The checklist leads to grade D", desk, "The checklist gives D · faulty")
    stage.picture(desk, "bench-inspect")
    desk.strike("Record the inspection")
    desk.window.find("Record the diagnosis")


def work(stage: Stage) -> None:
    """Diagnose, repair and finish at desk B."""
    desk = stage.b
    desk.hands.press("Alt+3")
    diagnose(desk)
    mend(stage, desk)
    stage.see(
        "Desk B leaves the second check to somebody else",
        desk,
        "You repaired it yourself: somebody else does the second check.",
    )
    stage.central(
        "Central holds the repair",
        {"kind": "repair.diagnosed"},
        {"kind": "repair.part_used", "data": {"serial": NEW_SERIAL, "old_serial": OLD_SERIAL}},
        {"kind": "repair.worked", "data": {"minutes": 15}},
        {"kind": "repair.finished"},
    )


def diagnose(desk: Desk) -> None:
    """Choose fault and part by digits, write what was found."""
    desk.window.find(desk.say("Record the diagnosis"))
    for name in ("Screen broken", "Screen"):
        desk.hands.press("1")
        desk.window.find(name, lambda node: "checked" in node.states)
    desk.write("What was found", FINDING)
    desk.strike("Record the diagnosis")


def mend(stage: Stage, desk: Desk) -> None:
    """Tests, a part with both serials by scan, minutes; then finished."""
    desk.window.find(desk.say("Repair finished"))
    for _test in range(points(desk)):
        desk.hands.press("1")
    desk.write("Part", PART)
    desk.write("Part number", PART_NUMBER)
    desk.scan_into("Serial of the new part", NEW_SERIAL)
    desk.scan_into("Serial of the old part", OLD_SERIAL)
    desk.strike("Add part")
    stage.see("The bench lists the part with both serials", desk, f"1 × {PART}", NEW_SERIAL, OLD_SERIAL)
    desk.strike("Add minutes")
    stage.see("The bench counts the minutes", desk, "15 min so far")
    stage.picture(desk, "bench-repair")
    desk.strike("Repair finished")


def hand_over(stage: Stage) -> None:
    """Desk A checks, prints the report in both languages, and hands the phone over."""
    desk, number = stage.a, stage.numbers[CALLER.name]
    desk.hands.press("Alt+3")
    stage.scanner.scan(item_code(number))
    desk.window.wait_for(PART)
    desk.hands.press("1")
    stage.picture(desk, "bench-check")
    desk.strike("Record the second check")
    report(stage, "Repair report in Chinese", ("维修报告", CALLER.reason))
    report(stage, "Repair report in English", ("Repair report",))
    stage.scanner.scan(HAND_OVER.code)
    stage.see("Desk A has handed it over", desk, desk.say("Handed over"))
    stage.see("Desk B shows it within a second", stage.b, "Handed over", within=SECOND)
    stage.central(
        "Central holds check and hand-over",
        {"kind": "repair.checked", "data": {"passed": True}},
        {"kind": "item.handed_over"},
    )


def report(stage: Stage, key: str, words: tuple[str, ...]) -> None:
    """Print the report at desk A and check what it says."""
    number = stage.numbers[CALLER.name]
    stage.a.strike(key)
    parts = (*words, number, CALLER.product, PART, NEW_SERIAL, OLD_SERIAL, FINDING, TECHNICIAN, ADMIN)
    stage.paper(
        f"{key}: its text extracts, its code decodes",
        stage.a,
        f"{number}-repair-*.pdf",
        parts,
        (f"M7C{number}",),
    )


def points(desk: Desk) -> int:
    """How many points or tests are on show."""
    return sum(node.name.endswith(f": {desk.say('Pass')}") for node in desk.window.nodes())
