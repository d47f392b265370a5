"""What a code can mean, ranked; and that nothing a reader sends is ever too much."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk_app.scanning.codes import OwnKind, encode
from desk_app.scanning.reading import Kind, Reading, Source, Why, hear, read

CASE = "A12425GABC1234002M"


def kinds(text: str, aim: str | None = None) -> list[tuple[Kind, str]]:
    return [(reading.kind, reading.value) for reading in read(text, aim)]


@pytest.mark.parametrize(
    ("own", "body", "kind"),
    [
        (OwnKind.CASE, CASE, Kind.CASE),
        (OwnKind.ITEM, CASE + "01", Kind.ITEM),
        (OwnKind.PARCEL, "000123", Kind.PARCEL),
        (OwnKind.SHELF, "A12", Kind.SHELF),
        (OwnKind.BADGE, "LI0001", Kind.BADGE),
        (OwnKind.COMMAND, "NEXT", Kind.COMMAND),
        (OwnKind.DOCUMENT, "R00012", Kind.DOCUMENT),
        (OwnKind.JOIN, "B" * 200, Kind.JOIN),
    ],
)
def test_our_own_codes_are_certain_and_nothing_else(own: OwnKind, body: str, kind: Kind) -> None:
    assert read(encode(own, body)) == (Reading(kind, body, None, 100, Why.OWN_CHECK),)


def test_our_own_code_survives_capslock_full_width_and_blanks() -> None:
    assert read("m7ca12425gabc1234002m") == (Reading(Kind.CASE, CASE, None, 95, Why.CASE_SWAPPED),)
    assert kinds("Ｍ７ＣA12425GABC1234002M\r\n") == [(Kind.CASE, CASE)]
    assert kinds("M7C A12425G ABC1234002M") == [(Kind.CASE, CASE)]


def test_a_damaged_code_of_ours_is_said_to_be_one() -> None:
    assert read("M7CA12425GABC1234002N")[0].why is Why.OWN_CHECK_FAILED
    assert read("M7CA12425GABC1234002N")[0].kind is Kind.UNKNOWN


def test_a_waybill_comes_in_the_form_a_parcel_is_keyed_by() -> None:
    first = read("JDX024407261700-1-1-")[0]
    assert first == Reading(Kind.WAYBILL, "JDX024407261700", "jd", 90, Why.PATTERN)
    parts = (("shipper", "999AA1"), ("service", "01"), ("serial", "2345678"))
    assert read("1Z 999 AA1 01 2345 6784")[0] == Reading(
        Kind.WAYBILL, "1Z999AA10123456784", "ups", 98, Why.CHECK_DIGIT, parts
    )


def test_a_label_that_holds_more_is_read_as_its_tracking_number() -> None:
    for label in ("1001921334250001000300779017972697", "%008182709980000020033350276"):
        assert read(label)[0].kind is Kind.WAYBILL
    assert read("1001921334250001000300779017972697")[0].value == "779017972697"
    assert read("%008182709980000020033350276")[0].value == "09980000020033"
    assert read("01993126509999989133W4P345499501000965104")[0].value == "33W4P345499501000965104"
    assert read("JDX024407261700-2-3-")[0].value == "JDX024407261700-2-3"


def test_capslock_is_tried_when_nothing_fits_and_is_said() -> None:
    first = read("sf1385628716739")[0]
    assert first == Reading(Kind.WAYBILL, "SF1385628716739", "sf", 85, Why.CASE_SWAPPED)


# 356938035643809 and 490154203237518 are the usual examples of IMEIs with a right Luhn digit.
def test_fifteen_digits_can_be_an_imei_and_a_waybill() -> None:
    readings = read("356938035643809")
    assert [(one.kind, one.carrier) for one in readings] == [
        (Kind.IMEI, None),
        (Kind.WAYBILL, "yunda"),
        (Kind.WAYBILL, "fedex"),
        (Kind.WAYBILL, "yto"),
        (Kind.SERIAL, None),
    ]
    assert [one.confidence for one in readings] == sorted((one.confidence for one in readings), reverse=True)


def test_a_waybill_goes_before_an_imei_that_no_reporting_body_gave() -> None:
    assert [one.kind for one in read("490154203237518")][:2] == [Kind.WAYBILL, Kind.IMEI]


def test_a_wrong_luhn_digit_is_no_imei() -> None:
    assert Kind.IMEI not in [one.kind for one in read("356938035643808")]


def test_digits_of_another_script_are_no_imei() -> None:
    assert [one.kind for one in read("٣٥٦٩٣٨٠٣٥٦٤٣٨٠٩")] == [Kind.UNKNOWN]


def test_an_imei_may_be_printed_with_dashes() -> None:
    assert kinds("35-693803-564380-9")[0] == (Kind.IMEI, "356938035643809")


def test_an_ean_is_a_gtin_first_and_may_still_be_a_waybill() -> None:
    assert kinds("6901234567892")[:2] == [(Kind.GTIN, "6901234567892"), (Kind.WAYBILL, "6901234567892")]
    assert Kind.GTIN not in [one.kind for one in read("6901234567893")]


@pytest.mark.parametrize("text", ["]E06901234567892", "]E46901234567892"])
def test_an_ean_symbol_is_never_a_waybill(text: str) -> None:
    assert read(text)[0] == Reading(Kind.GTIN, "6901234567892", None, 98, Why.SYMBOLOGY)
    assert Kind.WAYBILL not in [one.kind for one in read(text)]


def test_the_symbology_may_be_told_apart() -> None:
    assert read("6901234567892", "]E0") == read("]E06901234567892")


@pytest.mark.parametrize(
    "text",
    [
        "]C1010690123456789221A7",
        "\x1d010690123456789221A7",
        "(01)06901234567892(21)A7",
        "010690123456789221A7",
    ],
)
def test_an_element_string_gives_itself_its_gtin_and_its_serial(text: str) -> None:
    assert kinds(text)[:3] == [
        (Kind.GS1, "(01)06901234567892(21)A7"),
        (Kind.GTIN, "6901234567892"),
        (Kind.SERIAL, "A7"),
    ]


def test_a_serial_number_keeps_its_case() -> None:
    assert read("C02XL0GYjgh5") == (Reading(Kind.SERIAL, "C02XL0GYjgh5", None, 30, Why.SHAPE),)


@pytest.mark.parametrize("text", ["屏幕碎了", "hello", "\x1d", "]", "]C1", "12"])
def test_what_nothing_fits_is_unknown(text: str) -> None:
    assert read(text) == (Reading(Kind.UNKNOWN, text, None, 0, Why.NOTHING_FITS),)


@pytest.mark.parametrize("text", ["", " \r\n\t", "\x00\x02\x03", "\u3000\ufeff"])
def test_an_empty_scan_says_so(text: str) -> None:
    assert read(text) == (Reading(Kind.UNKNOWN, "", None, 0, Why.EMPTY),)


def test_ten_thousand_characters_are_too_long_and_harmless() -> None:
    assert read("7" * 10_240) == (Reading(Kind.UNKNOWN, "7" * 200, None, 0, Why.TOO_LONG),)


def test_the_scan_keeps_what_came_and_names_the_symbology() -> None:
    scan = hear("]C1010690123456789221A7\r", Source.SERIAL_PORT, 5)
    assert (scan.raw, scan.source, scan.at, scan.aim) == (
        "]C1010690123456789221A7\r",
        Source.SERIAL_PORT,
        5,
        "]C1",
    )
    assert scan.readings == read("]C1010690123456789221A7\r")
    assert (scan.surest.kind, scan.surest.value) == (Kind.GS1, "(01)06901234567892(21)A7")
    assert hear("SF1385628716739", Source.KEYBOARD, 5).aim is None


digits = st.text("0123456789", max_size=40)
code_like = st.text("0123456789ABCDEFJMPSTYZabc-_ ()[]\x1d\x02\r\n０Ａ", max_size=60)
prefixed = st.builds(
    str.__add__,
    st.sampled_from(["M7", "M7C", "]C1", "]E0", "]", "01", "(01)", "00", "1Z", "JD", "\x1d"]),
    code_like,
)
control = st.text(st.characters(max_codepoint=0x1F), max_size=30)
anything = st.text(st.characters(exclude_categories=()), max_size=300)
long = st.builds(str.__mul__, st.text(min_size=1, max_size=8), st.integers(1, 2000))


@given(st.one_of(anything, control, digits, code_like, prefixed, long), st.one_of(st.none(), anything))
@example("\ud800" * 3, None)
@example("\ufdfa" * 3999, None)
@example("9" * 4000, "]C1")
@example("ſ7c\x1d", None)
def test_whatever_is_sent_is_read(text: str, aim: str | None) -> None:
    readings = read(text, aim)
    assert readings
    assert all(0 <= one.confidence <= 100 for one in readings)
    assert [one.confidence for one in readings] == sorted((one.confidence for one in readings), reverse=True)
    assert all(one.value.encode() is not None for one in readings)


@given(st.one_of(anything, control, prefixed))
def test_whatever_is_sent_is_heard(text: str) -> None:
    assert hear(text, Source.TYPED, 0).raw == text


def parts(text: str, kind: Kind) -> dict[str, str]:
    return dict(next(one for one in read(text) if one.kind is kind).parts)


def test_a_number_of_the_shops_own_scales_is_no_gtin() -> None:
    assert read("2112345012346")[0].kind is Kind.RESTRICTED
    assert Kind.GTIN not in [one.kind for one in read("2112345012346")]
    assert parts("2112345012346", Kind.RESTRICTED) | {"price": ""} == {
        "prefix": "21",
        "item": "12345",
        "measure": "01234",
        "price": "",
    }


# The key numbers are GS1's own samples of its General Specifications.
@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("(00)106141411234567897", Kind.SSCC, "106141411234567897"),
        ("(8003)095212345432131234", Kind.GRAI, "095212345432131234"),
        ("(8004)95201234567891234", Kind.GIAI, "95201234567891234"),
    ],
)
def test_keys_of_gs1_have_their_kinds(text: str, kind: Kind, value: str) -> None:
    assert (kind, value) in kinds(text)


def test_an_element_string_tells_its_parts() -> None:
    assert parts("(01)06901234567892(21)A7", Kind.GS1) == {"01": "06901234567892", "21": "A7"}


def test_a_digital_link_is_what_it_says_and_an_address() -> None:
    found = kinds("HTTPS://ID.GS1.ORG/01/06901234567892/21/A7")
    assert found[:3] == [
        (Kind.GS1, "(01)06901234567892(21)A7"),
        (Kind.GTIN, "6901234567892"),
        (Kind.SERIAL, "A7"),
    ]
    assert (Kind.URL, "HTTPS://ID.GS1.ORG/01/06901234567892/21/A7") in found


def test_an_ordinary_address_is_first_of_all_that() -> None:
    assert kinds("https://a.cn/8004/1234x")[0] == (Kind.URL, "https://a.cn/8004/1234x")
    assert kinds("https://a.cn/x?y=1") == [(Kind.URL, "https://a.cn/x?y=1")]


def test_an_address_with_a_code_of_ours_leads_to_it() -> None:
    address = f"https://shop.example/s?c={encode(OwnKind.CASE, CASE)}"
    assert kinds(address)[:2] == [(Kind.CASE, CASE), (Kind.URL, address)]


def test_an_imei_with_software_version_leads_to_the_imei() -> None:
    assert (Kind.IMEI, "356938035643809") in kinds("3569380356438099")
    assert parts("3569380356438099", Kind.IMEI) == {"imeisv": "3569380356438099"}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("AF0123450ABCDEC", Kind.MEID, "AF0123450ABCDE"),
        ("D0:50:99:84:A2:A0", Kind.MAC, "D0:50:99:84:A2:A0"),
        ("d0-50-99-84-a2-a0", Kind.MAC, "D0:50:99:84:A2:A0"),
        ("D0509984A2A0", Kind.MAC, "D0:50:99:84:A2:A0"),
    ],
)
def test_numbers_of_devices_have_one_form(text: str, kind: Kind, value: str) -> None:
    assert kinds(text)[0] == (kind, value)


def test_a_code_typed_by_number_is_read_and_said() -> None:
    digits = "".join(f"{ord(each):03}" for each in "SF1385628716739")
    assert read(digits)[0] == Reading(Kind.WAYBILL, "SF1385628716739", "sf", 85, Why.TYPED_BY_NUMBER)
    own = "".join(f"{ord(each):04}" for each in encode(OwnKind.SHELF, "S01"))
    assert read(own) == (Reading(Kind.SHELF, "S01", None, 95, Why.TYPED_BY_NUMBER),)


@pytest.mark.parametrize(
    ("one", "two", "confidence"),
    [
        ("SF1385628716739", "SF1385628716740", 85),
        (encode(OwnKind.CASE, CASE), "1Z999AA10123456784", 85),
        (encode(OwnKind.SHELF, "S01"), encode(OwnKind.PARCEL, "000123"), 95),
        (encode(OwnKind.CASE, CASE), encode(OwnKind.CASE, CASE), 85),
    ],
)
def test_two_codes_that_came_as_one_are_told_apart_where_that_is_certain(
    one: str, two: str, confidence: int
) -> None:
    assert read(one + two)[0] == Reading(
        Kind.SEVERAL, one + two, None, confidence, Why.GLUED, (("1", one), ("2", two))
    )


@pytest.mark.parametrize("text", ["SF1385628716739ABCDEFGH", "69012345678926901234567892", "A" * 60])
def test_what_may_be_one_code_is_not_cut_in_two(text: str) -> None:
    assert Kind.SEVERAL not in [one.kind for one in read(text)]
