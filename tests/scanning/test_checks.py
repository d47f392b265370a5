"""Check digits worked by hand or taken from the standards that define them."""

import pytest

from desk_app.scanning.checks import ALGORITHMS, has_gs1_check


# GS1 by 3 and 1 from the right: 0 1 0 6 1 4 1 4 1 2 3 4 5 6 7 8 9 0 is the guides' SSCC 106141412345678908.
# Post of Germany by 4 and 9: 2 0 1 2 9 8 4 5 2 2 7: 4·25 + 9·17 = 253, to 260 it is 7.
# Australia Post, A B C as 5 6 7 (65, 66, 67): its guide's ABC12345678901234567 gives 5.
# UPS, K1506235620 without its letter: 1+10+0+12+2+6+5+12+2 = 50.
# DPD's own example label 0081827 09980000020033 350 276 ends in C.
@pytest.mark.parametrize(
    ("algorithm", "body", "weights", "check"),
    [
        ("weighted_mod10", "10614141234567890", (3, 1), "8"),
        ("weighted_mod10", "20129845227", (4, 9), "7"),
        ("weighted_mod10", "150623562", (1, 2), "0"),
        ("weighted_mod10", "999AA1012345678", (1, 2), "4"),
        ("weighted_mod10_ascii", "ABC12345678901234567", (3, 1), "5"),
        ("weighted_mod11_remainder", "01234567898", (1, 3, 7), "3"),
        ("weighted_mod11_s10", "47312482", (7, 9, 5, 3, 2, 4, 6, 8), "9"),
        ("weighted_mod11_s10", "00000000", (7, 9, 5, 3, 2, 4, 6, 8), "5"),
        ("weighted_mod11_s10", "00000008", (7, 9, 5, 3, 2, 4, 6, 8), "0"),
        ("mod7", "331881002", (), "5"),
        ("mod37_36", "008182709980000020033350276", (), "C"),
        ("mod37_36", "09980000020034", (), "D"),
        ("mod37_36", "01015026003653", (), "C"),
    ],
)
def test_the_check_digit_is_the_published_one(
    algorithm: str, body: str, weights: tuple[int, ...], check: str
) -> None:
    assert ALGORITHMS[algorithm](body, weights) == check


def test_gs1_tells_right_from_wrong() -> None:
    assert has_gs1_check("106141412345678908")
    assert not has_gs1_check("106141412345678909")
