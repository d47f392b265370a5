"""The table of routes: what a scan does by page, kind and state."""

from __future__ import annotations

import pytest

from desk_app.scanning.codes import OwnKind, encode, item_body
from desk_app.scanning.reading import Kind, read
from desk_app.scanning.routes import ROUTES, routes

CASE = "7QK00002H"
ITEM = encode(OwnKind.ITEM, item_body(CASE, 1))
COMMAND = encode(OwnKind.COMMAND, "NX")
SHELF = encode(OwnKind.SHELF, "S03")
EAN = "]E04006381333931"
SSCC = "]C100340433836442636597"


@pytest.mark.parametrize(
    ("page", "states", "code", "does"),
    [
        ("dock", (), "SF1390027465183", "receive"),
        ("dock", (), SSCC, "receive"),
        ("dock", (), "UNKNOWN-CARRIER-77", "receive"),
        ("dock", (), EAN, "doubt"),
        ("dock", (), SHELF, "shelve"),
        ("dock", (), ITEM, "open"),
        ("dock", (), COMMAND, "command"),
        ("bench", (), ITEM, "put_on_bench"),
        ("bench", (), "LCD-88120417", "open"),
        ("bench", ("takes_numbers",), "LCD-88120417", "fill_in"),
        ("bench", ("takes_numbers",), ITEM, "put_on_bench"),
        ("bench", ("takes_shelf",), SHELF, "fill_in"),
        ("window", ("asks",), EAN, "fill_in"),
        ("window", (), EAN, "open"),
        ("window", ("asks",), f"M7C{CASE}", "open"),
        ("settings", (), COMMAND, "try_scanner"),
        ("cases", (), "SF1390027465183", "open"),
        ("", (), "", "open"),
    ],
)
def test_what_a_scan_does(page: str, states: tuple[str, ...], code: str, does: str) -> None:
    found = [each for each, _ in routes(page, states, read(code))]
    assert (found[0], found[-1]) == (does, "open")


def test_every_kind_leads_somewhere_on_every_page() -> None:
    last = ROUTES[-1]
    assert (last.page, last.state, last.kinds) == ("", "", frozenset(Kind))


def test_the_reading_is_the_surest_that_the_line_is_for() -> None:
    (_, reading), *_ = routes("dock", (), read("1Z999AA10123456784"))
    assert reading.kind is Kind.WAYBILL
    assert reading.carrier == "ups"
