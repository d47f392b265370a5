"""The windows with stand-ins for the services: real widgets, real futures, no store."""

from __future__ import annotations

import gettext
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desk_app.clock import Clock
from desk_app.domain.people import Actor
from desk_app.paper_makers import trial_makers
from desk_app.services import setup
from desk_app.services.attention import Attention
from desk_app.services.cases import Cases
from desk_app.services.codes import Codes
from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection
from desk_app.services.people import People
from desk_app.services.privacy import Privacy
from desk_app.services.receiving import Receiving
from desk_app.services.reception import Reception
from desk_app.services.repair import Repairs
from desk_app.services.views import CaseRequest, ItemRequest, LineState, OpenedCase
from desk_app.settings import Settings
from desk_app.storage.store import Store
from desk_app.texts import Speaker
from printing.output import save_paper
from tests.windows.stand_ins import (
    NOON,
    Answers,
    Asked,
    AttentionHere,
    CasesHere,
    CodesHere,
    DevicesHere,
    InspectionHere,
    LineHere,
    PeopleHere,
    ReaderHere,
)
from ui.actions import Actions
from ui.hub import Hub
from ui.leading import Leading
from ui.scan_history import ScanHistory
from ui.services import Place, Services
from ui.sound import LogDevice, Sounds
from ui.tasks import Tasks
from ui.theme import Scheme, Theme
from ui.widgets import Tools

STORE_KEY = bytes(range(32))


@pytest.fixture
def devices(tmp_path: Path) -> DevicesHere:
    return DevicesHere(tmp_path / "papers", save_paper, trial_makers)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(tmp_path / "settings.json")
    made.language = "en"
    made.desk_name = "Window 1"
    return made


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place("Harbour Street", "Window 1", False, "Asia/Shanghai", tmp_path, tmp_path / "papers", "0.1")


@pytest.fixture
def changes_heard() -> list[Callable[[Any], None]]:
    return []


@pytest.fixture
def line_heard() -> list[Callable[[LineState], None]]:
    return []


@pytest.fixture
def services(
    answers: Answers,
    settings: Settings,
    place: Place,
    changes_heard: list[Callable[[Any], None]],
    line_heard: list[Callable[[LineState], None]],
    devices: DevicesHere,
) -> Services:
    ReaderHere.made.clear()
    asked: Any = Asked(answers)
    return Services(
        reception=asked,
        receiving=asked,
        inspection=InspectionHere(answers),  # type: ignore[arg-type]
        repairs=asked,
        papers=asked,
        cases=CasesHere(),  # type: ignore[arg-type]
        codes=CodesHere(answers),
        people=PeopleHere(answers),
        privacy=asked,
        line=LineHere(answers),
        attention=AttentionHere(answers),
        support=asked,
        settings=settings,
        place=place,
        clock=lambda: NOON,
        on_changes=changes_heard.append,
        on_line=line_heard.append,
        open_reader=ReaderHere,
        devices=devices,
        pictures=asked,
    )


@pytest.fixture
def sample_services(services: Services) -> Services:
    services.settings.sample_pin = "228471"
    return replace(services, place=replace(services.place, store="Sample shop", sample=True))


@pytest.fixture
def actor() -> Actor:
    return Actor("person/1", ("clerk", "manager", "admin"), "林晓雯")


@pytest.fixture(scope="session")
def theme(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Theme:
    made = Theme(qapp, tmp_path_factory.mktemp("look"))
    made.apply(Scheme.LIGHT)
    qapp.setCursorFlashTime(0)
    return made


@pytest.fixture(autouse=True)
def _light(theme: Theme) -> Iterator[None]:
    """Leave the light look behind for the next test."""
    yield
    theme.apply(Scheme.LIGHT)


@pytest.fixture
def say() -> Speaker:
    return Speaker("en", gettext.NullTranslations())


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.stop()


@pytest.fixture
def sound_log(tmp_path: Path) -> Path:
    return tmp_path / "sounds"


@pytest.fixture
def tools(say: Speaker, tasks: Tasks, sound_log: Path, shell: Any) -> Tools:
    return Tools(say, Actions(say), tasks, Hub(), Sounds(LogDevice(sound_log)), shell, ScanHistory())


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., None]:
    """Puts a widget on screen, at a size, as the active window."""

    def show(widget: QWidget, width: int = 1200, height: int = 700) -> None:
        widget.resize(width, height)
        qtbot.addWidget(widget)
        with qtbot.waitExposed(widget):
            widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)

    return show


@dataclass(frozen=True)
class RealDesk:
    """A desk with a real store, every service but papers real, and two people; papers come from `answers`."""

    store: Store
    services: Services
    wang: Actor
    maria: Actor

    def open_case(self, **fields: Any) -> OpenedCase:
        """A return of headphones without a parcel, with the fields named changed."""
        names = [one for one in ItemRequest.__dataclass_fields__ if one in fields]
        item = {"product": "轻语 A3 无线耳机", "category": "headphones"}
        item |= {one: fields.pop(one) for one in names}
        whole: dict[str, Any] = {
            "case_kind": "return",
            "customer_name": "欧阳文静",
            "phone": "13800138000",
            "order_number": "TB20260301",
            "reason": "左耳没有声音",
            "waybill": "",
        }
        request = CaseRequest(**(whole | fields), item=ItemRequest(**item))
        return self.services.reception.open_case(request, self.wang).result()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Actor, Actor]:
    """The folder of a desk just founded, its administrator, and a technician who checks too."""
    folder = tmp_path_factory.mktemp("founded")
    store = Store(folder, STORE_KEY)
    feeds = ("common", "sales", "store/01STORE")
    welcome = setup.Welcome("7QK", feeds[2], feeds, "127.0.0.1:1", "")
    asked = setup.Founding("北京店", "Dock 1", "王芳", "secret123", "2580")
    _, wang = setup.found(store, lambda: NOON, asked, lambda _desk, _name: welcome)
    people = People(Desk(store, lambda: NOON))
    row = people.add("Maria del Carmen Sánchez", ("checker", "technician"), "secret123", "", wang).result()
    store.close()
    return folder, wang, Actor(row.stream, row.roles, row.name)


@pytest.fixture
def real_services(services: Services) -> Callable[[Desk], Services]:
    """Real services over a desk, save papers and line."""

    def serve(desk: Desk) -> Services:
        jobs = (Reception, Receiving, Inspection, Repairs, Cases, Codes, Attention, People)
        made: dict[str, Any] = {kind.__name__.lower(): kind(desk) for kind in jobs}
        made["privacy"] = Privacy(desk, services.line.bring)
        return replace(services, **made, clock=desk.clock, on_changes=desk.journal.listen)

    return serve


@pytest.fixture
def lead() -> Callable[[Any, Services], None]:
    """Lets a window's scans lead where they lead in the program."""

    def begin(window: Any, services: Services) -> None:
        tools = window.tools
        program: Any = SimpleNamespace(window=window, tasks=tools.tasks, say=tools.say, sounds=tools.sounds)
        window.on_scan(Leading(program, services).follow)

    return begin


@pytest.fixture
def real(
    founded: tuple[Path, Actor, Actor],
    real_services: Callable[[Desk], Services],
    tools: Tools,
    tmp_path: Path,
    clock: Clock,
) -> Iterator[RealDesk]:
    """A real desk whose changes reach the hub of `tools`."""
    folder, wang, maria = founded
    shutil.copytree(folder, tmp_path / "desk")
    store = Store(tmp_path / "desk", STORE_KEY)
    store.listen(tools.hub.tell)
    yield RealDesk(store, real_services(Desk(store, clock)), wang, maria)
    store.close()
