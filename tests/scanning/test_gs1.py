"""GTINs, restricted numbers, element strings; the table of identifiers against its own examples."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk_app.scanning.checks import has_gs1_check_pair, price_verifier
from desk_app.scanning.gs1 import (
    Elements,
    Restricted,
    bracketed,
    broken_pairs,
    canonical_gtin,
    is_gtin,
    parse,
    restricted,
)
from desk_app.scanning.gs1_rules import CHARACTERS, CHECKS, PATTERNS
from desk_app.scanning.gs1_table import rows

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
        (f"(01) {GTIN_14} (10) LOT", (("01", GTIN_14), ("10", "LOT"))),
        ("(10)12345\\(11)991225", (("10", "12345(11)991225"),)),
        ("(10)AB(1)(12345)", (("10", "AB(1)(12345)"),)),
        ("310012345610LOT", (("3100", "123456"), ("10", "LOT"))),
        ("21A7\x1d3100123456390099", (("21", "A7"), ("3100", "123456"), ("3900", "99"))),
        ("7007211225211231\x1d7007211225", (("7007", "211225211231"), ("7007", "211225"))),
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
        f"01{GTIN_14}17260229",
        f"01{GTIN_14}\x1d\x1d21A7",
        f"010{GTIN_14}\x1d21A7",
        "2421234567",
        "8001123412345123981",
        "70072112252112",
        "(1)5",
        "(15",
        "()12345",
        "(10)12345(11)",
        "(10)(11)260101",
        "(10)A(89)B",
        "(10)A^B",
        "(10)A B",
        "00006141411234567891",
        f"(01){GTIN_14}(21)中",
        f"x(01){GTIN_14}",
        f"(89)1(01){GTIN_14}",
        "0106291041500213"[:-1] + "１",
    ],
)
def test_a_string_with_any_wrong_part_is_no_element_string(text: str) -> None:
    assert parse(text) is None


def test_elements_are_written_with_brackets() -> None:
    assert bracketed((("01", GTIN_14), ("21", "A7"))) == "(01)06291041500213(21)A7"


@pytest.mark.parametrize(
    ("value", "printed"), [("a(b)c", "a(b)c"), ("a(11)b", "a\\(11)b"), ("((2100))", "(\\(2100))")]
)
def test_brackets_in_a_value_are_written_so_that_nobody_mistakes_them(value: str, printed: str) -> None:
    assert bracketed((("10", value),)) == f"(10){printed}"
    assert parse(f"(10){printed}") == (("10", value),)


# First two digits of the identifiers that no separator ends, from the General Specifications, section 7.8.
SET_LENGTHS = "00 01 02 03 04 11 12 13 14 15 16 17 18 19 20 31 32 33 34 35 36 41".split()  # noqa: SIM905
# The first identifier of every row of the table.
FIRST = {id(row): name for name, row in reversed(rows().items())}.values()


@pytest.mark.parametrize("name", FIRST)
def test_every_identifier_takes_its_example_and_refuses_its_counterexample(name: str) -> None:
    row = rows()[name]
    for start in ("\x1d" + name, f"({name})"):
        assert parse(start + row.valid) == ((name, row.valid),)
        assert parse(start + row.invalid) is None


@pytest.mark.parametrize("name", FIRST)
def test_only_an_identifier_of_set_length_runs_into_the_next_one(name: str) -> None:
    value = rows()[name].valid
    both = ((name, value), ("10", "A"))
    assert parse(name + value + "\x1d10A") == both
    assert (parse(name + value + "10A") == both) == (name[:2] in SET_LENGTHS)


@pytest.mark.parametrize("name", FIRST)
def test_every_row_is_whole(name: str) -> None:
    row = rows()[name]
    assert row.title
    assert row.origin in ("published", "made")
    assert {rule for part in row.rules for rule in part.split(",")} <= {"-", *PATTERNS, *CHECKS}
    assert row.link.partition(" ")[0] in ("", "no", "key")
    named = [*row.excludes, *(one for group in row.needs for one in group.split("+")), *row.link.split()[1:]]
    patterns = [one for part in named for one in part.split("/") if one]
    assert [one for one in patterns if not any(_is_like(other, one) for other in rows())] == []


def _is_like(name: str, pattern: str) -> bool:
    return len(name) == len(pattern) and name.startswith(pattern.rstrip("n"))


def test_no_identifier_begins_as_another_one() -> None:
    names = sorted(rows())
    assert [one for one, after in pairwise(names) if after.startswith(one)] == []


# Whole numbers of identifiers in the General Specifications' ranges, counted by hand.
@pytest.mark.parametrize(
    ("first", "count"),
    [("0", 4), ("1", 7), ("31", 42), ("33", 48), ("39", 50), ("41", 8), ("43", 31), ("703", 10), ("9", 10)],
)
def test_the_ranges_are_whole(first: str, count: int) -> None:
    assert sum(name.startswith(first) for name in rows()) == count


# Values beyond the table's own examples, one for each turn of a rule. Worked out by hand.
@pytest.mark.parametrize(
    "text",
    [
        "(17)240229",
        "(17)000229",
        "(4324)2612002359",
        "(7011)260930",
        "(8008)26123123",
        "(8008)2612312359",
        "(423)156",
        "(423)156276840528578",
        "(7030)156A",
        "(4309)18000000003600000000",
        "(8007)NO9386011117947",
        "(8030)ABC=",
        "(8030)AB==",
        "(8030)A",
        "(255)9520123456788",
        "(8043)898600123456789012",
        "(8112)10123456123456" + "0123456",
        "(8110)01234561234561111012332612314260101",
        "(7252)0",
        "(4330)000000-",
    ],
)
def test_values_that_the_rules_take(text: str) -> None:
    assert parse(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "(00)000000000000000000",
        "(17)230229",
        "(17)260000",
        "(7003)2612000830",
        "(7006)260400",
        "(7006)260431",
        "(7250)19000229",
        "(8008)261231235",
        "(8008)26123124",
        "(423)156000",
        "(4309)00000000003600000001",
        "(8007)AB12345678901234",
        "(8007)GB82west12345698765432",
        "(8007)NO93",
        "(8030)A=",
        "(8030)ABCD=",
        "(8030)A=BC",
        "(7258)0/3",
        "(7258)111",
        "(8001)00001234512398",
        "(8003)112345678901281",
        "(8014)12345678",
        "(8010)123456_",
        "(401)123",
        "(8110)01234561234561111012335006064500607",
        "(8112)201234561234560123456",
        "(8006)095201234567880100",
        "(8006)095201234567870102",
        "(4300)A%",
        "(4300)A%0g",
    ],
)
def test_values_that_a_rule_refuses(text: str) -> None:
    assert parse(text) is None


SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
FREE = {"10": 20, "21": 20, "240": 30, "400": 30, "99": 90}

given_elements = st.sampled_from(sorted(rows())).map(lambda name: (name, rows()[name].valid))
free_elements = st.sampled_from(sorted(FREE)).flatmap(
    lambda name: st.tuples(st.just(name), st.text(SET_82, min_size=1, max_size=FREE[name]))
)
sequences = st.lists(given_elements | free_elements, min_size=1, max_size=12).map(tuple)


def with_separators(elements: Elements) -> str:
    return "".join(
        name + value + ("" if name[:2] in SET_LENGTHS else "\x1d") for name, value in elements
    ).removesuffix("\x1d")


@given(sequences)
@example((("10", "(21)"), ("21", "a(2"), ("10", "10)")))
def test_any_elements_in_any_order_are_read_back(elements: Elements) -> None:
    assert parse(with_separators(elements)) == elements
    assert parse(bracketed(elements)) == elements


@given(st.text() | st.text("0123456789()A\x1d\\%=(", max_size=60))
@example("(")
@example("\ud800(10)")
@example("(253)")
@example("8007")
@example("(7250)00000000")
@example("(8013)1")
@example("(4309)²")
@example("01" + "²" * 14)
def test_no_text_is_too_much(text: str) -> None:
    elements = parse(text)
    assert elements is None or parse(bracketed(elements)) == elements


CHECKED = {
    "00": 18, "01": 14, "02": 14, "03": 14, "253": 13, "255": 13, "402": 17, "410": 13, "411": 13, "412": 13,
    "413": 13, "414": 13, "415": 13, "416": 13, "417": 13, "8003": 14, "8006": 14, "8017": 18, "8018": 18,
    "8026": 14,
}  # fmt: skip


@given(st.sampled_from(sorted(CHECKED)), st.data())
def test_one_wrong_digit_of_a_checked_number_is_refused(name: str, data: st.DataObject) -> None:
    right = rows()[name].valid
    at = data.draw(st.integers(0, CHECKED[name] - 1))
    digit = data.draw(st.sampled_from("0123456789".replace(right[at], "")))
    assert parse(f"({name}){right[:at]}{digit}{right[at + 1 :]}") is None


@given(st.integers(0, 24), st.sampled_from(SET_82))
def test_one_wrong_character_of_a_model_number_is_refused(at: int, character: str) -> None:
    model = "1987654Ad4X4bL5ttr2310c2K"  # the General Specifications' own
    assert has_gs1_check_pair(model[:at] + character + model[at + 1 :]) == (character == model[at])


@given(st.integers(0, 21), st.sampled_from("0123456789"), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_one_wrong_digit_or_letter_of_an_account_is_refused(at: int, digit: str, letter: str) -> None:
    account = "GB82WEST12345698765432"  # the IBAN registry's own
    other = digit if account[at].isdecimal() else letter
    changed = account[:at] + other + account[at + 1 :]
    assert (parse("8007" + changed) is not None) == (other == account[at])


# 28.75 and 146.85 are worked out in the General Specifications, section 7.9; the others by hand.
@pytest.mark.parametrize(
    ("price", "verifier"),
    [("2875", "9"), ("14685", "6"), ("0008", "8"), ("0009", "3"), ("00900", "2"), ("00800", "3")],
)
def test_prices_are_verified(price: str, verifier: str) -> None:
    assert price_verifier(price) == verifier


# Check digits and verifiers by hand.
@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("212345928752", Restricted("02", "12345", "92875", "2875")),
        ("0212345928752", Restricted("02", "12345", "92875", "2875")),
        ("2112346146859", Restricted("21", "12346", "14685", "14685")),
        ("2112345678900", Restricted("21", "12345", "67890", "")),
        ("416000336108", Restricted("04", "1600033610", "", "")),
        ("02345673", Restricted("0", "234567", "", "")),
        ("2112345678901", None),
        ("96385074", None),
        (GTIN_13, None),
        ("12345", None),
        ("", None),
    ],
)
def test_restricted_numbers_are_taken_apart(number: str, parts: Restricted | None) -> None:
    assert restricted(number) == parts


# Pairs of GS1's own examples.
@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("(01)12345678901231(3103)000195(17)261231", ()),
        ("(01)12345678901231(02)12345678901231(37)12", (
            "01 excludes 37", "02 excludes 01", "37 needs 00+02 or 00+8026",
        )),
        ("(00)123456789012345675(02)12345678901231", ("02 needs 37",)),
        ("(00)123456789012345675(02)12345678901231(37)12", ()),
        ("(01)12345678901231(250)S2", ("250 needs 01+21 or 03+21 or 8006+21",)),
        ("(01)12345678901231(21)S(250)S2", ()),
        ("(01)12345678901231(3103)000195(3102)001950", ("3103 excludes 310n", "3102 excludes 310n")),
        ("(01)12345678901231(3925)12599(3105)654321", ()),
        ("(400)ABC(400)ABC", ()),
        ("(400)ABC(400)AB(400)AB", ("400 excludes 400",)),
        ("(01)12345678901231(21)S(235)T", ("21 excludes 235",)),
    ],
)  # fmt: skip
def test_pairs_that_do_not_go_together_are_named(text: str, broken: tuple[str, ...]) -> None:
    elements = parse(text)
    assert elements is not None
    assert broken_pairs(elements) == broken


def test_the_characters_are_those_of_the_sets() -> None:
    assert {letter for row in rows().values() for letter in row.format if letter.isupper()} == set(CHARACTERS)
    taken = [chr(code) for code in range(256) if parse(f"(10){chr(code)}") is not None]
    assert "".join(taken) == SET_82
