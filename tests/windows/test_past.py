"""What all stores know of a device, as the case, the bench and the window tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desk_app.clock import DAY
from desk_app.domain.batches import Placed, Pulled
from desk_app.domain.entries import STANDS
from desk_app.domain.facts import DeviceReleased, DeviceRepaired, DeviceSeen, Fact, StoreFounded
from desk_app.services.cases import Cases
from desk_app.services.desk import Desk
from desk_app.services.views import DevicePast, OtherCase, PastRepair
from desk_app.texts import speaker
from ui.pages.bench.page import BenchPage
from ui.pages.case.page import CasePage
from ui.pages.past import PastLines
from ui.pages.trade import Trade
from ui.pages.window.page import WindowPage
from ui.widgets import Tools

SERIAL = "QY-A3-0098117"
STREAM = "device/QYA30098117"
ELSEWHERE, FAR = "case/01FAR", "store/02FAR"
NOON = 1_772_366_400_000_000  # 1 March 2026, 20:00 in Shanghai
REPAIRED = DeviceRepaired(ELSEWHERE, "9CD000017", "轻语 A3 无线耳机", "headphones", "battery", NOON, 90, FAR)
UNTIL = "Repaired 1 Mar 2026 (Battery), repair warranty until 30 May 2026 · case 9CD000017 · 上海店"
ONLY = "Earlier repairs and cases: this store only"


def words(past: PastLines) -> list[str]:
    """What is said, from above to below."""
    if past.isHidden():
        return []
    layout: Any = past._lines
    lines = [layout.itemAt(number).widget() for number in range(layout.count())]
    return [(line if isinstance(line, QLabel) else line.findChild(QLabel)).text() for line in lines]


@pytest.fixture
def tell(real: Any, clock: Callable[[], int]) -> Callable[..., None]:
    """Lets another store tell something, and this desk be in step with it."""

    def tell(*facts: Fact, stream: str = STREAM) -> None:
        for fact in facts:
            real.store.act(lambda act, fact=fact: act.add(stream, fact), real.wang, clock()).result()
        push = real.store.waiting("common", 500)
        if push:
            place = real.store.cursor("common")
            placed = tuple(Placed(place + n, entry, STANDS) for n, entry in enumerate(push.entries, 1))
            real.store.take(Pulled("common", placed, push.records, placed[-1].place))

    tell(StoreFounded("上海店"), stream=FAR)
    return tell


@pytest.fixture
def known(tell: Callable[..., None]) -> None:
    """Another store has repaired the device under another name."""
    tell(
        DeviceSeen(ELSEWHERE, "9CD000017", "轻语 A3 Pro", FAR),
        structs.replace(REPAIRED, product="轻语 A3 Pro"),
    )


@pytest.fixture
def case_page(real: Any, tools: Tools, shown: Callable[..., None]) -> Callable[..., CasePage]:
    def make(**fields: Any) -> CasePage:
        made = CasePage(tools, real.services, real.wang)
        shown(made)
        made.open(stream=real.open_case(**fields).stream)
        QApplication.processEvents()  # what opening the case changed is heard of here
        return made

    return make


def test_the_case_tells_of_the_repair_in_another_store(known: None, case_page: Any) -> None:
    page = case_page(serial=SERIAL)
    assert words(page._cards[0].past) == [
        "This serial is known as 轻语 A3 Pro",
        "Also in a case that is open: 9CD000017 (上海店)",
        UNTIL,
    ]


def test_no_window_of_its_own_comes_up(known: None, case_page: Any) -> None:
    page = case_page(serial=SERIAL)
    windows = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    assert windows == [page] and page.isActiveWindow()


def test_a_case_follows_what_other_stores_tell(qtbot: QtBot, tell: Any, case_page: Any) -> None:
    page = case_page(serial=SERIAL)
    assert words(page._cards[0].past) == []
    tell(REPAIRED)
    qtbot.waitUntil(lambda: words(page._cards[0].past) == [UNTIL])


def test_a_desk_that_never_was_in_step_says_so_until_it_is(
    qtbot: QtBot, real: Any, case_page: Any, request: pytest.FixtureRequest
) -> None:
    page = case_page(serial=SERIAL)
    assert words(page._cards[0].past) == [ONLY]
    request.getfixturevalue("tell")
    qtbot.waitUntil(lambda: words(page._cards[0].past) == [])


def test_a_desk_that_is_behind_says_so_until_it_has_read_the_rest(
    qtbot: QtBot, real: Any, tell: Any, clock: Any, tools: Tools, shown: Callable[..., None]
) -> None:
    stream = real.open_case(serial=SERIAL).stream
    tell(StoreFounded("上海店"), stream=FAR)
    heads = {"common": real.store.cursor("common") + 1}
    cases = Cases(Desk(real.store, clock), lambda: heads)
    page = CasePage(tools, replace(real.services, cases=cases), real.wang)
    shown(page)
    page.open(stream=stream)
    QApplication.processEvents()
    assert words(page._cards[0].past) == [ONLY]
    tell(StoreFounded("上海店"), stream=FAR)
    qtbot.waitUntil(lambda: words(page._cards[0].past) == [])


def test_goods_without_a_number_say_nothing(case_page: Any) -> None:
    assert words(case_page()._cards[0].past) == []


def test_the_bench_tells_it_too_and_follows(
    qtbot: QtBot, real: Any, tell: Any, tools: Tools, shown: Callable[..., None]
) -> None:
    page = BenchPage(tools, real.services, real.wang)
    shown(page)
    page.open(stream=real.open_case(serial=SERIAL).stream, item="1")
    QApplication.processEvents()
    assert words(page.past) == []
    tell(REPAIRED, DeviceSeen(ELSEWHERE, "9CD000017", "轻语 A3 无线耳机", FAR), DeviceReleased(ELSEWHERE))
    qtbot.waitUntil(lambda: words(page.past) == [UNTIL])
    page.open(stream=real.open_case().stream, item="1")
    assert words(page.past) == []


@pytest.fixture
def window(real: Any, tools: Tools, shown: Callable[..., None]) -> Iterator[WindowPage]:
    made = WindowPage(tools, real.services, real.wang)
    shown(made)
    yield made


def test_the_window_tells_it_as_soon_as_the_number_stands_there(known: None, window: WindowPage) -> None:
    window.item.set_text("product", "轻语 A3 Pro")
    assert words(window.past) == []
    window.item.set_text("serial", SERIAL[:-1])
    assert words(window.past) == []
    window.item.set_text("serial", SERIAL.lower())
    assert words(window.past) == ["Also in a case that is open: 9CD000017 (上海店)", UNTIL]
    window.item.set_text("product", "Pad 7")
    assert words(window.past)[0] == "This serial is known as 轻语 A3 Pro"
    window._begin()
    assert words(window.past) == []


def a_repair(number: str, **other: Any) -> PastRepair:
    return replace(PastRepair(number, "headphones", "battery", NOON, NOON + 90 * DAY, True, ""), **other)


@pytest.fixture
def lines(real: Any, shown: Callable[..., None]) -> Callable[..., list[str]]:
    """What is said of a past in a language."""

    def say(past: DevicePast, language: str = "en") -> list[str]:
        made = PastLines(Trade(real.services.inspection.handbook(), speaker(language)), "Asia/Shanghai")
        shown(made, 500, 400)
        made.show_past(past)
        return words(made)

    return say


def test_a_warranty_that_is_over_and_none_at_all(lines: Any) -> None:
    repairs = (a_repair("N1", in_warranty=False), a_repair("N2", in_warranty=False, until=0))
    assert lines(DevicePast(repairs)) == [
        "Repaired 1 Mar 2026 (Battery), repair warranty ended 30 May 2026 · case N1",
        "Repaired 1 Mar 2026 (Battery) · case N2",
    ]


def test_of_many_the_first_are_told_and_the_others_counted(lines: Any) -> None:
    past = DevicePast(
        tuple(a_repair(f"N{n}") for n in range(4)),
        tuple(f"P{n}" for n in range(4)),
        tuple(OtherCase(f"N{n}", "P", n < 5, "") for n in range(7)),
    )
    said = lines(past)
    assert [line.split(": ")[-1] for line in said if "case" in line and "Repaired" not in line] == [
        "N0 · N1 · N2 · 2 more",
        "N5 · N6",
    ]
    assert sum("Repaired" in line for line in said) == sum("is known as" in line for line in said) == 3


def test_it_is_said_in_chinese(lines: Any) -> None:
    past = DevicePast((a_repair("N1"),), ("轻语 A3 Pro",), (OtherCase("N2", "P", True, "上海店"),), True)
    assert lines(past, "zh_CN") == [
        "此序列号登记为另一产品：轻语 A3 Pro",
        "此序列号还有未结的售后单：N2（上海店）",
        "曾维修：2026年3月1日（电池），维修后质保至 2026年5月30日 · 售后单 N1",
        "以往维修和售后单：仅限本店记录",
    ]
