"""The certificate by which desks on other computers know the service: made once, pinned by its fingerprint.

Nobody signs it but itself, and its dates mean nothing: a desk compares the fingerprint its join code carried,
so neither a wrong clock nor somebody in between can pass for the service.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from desk_app.errors import OutsideError
from desk_app.vault import KeyStore

CERTIFICATE = "central.crt"
PRIVATE_KEY = "central.key"
FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Certificate:
    """Where certificate and encrypted private key lie, the key's password, and the SHA-256 fingerprint."""

    certificate: Path
    private_key: Path
    password: str
    fingerprint: bytes


def certificate(data: Path, keys: KeyStore, name: str) -> Certificate:
    """The certificate of the service over `data`, made where there is none.

    name: the service's name in the key store. Raises OutsideError('store.no_key') where the password is gone.
    """
    made, key = data / CERTIFICATE, data / PRIVATE_KEY
    stored = keys.get(f"{name}-tls")
    if stored is None and made.exists():
        raise OutsideError("store.no_key", folder=str(data))
    password = (stored or secrets.token_hex(32).encode()).decode()
    if stored is None:
        keys.put(f"{name}-tls", password.encode())
    if not made.exists():
        _make(made, key, password)
    der = x509.load_pem_x509_certificate(made.read_bytes()).public_bytes(serialization.Encoding.DER)
    return Certificate(made, key, password, hashlib.sha256(der).digest())


def _make(made: Path, key: Path, password: str) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Mendesk")])
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number(), FROM, UNTIL)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    encryption = serialization.BestAvailableEncryption(password.encode())
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key.write_bytes(private.private_bytes(pem, form, encryption))
    made.write_bytes(signed.public_bytes(pem))
