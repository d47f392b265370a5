"""Digital Links: addresses that carry application identifiers."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk_app.scanning.digital_link import parse
from desk_app.scanning.gs1_table import rows
from desk_app.scanning.reading import Kind, read

# Numbers of the GS1 Digital Link standard's own examples.
GTIN = "09520123456788"
SSCC = "952012345678912345"
GLN = "9520123456788"


@pytest.mark.parametrize(
    ("uri", "elements"),
    [
        (f"https://id.gs1.org/01/{GTIN}", (("01", GTIN),)),
        (f"http://a/00/{SSCC}", (("00", SSCC),)),
        (f"HTTPS://ID.GS1.ORG/01/{GTIN}/10/ABC1", (("01", GTIN), ("10", "ABC1"))),
        (f"https://brand.example.com:8443/some-extra/path/01/{GTIN}", (("01", GTIN),)),
        (f"https://[2001:db8::1]/01/{GTIN}", (("01", GTIN),)),
        (f"https://a/00/faux/00/{SSCC}", (("00", SSCC),)),
        (
            f"https://id.gs1.org/01/{GTIN}/22/2A/10/ABC1/21/12345?17=180426",
            (("01", GTIN), ("22", "2A"), ("10", "ABC1"), ("21", "12345"), ("17", "180426")),
        ),
        (f"https://id.gs1.org/01/{GTIN}/235/XYZ?10=A", (("01", GTIN), ("235", "XYZ"), ("10", "A"))),
        (f"https://id.gs1.org/414/{GLN}/254/32a%2Fb", (("414", GLN), ("254", "32a/b"))),
        (
            f"https://id.gs1.org/00/{SSCC}?02={GTIN}&37=25&10=ABC123",
            (("00", SSCC), ("02", GTIN), ("37", "25"), ("10", "ABC123")),
        ),
        (f"https://a/01/{GTIN}?&&99=A&linkType=x&only&98=B%2f7&", (("01", GTIN), ("99", "A"), ("98", "B/7"))),
        (f"https://a/01/{GTIN}/22/A+B?", (("01", GTIN), ("22", "A+B"))),
        (f"https://a/01/{GTIN}/10/x#fragment", (("01", GTIN), ("10", "x"))),
        (f"https://a/01/{GTIN}?99=A#", (("01", GTIN), ("99", "A"))),
        (f"https://a/8004/9520614141234567?01={GTIN}", (("8004", "9520614141234567"), ("01", GTIN))),
        ("https://a/01/9520123456788", (("01", GTIN),)),
        ("https://a/01/02345673", (("01", "00000002345673"),)),
        ("https://a/8003/02112345678900ABC", (("8003", "02112345678900ABC"),)),
    ],
)
def test_links_are_taken_apart(uri: str, elements: tuple[tuple[str, str], ...]) -> None:
    assert parse(uri) == elements


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://",
        "https:///",
        "https://a",
        "https://a/b/",
        "https://id.gs1.org/AQnYUc1gmiCNV4JGYgYyMA",
        f"ftp://a/01/{GTIN}",
        f"https://01/{GTIN}",
        f"https://$a/01/{GTIN}",
        f"https://[fe80::1%25lo]/01/{GTIN}",
        f"https://a/01/{GTIN}/",
        f"https://a/01//{GTIN}",
        "https://a/01/09520123456787",
        f"https://a/gtin/{GTIN}",
        f"https://a/01/{GTIN}/21/1/10/A",
        f"https://a/01/{GTIN}/235/A/10/B",
        f"https://a/01/{GTIN}/99/A",
        f"https://a/01/{GTIN}/89/A",
        f"https://a/01/{GTIN}/10/",
        f"https://a/01/{GTIN}?99=",
        f"https://a/01/{GTIN}?99",
        f"https://a/01/{GTIN}?89=A",
        f"https://a/01/{GTIN}?10=A",
        f"https://a/01/{GTIN}?21=A",
        f"https://a/01/{GTIN}/10/A?10=A",
        f"https://a/01/{GTIN}?99=A&99=A",
        f"https://a/01/{GTIN}?99=A+B",
        f"https://a/01/{GTIN}?99=A%00B",
        f"https://a/01/{GTIN}?99=A%2",
        f"https://a/01/{GTIN}?99=%E4%B8%AD",
        f"https://a/01/{GTIN}?99=中",
        f"https://a/01/{GTIN}<",
        f"https://a/01/{GTIN}\n",
        f"see https://a/01/{GTIN}",
    ],
)
def test_other_addresses_are_no_links(uri: str) -> None:
    assert parse(uri) is None


keys = sorted(name for name, row in rows().items() if row.link.startswith("key"))
texts = st.text("0123456789AZaz-_.!%/&=+?()", min_size=1, max_size=15)


def escaped(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode())


@given(st.sampled_from(keys), texts, st.sampled_from(["https://a", "HTTP://SHOP.CN/x/01"]))
def test_any_key_with_an_escaped_parameter_is_read_back(key: str, value: str, stem: str) -> None:
    right = rows()[key].valid
    assert parse(f"{stem}/{key}/{escaped(right)}?99={escaped(value)}") == ((key, right), ("99", value))


@given(
    st.text() | st.text("0123456789/?&=%A:.#", max_size=60).map(lambda rest: "https://a/01/" + GTIN + rest)
)
@example("https://a/" + "01/" * 1000)
@example("https://a/01/" + GTIN + "?" + "99=A&" * 500)
@example("https://a/01/\ud800")
def test_no_address_is_too_much(uri: str) -> None:
    elements = parse(uri)
    assert elements is None or len(dict(elements)) == len(elements) > 0


@pytest.mark.parametrize("text", [f"https://a.cn/01/{GTIN}/21/A7", f"]Q1HTTPS://A.CN/01/{GTIN}/21/A7"])
def test_a_scanned_link_gives_its_elements_its_gtin_and_its_serial(text: str) -> None:
    assert [(one.kind, one.value) for one in read(text)][:3] == [
        (Kind.GS1, f"(01){GTIN}(21)A7"),
        (Kind.GTIN, "9520123456788"),
        (Kind.SERIAL, "A7"),
    ]
