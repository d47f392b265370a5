"""The desk's signature under what it pushes."""

from __future__ import annotations

import msgspec

from desk_app.domain.entries import canonical
from desk_app.signatures import grown, sign
from desk_app.sync.wire import Push


def signed(private: bytes, push: Push, chain: bytes) -> Push:
    """A push (of at least one entry) with its signature.

    private: the desk's Ed25519 key (32 bytes); chain: the chain's head before the push.
    """
    last = push.entries[-1]
    head = grown(chain, map(canonical, push.entries))
    signature = sign(private, push.feed, last.desk, last.number, head)
    return msgspec.structs.replace(push, signature=signature)
