"""What a desk's people set: each setting declared once, kept in one small file that is never half written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

from desk_app.errors import OutsideError
from desk_app.readers import ReaderSettings, readers_of
from desk_app.texts import LANGUAGES

V = TypeVar("V", str, int)
SCHEMES = ("system", "light", "dark", "contrast")
SCALES = (100, 125, 150)
LOCK_MINUTES = (0, 2, 5, 15)
PACES = ("fast", "usual", "slow")
LONGEST_AFFIX = 20


class Setting(Generic[V]):
    """One setting. Reading gives what was set or the default; assigning writes the file at once.

    Assigning raises ValueError for a value that `fits` refuses, and OutsideError('settings.not_written').
    """

    def __init__(self, default: V, fits: Callable[[V], bool] = lambda _value: True) -> None:
        self.default: V = default
        self._fits: Callable[[V], bool] = fits

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, settings: None, _owner: type) -> Setting[V]: ...
    @overload
    def __get__(self, settings: Settings, _owner: type) -> V: ...
    def __get__(self, settings: Settings | None, _owner: type) -> Setting[V] | V:
        if settings is None:
            return self
        found: V = settings.raw.get(self.name, self.default)
        return found if self.accepts(found) else self.default

    def __set__(self, settings: Settings, value: V) -> None:
        if not self.accepts(value):
            raise ValueError(f"{value!r} does not fit the setting {self.name}")
        settings.keep(self.name, value)

    def accepts(self, value: Any) -> bool:
        """Whether a value is of the setting's type and fits."""
        return type(value) is type(self.default) and self._fits(value)


class Settings:
    """The settings in the file at `path`. What this version does not know is kept as it was.

    `trouble` is an OutsideError to say when the file could not be read: then the defaults hold.
    """

    language = Setting("zh_CN", LANGUAGES.__contains__)
    scheme = Setting("system", SCHEMES.__contains__)
    text_scale = Setting(100, SCALES.__contains__)
    volume = Setting(70, lambda volume: 0 <= volume <= 100)
    reader_pace = Setting("usual", PACES.__contains__)
    reader_prefix = Setting("", lambda text: len(text) <= LONGEST_AFFIX)
    reader_suffix = Setting("", lambda text: len(text) <= LONGEST_AFFIX)
    keyboard_repair = Setting("")
    papers_folder = Setting("")
    desk_name = Setting("")
    sample_pin = Setting("")
    lock_minutes = Setting(5, LOCK_MINUTES.__contains__)
    recent_people = Setting("")
    network = Setting(0, (0, 1).__contains__)

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listeners: list[Callable[[str], object]] = []
        self.trouble: OutsideError | None = None
        self.raw = self._read()

    @property
    def readers(self) -> tuple[ReaderSettings, ...]:
        """The readers on serial ports, in the order they were added."""
        return readers_of(self.raw)

    @readers.setter
    def readers(self, readers: Sequence[ReaderSettings]) -> None:
        self.keep("readers", [asdict(reader) for reader in readers])

    def listen(self, listener: Callable[[str], object]) -> None:
        """Call `listener` with the name of each setting that is changed, in the thread that changes it."""
        self._listeners.append(listener)

    def keep(self, name: str, value: str | int | list[dict[str, Any]]) -> None:
        """Write a setting into the file and tell the listeners; nothing happens when it is so already."""
        if self.raw.get(name) == value:
            return
        changed = {**self.raw, name: value}
        self._write(changed)
        self.raw = changed
        for listener in self._listeners:
            listener(name)

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            found = None
        if isinstance(found, dict):
            return found
        self.trouble = OutsideError("settings.broken", path=str(self._path))
        return {}

    def _write(self, values: dict[str, Any]) -> None:
        """Aside, to the disk, then in place: a power cut leaves the old file or the new one."""
        aside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("w", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                aside.unlink()
            raise OutsideError("settings.not_written", path=str(self._path)) from error
