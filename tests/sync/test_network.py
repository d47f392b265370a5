"""Desks on other computers: TLS with one certificate, known by its fingerprint; another hears nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from desk_app.errors import OutsideError, RuleError
from desk_app.sync.client import Client
from desk_app.sync.own_central import OwnCentral, Ready, central_command
from desk_app.sync.wire import JoinCode

pytestmark = pytest.mark.slow  # a process each


@pytest.fixture
def own(tmp_path: Path) -> Iterator[OwnCentral]:
    made = OwnCentral(tmp_path / "central", partial(central_command, network=True))
    yield made
    made.stop()


@pytest.fixture
def ready(own: OwnCentral) -> Ready:
    return own.start()


def port(address: str) -> int:
    return int(address.rpartition(":")[2])


def network(ready: Ready) -> str:
    """The door for other computers, as this one reaches it whatever its network."""
    return f"127.0.0.1:{port(ready.network_address)}"


def test_a_desk_joins_and_speaks_through_tls(ready: Ready) -> None:
    code = JoinCode(network(ready), ready.fingerprint, ready.founding_secret)
    with closing(Client(code.address, "", ready.fingerprint)) as client:
        joined = client.join(code, "D1", "Dock", "ab" * 32)
    with closing(Client(network(ready), joined.token, ready.fingerprint)) as client:
        assert client.hello(0, {}).epoch == joined.epoch
    with closing(Client(ready.address, joined.token)) as client:
        assert client.hello(0, {}).epoch == joined.epoch


def test_another_certificate_is_not_trusted_and_hears_nothing(ready: Ready) -> None:
    token = secrets.token_urlsafe(32)
    with (
        closing(Client(network(ready), token, bytes(32))) as client,
        pytest.raises(OutsideError, match=r"line\.not_trusted"),
    ):
        client.hello(0, {})


def test_plain_http_is_not_understood_at_the_door_for_other_computers(ready: Ready) -> None:
    with closing(Client(network(ready), "t")) as client, pytest.raises(OutsideError, match=r"line\."):
        client.hello(0, {})


def test_certificate_and_port_stay_the_same(own: OwnCentral, ready: Ready, tmp_path: Path) -> None:
    own.stop()
    again = OwnCentral(tmp_path / "central", partial(central_command, network=True))
    try:
        second = again.start()
    finally:
        again.stop()
    assert (second.fingerprint, port(second.network_address)) == (
        ready.fingerprint,
        port(ready.network_address),
    )


def test_the_service_listens_on_this_computer_only_unless_asked(tmp_path: Path) -> None:
    own = OwnCentral(tmp_path / "central")
    try:
        ready = own.start()
    finally:
        own.stop()
    assert (ready.network_address, ready.fingerprint) == ("", b"")
    assert not list((tmp_path / "central").glob("*.crt"))


def test_a_token_of_nobody_is_refused_there_too(ready: Ready) -> None:
    with (
        closing(Client(network(ready), "nobody", ready.fingerprint)) as client,
        pytest.raises(RuleError, match=r"token\.unknown"),
    ):
        client.hello(0, {})
