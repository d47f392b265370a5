"""A desk that is lost or stolen is shut out: at once, for good, and by a desk of its own store only."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from desk_app.clock import MINUTE
from desk_app.domain.facts import CaseNoted


def test_the_desks_of_a_store_are_listed_with_when_they_were_heard_of(desk: Any, clock: Any) -> None:
    joined = clock()
    other = desk.second("Dock 1")
    clock.advance(5 * MINUTE)
    other.post("/v1/hello", {"protocol": 2, "version": "0.1", "clock": 0}).good()
    (first, second) = desk.get("/v1/desks").good()["desks"]
    assert (first["id"], first["heard_at"], first["shut_out"]) == (desk.id, 0, False)
    assert second == {
        "id": other.id,
        "name": "Dock 1",
        "joined_at": joined,
        "heard_at": joined + 5 * MINUTE,
        "shut_out": False,
    }


def test_a_desk_that_is_shut_out_is_refused_whatever_it_asks(desk: Any) -> None:
    other = desk.second()
    entry = other.entry("case/1", CaseNoted("R"))
    other.get("/v1/pull?feed=common").good()
    (_, gone) = desk.post(f"/v1/desks/{other.id}/shut-out").good()["desks"]
    assert (gone["id"], gone["shut_out"]) == (other.id, True)
    hello = {"protocol": 2, "version": "0.1", "clock": 0}
    answers = [
        other.post("/v1/hello", hello),
        other.push(entry),
        other.get("/v1/pull?feed=common"),
        other.get("/v1/wait?common=0"),
        other.post("/v1/invite"),
        other.get("/v1/desks"),
        other.post(f"/v1/desks/{desk.id}/shut-out"),
    ]
    assert {(answer.status, answer.body["type"]) for answer in answers} == {(403, "desk.shut_out")}
    assert desk.pull()["entries"] == []
    assert len(desk.post(f"/v1/desks/{other.id}/shut-out").good()["desks"]) == 2


def test_a_desk_that_waits_is_sent_home_when_it_is_shut_out(desk: Any, central: Any) -> None:
    other = desk.second()
    other.get("/v1/pull?feed=common").good()
    answers: list[Any] = []
    polling = threading.Thread(target=lambda: answers.append(other.wait(common=0)))
    waits = threading.Event()
    past = central.service.heads.past

    async def noted(*given: Any) -> Any:
        waits.set()
        return await past(*given)

    central.service.heads.past = noted
    polling.start()
    assert waits.wait(20)
    desk.post(f"/v1/desks/{other.id}/shut-out").good()
    polling.join(20)
    assert not polling.is_alive()
    assert (answers[0].status, answers[0].body["type"]) == (403, "desk.shut_out")


def test_others_go_on(desk: Any) -> None:
    other, third = desk.second(), desk.second()
    desk.post(f"/v1/desks/{other.id}/shut-out").good()
    third.push(third.entry("case/1", CaseNoted("R"))).good()
    assert len(desk.pull()["entries"]) == 1


@pytest.mark.parametrize(
    ("which", "status", "code"), [("itself", 409, "desk.itself"), ("nobody", 404, "desk.unknown")]
)
def test_who_cannot_be_shut_out(desk: Any, which: str, status: int, code: str) -> None:
    answer = desk.post(f"/v1/desks/{desk.id if which == 'itself' else 'nobody'}/shut-out")
    assert (answer.status, answer.body["type"]) == (status, code)
    assert [each["shut_out"] for each in desk.get("/v1/desks").good()["desks"]] == [False]
