"""Settings: defaults, one small file that is whole or the old one, and what happens when it is neither."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from desk_app.errors import OutsideError
from desk_app.readers import ReaderSettings
from desk_app.settings import Settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "settings.json"


def test_defaults_need_no_file(path: Path) -> None:
    settings = Settings(path)
    assert (settings.language, settings.scheme, settings.text_scale) == ("zh_CN", "system", 100)
    assert (settings.volume, settings.readers) == (70, ())
    assert (settings.papers_folder, settings.desk_name, settings.sample_pin) == ("", "", "")
    assert settings.trouble is None
    assert not path.exists()


def test_what_was_set_is_there_at_the_next_start(path: Path) -> None:
    settings = Settings(path)
    settings.language = "en"
    settings.volume = 0
    settings.desk_name = "窗口 2"
    again = Settings(path)
    assert (again.language, again.volume, again.desk_name) == ("en", 0, "窗口 2")
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


def test_what_another_version_knows_is_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"call_display": {"rows": 4}, "language": "en"}', "utf-8")
    Settings(path).volume = 30
    assert json.loads(path.read_text("utf-8")) == {
        "call_display": {"rows": 4},
        "language": "en",
        "volume": 30,
    }


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "\x00\x00", '{"language": "en"'])
def test_a_broken_file_gives_the_defaults_and_says_so(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    settings = Settings(path)
    assert settings.language == "zh_CN"
    assert settings.trouble is not None
    assert (settings.trouble.code, settings.trouble.values) == ("settings.broken", {"path": str(path)})


def test_a_file_that_is_no_text_gives_the_defaults_and_says_so(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    assert Settings(path).trouble is not None


@pytest.mark.parametrize(
    ("name", "value", "default"),
    [
        ("language", "fr", "zh_CN"),
        ("text_scale", "150", 100),
        ("text_scale", 90, 100),
        ("volume", 101, 70),
        ("volume", True, 70),
        ("volume", None, 70),
        ("reader_pace", "quick", "usual"),
        ("reader_prefix", "x" * 21, ""),
        ("keyboard_repair", 1, ""),
    ],
)
def test_a_value_that_does_not_fit_is_not_used(path: Path, name: str, value: object, default: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({name: value}), "utf-8")
    settings = Settings(path)
    assert getattr(settings, name) == default
    with pytest.raises(ValueError, match=name):
        setattr(settings, name, value)


def test_listeners_hear_what_changed_once_it_is_written(path: Path) -> None:
    settings = Settings(path)
    heard: list[tuple[str, object]] = []
    settings.listen(lambda name: heard.append((name, json.loads(path.read_text("utf-8"))[name])))
    settings.scheme = "dark"
    settings.scheme = "dark"
    settings.volume = 10
    assert heard == [("scheme", "dark"), ("volume", 10)]


def test_a_file_that_cannot_be_written_changes_nothing(path: Path) -> None:
    path.mkdir(parents=True)  # a folder stands where the file would go
    settings = Settings(path)
    heard: list[str] = []
    settings.listen(heard.append)
    with pytest.raises(OutsideError) as told:
        settings.volume = 10
    assert told.value.code == "settings.not_written"
    assert (settings.volume, heard) == (70, [])


def test_the_file_is_replaced_in_one_step(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Settings(path).volume = 20
    before = path.read_bytes()

    def fail(_aside: Path, target: Path) -> Path:
        assert target.read_bytes() == before
        raise OSError("no room")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutsideError):
        Settings(path).volume = 30
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


def test_a_power_cut_while_writing_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Settings(path).volume = 20
    written: Callable[[int], None] = os.fsync

    def cut(file: int) -> None:
        written(file)
        raise OSError("power")

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(OutsideError):
        Settings(path).volume = 30
    assert Settings(path).volume == 20


def test_readers_are_kept_with_all_that_is_set(path: Path) -> None:
    readers = (
        ReaderSettings("COM3", 115200, "7E1", "dock", "0c2e:0b0a:18021B3D1A", "1-1.2", True),
        ReaderSettings("/dev/ttyS0"),
    )
    Settings(path).readers = readers
    assert Settings(path).readers == readers
    Settings(path).readers = ()
    assert Settings(path).readers == ()


def test_the_one_port_of_an_older_version_carries_over(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"serial_port": "COM3", "serial_baud": 115200}', "utf-8")
    settings = Settings(path)
    assert settings.readers == (ReaderSettings("COM3", 115200),)
    settings.readers = ()
    assert Settings(path).readers == ()
    path.write_text('{"serial_port": "", "serial_baud": 115200}', "utf-8")
    assert Settings(path).readers == ()


@pytest.mark.parametrize(
    ("kept", "readers"),
    [
        ("COM3", ()),
        ([None, "COM3", {}, {"port": ""}, {"port": 3}], ()),
        (
            [{"port": "COM3", "baud": 1, "frame": "9X9", "job": "roof", "usb": None, "answers": 1, "new": 2}],
            (ReaderSettings("COM3"),),
        ),
        ([{"port": "COM3", "baud": True, "job": "dock"}], (ReaderSettings("COM3", job="dock"),)),
    ],
)
def test_what_does_not_fit_a_reader_is_not_used(
    path: Path, kept: object, readers: tuple[ReaderSettings, ...]
) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"readers": kept}), "utf-8")
    assert Settings(path).readers == readers


def test_readers_that_cannot_be_written_are_not_set(path: Path) -> None:
    path.mkdir(parents=True)
    settings = Settings(path)
    with pytest.raises(OutsideError):
        settings.readers = (ReaderSettings("COM3"),)
    assert settings.readers == ()
