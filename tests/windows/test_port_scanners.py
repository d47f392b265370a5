"""The set of readers on ports, and the sign that tells how they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desk_app.readers import ReaderSettings
from desk_app.scanning.serial_port import PortState
from desk_app.settings import Settings
from desk_app.texts import Speaker
from ui.pages.settings.ports import STATES, sign_of
from ui.port_scanner import PortNow, PortScanners
from ui.services import Services
from ui.widgets import Tone

pytestmark = pytest.mark.slow

WAIT = 5000


@pytest.mark.parametrize(
    ("states", "sign"),
    [
        ([], (Tone.NEUTRAL, "Scanner types", "keyboard")),
        ([("", "COM3")], None),
        ([("open", "COM3")], (Tone.NEUTRAL, "Scanner ready", "scan-barcode")),
        ([("open", "COM3"), ("", "COM4")], (Tone.NEUTRAL, "Scanner ready", "scan-barcode")),
        ([("open", "COM3"), ("open", "COM4")], (Tone.NEUTRAL, "2 scanners ready", "scan-barcode")),
        (
            [("open", "COM3"), ("missing", "COM4")],
            (Tone.ATTENTION, "Scanner not found: is COM4 right?", "unplug"),
        ),
        (
            [("missing", "COM3"), ("lost", "COM4"), ("busy", "COM5")],
            (Tone.WRONG, "Scanner on COM4 unplugged: plug it in again", "unplug"),
        ),
    ],
)
def test_the_sign_tells_the_worst_state_and_names_the_port(
    say: Speaker, states: list[tuple[str, str]], sign: tuple[Tone, str, str] | None
) -> None:
    assert sign_of([PortNow(*state) for state in states], say) == sign


def test_every_state_of_a_port_is_known() -> None:
    assert {state.value for state in PortState} == set(STATES)


@pytest.fixture
def scanners(settings: Settings, services: Services) -> Iterator[PortScanners]:
    made = PortScanners(settings, services.open_reader)
    yield made
    made.close()


def made_of(services: Services) -> list[Any]:
    return services.open_reader.made  # type: ignore[attr-defined, no-any-return]


def test_each_scan_comes_with_the_job_of_its_reader(
    qtbot: QtBot, scanners: PortScanners, settings: Settings, services: Services
) -> None:
    settings.readers = (ReaderSettings("COM3", job="dock"), ReaderSettings("COM4"))
    scanners.open()
    heard: list[tuple[str, str]] = []
    scanners.sent.connect(lambda text, job: heard.append((text, job)))
    dock, bench = made_of(services)
    bench.on_scan("B1")
    dock.on_scan("D1")
    qtbot.waitUntil(lambda: len(heard) == 2, timeout=WAIT)
    assert heard == [("B1", ""), ("D1", "dock")]


def test_a_change_of_one_reader_leaves_the_others_alone(
    qtbot: QtBot, scanners: PortScanners, settings: Settings, services: Services
) -> None:
    one, other = ReaderSettings("COM3"), ReaderSettings("COM4")
    settings.readers = (one, other)
    scanners.open()
    first, second = made_of(services)
    second.on_state("open")
    qtbot.waitUntil(lambda: scanners.states == (PortNow("", "COM3"), PortNow("open", "COM4")), timeout=WAIT)
    settings.readers = (other, ReaderSettings("COM3", baud=19200))
    scanners.open()
    assert (first.running, second.running) == (False, True)
    assert [reader.baud for reader in made_of(services)] == [9600, 9600, 19200]
    assert scanners.states == (PortNow("open", "COM4"), PortNow("", "COM3"))
    first.on_state("lost")
    made_of(services)[2].on_state("busy")
    qtbot.waitUntil(lambda: scanners.states[1] == PortNow("busy", "COM3"), timeout=WAIT)


def test_ports_that_are_lent_are_let_go_of_until_they_come_back(
    scanners: PortScanners, settings: Settings, services: Services
) -> None:
    settings.readers = (ReaderSettings("COM3"),)
    scanners.open()
    told: list[Any] = []
    scanners.states_changed.connect(told.append)
    scanners.lend(True)
    assert [reader.running for reader in made_of(services)] == [False]
    scanners.open()
    assert len(made_of(services)) == 1
    scanners.lend(False)
    assert [reader.running for reader in made_of(services)] == [False, True]
    assert told == []
