"""The tour's tools against a real window in a process of its own, on a real screen and a real line."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hands
import proxy
import pytest
import reader
import scanner
import screen
from PIL import Image

pytestmark = [pytest.mark.needs_linux, pytest.mark.slow]
STAND_IN = Path(__file__).with_name("standin.py")


@dataclass
class Desk:
    """The stand-in and what reaches it."""

    window: reader.Window
    hands: hands.Hands
    scanner: scanner.Scanner
    screen: screen.Screen
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[screen.Screen, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("stage")
    with screen.screen(folder / "screen") as shown, screen.bus(folder / "bus") as bus:
        yield shown, bus


@pytest.fixture
def desk(stage: tuple[screen.Screen, dict[str, str]], tmp_path: Path) -> Iterator[Desk]:
    """A stand-in past its first page."""
    shown, bus = stage
    line = scanner.Scanner()
    environ = {**os.environ, **bus, **shown.environ}
    listener = reader.Reader(bus["DBUS_SESSION_BUS_ADDRESS"])
    with screen.running([sys.executable, str(STAND_IN), line.port], environ, tmp_path / "log") as process:
        window = listener.window(process.pid)
        keyboard = hands.Hands(shown.environ["DISPLAY"])
        window.press("Begin")
        window.wait_for("Stand-in dock")
        keyboard.fill(*screen.SIZE)
        yield Desk(window, keyboard, line, shown, process)
        keyboard.close()
    listener.close()
    line.unplug()
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_window_is_read_with_names_descriptions_and_rows(desk: Desk) -> None:
    desk.scanner.scan("SF1390027465183")
    desk.window.wait_for("SF1390027465183 1")
    said = {(node.role, node.name, node.description) for node in desk.window.nodes()}
    assert {
        ("label", "Received", "SF1390027465183 1"),
        ("push button", "Person", "林晓雯"),
        ("cell", "SF1390027465183", ""),
        ("check box", "Dock", "Alt+1"),
    } <= said
    assert "Stand-in form" not in desk.window.words()


def test_a_scan_by_keys_is_one_scan_wherever_the_focus_is(desk: Desk) -> None:
    desk.window.focus("Code")
    for count, code in enumerate(("SF1390027465183", "M7Cab-19/Z"), 1):
        desk.hands.scan(code)
        desk.window.wait_for(f"{code} {count}")
    assert (desk.hands.scans, desk.hands.keys) == (2, 0)


def test_typing_is_no_scan_and_keeps_every_sign(desk: Desk) -> None:
    desk.hands.press("Alt+2")
    desk.window.focus("Customer")
    desk.hands.type("Li Lei #1 (a@b.C)")
    desk.window.wait_for("Customer · Li Lei #1 (a@b.C)")
    assert desk.hands.keys == 18


def test_fields_of_every_kind_are_filled_from_outside(desk: Desk) -> None:
    desk.hands.press("Alt+2")
    desk.window.write("Customer", "欧阳文静")
    desk.window.focus("Waybill")
    desk.hands.scan("YT1234567890123")
    desk.window.focus("Password")
    desk.hands.press("Tab", "Down", "Tab", "Up", "Up")
    desk.window.write("Reason", "屏幕坏了")
    desk.window.press("As new")
    desk.window.press("Housing whole: Pass")
    desk.hands.press("F8")
    held = ["name: 欧阳文静", "code: YT1234567890123", "kind: return", "minutes: 2", "reason: 屏幕坏了"]
    desk.window.wait_for("Kept", *held, "grade: A", "case: pass")


def test_what_is_missing_is_told_with_what_is_there(desk: Desk) -> None:
    with pytest.raises(reader.NotSeenError, match=r"after 0 s .*'Gone'.*on show: .*Stand-in dock"):
        desk.window.wait_for("Gone", within=0)
    with pytest.raises(reader.NotSeenError, match="'Gone'"):
        desk.window.press("Gone", within=0)
    with pytest.raises(ValueError, match="no key types '中'"):
        desk.hands.type("中")


def test_a_picture_shows_the_window(desk: Desk) -> None:
    places = ((0, 0), (1365, 0), (0, 767), (1365, 767))

    def filled() -> Image.Image | None:
        picture = desk.screen.picture()
        return None if (0, 0, 0) in map(picture.getpixel, places) else picture

    picture = reader.wait(filled, 5, lambda: "the window does not fill the screen")
    assert picture.size == screen.SIZE
    assert len(picture.getcolors(picture.width * picture.height) or ()) > 50


def test_nothing_is_left_when_the_tour_is_ended_or_killed(tmp_path: Path) -> None:
    for last in (signal.SIGTERM, signal.SIGKILL):
        program = (
            "import pathlib, screen, signal, sys\n"
            "signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))\n"
            f"folder = pathlib.Path({str(tmp_path / last.name)!r})\n"
            "with screen.screen(folder / 's'), screen.bus(folder / 'b') as bus:\n"
            "    import reader\n"
            "    reader.Reader(bus['DBUS_SESSION_BUS_ADDRESS'])\n"
            "    print(folder, flush=True)\n"
            "    signal.pause()\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program], cwd=STAND_IN.parent, stdout=subprocess.PIPE
        )
        assert process.stdout
        folder = process.stdout.readline().decode().strip()
        started = alive(folder)
        process.send_signal(last)
        process.communicate()
        assert len(started) >= 4, "program, screen, bus and accessibility bus"
        assert ended(started)


def test_a_cable_carries_breaks_and_carries_again() -> None:
    far = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=echo, args=(far,), daemon=True).start()
    cable = proxy.Cable(f"http://127.0.0.1:{far.getsockname()[1]}")
    port = int(cable.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as near:
        near.sendall(b"one")
        assert near.recv(3) == b"one"
        cable.cut()
        assert near.recv(3) == b""
    with socket.create_connection(("127.0.0.1", port)) as near:
        assert near.recv(3) == b"", "a cut cable lets nothing through"
    cable.mend()
    with socket.create_connection(("127.0.0.1", port)) as near:
        near.sendall(b"two")
        assert near.recv(3) == b"two"
    cable.close()
    far.shutdown(socket.SHUT_RDWR)
    far.close()


def echo(server: socket.socket) -> None:
    """Send back what comes, one connection after the other, until the server ends."""
    try:
        while True:
            with server.accept()[0] as line:
                while piece := line.recv(64):
                    line.sendall(piece)
    except OSError:
        return


def alive(folder: str) -> list[int]:
    """The processes, zombies aside, whose environment or command names `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid() and screen.exists(int(entry.name)):
            try:
                told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if folder.encode() in told:
                found.append(int(entry.name))
    return found


def ended(pids: list[int]) -> bool:
    """Whether all of these processes end within ten seconds."""
    return reader.wait(lambda: not any(map(screen.exists, pids)) or None, 10, lambda: f"still there: {pids}")
