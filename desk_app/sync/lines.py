"""One thread's line to the central service."""

from __future__ import annotations

import threading
from collections.abc import Callable

from desk_app import sabotage
from desk_app.errors import OutsideError
from desk_app.sync.client import Client


class Line:
    """One thread's client, made when it is needed; another thread can end it for good."""

    def __init__(self, factory: Callable[[], Client]) -> None:
        self._factory = factory
        self._client: Client | None = None
        self._ended = False
        self._lock = threading.Lock()

    def client(self) -> Client:
        """The client; raises OutsideError `line.cut` after `end`."""
        with self._lock:
            if self._ended:
                raise OutsideError("line.cut")
            self._client = self._client or self._factory()
            return self._client

    def drop(self) -> None:
        """By the thread itself: close the client; the next one is new."""
        with self._lock:
            if self._client:
                self._client.close()
            self._client = None
            self._ended |= sabotage.active("stay_cut")

    def end(self) -> None:
        """From another thread: end the call that waits, and make no other client."""
        with self._lock:
            self._ended = True
            if self._client:
                self._client.abort()
