"""GS1 Digital Link: web addresses of any domain whose path and query carry application identifiers.

Compressed ones are not understood: they need a table of their own and are not printed on goods.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote, unquote_plus

from desk_app.scanning import gs1_table
from desk_app.scanning.gs1 import Elements


def parse(uri: str) -> Elements | None:
    """The elements of a Digital Link: key, qualifiers, query parameters; None for any other text.

    Parameters whose name is no number are left out, and so is a fragment. A GTIN may have 8, 12 or 13 digits,
    as the first editions of the standard allowed.
    """
    match = _URI.fullmatch(uri)
    if match is None:
        return None
    path = _of_path(match["path"].split("/")[1:])
    if path is None:
        return None
    query = _of_query(match["query"] or "", {name for name, _ in path})
    if query is None:
        return None
    found = path + query
    unlike = len({name for name, _ in found}) < len(found)
    return None if unlike or not all(map(_fits, found)) else found


def _of_path(segments: list[str]) -> Elements | None:
    """Key and qualifiers, from the last key in the path to its end; what comes before is the domain's own."""
    for at in range(len(segments) - 2, -1, -2):
        if segments[at] in _keys():
            names = segments[at::2]
            values = map(unquote, segments[at + 1 :: 2])
            found = tuple(_with_all_digits(name, value) for name, value in zip(names, values, strict=True))
            return found if _in_order(names) else None
    return None


def _of_query(query: str, in_path: set[str]) -> Elements | None:
    found = []
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        if name.isdecimal():
            if not _may_be_parameter(name, in_path):
                return None
            found.append(_with_all_digits(name, unquote_plus(value)))
    return tuple(found)


def _in_order(names: list[str]) -> bool:
    """Whether a key's qualifiers stand as one of its sequences has them; some may be missing."""
    for sequence in _keys()[names[0]]:
        rest = iter(sequence)
        if all(name in rest for name in names[1:]):
            return True
    return False


def _may_be_parameter(name: str, in_path: set[str]) -> bool:
    """Whether it may stand in the query: not what belongs into the path beside what is there."""
    row = gs1_table.rows().get(name)
    if row is None or row.link == "no":
        return False
    sequences = [(key, *sequence) for key in in_path & _keys().keys() for sequence in _keys()[key]]
    return not any(in_path | {name} <= set(sequence) for sequence in sequences)


def _with_all_digits(name: str, value: str) -> tuple[str, str]:
    return name, value.zfill(14) if name == "01" and len(value) in (8, 12, 13) else value


def _fits(element: tuple[str, str]) -> bool:
    name, value = element
    return gs1_table.identifier(name).fits(value)


@cache
def _keys() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Every key with the sequences of qualifiers it may have."""
    links = {name: row.link.partition(" ") for name, row in gs1_table.rows().items()}
    return {
        name: tuple(tuple(sequence.split()) for sequence in qualifiers.split("/"))
        for name, (place, _, qualifiers) in links.items()
        if place == "key"
    }


_ESCAPED = "%[0-9A-Fa-f]{2}"
_URI = re.compile(
    r"(?i:https?)://[0-9A-Za-z.:\[\]_-]+"
    rf"(?P<path>(?:/(?:[!$&'()*+,\-.0-9:;=@A-Z_a-z~]|{_ESCAPED})*)+)"
    rf"(?:\?(?P<query>(?:[!$&'()*+,\-./0-9:;=?@A-Z_a-z~]|{_ESCAPED})*))?"
    rf"(?:#(?:[!$&'()*+,\-./0-9:;=?@A-Z_a-z~]|{_ESCAPED})*)?"
)
