"""The chain over a desk's entries in a feed, and the signature under its head that goes with every push.

A head is SHA-256 over the head before it and the entry's canonical bytes, so one signature (Ed25519, RFC
8032) vouches for every entry up to it, in their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

CHAIN_START = bytes(32)
PURPOSE = "mendesk chain head 1"


def grown(head: bytes, bodies: Iterable[bytes]) -> bytes:
    """The chain's head (32 bytes) after more entries, given as canonical bytes."""
    for body in bodies:
        head = hashlib.sha256(head + body).digest()
    return head


def sign(private: bytes, feed: str, desk: str, number: int, head: bytes) -> str:
    """The signature (hex) of a desk's 32-byte private key under the head after its entry `number`."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(_told(feed, desk, number, head)).hex()


def signed_by(public: str, feed: str, desk: str, number: int, head: bytes, signature: str) -> bool:
    """Whether the signature (hex) is that of the desk with this public key (hex)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), _told(feed, desk, number, head))
    except (InvalidSignature, ValueError):
        return False
    return True


def _told(feed: str, desk: str, number: int, head: bytes) -> bytes:
    return "\n".join((PURPOSE, feed, desk, str(number), head.hex())).encode()
