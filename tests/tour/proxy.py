"""The line between a desk and the central service, that can be cut and mended: a TCP relay on loopback."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading

PIECE = 64 * 1024


class Cable:
    """Relays connections to `address` until `cut`, and again after `mend`.

    Its own `address` is of the same form, with or without `http://`.
    """

    def __init__(self, address: str) -> None:
        scheme, slashes, place = address.rpartition("//")
        host, _, port = place.rpartition(":")
        self._far = (host, int(port))
        self._near = socket.create_server(("127.0.0.1", 0))
        self.address = f"{scheme}{slashes}127.0.0.1:{self._near.getsockname()[1]}"
        self._whole = True
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._guard = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Break every connection; new ones are broken at once."""
        with self._guard:
            self._whole = False
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            _break(*pair)

    def mend(self) -> None:
        """Let new connections through."""
        self._whole = True

    def close(self) -> None:
        """Take the cable away."""
        self.cut()
        _break(self._near)

    def _listen(self) -> None:
        with contextlib.suppress(OSError), self._near:
            while True:
                near, _where = self._near.accept()
                threading.Thread(target=self._relay, args=(near,), daemon=True).start()

    def _relay(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near, socket.create_connection(self._far) as far:
            with self._guard:
                if not self._whole:
                    return
                self._pairs.add((near, far))
            _carry(near, far)
            with self._guard:
                self._pairs.discard((near, far))


def _carry(near: socket.socket, far: socket.socket) -> None:
    """Bytes both ways until one side ends."""
    with selectors.DefaultSelector() as ready:
        ready.register(near, selectors.EVENT_READ, far)
        ready.register(far, selectors.EVENT_READ, near)
        while True:
            for key, _events in ready.select():
                piece = key.fileobj.recv(PIECE)  # type: ignore[union-attr]
                if not piece:
                    return
                key.data.sendall(piece)


def _break(*ends: socket.socket) -> None:
    """Wake whoever waits on these; each is closed by the thread it belongs to."""
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
