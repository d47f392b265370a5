"""The long poll: answered at once when there is news, and when there is some."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from central.waiting import Heads
from desk_app.domain.facts import ParcelArrived


def test_news_that_is_there_already_is_told_at_once(desk: Any) -> None:
    desk.push(desk.entry("parcel/SF1", ParcelArrived("SF1"))).good()
    assert desk.wait(store=0, common=0).good() == {"heads": {desk.store: 1}}


def test_a_push_wakes_who_waits(desk: Any) -> None:
    other = desk.second()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(other.wait, store=0, common=0, sales=0)
        desk.push(desk.entry("parcel/SF1", ParcelArrived("SF1"))).good()
        assert waiting.result().good() == {"heads": {desk.store: 1}}


@pytest.mark.parametrize("wait_seconds", [0.05], indirect=True)
def test_without_news_the_answer_is_empty(desk: Any) -> None:
    assert desk.wait(store=0).good() == {"heads": {}}


def test_who_waits_hears_of_the_feeds_it_asked_for_only() -> None:
    async def scene() -> list[dict[str, int]]:
        heads = Heads({"common": 3, "sales": 5})
        waiting = asyncio.create_task(heads.past({"common": 3}, 30))
        both = asyncio.create_task(heads.past({"common": 3, "sales": 5}, 30))
        await asyncio.sleep(0)
        heads.grow("sales", 6)
        first = await both
        assert not waiting.done()
        heads.grow("common", 4)
        return [first, await waiting]

    assert asyncio.run(scene()) == [{"sales": 6}, {"common": 4}]


def test_an_older_head_takes_nothing_back() -> None:
    async def scene() -> dict[str, int]:
        heads = Heads({"common": 3})
        heads.grow("common", 2)
        return heads.now()

    assert asyncio.run(scene()) == {"common": 3}


def test_the_end_sends_everybody_home() -> None:
    async def scene() -> list[dict[str, int]]:
        heads = Heads({"common": 3})
        waiting = asyncio.create_task(heads.past({"common": 3}, 30))
        await asyncio.sleep(0)
        heads.stop()
        return [await waiting, await heads.past({"common": 3}, 30)]

    assert asyncio.run(scene()) == [{}, {}]
