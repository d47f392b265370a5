"""Every page as people meet it, filled with the longest there is.

A real store with real services, made once and copied for each window; papers and the line are stand-ins.
A test with the argument `state` is run for every state of a page.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_app.domain.facts import ItemAdded
from desk_app.domain.people import Actor
from desk_app.scanning.reading import Source, hear
from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection
from desk_app.services.people import People
from desk_app.services.receiving import Receiving
from desk_app.services.reception import Reception
from desk_app.services.repair import Repairs
from desk_app.services.views import CaseRequest, Diagnosis, ItemRequest, OpenedCase, PartUsed
from desk_app.storage.store import Store
from desk_app.texts import speaker
from ui.hub import Hub
from ui.main_window import MainWindow
from ui.pages.setup.page import SetupCards
from ui.pages.signin.page import SignIn
from ui.services import Services
from ui.session import LED_TO_ONLY, PAGES
from ui.sound import LogDevice, Sounds
from ui.tasks import Tasks
from ui.theme import Scheme, Theme, look
from ui.widgets import Page, Tone
from ui.widgets.photos import Thumbnail

NOON = 1_772_366_400_000_000
MINUTE = 60_000_000
STORE_KEY = bytes(range(32))
USUAL = QSize(1366, 768)
PRODUCT = "Kestrel Aurora X9 Ultra wireless headset"  # 40 letters
CUSTOMER = "买买提阿不都热合曼江吐尔"  # 12 signs
ORDER = "TB-20260301-4415-9902-7731-8846-0021"
WAYBILL = "9622080430009482100500794692105123"  # 34 digits
RECEIVED = (WAYBILL, "Parcel received")
UNANNOUNCED = ("9622080430009482100500794692105999", "Nobody announced this parcel")
SERIAL, IMEI, GTIN, SKU = "KAX9U-2026-0098117-B77", "490154203237518", "6901234567892", "KAX9-ULTRA-BLK-EU"
REASON = (
    "左耳没有声音，充电盒指示灯一直闪，换过两根线也不行。客户说上个月摔过一次，之后偶尔断线。"
    "The left side stays silent after ten minutes, and the case does not close any more."
)
ITEMS, PHOTOS, MOMENTS = 5, 6, 20
SETUP = ("language", "ways", "found", "join", "sample")
STAFF = ("买买提阿不都热合曼江吐尔逊", "Maria del Carmen Sánchez", "陈伟", "Øyvind Åse", "欧阳文静", "Li")


@dataclass(frozen=True)
class Filled:
    """The folder of a desk with long data, who works there, and its cases by the step they are at."""

    folder: Path
    wang: Actor
    maria: Actor
    cases: dict[str, OpenedCase]


@dataclass
class Stand:
    """A window over a copy of the filled desk; `show` brings it to a state of `STATES`."""

    window: MainWindow
    services: Services
    filled: Filled
    desk: Desk
    qtbot: QtBot

    def show(self, state: str) -> None:
        """Bring the window there, and let it read its photographs."""
        STATES[state](self)
        self.settle()

    def settle(self) -> None:
        """Let what is read beside the window arrive, and all find its place."""
        self.qtbot.waitUntil(self._has_read)
        for _ in range(3):
            QApplication.processEvents()

    def _has_read(self) -> bool:
        thumbnails = self.window.findChildren(Thumbnail)
        return all(thumbnail.image or thumbnail.visibleRegion().isEmpty() for thumbnail in thumbnails)

    def case(self, step: str) -> None:
        """Show the case whose item is at a step."""
        self.window.open("case", stream=self.filled.cases[step].stream)

    def bench(self, step: str) -> None:
        """Put the item at a step on the bench."""
        self.window.open("bench", stream=self.filled.cases[step].stream, item="1")
        assert self.page.step == step

    def scan(self, code: str, said: str) -> None:
        """Scan and wait until the answer says it."""
        self.window.take_scan(hear(code, Source.KEYBOARD, NOON))
        self.qtbot.waitUntil(lambda: self.page.answer.words == self.window.tools.say(said))

    def dock(self, *scans: tuple[str, str]) -> None:
        """Scan one after the other at the dock."""
        self.window.open("dock")
        for code, said in scans:
            self.scan(code, said)

    def scans(self) -> None:
        self.dock(RECEIVED, UNANNOUNCED)
        self.window.take_scan(hear("https://service.example.com/" + "a1" * 60, Source.KEYBOARD, NOON))
        self.window.open("scans")

    def fill_window(self, name: str) -> None:
        """Write the longest into the form of the window and open the case."""
        self.window.open("window")
        page = self.page
        page.kinds.set_value("return")
        for form, texts in ((page.customer, CUSTOMER_TEXTS), (page.item, ITEM_TEXTS)):
            for key, text in texts.items():
                form.set_text(key, text)
        page.customer.set_text("customer_name", name)
        self.window.tools.actions.run("window.open_case")

    def open_here(self) -> None:
        """A case that was opened just now."""
        self.fill_window(CUSTOMER)
        self.qtbot.waitUntil(self.page.opened.isVisible)

    def refused(self) -> None:
        """A form that was sent too early."""
        self.fill_window("")
        for key in ("phone", "reason", "waybill", "product", "gtin", "imei"):
            form = self.page.customer if key in self.page.customer.texts() else self.page.item
            form.set_text(key, "")
        self.page.item.set_text("gtin", "6901234567893")
        self.page.item.set_text("imei", "490154203237519")
        self.qtbot.waitUntil(lambda: bool(self.page.customer.errors()))
        self.window.tools.actions.run("window.open_case")
        self.qtbot.waitUntil(lambda: len(self.page.item.errors()) == 3)

    def search(self, words: str) -> None:
        """The cases with these words."""
        self.window.open("cases", search=words)

    def sign_in(self, person: int) -> None:
        """The sign-in of a store with a few people; one of them is chosen."""
        tools = self.window.tools
        card = SignIn(tools.say, tools.tasks, tools.hub, self.services, lambda _actor: None)
        self.window.show_bare(card)
        card._choose(self.services.people.everybody()[person].stream)

    def setup(self, way: str) -> SetupCards:
        """A card of the first start."""
        nobody: Any = None
        cards = SetupCards(self.services.settings, self.window.tools.tasks, nobody, lambda: None)
        self.window.show_bare(cards)
        {"language": cards.show_language, "ways": cards.show_ways}.get(way, lambda: cards.show_way(way))()
        return cards

    def setup_refused(self) -> None:
        """The card of a new store with everything wrong."""
        card: Any = self.setup("found").card
        for key in ("store_name", "person_name", "pin", "password", "again"):
            card.form.show_error(key, self.window.tools.say("Please fill this in."))

    def act(self, decide: Callable[[Any], object]) -> None:
        """Write entries that no service writes yet."""
        self.desk.act(self.filled.wang, "case.open", decide).result()

    @property
    def page(self) -> Any:
        """The page on show."""
        return self.window.page


CUSTOMER_TEXTS = {
    "phone": "+86 138 0013 8000",
    "order_number": ORDER,
    "waybill": "SF1390027465183",
    "reason": REASON,
}
ITEM_TEXTS = {"product": PRODUCT, "gtin": GTIN, "sku": SKU, "serial": SERIAL, "imei": IMEI}
STEPS = ("receive", "inspect", "decide", "diagnose", "repair", "check", "hand_over", "done")
STATES: dict[str, Callable[[Stand], object]] = {
    "window": lambda stand: stand.window.open("window"),
    "window-refused": Stand.refused,
    "window-opened": Stand.open_here,
    "dock": Stand.dock,
    "dock-received": lambda stand: stand.dock(RECEIVED),
    "dock-again": lambda stand: stand.dock(RECEIVED, (WAYBILL, "Already received")),
    "dock-unannounced": lambda stand: stand.dock(UNANNOUNCED),
    **{f"bench-{step}": lambda stand, step=step: stand.bench(step) for step in STEPS},
    "cases": lambda stand: stand.search(""),
    "cases-none": lambda stand: stand.search("no case says this"),
    **{name: lambda it, at=at: it.case(at) for name, at in (("case", "repair"), ("case-done", "done"))},
    **{name: lambda stand, name=name: stand.window.open(name) for name in ("bench", "line", "settings")},
    "scans": Stand.scans,
    "what": lambda stand: stand.window.open("what", code=ORDER, detail=REASON),
    "sign-in": lambda stand: stand.sign_in(0),
    **{f"setup-{at}": lambda it, at=at: it.setup(at) for at in SETUP},
    "setup-found-refused": Stand.setup_refused,
}


@pytest.fixture
def states() -> list[str]:
    return list(STATES)


@pytest.fixture(scope="session")
def filled(founded: tuple[Path, Actor, Actor], tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """A desk with a case at every step, the one in repair with all there can be."""
    folder, wang, maria = founded
    here = tmp_path_factory.mktemp("filled")
    shutil.copytree(folder, here / "desk")
    store = Store(here / "desk", STORE_KEY)
    fill = Fill(Desk(store, count(NOON - 600 * MINUTE, MINUTE).__next__), wang, maria, photographs(here))
    fill.people()
    cases = {step: fill.case_at(step) for step in STEPS}
    fill.much(cases["repair"].stream)
    for number in range(30):
        fill.open("return", f"{number:034}" if number else WAYBILL)
        if number > 15:
            fill.receiving.receive(f"{number:034}", wang).result()
    store.close()
    return Filled(here / "desk", wang, maria, cases)


def photographs(folder: Path) -> list[Path]:
    paths = [folder / f"{number}.jpg" for number in range(PHOTOS)]
    for number, path in enumerate(paths):
        image = QImage(640, 480, QImage.Format.Format_RGB32)
        image.fill(QColor.fromHsv(number * 50, 90, 180))
        image.save(str(path))
    return paths


class Fill:
    """Does with real services what people do, in the longest words."""

    def __init__(self, desk: Desk, wang: Actor, maria: Actor, photos: list[Path]) -> None:
        self.desk, self.wang, self.maria, self.photos = desk, wang, maria, photos
        self.reception, self.receiving = Reception(desk), Receiving(desk)
        self.inspection, self.repairs = Inspection(desk), Repairs(desk)
        self.steps: dict[str, Callable[[str], object]] = {
            "receive": lambda case: self.inspection.take_in(case, 1, wang),
            "inspect": self.inspect,
            "decide": lambda case: self.repairs.request(case, 1, wang),
            "diagnose": self.diagnose,
            "repair": self.repair,
            "check": lambda case: self.repairs.check(case, 1, True, REASON, wang),
            "hand_over": lambda case: self.reception.hand_over(case, 1, wang),
        }

    def people(self) -> None:
        people = People(self.desk)
        for name in STAFF:
            people.add(name, ("clerk", "warehouse", "technician"), "secret123", "", self.wang).result()

    def open(self, kind: str, waybill: str) -> OpenedCase:
        item = ItemRequest(PRODUCT, "phone", GTIN, SKU, SERIAL, IMEI, REASON[:40])
        request = CaseRequest(kind, CUSTOMER, "+8613800138000", ORDER, REASON, waybill, item)
        return self.reception.open_case(request, self.wang).result()

    def case_at(self, step: str) -> OpenedCase:
        """A case whose first item is at a step of the bench; a return where the step is to decide."""
        place = STEPS.index(step)
        case = self.open("return" if step == "decide" else "repair", f"SF13900274651{place:02}")
        for done in STEPS[:place]:
            if done != "decide":
                wait(self.steps[done](case.stream))
        return case

    def inspect(self, case: str) -> None:
        points = self.inspection.handbook().checklist("phone")
        answers = {point.key: "pass" for point in points} | {points[2].key: "fail"}
        self.inspection.inspect(case, 1, answers, {}, "D", REASON, self.wang).result()

    def diagnose(self, case: str) -> None:
        category = self.inspection.handbook().category("phone")
        found = Diagnosis(category.faults[0].key, category.parts[0].key, REASON, True)
        self.repairs.diagnose(case, 1, found, self.maria).result()

    def repair(self, case: str) -> None:
        part = PartUsed("SCR-KAX9-02-2026", f"{PRODUCT} display", 2, "LCD-88120417", "LCD-70035566")
        self.repairs.use_part(case, 1, part, self.maria).result()
        self.repairs.work(case, 1, 125, self.maria).result()
        for test in self.inspection.handbook().category("phone").tests:
            self.repairs.test(case, 1, test.key, True, self.maria).result()
        self.repairs.finish(case, 1, self.maria).result()

    def much(self, case: str) -> None:
        """Five items, six photographs, a part, and a long story of notes."""
        for number in range(2, ITEMS + 1):
            item = ItemAdded(number, PRODUCT, "phone", GTIN, SKU, SERIAL, IMEI, "")
            self.desk.act(self.wang, "case.open", lambda act, item=item: act.add(case, item)).result()
        part = PartUsed("SCR-KAX9-02-2026", f"{PRODUCT} display", 2, "LCD-88120417", "LCD-70035566")
        self.repairs.use_part(case, 1, part, self.maria).result()
        for stage, photos in (("before", self.photos), ("after", self.photos)):
            self.inspection.photograph(case, 1, photos, stage, self.maria).result()
        for number in range(MOMENTS - 10):
            self.reception.add_note(case, REASON * 2 if number == 3 else REASON, self.wang).result()


def wait(asked: Any) -> None:
    if asked:
        asked.result()


@pytest.fixture(scope="package", autouse=True)
def _light(theme: Theme) -> Iterator[None]:
    """The look stays for the next test, as a change of it takes longer than most tests."""
    yield
    theme.apply(Scheme.LIGHT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those with the same size of letters one after the other."""
    items.sort(key=lambda item: item.callspec.params.get("scale", 1) if hasattr(item, "callspec") else 1)


@pytest.fixture
def stand(
    filled: Filled,
    real_services: Callable[[Desk], Services],
    theme: Theme,
    tasks: Tasks,
    tmp_path: Path,
    qtbot: QtBot,
) -> Iterator[Callable[[str, float], Stand]]:
    """Makes the window in a language and size of letters."""
    stores: list[Store] = []

    def make(language: str, scale: float = 1.0, state: str = "", size: QSize = USUAL) -> Stand:
        folder = tmp_path / f"desk-{len(stores)}"
        shutil.copytree(filled.folder, folder)
        stores.append(Store(folder, STORE_KEY))
        desk = Desk(stores[-1], lambda: NOON)
        real = real_services(desk)
        if look().scale != scale:
            theme.apply(Scheme.LIGHT, scale)
        real.settings.language = language
        made = make_window(real, filled.wang, tasks, stores[-1])
        made.resize(size)
        qtbot.addWidget(made)
        with qtbot.waitExposed(made):
            made.show()
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        stand = Stand(made, real, filled, desk, qtbot)
        if state:
            stand.show(state)
        return stand

    yield make
    for store in stores:
        store.close()


def make_window(services: Services, actor: Actor, tasks: Tasks, store: Store) -> MainWindow:
    hub = Hub()
    store.listen(hub.tell)
    sounds = Sounds(LogDevice(services.place.data / "sounds"))
    window = MainWindow(speaker(services.settings.language), tasks, hub, sounds)
    for name, title, icon, page, key in PAGES:

        def factory(tools: Any, page: Any = page) -> Page:
            return page(tools, services, actor)

        window.add_page(name, title, icon, factory, key, name not in LED_TO_ONLY, name == "settings")
    say = window.tools.say
    window.show_sign("person", Tone.NEUTRAL, actor.name)
    window.show_sign("desk", Tone.NEUTRAL, services.place.desk)
    window.show_sign("line", Tone.ATTENTION, say("No line · {n} waiting", n=1288), "cloud-off")
    window.show_sign("printer", Tone.NEUTRAL, say("Prints into PDF files"))
    lost = say("Scanner not found: is {port} right?", port="/dev/ttyACM0")
    window.show_sign("scanner", Tone.ATTENTION, lost)
    window.enter("window")
    return window


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for a `state` for each of them."""
    if "state" in metafunc.fixturenames and not any(
        "state" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")
    ):
        metafunc.parametrize("state", STATES)
