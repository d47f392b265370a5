"""The table of carriers against its own examples, and the engine that reads it."""

from pathlib import Path

import msgspec
import pytest

from desk_app.scanning.carriers import Candidate, Carrier, FormatRow, Table, formats, identify, load, table

ROWS = [(carrier, row) for carrier in table().carriers for row in carrier.formats]
IDS = [f"{carrier.code}-{row.name}" for carrier, row in ROWS]


def fits(carrier: Carrier, row: FormatRow, number: str) -> bool:
    alone = Carrier(carrier.code, carrier.name_en, carrier.name_zh, (row,))
    return formats(Table(table().countries, (alone,)))[0].fits(number)


@pytest.mark.parametrize(("carrier", "row"), ROWS, ids=IDS)
def test_every_example_of_a_format_fits_it(carrier: Carrier, row: FormatRow) -> None:
    assert row.valid
    assert [number for number in row.valid if not fits(carrier, row, number)] == []


@pytest.mark.parametrize(("carrier", "row"), ROWS, ids=IDS)
def test_no_spoilt_example_fits(carrier: Carrier, row: FormatRow) -> None:
    assert row.invalid
    assert [number for number in row.invalid if fits(carrier, row, number)] == []


@pytest.mark.parametrize(("carrier", "row"), ROWS, ids=IDS)
def test_every_row_names_its_source(carrier: Carrier, row: FormatRow) -> None:
    assert len(row.source) > 20
    assert 0 < row.confidence <= 100


CHECKED = [
    (f"{carrier.code}-{row.name}", carrier, row, number)
    for carrier, row in ROWS
    if row.check
    for number in row.valid
]


@pytest.mark.parametrize(
    ("carrier", "row", "number"), [one[1:] for one in CHECKED], ids=[one[0] for one in CHECKED]
)
def test_a_number_has_one_right_check_digit_only(carrier: Carrier, row: FormatRow, number: str) -> None:
    place = len(number) - 3 if number[-1].isalpha() else len(number) - 1
    variants = [number[:place] + digit + number[place + 1 :] for digit in "0123456789"]
    assert [variant for variant in variants if fits(carrier, row, variant)] == [number]


def test_carriers_that_were_asked_for_are_there() -> None:
    codes = [carrier.code for carrier in table().carriers]
    chinese = ["sf", "yto", "zto", "sto", "yunda", "jd", "jt", "ems", "deppon", "cainiao"]
    assert codes == [*chinese, "ups", "fedex", "usps", "dhl", "upu"]


# Worked by hand. UPS: digits 9 9 9 2 2 1 0 1 2 3 4 5 6 7 8 (A is 2) by 1 and 2 in turn:
# 9+18+9+4+2+2+0+2+2+6+4+10+6+14+8 = 96, to 100 it is 4.
# FedEx Express: 0 1 2 3 4 5 6 7 8 9 8 by 3 1 7 …: 0+1+14+9+4+35+18+7+56+27+8 = 179 = 16·11 + 3.
# S10: 4 7 3 1 2 4 8 2 by 8 6 4 2 3 5 9 7: 32+42+12+2+6+20+72+14 = 200 = 18·11 + 2, 11 - 2 = 9.
# DHL: 331881002 = 7·47411571 + 5.
@pytest.mark.parametrize(
    ("number", "best"),
    [
        ("1Z999AA10123456784", Candidate("ups", 98, True)),
        ("012345678983", Candidate("fedex", 55, True)),
        ("RR473124829GB", Candidate("upu", 95, True)),
        ("EA123456785CN", Candidate("ems", 97, True)),
        ("3318810025", Candidate("dhl", 50, True)),
        ("9400111201080805483016", Candidate("usps", 92, True)),
        ("SF1385628716739", Candidate("sf", 90, False)),
        ("463431409940372", Candidate("yunda", 60, False)),
        ("773277027280336", Candidate("sto", 70, False)),
        ("621000000000011", Candidate("cainiao", 65, False)),
    ],
)
def test_the_surest_carrier_comes_first(number: str, best: Candidate) -> None:
    assert identify(number)[0] == best


def test_all_carriers_a_number_can_be_of_are_named_once() -> None:
    assert [found.carrier for found in identify("268000000001")] == ["sf", "sto", "zto"]


def test_what_is_far_behind_is_left_out() -> None:
    assert [found.carrier for found in identify("SF1385628716739")] == ["sf"]


def test_a_number_with_a_wrong_check_digit_is_nobodys() -> None:
    assert identify("1Z999AA10123456783") == ()


def test_a_wrong_word_in_the_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "carriers.toml"
    file.write_text('countries = "CN"\n[[carrier]]\ncode = "x"\nname_en = "X"\n', encoding="utf-8")
    with pytest.raises(msgspec.ValidationError, match="name_zh"):
        load(file)
