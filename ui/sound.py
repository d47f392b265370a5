"""Three short sounds for three results. Playing never blocks and needs nothing of Qt's multimedia."""

from __future__ import annotations

import array
import math
import os
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Protocol

from desk_app import sabotage

RATE = 44_100
LOG_VARIABLE = "MENDESK_SOUND_LOG"
PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"))


class Sound(Enum):
    """What a sound says; each is told from the others by rhythm as well as by pitch."""

    GOOD = "good"
    ATTENTION = "attention"
    ERROR = "error"


NOTES: dict[Sound, tuple[tuple[float, float], ...]] = {  # (hertz or 0 for silence, seconds)
    Sound.GOOD: ((1318.5, 0.11),),
    Sound.ATTENTION: ((880.0, 0.09), (0.0, 0.05), (880.0, 0.09)),
    Sound.ERROR: ((233.1, 0.16), (0.0, 0.04), (174.6, 0.30)),
}


class Device(Protocol):
    """Something that sounds."""

    def play(self, sound: Sound, volume: int, token: str, /) -> None:
        """Start a sound at 1 to 100 and return at once. `token` names what it was for."""


class Sounds:
    """The desk's sounds at the volume a person chose: 0 is off."""

    def __init__(self, device: Device, volume: int = 70) -> None:
        self._device = device
        self.volume = volume

    def play(self, sound: Sound, token: str = "") -> None:
        """Sound, and return at once. `token` names what it was for, e.g. a waybill."""
        sabotage.stop_point("beep.due")
        if self.volume > 0:
            self._device.play(sound, self.volume, token)


class LogDevice:
    """The silent twin: appends a line `sound TAB token` to a file, whole and at once."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def play(self, sound: Sound, _volume: int, token: str) -> None:
        """Write the line; it is with the system when this returns."""
        os.write(self._file, f"{sound.value}\t{token}\n".encode())


class PlayerDevice:
    """Plays WAV files, made once in `folder`, by `start`; `beep` stands in where that fails."""

    def __init__(self, folder: Path, start: Callable[[Path], None], beep: Callable[[], None]) -> None:
        self._folder, self._start, self._beep = folder, start, beep

    def play(self, sound: Sound, volume: int, _token: str) -> None:
        """Start the sound; a missing player or a full disk makes it a beep."""
        path = self._folder / f"{sound.value}-{volume}.wav"
        try:
            if not path.exists():
                write_wave(path, NOTES[sound], volume)
            self._start(path)
        except OSError:
            self._beep()


class BeepDevice:
    """The system's own beep, where nothing plays files."""

    def __init__(self, beep: Callable[[], None]) -> None:
        self._beep = beep

    def play(self, _sound: Sound, _volume: int, _token: str) -> None:
        """Beep, the same for each sound."""
        self._beep()


def device(cache: Path, beep: Callable[[], None]) -> Device:
    """What this machine sounds with; a file named by MENDESK_SOUND_LOG instead, when that is set."""
    if log := os.environ.get(LOG_VARIABLE):
        return LogDevice(Path(log))
    if sys.platform == "win32":
        return PlayerDevice(cache / "sounds", _start_on_windows, beep)
    for program, *options in PLAYERS:
        if found := shutil.which(program):
            return PlayerDevice(cache / "sounds", ProgramPlayer((found, *options)), beep)
    return BeepDevice(beep)


class ProgramPlayer:
    """Plays a file by a program of its own. At most one sounds at a time: the newest counts."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._running: list[subprocess.Popen[bytes]] = []

    def __call__(self, path: Path) -> None:
        """Start the program and cut what still sounds; waits for nothing, as a broken sound card may hang."""
        self._running = [player for player in self._running if player.poll() is None]
        for player in self._running:
            player.kill()
        quiet = subprocess.DEVNULL
        self._running.append(
            subprocess.Popen([*self._command, path], stdin=quiet, stdout=quiet, stderr=quiet)
        )


def _start_on_windows(path: Path) -> None:
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)


def write_wave(path: Path, notes: tuple[tuple[float, float], ...], volume: int) -> None:
    """Write notes as a mono 16 bit WAV, aside first, so that no half a file is ever played."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}")
    with wave.open(str(aside), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(_samples(hertz, seconds, volume) for hertz, seconds in notes))
    aside.replace(path)


def _samples(hertz: float, seconds: float, volume: int) -> bytes:
    """One note, swelling and fading so that it does not click."""
    count = round(RATE * seconds)
    fade = RATE // 200
    loudness = 32_000 * volume / 100
    tones = array.array("h")
    for index in range(count):
        edge = min(1.0, index / fade, (count - index) / fade)
        tones.append(round(loudness * edge * math.sin(2 * math.pi * hertz * index / RATE)))
    if sys.byteorder == "big":
        tones.byteswap()
    return tones.tobytes()
