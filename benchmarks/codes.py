"""Understanding codes: how many a second one core reads, of a mix of waybills, GS1 and our own."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from benchmarks.figures import Bound, Figure
from desk_app import ids
from desk_app.scanning import carriers
from desk_app.scanning.codes import OwnKind, encode, item_body
from desk_app.scanning.gs1 import SEPARATOR
from desk_app.scanning.reading import read

SEED = 4
MADE = 3_000
RUNS_PER_TIME = 2
FLOOR, GOAL = Bound(3_000), Bound(10_000)
BLOCK = "7QK"


def measure(_: Path, __: int, times: int) -> Iterator[Figure]:
    """Read the same codes again and again; the first time, which loads the tables, does not count."""
    figure = Figure("codes understood on one core", FLOOR, "/s", GOAL)
    codes = mix()
    for _run in range(1 + RUNS_PER_TIME * times):
        began = time.process_time()
        for code in codes:
            read(code)
        figure.samples.append(len(codes) / (time.process_time() - began))
    del figure.samples[0]
    yield figure


def mix() -> list[str]:
    """A third waybills, a third GS1, a third codes of our own."""
    chance = random.Random(SEED)
    a_third = MADE // 3
    waybills = [
        each for carrier in carriers.table().carriers for row in carrier.formats for each in row.valid
    ]
    found = chain(
        (chance.choice(waybills) for _ in range(a_third)),
        (_gs1(chance) for _ in range(a_third)),
        (_own(chance, number) for number in range(1, a_third + 1)),
    )
    mixed = list(found)
    chance.shuffle(mixed)
    return mixed


def _gs1(chance: random.Random) -> str:
    serial = f"{chance.randrange(10**9):09}"
    forms = (
        "6901234567892",
        f"01069012345678921727123110A7{SEPARATOR}21{serial}",
        f"]d2010690123456789221{serial}",
        f"(01)06901234567892(10)A7(21){serial}",
        f"https://id.gs1.org/01/06901234567892/21/{serial}",
        "(00)106141411234567897",
    )
    return chance.choice(forms)


def _own(chance: random.Random, number: int) -> str:
    case = ids.case_number(BLOCK, number)
    return chance.choice(
        (
            encode(OwnKind.CASE, case),
            encode(OwnKind.ITEM, item_body(case, 1)),
            encode(OwnKind.COMMAND, "NEXT"),
        )
    )
