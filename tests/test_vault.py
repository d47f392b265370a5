"""Sealed records, encrypted files, the keys of this computer, passwords and PINs."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import argon2
import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError, PasswordSetError

from desk_app.errors import OutsideError, RuleError
from desk_app.vault import (
    KeyStore,
    check_password,
    check_pin,
    decrypt_file,
    encrypt_file,
    hash_secret,
    key_store,
    matches,
    open_sealed,
    seal,
    secret_fits,
)

NOON = 1_772_366_400_000_000
CONTENT = "王伟 13800138000".encode()
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class SystemKeys(KeyringBackend):
    """A system's key store that can be locked, forgetful or failing."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.fails = False

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.fails:
            raise PasswordSetError("locked")
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        if self.fails:
            raise ConnectionError("no bus")
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if self.fails:
            raise PasswordDeleteError("locked")
        del self.kept[service, username]


@pytest.fixture
def system() -> Iterator[SystemKeys]:
    """The system's key store for the time of a test."""
    before = keyring.get_keyring()
    backend = SystemKeys()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@given(st.binary(max_size=2000))
def test_a_sealed_record_opens(content: bytes) -> None:
    record = seal(content, NOON)
    assert open_sealed(record) == content
    assert matches(record, record.commitment)
    assert len(record.box) == 12 + 16 + len(content) + 16


def test_nothing_about_the_content_is_outside_the_box() -> None:
    first, second = seal(CONTENT, NOON), seal(CONTENT, NOON)
    assert CONTENT not in first.box
    assert first.commitment != hashlib.sha256(CONTENT).hexdigest()
    assert len({first.commitment, second.commitment}) == 2
    assert len({first.key, second.key}) == 2
    assert len({first.id, second.id}) == 2


def test_a_record_s_key_is_not_told() -> None:
    record = seal(CONTENT, NOON)
    assert repr(record.key) not in repr(record)
    assert repr(record.box) not in repr(record)


def test_ids_of_records_are_ordered_by_time() -> None:
    assert seal(b"", NOON).id < seal(b"", NOON + 1_000).id


@pytest.mark.parametrize("part", ["id", "key", "box", "commitment"])
def test_tampering_with_a_record_is_noticed(part: str) -> None:
    record, other = seal(CONTENT, NOON), seal(CONTENT, NOON)
    altered = replace(record, **{part: getattr(other, part)})
    with pytest.raises(OutsideError) as told:
        open_sealed(altered)
    assert (told.value.code, told.value.values) == ("record.damaged", {"record": altered.id})


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_every_changed_byte_of_a_box_is_noticed(place: int, change: int) -> None:
    record = seal(CONTENT, NOON)
    box = bytearray(record.box)
    box[place % len(box)] ^= change
    altered = replace(record, box=bytes(box))
    assert not matches(altered, record.commitment)
    with pytest.raises(OutsideError):
        open_sealed(altered)


@pytest.mark.parametrize("length", [0, 5, 12, 27, 40])
def test_a_box_cut_off_is_noticed(length: int) -> None:
    record = seal(CONTENT, NOON)
    assert not matches(replace(record, box=record.box[:length]), record.commitment)


def test_another_content_does_not_match_an_entry() -> None:
    record, other = seal(CONTENT, NOON), seal(b"somebody else", NOON)
    assert not matches(replace(other, commitment=record.commitment), record.commitment)


@pytest.mark.parametrize("key", [b"", bytes(32)])
def test_a_record_without_its_key_is_gone(key: bytes) -> None:
    record = replace(seal(CONTENT, NOON), key=key)
    assert not matches(record, record.commitment)
    with pytest.raises(OutsideError):
        open_sealed(record)


def test_a_file_is_addressed_by_its_encrypted_bytes() -> None:
    photo = secrets.token_bytes(100_000)
    file = encrypt_file(photo)
    assert decrypt_file(file) == photo
    assert file.hash == hashlib.sha256(file.box).hexdigest()
    assert photo[:64] not in file.box
    assert encrypt_file(photo).hash != file.hash


@pytest.mark.parametrize("part", ["key", "box", "hash"])
def test_tampering_with_a_file_is_noticed(part: str) -> None:
    file, other = encrypt_file(b"picture"), encrypt_file(b"picture")
    with pytest.raises(OutsideError) as told:
        decrypt_file(replace(file, **{part: getattr(other, part)}))
    assert told.value.code == "file.damaged"


def test_keys_are_kept_in_files(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys", system=False)
    assert keys.get("store") is None
    keys.put("store", bytes(32))
    keys.put("desk.identity", b"\xff\x00")
    keys.put("store", b"newer")
    again = KeyStore(tmp_path / "keys", system=False)
    assert (again.get("store"), again.get("desk.identity")) == (b"newer", b"\xff\x00")
    again.forget("store")
    again.forget("store")
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["desk.identity"]
    assert keys.get("store") is None


@pytest.mark.needs_linux
def test_key_files_are_for_this_person_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        KeyStore(tmp_path / "keys", system=False).put("store", bytes(32))
    finally:
        os.umask(before)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "store").stat().st_mode & 0o777 == 0o600


def test_without_a_key_store_of_the_system_files_are_used(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path, system=True)  # the keyring of the tests is one that only fails
    keys.put("store", b"secret")
    assert KeyStore(tmp_path, system=False).get("store") == b"secret"


def test_the_key_store_of_the_system_is_used(tmp_path: Path, system: SystemKeys) -> None:
    keys = KeyStore(tmp_path, system=True)
    keys.put("store", b"secret")
    assert keys.get("store") == b"secret"
    assert list(system.kept) == [("Mendesk", "store")]
    assert b"c2VjcmV0" not in (tmp_path / "store").read_bytes()
    keys.forget("store")
    assert not system.kept
    assert keys.get("store") is None


@pytest.mark.logs("system's key store failed")
def test_a_failing_key_store_gives_way_to_a_file(tmp_path: Path, system: SystemKeys) -> None:
    system.fails = True
    keys = KeyStore(tmp_path, system=True)
    keys.put("store", b"secret")
    assert keys.get("store") == b"secret"
    assert KeyStore(tmp_path, system=False).get("store") == b"secret"


def test_a_key_that_the_system_does_not_give_is_no_missing_key(tmp_path: Path, system: SystemKeys) -> None:
    keys = KeyStore(tmp_path, system=True)
    keys.put("store", b"secret")
    system.fails = True
    for act in (keys.get, keys.forget):
        with pytest.raises(OutsideError, match=r"keys\.unavailable"):
            act("store")
    system.fails = False
    assert keys.get("store") == b"secret"
    system.kept.clear()
    with pytest.raises(OutsideError, match=r"keys\.unavailable"):
        keys.get("store")
    keys.forget("store")
    assert keys.get("store") is None


def test_a_damaged_key_file_is_no_missing_key(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"\xffnot what was written")
    with pytest.raises(OutsideError, match=r"keys\.unavailable"):
        KeyStore(tmp_path, system=False).get("store")


def test_a_key_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")
    with pytest.raises(OutsideError, match=r"folder\.not_writable"):
        KeyStore(tmp_path / "keys", system=False).put("store", b"secret")


@pytest.mark.parametrize("name", ["", "../store", "a/b", "Store", ".new", "店"])
def test_a_name_never_leaves_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        KeyStore(tmp_path, system=False).put(name, b"secret")


def test_a_named_folder_is_always_used(
    tmp_path: Path, system: SystemKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENDESK_KEYS", str(tmp_path))
    key_store().put("store", b"secret")
    assert not system.kept
    assert KeyStore(tmp_path, system=False).get("store") == b"secret"


def test_keys_lie_with_this_person_s_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MENDESK_KEYS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("APPDATA", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr("platformdirs.user_config_path", lambda name, appauthor: tmp_path / name)
    key_store().put("store", b"secret")
    assert KeyStore(tmp_path / "Mendesk" / "keys", system=False).get("store") == b"secret"


def test_a_password_fits_its_hash() -> None:
    hashed = hash_secret("correct horse", CHEAP)
    assert hashed.startswith("$argon2id$")
    assert secret_fits(hashed, "correct horse")
    assert not secret_fits(hashed, "correct hors")
    assert hash_secret("correct horse", CHEAP) != hashed


def test_the_usual_hash_is_costly() -> None:
    parameters = argon2.extract_parameters(hash_secret("correct horse"))
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2


def test_an_input_method_s_wide_characters_are_the_same_secret() -> None:
    assert secret_fits(hash_secret("8351", CHEAP), "８３５１")
    check_pin("８３５１")


@pytest.mark.parametrize("text", ["12345678", "八个汉字也够长的"])
def test_a_password_is_long_enough(text: str) -> None:
    check_password(text)


def test_a_short_password_is_refused() -> None:
    with pytest.raises(RuleError) as told:
        check_password("1234567")
    assert (told.value.code, told.value.values) == ("password.too_short", {"shortest": 8})


@pytest.mark.parametrize("pin", ["8351", "1212", "112233445566"])
def test_a_pin_is_taken(pin: str) -> None:
    check_pin(pin)


@pytest.mark.parametrize("pin", ["", "835", "8351835183518", "83a1", "-835", "83 51", "8351\n", "٨٣٥١"])
def test_a_pin_of_another_shape_is_refused(pin: str) -> None:
    with pytest.raises(RuleError, match=r"pin\.shape"):
        check_pin(pin)


@pytest.mark.parametrize("pin", ["0000", "1234", "4321", "7890", "2109", "2468", "777777777777"])
def test_an_easy_pin_is_refused(pin: str) -> None:
    with pytest.raises(RuleError, match=r"pin\.too_easy"):
        check_pin(pin)
