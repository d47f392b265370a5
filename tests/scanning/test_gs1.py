"""GTINs and element strings."""

import pytest

from desk_app.scanning.gs1 import bracketed, canonical_gtin, is_gtin, parse

# GTINs of the GS1 General Specifications' and the EAN's own examples: 6291041500213 is worked out there
# (6+1+4+5+0+1 … weighted to 67, check digit 3), 96385074 and 036000241457 are the usual EAN-8 and UPC-A ones.
GTIN_13 = "6291041500213"
GTIN_14 = "06291041500213"
SSCC = "006141411234567890"


@pytest.mark.parametrize("number", [GTIN_13, GTIN_14, "96385074", "036000241457", "6901234567892"])
def test_gtins_with_the_right_check_digit(number: str) -> None:
    assert is_gtin(number)


@pytest.mark.parametrize(
    "number",
    [
        "6291041500214",
        "96385075",
        "036000241458",
        "629104150021",
        "",
        "0000000000000",
        "62910415002１3",
        "629104150021X",
    ],
)
def test_numbers_that_are_no_gtins(number: str) -> None:
    assert not is_gtin(number)


@pytest.mark.parametrize(
    ("number", "canonical"),
    [
        ("036000241457", "0036000241457"),
        ("0036000241457", "0036000241457"),
        ("00036000241457", "0036000241457"),
        ("96385074", "96385074"),
        ("00000096385074", "96385074"),
        (GTIN_14, GTIN_13),
        ("16291041500210", "16291041500210"),
    ],
)
def test_one_gtin_is_written_one_way(number: str, canonical: str) -> None:
    assert canonical_gtin(number) == canonical


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        (f"01{GTIN_14}", (("01", GTIN_14),)),
        (f"01{GTIN_14}21A7", (("01", GTIN_14), ("21", "A7"))),
        (f"\x1d01{GTIN_14}10LOT\x1d21A7\x1d", (("01", GTIN_14), ("10", "LOT"), ("21", "A7"))),
        (f"01{GTIN_14}\x1d17261231", (("01", GTIN_14), ("17", "261231"))),
        (f"(01){GTIN_14}(17)261200(21)a(b)c", (("01", GTIN_14), ("17", "261200"), ("21", "a(b)c"))),
        (f"00{SSCC}11260101", (("00", SSCC), ("11", "260101"))),
    ],
)
def test_element_strings_are_taken_apart(text: str, elements: tuple[tuple[str, str], ...]) -> None:
    assert parse(text) == elements


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x1d",
        "(01)",
        "01",
        "0106291041500214",
        "(01)06291041500214",
        f"01{GTIN_14}99",
        f"01{GTIN_14}21",
        f"01{GTIN_14}21" + "A" * 21,
        f"01{GTIN_14}17261301",
        f"01{GTIN_14}17261232",
        "00006141411234567891",
        f"(01){GTIN_14}(21)中",
        f"x(01){GTIN_14}",
        f"(99)1(01){GTIN_14}",
        "0106291041500213"[:-1] + "１",
    ],
)
def test_a_string_with_any_wrong_part_is_no_element_string(text: str) -> None:
    assert parse(text) is None


def test_elements_are_written_with_brackets() -> None:
    assert bracketed((("01", GTIN_14), ("21", "A7"))) == "(01)06291041500213(21)A7"
