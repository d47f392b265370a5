"""The story of the tour, step by step: two desks, a few customers, a cut line, a repair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import handsfree
import pages
import reader
import repair
from cast import (
    ADMIN,
    ADMIN_PIN,
    BAKER,
    CALLER,
    LOST,
    NOBODYS,
    NOTE,
    OFFLINE_A,
    OFFLINE_B,
    PASSWORD,
    SECOND,
    TECHNICIAN,
    TECHNICIAN_PIN,
    Customer,
    item_code,
)
from desks import Desk
from stage import Stage

from desk_app.scanning import codes
from desk_app.sync.wire import JoinCode, read_join_code, write_join_code


@dataclass(frozen=True)
class Step:
    """A name and what is done and checked; `is_short`: part of the short form."""

    name: str
    act: Callable[[Stage], None]
    is_short: bool = True


def found(stage: Stage) -> None:
    """The first start of all: language, store, administrator, sign-in."""
    desk = stage.a
    stage.start(desk)
    desk.window.press("简体中文")
    stage.picture(desk, "beginning")
    desk.press("Start a new store")
    desk.write("Store", "静安维修中心")
    desk.write("Your name", ADMIN)
    desk.write("Password", PASSWORD)
    desk.write("Password again", PASSWORD)
    desk.write("PIN (optional)", ADMIN_PIN)
    stage.picture(desk, "new-store")
    desk.hands.press("Enter")
    leave_devices(stage, desk)
    stage.sign_in(desk, ADMIN, ADMIN_PIN)
    stage.see("Desk A is open for its first administrator", desk, ADMIN)


def leave_devices(stage: Stage, desk: Desk) -> None:
    """Scanner and printer are tried later: one key for each."""
    for name, title in (("scanner", "Does the scanner work?"), ("printer", "Do papers look right?")):
        desk.window.wait_for(desk.say(title), within=20)
        stage.picture(desk, f"try-{name}")
        desk.strike("Later")


def add_person(stage: Stage) -> None:
    """A technician is added at desk A."""
    desk = stage.a
    desk.hands.press("Alt+9")
    desk.write("Name", TECHNICIAN)
    desk.write("Password", PASSWORD)
    desk.write("PIN (optional)", TECHNICIAN_PIN)
    for role in ("Technician", "Warehouse"):
        desk.press(role)
    desk.press("Add person")
    stage.see(
        "Desk A says that the technician can sign in",
        desk,
        desk.say("{name} can sign in now", name=TECHNICIAN),
    )


def join(stage: Stage) -> None:
    """Desk B joins with a code that desk A shows, over a cable that can be cut; so does the checker."""
    stage.start(stage.b)
    stage.b.window.press("English")
    stage.picture(stage.b, "beginning")
    stage.b.press("Join with a code")
    stage.b.write("This desk", "Bench 1")
    stage.picture(stage.b, "join")
    stage.b.scan_into("Join code", rerouted(stage, join_code(stage.a)))
    leave_devices(stage, stage.b)
    stage.see("The people of the store come to desk B", stage.b, TECHNICIAN, within=10)
    stage.sign_in(stage.b, TECHNICIAN, TECHNICIAN_PIN)
    stage.see("Desk B is connected", stage.b, stage.b.say("Connected"), within=10)
    stage.record.check("Central lets the checker read", "join", code=join_code(stage.a))


def join_code(desk: Desk) -> str:
    """A new one-time code, as the settings of a desk show it."""
    before = set(desk.window.words())
    desk.press("Show a code")

    def shown() -> str | None:
        new = [words for words in desk.window.words() if words.startswith("M7J") and words not in before]
        return new[0] if new else None

    return reader.wait(shown, 5, lambda: "no code is shown").replace(" ", "")


def rerouted(stage: Stage, code: str) -> str:
    """The same code with the address of our cable in it."""
    own = codes.decode(code)
    assert own
    read = read_join_code(own.body)
    near = JoinCode(stage.lay_cable(read.address), read.fingerprint, read.secret)
    return codes.encode(codes.OwnKind.JOIN, write_join_code(near))


def plug_in(stage: Stage) -> None:
    """Desk A gets a scanner on a serial line."""
    desk = stage.a
    desk.hands.press("Alt+9")
    desk.write("Serial port", stage.scanner.port)
    desk.hands.press("Enter")
    stage.see("Desk A has its scanner on the serial line", desk, desk.say("Scanner ready"))
    stage.picture(desk, "settings")


def open_cases(stage: Stage) -> None:
    """Two customers at the window of desk A; desk B watches the list of cases."""
    stage.b.hands.press("Alt+4")
    for customer in (CALLER, BAKER):
        number = open_case(stage, customer)
        stage.numbers[customer.name] = number
        stage.see(
            f"Desk B shows the case of {customer.product} within a second",
            stage.b,
            together=(number, customer.name, customer.product, customer.order),
            within=SECOND,
        )
        stage.central(
            f"Central holds the case of {customer.product}, its item and the parcel it announces",
            {"kind": "case.opened", "data": {"number": number, "order_number": customer.order}},
            {"kind": "item.added", "data": {"gtin": customer.gtin, "serial": customer.serial}},
            {"kind": "parcel.announced", "data": {"waybill": customer.waybill}},
        )
        print_intake(stage, customer)


def open_case(stage: Stage, customer: Customer) -> str:
    """Open a case by keyboard and scans; its number."""
    desk = stage.a
    desk.hands.press("Alt+1")
    desk.window.wait_for(desk.say("What does the customer want?"))
    desk.hands.press(customer.kind)
    desk.write("Customer", customer.name)
    desk.write("Phone", customer.phone)
    desk.write("Order number", customer.order)
    desk.scan_into("Announced waybill", customer.waybill)
    desk.write("In the customer's words", customer.reason)
    desk.write("Product", customer.product)
    desk.scan_into("GTIN", customer.gtin)
    desk.scan_into("Serial number", customer.serial)
    desk.window.wait_for(customer.waybill, customer.gtin, customer.serial)
    stage.picture(desk, f"window-{customer.kind}")
    desk.strike("Open case")
    told = f"{desk.say('Case opened')} · {customer.name}"
    node = desk.window.find("", lambda node: node.description.startswith(told))
    stage.picture(desk, f"opened-{customer.kind}")
    return node.name


def print_intake(stage: Stage, customer: Customer) -> None:
    """Receipt and item label of the case that was opened just now; then the next customer."""
    desk, number = stage.a, stage.numbers[customer.name]
    desk.strike("Print receipt")
    stage.paper(
        f"The receipt says number, customer and goods of {customer.product}, and its codes decode",
        desk,
        f"{number}-receipt.pdf",
        (number, customer.name, customer.product, customer.serial, customer.reason),
        (f"M7C{number}",),
    )
    desk.strike("Print item label")
    label = item_code(number)
    stage.paper(
        f"The item label of {customer.product} decodes", desk, f"{number}-label-1.pdf", (number,), (label,)
    )
    desk.strike("Next customer")


def receive(stage: Stage) -> None:
    """The dock at desk A: announced, again, announced, and one that nobody announced."""
    desk, number = stage.a, stage.numbers[CALLER.name]
    for each in stage.desks:
        each.hands.press("Alt+2")
        each.window.wait_for(each.say("Scan one parcel after the other"))
    stage.scanner.scan(CALLER.waybill)
    stage.see(
        "The dock says in green which parcel of which case it received",
        desk,
        together=(desk.say("Parcel received"), CALLER.waybill, number),
    )
    stage.see(
        "Desk B shows the parcel within a second", stage.b, together=(CALLER.waybill, number), within=SECOND
    )
    stage.picture(desk, "dock-received")
    stage.scanner.scan(CALLER.waybill)
    stage.see("The same waybill again is said to be here", desk, desk.say("Already received"), CALLER.waybill)
    stage.picture(desk, "dock-again")
    arrived = {"kind": "parcel.arrived", "data": {"waybill": CALLER.waybill}}
    stage.central("Central counts the parcel once", arrived)
    stage.scanner.scan(BAKER.waybill)
    second = (desk.say("Parcel received"), BAKER.waybill, stage.numbers[BAKER.name])
    stage.see("The next scan needs nothing in between", desk, together=second)
    stage.record.check(
        "The sound device beeped once for each parcel, after it was safe",
        "beeps",
        log=str(desk.sounds),
        after=2,
        sounds=[["good", CALLER.waybill], ["attention", CALLER.waybill], ["good", BAKER.waybill]],
        within=2,
    )


def shelve(stage: Stage) -> None:
    """A parcel nobody announced goes to a numbered shelf with one more key."""
    desk = stage.a
    stage.scanner.scan(NOBODYS)
    stage.see(
        "The dock says that nobody announced this parcel", desk, desk.say("Nobody announced this parcel")
    )
    stage.picture(desk, "dock-unannounced")
    desk.strike("Put on shelf {shelf}", shelf="S01")
    stage.see("The dock names the shelf", desk, desk.say("Parcel put on shelf {shelf}", shelf="S01"))
    stage.see(
        "Desk B shows it on the shelf within a second", stage.b, together=(NOBODYS, "S01"), within=SECOND
    )
    stage.central(
        "Central holds the unannounced parcel and its shelf",
        {"kind": "parcel.arrived", "data": {"waybill": NOBODYS}},
        {"kind": "parcel.shelved", "stream": f"parcel/{NOBODYS}", "data": {"shelf": "S01"}},
    )


def cut(stage: Stage) -> None:
    """The line of desk B is cut; both go on working, on the same case too."""
    assert stage.cable
    stage.cable.cut()
    stage.see("Desk B says that it has no line", stage.b, "No line", within=20)
    stage.scanner.scan(OFFLINE_A)
    stage.see("Desk A goes on receiving", stage.a, stage.a.say("Nobody announced this parcel"), OFFLINE_A)
    stage.b.hands.scan(OFFLINE_B)
    stage.see("Desk B goes on receiving without a line", stage.b, "Nobody announced this parcel", OFFLINE_B)
    stage.a.hands.scan(f"M7C{stage.numbers[CALLER.name]}")
    stage.a.write("New note", NOTE)
    stage.a.strike("Add note")
    stage.see("Desk A notes something on the case", stage.a, NOTE)
    repair.inspect(stage)
    stage.picture(stage.b, "bench-no-line")
    unknown = {"kind": "parcel.arrived", "data": {"waybill": OFFLINE_B}}
    stage.central("Central cannot know yet what desk B received", unknown, count=0, within=0)


def mend(stage: Stage) -> None:
    """The line is there again: both desks and central come to the same."""
    assert stage.cable
    stage.cable.mend()
    entries = [{"kind": "parcel.arrived", "data": {"waybill": code}} for code in (OFFLINE_A, OFFLINE_B)]
    stage.central(
        "Central holds what both did while the line was cut",
        *entries,
        {"kind": "case.noted"},
        {"kind": "item.inspected", "data": {"grade": "D"}},
        within=20,
    )
    number = stage.numbers[CALLER.name]
    same = (number, CALLER.name, CALLER.serial, CALLER.gtin, CALLER.waybill, NOTE)
    for desk, grade in zip(stage.desks, ("D · 有故障", "D · faulty"), strict=True):
        desk.hands.press("Alt+2")
        stage.see(f"Desk {desk.name} shows the parcels of both", desk, OFFLINE_A, OFFLINE_B)
        desk.hands.scan(f"M7C{number}")
        stage.see(f"Desk {desk.name} shows the case as the other does", desk, *same, grade)


def lose_power(stage: Stage) -> None:
    """Desk B dies between a scan and its commit; what was not safe was not beeped, and is scanned again."""
    desk = stage.b
    desk.stop()
    stage.start(desk, MENDESK_STOP="act.decided:1")
    stage.sign_in(desk, TECHNICIAN, TECHNICIAN_PIN)
    desk.hands.press("Alt+2")
    desk.window.wait_for("Scan one parcel after the other")
    before = len(desk.sounds.read_text("utf-8").splitlines())
    desk.hands.scan(LOST)
    stage.record.note("Desk B died before the commit", desk.died(10))
    stage.record.check(
        "Nothing beeped for the parcel that was not safe",
        "beeps",
        log=str(desk.sounds),
        after=before,
        sounds=[],
    )
    desk.stop()
    stage.start(desk)
    stage.sign_in(desk, TECHNICIAN, TECHNICIAN_PIN)
    desk.hands.press("Alt+2")
    desk.window.wait_for("Scan one parcel after the other")
    stage.record.check("Desk B does not claim to have the parcel", "not_see", pid=desk.pid, parts=[LOST])
    desk.hands.scan(LOST)
    stage.see("The parcel is received with the next scan", desk, "Nobody announced this parcel", LOST)
    arrived = {"kind": "parcel.arrived", "data": {"waybill": LOST}}
    stage.central("Central holds what was scanned again, once", arrived)


STEPS = (
    Step("Desk A starts on an empty home and founds a store", found),
    Step("A technician is added", add_person),
    Step("Desk B joins with a code", join),
    Step("Desk B loses power in the middle of a scan", lose_power),
    Step("Desk A gets a scanner", plug_in),
    Step("Two cases are opened by hand and printed", open_cases),
    Step("Parcels arrive at the dock", receive),
    Step("A parcel nobody announced is shelved", shelve, is_short=False),
    Step("The line is cut and both desks work on", cut, is_short=False),
    Step("The line is mended and both show the same", mend, is_short=False),
    Step("The phone is repaired at desk B", repair.work, is_short=False),
    Step("Desk A does the second check and hands over", repair.hand_over, is_short=False),
    Step("Dock and bench work by scans alone", handsfree.dock_and_bench, is_short=False),
    Step("Every page in both languages", pages.every_page, is_short=False),
)
ALL_PICTURES = Step("Every page in every language, scheme and size", pages.every_look, is_short=False)
