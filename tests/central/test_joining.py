"""Who may speak to the service."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from central import tables
from central.desks import founding_secret, hash_secret
from desk_app.clock import MINUTE
from desk_app.ids import BLOCK_LENGTH, crockford

pytestmark = pytest.mark.slow


def test_the_founding_secret_works_once(central: Any, desk: Any) -> None:
    assert set(desk.feeds) == {"common", "sales", desk.store}
    assert desk.store.startswith("store/")
    answer = central.ask("POST", "/v1/join", desk.asking(central.secret) | {"desk": "another"})
    assert (answer.status, answer.body["type"]) == (403, "join.used")


def test_a_second_desk_joins_the_same_store_with_a_block_of_its_own(desk: Any) -> None:
    other = desk.second()
    assert (other.store, other.epoch) == (desk.store, desk.epoch)
    assert other.token != desk.token
    assert other.block != desk.block
    assert len(desk.block) == len(other.block) == BLOCK_LENGTH


def test_blocks_are_drawn_by_lot_and_never_twice(
    central: Any, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [crockford(number, BLOCK_LENGTH) for number in range(32**BLOCK_LENGTH)].index(desk.block)
    drawn = iter([first, first ^ 1, first ^ 1, first, first ^ 2])
    monkeypatch.setattr("central.desks.secrets.randbelow", lambda _: next(drawn))
    blocks = [desk.second().block for _ in range(2)]
    assert blocks == [crockford(first ^ 1, BLOCK_LENGTH), crockford(first ^ 2, BLOCK_LENGTH)]


def test_an_invitation_works_once(desk: Any, join: Any) -> None:
    secret = desk.invite()
    join(desk.port, secret).get("/v1/pull?feed=common").good()
    with pytest.raises(AssertionError, match=r"join\.used"):
        join(desk.port, secret)


def test_an_invitation_expires_after_a_quarter_of_an_hour(desk: Any, join: Any, clock: Any) -> None:
    early, late = desk.invite(), desk.invite()
    clock.advance(15 * MINUTE)
    join(desk.port, early)
    clock.advance(1)
    with pytest.raises(AssertionError, match=r"join\.expired"):
        join(desk.port, late)


def test_a_desk_that_never_heard_the_answer_joins_again_with_the_same_block(central: Any, desk: Any) -> None:
    again = central.ask("POST", "/v1/join", desk.asking(central.secret)).good()
    assert again["block"] == desk.block
    assert desk.post("/v1/invite").status == 401
    desk.token = again["token"]
    assert desk.post("/v1/invite").status == 200


def test_once_a_desk_has_shown_its_token_no_secret_gives_another(central: Any, desk: Any) -> None:
    secret = desk.invite()
    for used in (central.secret, secret):
        answer = central.ask("POST", "/v1/join", desk.asking(used))
        assert (answer.status, answer.body["type"]) == (409, "desk.known")
    assert desk.post("/v1/invite").status == 200


def test_a_founding_secret_is_renewed_until_a_desk_has_come(central: Any, join: Any) -> None:
    newer = founding_secret(central.storage)
    assert central.ask(
        "POST", "/v1/join", {"secret": central.secret, "desk": "D", "name": "W", "key": "0" * 64}
    )
    with pytest.raises(AssertionError, match=r"join\.unknown"):
        join(central.port, central.secret)
    join(central.port, newer).invite()
    assert founding_secret(central.storage) is None


@pytest.mark.parametrize(
    "change", [{"desk": ""}, {"desk": "a b"}, {"name": " "}, {"name": "x" * 81}, {"key": "0"}]
)
def test_a_join_that_makes_no_sense_uses_no_secret_up(central: Any, change: dict[str, str]) -> None:
    asking = {"secret": central.secret, "desk": "D", "name": "Window", "key": "0" * 64}
    answer = central.ask("POST", "/v1/join", asking | change)
    assert (answer.status, answer.body["type"]) == (400, "join.malformed")
    central.ask("POST", "/v1/join", asking).good()


PATHS = [
    ("POST", "/v1/hello"),
    ("POST", "/v1/push"),
    ("GET", "/v1/pull?feed=common"),
    ("GET", "/v1/wait?common=0"),
    ("POST", "/v1/invite"),
    ("GET", "/v1/streams/case/01J"),
    ("GET", "/v1/parcels/SF1"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer wrong", "Basic {token}", "Bearer {token}x"])
def test_without_its_token_nobody_is_heard(
    central: Any, desk: Any, method: str, path: str, shown: str
) -> None:
    answer = central.ask(method, path, Authorization=shown.format(token=desk.token))
    assert (answer.status, answer.body["type"]) == (401, "token.unknown")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_desk_that_was_shut_out_is_not_heard(central: Any, desk: Any) -> None:
    with central.storage.writer.begin() as connection:
        connection.execute(update(tables.desk).values(shut_out=True))
    answer = desk.post("/v1/invite")
    assert (answer.status, answer.body["type"]) == (403, "desk.shut_out")


def test_only_hashes_of_secrets_are_kept(central: Any, desk: Any, pages: Any) -> None:
    secret = desk.invite()
    central.storage.close()
    content = pages(central.data / "central.db", central.key)
    for kept in (desk.token, secret):
        assert hash_secret(kept) in content
        assert kept.encode() not in content


def test_anybody_may_ask_for_health(central: Any, desk: Any) -> None:
    health = central.ask("GET", "/v1/health").good()
    assert health == {
        "version": health["version"],
        "epoch": desk.epoch,
        "heads": {"common": 0, "sales": 0, desk.store: 0},
    }


def test_a_desk_of_another_protocol_is_told_so(desk: Any) -> None:
    answer = desk.post("/v1/hello", {"protocol": 0, "version": "0", "clock": 0})
    assert (answer.status, answer.body["type"]) == (409, "protocol.other")
    assert answer.body["values"] == {"protocol": 2}
    desk.post("/v1/hello", {"protocol": 3, "version": "9", "clock": 0, "more": 1}).good()


def test_hello_tells_the_services_clock(desk: Any, clock: Any) -> None:
    welcome = desk.post("/v1/hello", {"protocol": 1, "version": "0.1.0", "clock": 0}).good()
    assert welcome["clock"] == clock.now


def test_joined_desks_are_in_the_file(central: Any, desk: Any) -> None:
    with central.storage.reader.begin() as connection:
        row = connection.execute(select(tables.desk)).one()
    assert (row.id, row.name, row.key, row.store) == (desk.id, "Window 1", desk.key, desk.store)
