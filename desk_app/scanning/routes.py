"""What a scan does: the page, the kind of code and what the page is about decide, in one table."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from desk_app.scanning.reading import Kind, Reading

ANY = frozenset(Kind)
PARCELS = frozenset((Kind.WAYBILL, Kind.SSCC))
GOODS = frozenset(
    (Kind.GTIN, Kind.RESTRICTED, Kind.SKU, Kind.IMEI, Kind.MEID, Kind.MAC, Kind.GRAI, Kind.GIAI)
)
NUMBERS = GOODS | PARCELS | {Kind.GS1, Kind.SERIAL, Kind.ORDER, Kind.UNKNOWN}
LOOSE = frozenset((Kind.SERIAL, Kind.UNKNOWN, Kind.GS1))
"""What may be the waybill of a carrier nobody knows here."""


@dataclass(frozen=True, slots=True)
class Route:
    """On a page ("" on every page), while it says so of itself ("" always), such a code does this."""

    page: str
    kinds: frozenset[Kind]
    state: str
    does: str


def _route(page: str, kinds: Collection[Kind], state: str, does: str) -> Route:
    return Route(page, frozenset(kinds), state, does)


# Read from the top: the first line counts that fits one of the code's meanings, and that the page does.
ROUTES = (
    #      page        code             while the page …  does
    _route("settings", ANY, "", "try_scanner"),
    _route("", {Kind.COMMAND}, "", "command"),
    _route("dock", PARCELS, "", "receive"),
    _route("dock", {Kind.SHELF}, "", "shelve"),
    _route("dock", {Kind.PARCEL}, "", "choose_parcel"),
    _route("dock", GOODS, "", "doubt"),
    _route("dock", LOOSE, "", "receive"),
    _route("bench", {Kind.ITEM}, "", "put_on_bench"),
    _route("bench", NUMBERS, "takes_numbers", "fill_in"),
    _route("bench", {Kind.SHELF}, "takes_shelf", "fill_in"),
    _route("window", NUMBERS, "asks", "fill_in"),
    _route("", ANY, "", "open"),
)


def routes(
    page: str, states: Collection[str], readings: Collection[Reading]
) -> Iterator[tuple[str, Reading]]:
    """What a scan may do, in the table's order, each with the surest meaning that the line is for."""
    for route in ROUTES:
        if route.page in ("", page) and (not route.state or route.state in states):
            fits = next((reading for reading in readings if reading.kind in route.kinds), None)
            if fits:
                yield route.does, fits
