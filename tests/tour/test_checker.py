"""The checker says yes to what is so and no to what is not: papers, join codes, entries, beeps, windows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import checker
import pytest
import screen
from reportlab.graphics.barcode import code128
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from desk_app.scanning import codes
from desk_app.sync.wire import JoinCode, write_join_code

pytestmark = [pytest.mark.needs_linux, pytest.mark.slow]
FONT = Path(__file__).resolve().parents[2] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
NUMBER = "AB12C"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Asks a checker in a process of its own."""
    folder = tmp_path_factory.mktemp("checker")
    with screen.bus(folder / "bus") as bus:
        command = [sys.executable, str(Path(checker.__file__)), bus["DBUS_SESSION_BUS_ADDRESS"]]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, env={**os.environ, **bus}) as process:

            def ask(**question: Any) -> dict[str, Any]:
                assert process.stdin
                assert process.stdout
                process.stdin.write(json.dumps(question).encode() + b"\n")
                process.stdin.flush()
                answer: dict[str, Any] = json.loads(process.stdout.readline())
                return answer

            yield ask
            assert process.stdin
            process.stdin.close()


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A folder with a receipt in Chinese and its number as Code 128."""
    canvas = Canvas(str(tmp_path / "receipt.pdf"))
    pdfmetrics.registerFont(TTFont("Noto", str(FONT)))
    canvas.setFont("Noto", 14)
    canvas.drawString(40, 700, f"售后凭证  {NUMBER}")
    code128.Code128(f"M7C{NUMBER}", barHeight=14 * mm, barWidth=0.4 * mm).drawOn(canvas, 40, 600)
    canvas.save()
    return tmp_path


def test_a_paper_holds_its_words_and_codes(asked: Any, paper: Path) -> None:
    right = {"kind": "paper", "folder": str(paper), "parts": ["售后凭证", NUMBER], "codes": [f"M7C{NUMBER}"]}
    assert asked(**right)["held"]
    assert not asked(**{**right, "parts": ["维修报告"]})["held"]
    wrong = asked(**{**right, "codes": ["M7CAB12D"]})
    assert not wrong["held"]
    assert f"M7C{NUMBER}" in wrong["seen"]
    assert not asked(**{**right, "file": "report*.pdf"})["held"]


def test_beeps_are_compared_line_by_line(asked: Any, tmp_path: Path) -> None:
    log = tmp_path / "sounds"
    log.write_text("good\tSF1\nattention\tSF1\n")
    question = {"kind": "beeps", "log": str(log)}
    assert asked(**question, sounds=[["good", "SF1"], ["attention", "SF1"]])["held"]
    assert asked(**question, after=1, sounds=[["attention", "SF1"]])["held"]
    assert not asked(**question, sounds=[["good", "SF1"]])["held"]


def test_a_question_waits_only_as_long_as_it_may(asked: Any, tmp_path: Path) -> None:
    told = asked(kind="beeps", log=str(tmp_path / "none"), sounds=[["good", "SF1"]], within=0.2)
    assert not told["held"]
    assert told["ms"] >= 200


def test_a_missing_window_and_a_missing_line_are_no(asked: Any) -> None:
    told = asked(kind="central", entries=[{"kind": "case.opened"}])
    assert (told["held"], told["seen"]) == (False, "the checker has not joined")


def test_a_join_code_is_read_as_the_desks_write_it() -> None:
    code = JoinCode("http://127.0.0.1:40123", b"", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    shown = codes.encode(codes.OwnKind.JOIN, write_join_code(code))
    assert checker.read_join_code(shown) == (code.address, code.secret)


@pytest.mark.parametrize(
    ("wanted", "like"),
    [
        ({"kind": "parcel.arrived", "stream": "parcel/SF1"}, True),
        ({"kind": "parcel.arrived", "data": {"waybill": "SF1"}}, True),
        ({"kind": "parcel.arrived", "data": {"waybill": "SF2"}}, False),
        ({"kind": "parcel.arrived", "data": {"shelf": "S01"}}, False),
        ({"kind": "parcel.shelved"}, False),
        ({"stream": "parcel/SF2"}, False),
    ],
)
def test_an_entry_is_compared_by_all_that_is_wanted(wanted: dict[str, Any], like: bool) -> None:
    entry = {"kind": "parcel.arrived", "stream": "parcel/SF1", "data": {"waybill": "SF1"}}
    assert checker.is_like({"entry": entry, "verdict": {"standing": "stands"}}, wanted) is like
    assert not checker.is_like({"entry": entry, "verdict": {"standing": "contested"}}, wanted)


def test_the_checker_shares_no_code_with_the_desks() -> None:
    program = (
        "import checker, sys\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules} & {'desk_app', 'ui', 'printing',"
        " 'central', 'resources', 'PySide6', 'sqlalchemy', 'msgspec'}))\n"
    )
    command = [sys.executable, "-c", program]
    told = subprocess.check_output(command, cwd=Path(checker.__file__).parent, text=True)
    assert told.strip() == ""
