"""The frames of a live camera: one at a time is looked at, and a code that stays in sight is told once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from itertools import cycle
from typing import Protocol

from desk_app.errors import OutsideError
from desk_app.scanning.pictures import Code, Point

log = logging.getLogger(__name__)

QUIET_US = 2_000_000
LARGEST_FRAME = 4_000_000
MOST_REMEMBERED = 200
TILTS = (0, 15, -15, 30, -30, 45)


class Decoder(Protocol):
    """What reads a frame, as `pictures.Pictures` does."""

    def read_frame(self, size: Point, grey: bytes, tilt: int) -> Future[tuple[Code, ...]]: ...


class FrameReader:
    """Frames in, codes out. It keeps only the frame that is read; those that come meanwhile are dropped.

    `on_code` gets each code once, and again when it was out of sight for `quiet_us`; it is called in the
    decoder's thread. Every frame is read as it is, and with bars turned by the next of `TILTS`.
    """

    def __init__(self, decoder: Decoder, on_code: Callable[[Code], object], quiet_us: int = QUIET_US) -> None:
        self._decoder, self._on_code, self._quiet_us = decoder, on_code, quiet_us
        self._tilts = cycle(TILTS)
        self._free = threading.Lock()
        self._seen: dict[tuple[str, str], int] = {}

    def feed(self, size: Point, grey: bytes, at: int) -> bool:
        """Take a frame of one grey byte a pixel, seen at `at` microseconds; False where it is dropped.

        Raises ValueError for bytes that are no frame of this size, and for more than `LARGEST_FRAME`.
        """
        if len(grey) != size[0] * size[1] or not 0 < len(grey) <= LARGEST_FRAME:
            raise ValueError(f"{len(grey)} bytes are no frame of {size[0]} x {size[1]}")
        if not self._free.acquire(blocking=False):
            return False
        asked = self._decoder.read_frame(size, grey, next(self._tilts))
        asked.add_done_callback(lambda told: self._told(told, at))
        return True

    def _told(self, told: Future[tuple[Code, ...]], at: int) -> None:
        try:
            codes = () if told.cancelled() else told.result()
        except OutsideError as error:
            log.info("a frame was not read: %s", error.code)
            codes = ()
        try:
            for code in codes:
                self._see(code, at)
        finally:
            self._free.release()

    def _see(self, code: Code, at: int) -> None:
        """Tell a code that was out of sight, and remember when it was seen."""
        name = (code.text, code.aim)
        last = self._seen.pop(name, None)
        self._seen[name] = at
        if len(self._seen) > MOST_REMEMBERED:  # the one that was seen longest ago
            del self._seen[next(iter(self._seen))]
        if last is None or at - last > self._quiet_us:
            self._on_code(code)
