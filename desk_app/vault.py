"""Secrets: sealed records, encrypted files, the keys of this computer, passwords and PINs.

A record is forgotten by destroying its key; what the journal keeps of it is the commitment alone, and
the salt that would be needed to guess the content lies inside the box.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import logging
import os
import re
import secrets
import tempfile
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import argon2
import platformdirs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desk_app.errors import OutsideError, RuleError
from desk_app.ids import new_id

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

SERVICE = "Mendesk"
KEYS_VARIABLE = "MENDESK_KEYS"
KEPT_BY_SYSTEM = "kept by the system's key store\n"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
KEY_LENGTH = 32
SALT_LENGTH = 16
NONCE_LENGTH = 12
SHORTEST_PASSWORD = 8
HASHER = argon2.PasswordHasher()


@dataclass(frozen=True, slots=True)
class Sealed:
    """Personal data beside the journal. Without its key nothing of it can be read again.

    box: nonce (12 bytes) + AES-256-GCM over salt (16 bytes) and content, bound to the id.
    commitment: hex SHA-256 over salt and content, as the entry holds it.
    """

    id: str
    key: bytes = field(repr=False)
    box: bytes = field(repr=False)
    commitment: str


@dataclass(frozen=True, slots=True)
class EncryptedFile:
    """A file's encrypted bytes (`box`: nonce + AES-256-GCM), and `hash`, their hex SHA-256 and address."""

    key: bytes = field(repr=False)
    box: bytes = field(repr=False)
    hash: str


def seal(content: bytes, at: int) -> Sealed:
    """Seal `content` under a new key; `at` in microseconds UTC orders the new id."""
    record, key, salt = new_id(at), secrets.token_bytes(KEY_LENGTH), secrets.token_bytes(SALT_LENGTH)
    return Sealed(record, key, _encrypt(key, salt + content, record.encode()), _commitment(salt + content))


def open_sealed(record: Sealed) -> bytes:
    """The content of a record; raises OutsideError('record.damaged', record=…) where it was altered."""
    salted = _salted(record)
    if salted is None or not hmac.compare_digest(_commitment(salted), record.commitment):
        raise OutsideError("record.damaged", record=record.id)
    return salted[SALT_LENGTH:]


def matches(record: Sealed, commitment: str) -> bool:
    """Whether what the record holds is what an entry committed to."""
    salted = _salted(record)
    return salted is not None and hmac.compare_digest(_commitment(salted), commitment)


def committed(record: str, key: bytes, box: bytes) -> str:
    """The commitment that a record with this id fits; empty where id, key and box do not belong together."""
    salted = _decrypt(key, box, record.encode())
    return "" if salted is None else _commitment(salted)


def encrypt_file(data: bytes) -> EncryptedFile:
    """Encrypt a file under a new key."""
    key = secrets.token_bytes(KEY_LENGTH)
    box = _encrypt(key, data, b"")
    return EncryptedFile(key, box, hashlib.sha256(box).hexdigest())


def decrypt_file(file: EncryptedFile) -> bytes:
    """The content of a file; raises OutsideError('file.damaged', file=<hash>) where it was altered."""
    data = _decrypt(file.key, file.box, b"")
    if data is None or hashlib.sha256(file.box).hexdigest() != file.hash:
        raise OutsideError("file.damaged", file=file.hash)
    return data


def hash_secret(text: str, hasher: argon2.PasswordHasher = HASHER) -> str:
    """The argon2id hash of a password or PIN, its cost and salt included."""
    return hasher.hash(_typed(text))


def secret_fits(hashed: str, text: str) -> bool:
    """Whether `text` is the password or PIN of a hash made by `hash_secret`."""
    try:
        return HASHER.verify(hashed, _typed(text))
    except argon2.exceptions.VerifyMismatchError:
        return False


def check_password(text: str) -> None:
    """Raise RuleError('password.too_short', shortest=…) for a password that is too short."""
    if len(_typed(text)) < SHORTEST_PASSWORD:
        raise RuleError("password.too_short", shortest=SHORTEST_PASSWORD)


def check_pin(text: str) -> None:
    """Raise RuleError: 'pin.shape' unless it is 4 to 12 digits, 'pin.too_easy' for 0000, 1234, 8642, 7890."""
    digits = _typed(text)
    if not re.fullmatch(r"[0-9]{4,12}", digits):
        raise RuleError("pin.shape")
    steps = {(int(right) - int(left)) % 10 for left, right in itertools.pairwise(digits)}
    if len(steps) == 1:
        raise RuleError("pin.too_easy")


def key_store() -> KeyStore:
    """This person's keys; `MENDESK_KEYS` names another folder, and then nothing but its files is used."""
    named = os.environ.get(KEYS_VARIABLE)
    if named:
        return KeyStore(Path(named), system=False)
    return KeyStore(platformdirs.user_config_path(SERVICE, appauthor=False) / "keys", system=True)


class KeyStore:
    """Secrets by name, outside the data folder: a copied data folder is neither readable nor a second desk.

    With `system` they lie in the system's key store where there is one, and `folder` remembers that they do;
    otherwise each lies in a file of `folder` that only this person may read. Names: a-z 0-9 . _ -
    """

    def __init__(self, folder: Path, *, system: bool) -> None:
        self._folder = folder
        self._system = system

    def get(self, name: str) -> bytes | None:
        """The secret called `name`, None where there is none.

        Raises OutsideError('keys.unavailable') where one was kept and cannot be had.
        """
        text = self._text(name)
        if text == KEPT_BY_SYSTEM:
            text = _ask_system(name)
            if text is None:
                raise OutsideError("keys.unavailable")
        try:
            return None if text is None else base64.b64decode(text, validate=True)
        except ValueError as error:
            raise OutsideError("keys.unavailable") from error

    def put(self, name: str, secret: bytes) -> None:
        """Keep `secret` under `name`, durably, in the place of an older one.

        Raises OutsideError('folder.not_writable', folder=…).
        """
        path, text = self._path(name), base64.b64encode(secret).decode()
        try:
            _write_private(path, KEPT_BY_SYSTEM if self._told_system(name, text) else text)
        except OSError as error:
            raise OutsideError("folder.not_writable", folder=str(self._folder)) from error

    def forget(self, name: str) -> None:
        """Destroy the secret called `name`; nothing happens where there is none.

        Raises OutsideError('keys.unavailable') where the system holds it and does not answer.
        """
        if self._text(name) == KEPT_BY_SYSTEM and _ask_system(name) is not None:
            _backend_or_fail().delete_password(SERVICE, name)
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a secret")
        return self._folder / name

    def _text(self, name: str) -> str | None:
        try:
            return self._path(name).read_text("latin-1")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OutsideError("keys.unavailable") from error

    def _told_system(self, name: str, text: str) -> bool:
        """Whether the system's key store took `text` and gives it back."""
        backend = _backend() if self._system else None
        if backend is None:
            return False
        try:
            backend.set_password(SERVICE, name, text)
            return backend.get_password(SERVICE, name) == text
        except Exception as error:  # backends raise what their own libraries raise
            log.warning("The system's key store failed, a file is used: %s", type(error).__name__)
            return False


def _ask_system(name: str) -> str | None:
    """The text kept by the system; raises OutsideError('keys.unavailable') where it does not answer."""
    try:
        return _backend_or_fail().get_password(SERVICE, name)
    except Exception as error:  # backends raise what their own libraries raise
        raise OutsideError("keys.unavailable") from error


def _backend() -> KeyringBackend | None:
    """The system's key store; None where there is only a stand-in that keeps nothing or keeps it openly."""
    import keyring  # takes long to import, and only an opening or changed store needs it

    backend = keyring.get_keyring()
    return backend if backend.priority >= 1 else None


def _backend_or_fail() -> KeyringBackend:
    backend = _backend()
    if backend is None:
        raise OutsideError("keys.unavailable")
    return backend


def _write_private(path: Path, text: str) -> None:
    """Replace the file at `path` as a whole and durably; only this person may read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except OSError:
        Path(aside).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make names in `folder` durable, where a system lets a folder be synced."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _typed(text: str) -> str:
    """The same characters whether an input method gave them full width, half width or composed."""
    return unicodedata.normalize("NFKC", text)


def _commitment(salted: bytes) -> str:
    return hashlib.sha256(salted).hexdigest()


def _salted(record: Sealed) -> bytes | None:
    """Salt and content, or None where key, box and id do not belong together."""
    return _decrypt(record.key, record.box, record.id.encode())


def _encrypt(key: bytes, data: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_LENGTH)
    return nonce + AESGCM(key).encrypt(nonce, data, bound_to)


def _decrypt(key: bytes, box: bytes, bound_to: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(box[:NONCE_LENGTH], box[NONCE_LENGTH:], bound_to)
    except (InvalidTag, ValueError):
        return None
