"""The table of carriers against its own examples, and the engine that reads it."""

from math import gcd
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk_app.scanning.carriers import (
    FAR_BEHIND,
    Candidate,
    Carrier,
    Format,
    FormatRow,
    Table,
    formats,
    identify,
    load,
    table,
)
from desk_app.scanning.waybills import LONGEST

ROWS = [(carrier, row) for carrier in table().carriers for row in carrier.formats]
IDS = [f"{carrier.code}-{row.name}" for carrier, row in ROWS]
VALID = [(carrier.code, row.name, number) for carrier, row in ROWS for number in row.valid]


def ready(carrier: Carrier, row: FormatRow) -> Format:
    alone = Carrier(carrier.code, carrier.name_en, carrier.name_zh, (row,))
    return formats(Table(table().countries, (alone,)))[0]


@pytest.mark.parametrize(("carrier", "row"), ROWS, ids=IDS)
def test_every_example_of_a_format_fits_it(carrier: Carrier, row: FormatRow) -> None:
    assert len(row.valid) >= 2
    assert [number for number in row.valid if not ready(carrier, row).fits(number)] == []


@pytest.mark.parametrize(("carrier", "row"), ROWS, ids=IDS)
def test_no_spoilt_example_fits(carrier: Carrier, row: FormatRow) -> None:
    assert row.invalid
    assert [number for number in row.invalid if ready(carrier, row).fits(number)] == []


@pytest.mark.parametrize(("carrier", "row"), ROWS, ids=IDS)
def test_every_row_names_its_source(carrier: Carrier, row: FormatRow) -> None:
    assert len(row.source) > 20
    assert 0 < row.confidence <= 100


@pytest.mark.parametrize(("carrier", "row"), ROWS, ids=IDS)
def test_the_shortest_and_the_longest_label_of_a_format_have_an_example(
    carrier: Carrier, row: FormatRow
) -> None:
    lengths = [len(number) for number in row.valid]
    assert (min(lengths), max(lengths)) == row.length


def test_every_example_names_its_carrier() -> None:
    unnamed = [one for one in VALID if one[0] not in [found.carrier for found in identify(one[2])]]
    assert unnamed == []


def test_every_number_found_in_a_label_can_key_a_parcel() -> None:
    assert max(len(found.number) for _, _, label in VALID for found in identify(label)) <= LONGEST


CHECKED = [(carrier, row, number) for carrier, row in ROWS if row.check for number in row.valid]
CHECKED_IDS = [f"{carrier.code}-{row.name}-{number}" for carrier, row, number in CHECKED]
DIGITS = "0123456789"


@pytest.mark.parametrize(("carrier", "row", "number"), CHECKED, ids=CHECKED_IDS)
def test_a_number_has_one_right_check_digit_only(carrier: Carrier, row: FormatRow, number: str) -> None:
    form = ready(carrier, row)
    match = form.pattern.fullmatch(number)
    assert match is not None
    place = match.start("check")
    variants = {number[:place] + character + number[place + 1 :] for character in DIGITS + "ABCXYZ"}
    assert [variant for variant in variants | {number} if form.fits(variant)] == [number]


def catches_every_wrong_digit(row: FormatRow) -> bool:
    """Modulo 10 does where no weight shares a divisor with it, modulo 37,36 always; modulo 11 and 7 do not:
    they write two remainders as one digit, or take 0 and 7 for the same.
    """
    if row.check is None:
        return False
    modulo_10 = row.check.algorithm in ("weighted_mod10", "weighted_mod10_ascii")
    return row.check.algorithm == "mod37_36" or (
        modulo_10 and all(gcd(weight, 10) == 1 for weight in row.check.weights)
    )


CAUGHT = [one for one in CHECKED if catches_every_wrong_digit(one[1])]


@pytest.mark.parametrize(
    ("carrier", "row", "number"),
    CAUGHT,
    ids=[f"{carrier.code}-{row.name}-{number}" for carrier, row, number in CAUGHT],
)
def test_no_single_wrong_digit_passes_the_check(carrier: Carrier, row: FormatRow, number: str) -> None:
    form = ready(carrier, row)
    match = form.pattern.fullmatch(number)
    assert match is not None
    places = [place for place in range(match.start("body"), match.end("check")) if number[place].isdecimal()]
    passed = [
        number[:place] + digit + number[place + 1 :]
        for place in places
        for digit in DIGITS
        if digit != number[place] and form.fits(number[:place] + digit + number[place + 1 :])
    ]
    assert passed == []


def test_carriers_that_were_asked_for_are_there() -> None:
    codes = [carrier.code for carrier in table().carriers]
    chinese = ["sf", "yto", "zto", "sto", "yunda", "jd", "jt", "ems", "deppon", "cainiao"]
    complete = ["ups", "fedex", "usps", "dhl", "upu"]
    others = ["gls", "dpd", "royal_mail", "canada_post", "australia_post", "amazon", "ontrac", "lasership"]
    assert codes == [*chinese, *complete, *others, "yunexpress", "sscc"]


@pytest.mark.parametrize("country", table().countries.split())
def test_an_item_of_every_country_is_the_post_s(country: str) -> None:
    found = {one.carrier: one for one in identify(f"RR473124829{country}")}
    parts = (("service", "RR"), ("serial", "47312482"), ("country", country))
    assert found["upu"] == Candidate("upu", f"RR473124829{country}", 95, True, parts)


def test_there_are_as_many_countries_as_iso_3166_1_has() -> None:
    assert len(set(table().countries.split())) == 249


@pytest.mark.parametrize("country", ["XX", "AA", "ZZ", "QQ"])
def test_an_item_of_no_country_is_nobody_s(country: str) -> None:
    assert "upu" not in [one.carrier for one in identify(f"RR473124829{country}")]


# The service indicators UPU S10-12 assigns, one of each; then some it does not.
ASSIGNED = "AV BA CZ DA EE GA GD HA LX MA NA PA QA QM RR UA VV ZZ"
FREE = "AA AU FA GB IA JA KA OA QN SA TA WA XA YA"


@pytest.mark.parametrize(
    ("service", "confidence"),
    [
        *((assigned, 95) for assigned in ASSIGNED.split()),
        *((free, 60) for free in FREE.split()),
    ],
)
def test_a_service_indicator_that_is_assigned_is_surer(service: str, confidence: int) -> None:
    found = {one.carrier: one.confidence for one in identify(f"{service}473124829FR")}
    assert found["upu"] == confidence


# Worked by hand. UPS: digits 9 9 9 2 2 1 0 1 2 3 4 5 6 7 8 (A is 2) by 1 and 2 in turn:
# 9+18+9+4+2+2+0+2+2+6+4+10+6+14+8 = 96, to 100 it is 4.
# FedEx Express: 0 1 2 3 4 5 6 7 8 9 8 by 3 1 7 …: 0+1+14+9+4+35+18+7+56+27+8 = 179 = 16·11 + 3.
# S10: 4 7 3 1 2 4 8 2 by 8 6 4 2 3 5 9 7: 32+42+12+2+6+20+72+14 = 200 = 18·11 + 2, 11 - 2 = 9.
# DHL: 331881002 = 7·47411571 + 5.
@pytest.mark.parametrize(
    ("number", "carrier", "confidence", "checked"),
    [
        ("1Z999AA10123456784", "ups", 98, True),
        ("012345678983", "fedex", 55, True),
        ("RR473124829FR", "upu", 95, True),
        ("EA123456785CN", "ems", 97, True),
        ("RR473124829GB", "royal_mail", 97, True),
        ("3318810025", "dhl", 50, True),
        ("9400111201080805483016", "usps", 95, True),
        ("00340434161094042557", "dhl", 95, True),
        ("JD014600004790042206", "dhl", 92, False),
        ("ZLE000119601000930207", "australia_post", 88, True),
        ("106141412345678908", "sscc", 50, True),
        ("YT2229521272164446", "yunexpress", 92, False),
        ("YT8962646785389", "yto", 90, False),
        ("SF1385628716739", "sf", 90, False),
        ("463431409940372", "yunda", 60, False),
        ("773277027280336", "sto", 70, False),
        ("621000000000011", "cainiao", 65, False),
    ],
)
def test_the_surest_carrier_comes_first(number: str, carrier: str, confidence: int, checked: bool) -> None:
    first = identify(number)[0]
    assert (first.carrier, first.confidence, first.checked) == (carrier, confidence, checked)
    assert first.number == number


@pytest.mark.parametrize(
    ("label", "found"),
    [
        (
            "1001921334250001000300779017972697",
            Candidate("fedex", "779017972697", 85, True, (("zip", "10003"),)),
        ),
        (
            "9622001560001234567100794808390594",
            Candidate("fedex", "794808390594", 96, True, (("container", "22"), ("shipper", "0001234567"))),
        ),
        (
            "9622001560001234567568283610012734",
            Candidate("fedex", "568283610012734", 75, True, (("container", "22"), ("shipper", "0001234567"))),
        ),
        (
            "9611020987654312345672",
            Candidate(
                "fedex",
                "987654312345672",
                96,
                True,
                (("container", "11"), ("service", "020"), ("shipper", "9876543")),
            ),
        ),
        (
            "420787459400111206206406260787",
            Candidate(
                "usps",
                "9400111206206406260787",
                95,
                True,
                (("zip", "78745"), ("service", "001"), ("mailer", "112062"), ("serial", "0640626078")),
            ),
        ),
        (
            "4201028200009261290113185417468510",
            Candidate(
                "usps",
                "9261290113185417468510",
                95,
                True,
                (("zip", "102820000"), ("service", "612"), ("mailer", "901131854"), ("serial", "1746851")),
            ),
        ),
        (
            "008182709980000020033350276C",
            Candidate(
                "dpd",
                "09980000020033",
                96,
                True,
                (("zip", "0081827"), ("service", "350"), ("country", "276")),
            ),
        ),
        ("09980000020033F", Candidate("dpd", "09980000020033", 60, True)),
        ("00106141412345678908", Candidate("sscc", "106141412345678908", 70, True, (("extension", "1"),))),
        (
            "019931265099999891ZLE000119601000930207",
            Candidate(
                "australia_post",
                "ZLE000119601000930207",
                98,
                True,
                (("location", "ZLE"), ("article", "01"), ("product", "00093"), ("service", "02")),
            ),
        ),
    ],
)
def test_a_label_tells_its_number_and_more(label: str, found: Candidate) -> None:
    assert identify(label)[0] == found


def test_a_number_without_its_zip_has_no_zip() -> None:
    assert [name for name, _ in identify("9400111206206406260787")[0].parts] == [
        "service",
        "mailer",
        "serial",
    ]


def test_a_label_of_two_carriers_names_both_with_their_numbers() -> None:
    found = [(one.carrier, one.number) for one in identify("420112139261290983497923666238")]
    number = "9261290983497923666238"
    assert found == [("usps", number), ("fedex", number), ("ups", number)]


def test_all_carriers_a_number_can_be_of_are_named_once() -> None:
    carriers = [found.carrier for found in identify("268000000001")]
    assert carriers == ["zto", "sf", "sto", "jt", "ups", "yto"]


def test_what_is_far_behind_is_left_out() -> None:
    assert [found.carrier for found in identify("SF1385628716739")] == ["sf"]


@pytest.mark.parametrize("number", ["1Z999AA10123456783", "9400111201080805483017", "00340434161094042558"])
def test_a_number_with_a_wrong_check_digit_is_nobodys(number: str) -> None:
    assert identify(number) == ()


@given(
    st.one_of(
        st.text(max_size=60),
        st.text(DIGITS, max_size=45),
        st.text(DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ", max_size=45),
        st.sampled_from([number for _, _, number in VALID]).flatmap(
            lambda number: st.integers(0, len(number) - 1).map(
                lambda place: number[:place] + "7" + number[place + 1 :]
            )
        ),
    )
)
@example("٣٥٦٩٣٨٠٣٥٦٤٣")
@example("SF1385628716739\n")
@example("")
def test_whatever_comes_is_ranked_and_never_raises(text: str) -> None:
    found = identify(text)
    ranks = [one.confidence for one in found]
    assert ranks == sorted(ranks, reverse=True)
    assert len({one.carrier for one in found}) == len(found)
    assert not ranks or ranks[0] - ranks[-1] < FAR_BEHIND
    assert all(one.number in text and one.number.isascii() for one in found)


def test_a_wrong_word_in_the_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "carriers.toml"
    file.write_text('countries = "CN"\n[[carrier]]\ncode = "x"\nname_en = "X"\n', encoding="utf-8")
    with pytest.raises(msgspec.ValidationError, match="name_zh"):
        load(file)
