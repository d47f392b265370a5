"""Three sounds that differ, made once, started without waiting."""

from __future__ import annotations

import os
import sys
import threading
import wave
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from ui.sound import (
    NOTES,
    BeepDevice,
    LogDevice,
    PlayerDevice,
    ProgramPlayer,
    Sound,
    Sounds,
    device,
    write_wave,
)


def samples(path: Path) -> array[int]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 44_100)
        found = array("h")
        found.frombytes(file.readframes(file.getnframes()))
    return found


def crossings(found: array[int]) -> int:
    """How often the wave rises through zero: its pitch times its length."""
    return sum(1 for one, other in pairwise(found) if one < 0 <= other)


def test_the_log_gets_each_sound_at_once(tmp_path: Path, sounds: Sounds, sound_log: Path) -> None:
    sounds.play(Sound.GOOD, token="SF1390027465183")
    assert sound_log.read_text() == "good\tSF1390027465183\n"
    sounds.play(Sound.ERROR)
    assert sound_log.read_text().splitlines()[1:] == ["error\t"]


def test_off_is_silent(sounds: Sounds, sound_log: Path) -> None:
    sounds.volume = 0
    sounds.play(Sound.GOOD, token="SF")
    assert sound_log.read_text() == ""


def test_two_desks_may_write_one_log(tmp_path: Path) -> None:
    for token in ("one", "two"):
        LogDevice(tmp_path / "log").play(Sound.GOOD, 70, token)
    assert (tmp_path / "log").read_text() == "good\tone\ngood\ttwo\n"


def test_the_environment_names_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENDESK_SOUND_LOG", str(tmp_path / "log"))
    assert isinstance(device(tmp_path, lambda: None), LogDevice)


def test_good_is_one_tone_of_its_pitch(tmp_path: Path) -> None:
    write_wave(tmp_path / "good.wav", NOTES[Sound.GOOD], 100)
    found = samples(tmp_path / "good.wav")
    assert 0.1 <= len(found) / 44_100 <= 0.13
    assert crossings(found) / (len(found) / 44_100) == pytest.approx(1318, rel=0.02)


def test_sounds_differ_in_rhythm_and_pitch(tmp_path: Path) -> None:
    pitches, lengths = [], []
    for sound in Sound:
        write_wave(tmp_path / sound.value, NOTES[sound], 70)
        found = samples(tmp_path / sound.value)
        lengths.append(len(found))
        pitches.append(crossings(found) / (len(found) / 44_100))
    assert len(set(lengths)) == 3
    assert pitches[0] > 1.4 * pitches[1] > 1.4 * pitches[2]
    assert max(lengths) < 44_100


def test_volume_is_loudness(tmp_path: Path) -> None:
    for volume in (20, 80):
        write_wave(tmp_path / str(volume), NOTES[Sound.GOOD], volume)
    assert max(samples(tmp_path / "80")) == pytest.approx(4 * max(samples(tmp_path / "20")), rel=0.01)


def test_waves_are_made_once_and_played(tmp_path: Path) -> None:
    played: list[Path] = []
    player = PlayerDevice(tmp_path / "new", played.append, lambda: pytest.fail("no beep"))
    player.play(Sound.GOOD, 70, "")
    first = played[0].stat().st_mtime_ns
    player.play(Sound.GOOD, 70, "")
    assert played == [played[0], played[0]]
    assert played[0].stat().st_mtime_ns == first


def test_a_folder_that_cannot_be_written_beeps(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    beeps: list[str] = []
    player = PlayerDevice(tmp_path / "file", lambda _: None, lambda: beeps.append("beep"))
    player.play(Sound.ERROR, 70, "")
    assert beeps == ["beep"]


def test_no_player_beeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("MENDESK_SOUND_LOG", raising=False)
    beeps: list[str] = []
    found = device(tmp_path, lambda: beeps.append("beep"))
    found.play(Sound.GOOD, 70, "")
    assert isinstance(found, BeepDevice)
    assert beeps == ["beep"]


@pytest.mark.needs_linux
def test_a_player_is_started_and_not_waited_for(tmp_path: Path) -> None:
    """The player hangs until it is allowed to go on; the call has returned long before."""
    gate, heard = tmp_path / "gate", tmp_path / "heard"
    os.mkfifo(gate)
    script = tmp_path / "player"
    script.write_text(f'#!/bin/sh\nread go < "{gate}"\necho "$1" > "{heard}"\n')
    script.chmod(0o700)
    play = ProgramPlayer((str(script),))
    play(tmp_path / "good.wav")
    assert not heard.exists()
    threading.Thread(target=gate.write_text, args=("go\n",)).start()
    for running in play._running:
        assert running.wait(10) == 0
    assert heard.read_text() == f"{tmp_path / 'good.wav'}\n"


@pytest.mark.needs_linux
def test_the_newest_sound_cuts_the_one_before(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    play = ProgramPlayer(("/bin/cat",))
    play(gate)
    (old,) = play._running
    play(gate)
    assert old.wait(10) != 0
    for running in play._running:
        running.kill()
        running.wait(10)
