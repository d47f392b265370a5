"""The service's socket."""

from __future__ import annotations

import socket
from pathlib import Path

from central.keeping import listen


def test_what_is_accepted_is_known_as_tcp(tmp_path: Path) -> None:
    """asyncio sets TCP_NODELAY only then; without it each answer waits 40 ms for an acknowledgement."""
    with listen(tmp_path, None) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP
