"""Numbers of devices: what their standards and makers print as examples, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.scanning.identifiers import bare_mac, imei, imeisv, mac, meid


def test_an_imei_has_a_luhn_digit() -> None:
    assert imei("490154203237518") == "490154203237518"
    assert imei("490154203237517") is None
    assert imei("49015420323751") is None


def test_an_imei_with_software_version_leads_to_the_imei() -> None:
    assert imeisv("3569380356438099") == "356938035643809"
    assert imeisv("1269380356438099") is None  # no body reports under 12


# AF 01 23 45 0A BC DE with check digit C is the example of 3GPP2's and CDG's papers.
@pytest.mark.parametrize("number", ["AF0123450ABCDE", "AF0123450ABCDEC", "293608736500703710"])
def test_a_meid_has_one_form(number: str) -> None:
    assert meid(number) == "AF0123450ABCDE"


@pytest.mark.parametrize(
    "number",
    [
        "AF0123450ABCDED",
        "9F0123450ABCDE",
        "AF0123450ABCD",
        "429496729600000000",
        "293608736516777216",
        "999999999900000000",
    ],
)
def test_what_is_no_meid(number: str) -> None:
    assert meid(number) is None


@pytest.mark.parametrize("text", ["D0:50:99:84:A2:A0", "D0-50-99-84-A2-A0", "D050.9984.A2A0"])
def test_a_mac_address_has_one_form(text: str) -> None:
    assert mac(text) == "D0:50:99:84:A2:A0"


@pytest.mark.parametrize(
    "text", ["D0:50-99:84:A2:A0", "D0:50:99:84:A2", "D0:50:99:84:A2:G0", "D05099.84A2A0", "D0509984A2A0"]
)
def test_what_is_no_mac_address(text: str) -> None:
    assert mac(text) is None


def test_twelve_digits_may_be_a_makers_address() -> None:
    assert bare_mac("D0509984A2A0") == "D0:50:99:84:A2:A0"
    assert bare_mac("D1509984A2A0") is None  # a group
    assert bare_mac("D2509984A2A0") is None  # given locally
    assert bare_mac("123456789012") is None  # a waybill, sooner


@given(st.text() | st.text("0123456789ABCDEF:-.", max_size=20))
def test_nothing_is_too_much(text: str) -> None:
    for number in (imei, imeisv, meid, mac, bare_mac):
        assert number(text) is None or isinstance(number(text), str)
