"""The story of the tour, step by step: two desks, a few customers, a cut line, a repair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import reader
from desks import Desk
from stage import Stage

from desk_app.scanning import codes
from desk_app.sync.wire import JoinCode, read_join_code, write_join_code

ADMIN, ADMIN_PIN = "林晓雯", "482913"
TECHNICIAN, TECHNICIAN_PIN = "陈伟", "730264"
PASSWORD = "quiet-harbour-7"
SECOND = 1.0  # what is done on one desk is on the other's screen within it


@dataclass(frozen=True)
class Step:
    """A name and what is done and checked; `is_short`: part of the short form."""

    name: str
    act: Callable[[Stage], None]
    is_short: bool = True


@dataclass(frozen=True)
class Customer:
    """Somebody who opens a case at the window: made up, in real formats."""

    kind: str
    name: str
    phone: str
    order: str
    waybill: str
    reason: str
    product: str
    gtin: str
    serial: str


LISTENER = Customer(
    kind="3",
    name="欧阳文静",
    phone="13800138000",
    order="TB20261123001",
    waybill="SF1390027465183",
    reason="左边没有声音",
    product="轻语 A3 无线耳机",
    gtin="6901234567892",
    serial="QYA3-0098117",
)
BAKER = Customer(
    kind="1",
    name="Maria Sanchez",
    phone="13900139000",
    order="JD88812345",
    waybill="YT2938475610293",
    reason="Too large for the kitchen",
    product="Cloud air fryer 4.5 L",
    gtin="6923450657713",
    serial="CF45-7730021",
)
NOBODYS = "ZT7712345678901"
OFFLINE_A, OFFLINE_B = "JDVB12345678901", "SF1390027465999"
LOST = "SF1390027465777"


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
    sign_in(stage, desk, ADMIN, ADMIN_PIN)
    stage.see("Desk A is open for its first administrator", desk, ADMIN)


def sign_in(stage: Stage, desk: Desk, name: str, pin: str) -> None:
    """Choose the person, type the PIN."""
    desk.window.wait_for(desk.say("Who are you?"), within=20)
    desk.window.press(name)
    desk.write("PIN or password", pin)
    desk.hands.press("Enter")
    desk.window.wait_for(desk.say("Scan or type a code"), within=10)


def add_person(stage: Stage) -> None:
    """A technician is added at desk A."""
    desk = stage.a
    desk.hands.press("Alt+9")
    desk.write("Name", TECHNICIAN)
    desk.write("Password", PASSWORD)
    desk.write("PIN (optional)", TECHNICIAN_PIN)
    desk.press("Technician")
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
    stage.b.scan_into("Code", rerouted(stage, join_code(stage.a)))
    sign_in(stage, stage.b, TECHNICIAN, TECHNICIAN_PIN)
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


STEPS = (
    Step("Desk A starts on an empty home and founds a store", found),
    Step("A technician is added", add_person),
    Step("Desk B joins with a code", join),
)
ALL_PICTURES = Step("Every page in every language, scheme and size", lambda stage: None, is_short=False)
