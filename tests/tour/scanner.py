"""A scanner on a serial line: a real pseudo-terminal whose far end a desk opens as its port."""

from __future__ import annotations

import os
import tty


class Scanner:
    """Sends codes with CR behind them to whoever has opened `port`."""

    def __init__(self) -> None:
        self._line, self._desk_end = os.openpty()
        tty.setraw(self._desk_end)
        self.port = os.ttyname(self._desk_end)
        self.scans = 0

    def scan(self, code: str) -> None:
        """Send one code in one go, as a scanner does."""
        os.write(self._line, code.encode() + b"\r")
        self.scans += 1

    def unplug(self) -> None:
        """Close both ends: the desk's port is gone."""
        os.close(self._desk_end)
        os.close(self._line)
