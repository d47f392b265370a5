"""The interface describes itself: what its document says is there is there."""

from __future__ import annotations

import re
from typing import Any

from desk_app.domain.facts import ParcelArrived

REFERENCE = re.compile(r'"#/components/schemas/(\w+)"')


def test_every_path_is_described_with_what_goes_in_and_comes_out(central: Any) -> None:
    document = central.ask("GET", "/v1/openapi.json").good()
    described = {(method.upper(), path) for path, of in document["paths"].items() for method in of}
    served = {
        (method, route.path.replace(":path", ""))
        for route in central.service.app().routes
        for method in route.methods - {"HEAD"}
    }
    assert described == served
    assert document["openapi"] == "3.1.0"
    push = document["paths"]["/v1/push"]["post"]
    body = push["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Push"}
    assert push["security"] == [{"desk": []}]
    assert document["paths"]["/v1/join"]["post"]["security"] == []
    entry = document["components"]["schemas"]["Entry"]
    assert {"feed", "desk", "number", "stream", "kind", "data", "at"} <= set(entry["required"])
    pull = document["paths"]["/v1/pull"]["get"]["parameters"]
    assert {(each["name"], each["in"]) for each in pull} == {
        ("feed", "query"),
        ("after", "query"),
        ("limit", "query"),
        ("since", "query"),
    }


def test_every_schema_that_is_named_is_there(central: Any) -> None:
    answer = central.ask("GET", "/v1/openapi.json")
    named = set(REFERENCE.findall(str(answer.good()).replace("'", '"')))
    assert {"Push", "Pulled", "Problem", "SealedRecord"} <= named
    assert named <= set(answer.body["components"]["schemas"])


def test_a_monitor_counts_what_was_taken_and_what_was_refused(central: Any, desk: Any) -> None:
    entries = [desk.entry(f"parcel/SF{number}", ParcelArrived(f"SF{number}")) for number in range(3)]
    desk.push(*entries).good()
    desk.push(desk.entry("parcel/SF9", ParcelArrived("SF9"), number=9))
    answer = desk.get("/v1/metrics")
    lines = answer.body.decode().splitlines()
    for told in (
        "mendesk_groups_total 2",
        "mendesk_pushes_total 1",
        'mendesk_pushes_refused_total{reason="push.gap"} 1',
        'mendesk_entries_total{standing="stands"} 3',
        'mendesk_entries_total{standing="refused"} 0',
        f'mendesk_feed_head{{feed="{desk.store}"}} 3',
        "mendesk_desks_waiting 0",
        "# TYPE mendesk_feed_head gauge",
    ):
        assert told in lines
    assert central.ask("GET", "/v1/metrics").status == 401
