"""The desk's signature under what it pushes."""

from __future__ import annotations

import msgspec

from desk_app.signatures import sign
from desk_app.sync.wire import Push


def signed(private: bytes, push: Push, head: bytes) -> Push:
    """A push (of at least one entry) with its signature.

    private: the desk's Ed25519 key (32 bytes); head: the chain's head after the push.
    """
    last = push.entries[-1]
    return msgspec.structs.replace(push, signature=sign(private, push.feed, last.desk, last.number, head))
