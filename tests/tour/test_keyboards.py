"""A scanner and a person at a real keyboard of another layout: keys by XTest from outside the program."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import hands
import pytest
import screen

from desk_app.scanning.layout import CODES, Calibration, Took
from desk_app.settings import Settings

pytestmark = [pytest.mark.needs_linux, pytest.mark.slow]
TYPIST = Path(__file__).with_name("typist.py")
ASCII = "".join(map(chr, range(32, 127)))
Wait = Callable[[Callable[[], object]], None]


class Keyboard:
    """Strikes the keys that bear a text in the United States, whatever they type here."""

    def __init__(self, display: str, log: Path, wait: Wait) -> None:
        self._hands, self._log, self._wait = hands.Hands(display), log, wait
        self._keys = {letter: self._hands._key(letter) for letter in ASCII + "\r"}
        for sign, digit in (("(", "9"), (")", "0")):  # not the keys of their own that some keyboards have
            self._keys[sign] = (True, self._keys[digit][1])
        self._shift = self._hands._code("Shift_L")
        self._display = display

    def set_layout(self, layout: str) -> None:
        subprocess.run(["setxkbmap", "-display", self._display, layout], check=True)

    def scan(self, code: str, gap: int = 3) -> str:
        """Type as a scanner does; what the program took."""
        before = len(self.told("scan"))
        self.strike(code + "\r", gap)
        self._wait(lambda: len(self.told("scan")) > before)
        return self.told("scan")[-1]

    def strike(self, text: str, gap: int) -> None:
        for letter in text:
            shift, key = self._keys[letter]
            self._hands._stroke([self._shift] if shift else [], key, gap)
        self._hands._x.XFlush(self._hands._display)

    def told(self, name: str) -> list[str]:
        """What the program said under a name, in order."""
        lines = self._log.read_text("utf-8").splitlines()
        said = [json.loads(line) for line in lines if line.startswith("[")]
        return [text for kind, text in said if kind == name]

    def close(self) -> None:
        self._hands.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.json")


@pytest.fixture
def keyboard(tmp_path: Path, settings: Settings, eventually: Wait) -> Iterator[Keyboard]:
    with screen.screen(tmp_path / "screen") as shown:
        log = tmp_path / "log"
        environ = {**shown.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        command = [sys.executable, str(TYPIST), str(tmp_path / "settings.json")]
        made = Keyboard(shown.environ["DISPLAY"], log, eventually)
        with screen.running(command, environ, log):
            eventually(lambda: made._hands.fill(400, 60) or made.told("ready"))
            yield made
        made.close()


def test_a_german_keyboard_is_learnt_and_repaired(keyboard: Keyboard, settings: Settings) -> None:
    keyboard.set_layout("de")
    assert keyboard.scan("YT8812345678901") == "ZT8812345678901"
    lesson = Calibration()
    for code in CODES:
        assert lesson.take(keyboard.scan(code)) is Took.NEXT
    learnt = lesson.learnt()
    assert learnt.alike == ()
    assert set(learnt.lost) <= set("^`=+")  # keys that wait for a letter there
    settings.keyboard_repair = learnt.repair.kept()
    for code in ("YT8812345678901", "Z/y-Z:1?0", "#1;2(3)4[5]6{7}"):
        assert keyboard.scan(code) == code
    assert keyboard.told("text") == []


@pytest.mark.parametrize(("pace", "gap"), [("fast", 1), ("fast", 10), ("usual", 30), ("slow", 50)])
def test_scans_at_every_pace_are_taken(keyboard: Keyboard, settings: Settings, pace: str, gap: int) -> None:
    settings.reader_pace = pace
    assert keyboard.scan("SF1385628716739", gap) == "SF1385628716739"
    assert keyboard.told("text") == []


def test_a_person_is_not_taken_for_a_scanner_at_any_pace(
    keyboard: Keyboard, settings: Settings, eventually: Wait
) -> None:
    written, number = "", count()
    for pace in ("fast", "usual", "slow"):
        settings.reader_pace = pace
        for words in ("the other screen ", "13800138000"):
            for letter in words:
                keyboard.strike(letter, 15 if next(number) % 2 else 95)  # every second key is rolled
            written += words
            eventually(lambda so_far=written: keyboard.told("text")[-1:] == [so_far])
    assert keyboard.told("scan") == []
