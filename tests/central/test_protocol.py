"""The document of the wire names every path and every refusal there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from central.bodies import STATUS

PROTOCOL = (Path(__file__).resolve().parents[2] / "docs" / "protocol.md").read_text("utf-8")


def test_every_path_and_refusal_is_named(central: Any) -> None:
    routes = central.service.app().routes
    assert len(routes) == 19
    for route in routes:
        (method,) = route.methods - {"HEAD"}
        assert f"`{method} {route.path.replace(':path', '')}" in PROTOCOL
    assert [code for code in STATUS if f"`{code}`" not in PROTOCOL] == []
