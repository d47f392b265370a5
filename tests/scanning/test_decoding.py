"""What `desk decode` prints."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from desk_app.scanning.decoding import lines


def told(code: str) -> dict[str, object]:
    (line,) = lines([code])
    found: dict[str, object] = json.loads(line)
    return found


def test_each_code_is_a_line_with_all_its_meanings() -> None:
    first, second = lines(["SF1385628716739", "6901234567892"])
    assert json.loads(first) == {
        "input": "SF1385628716739",
        "readings": [
            {
                "kind": "waybill",
                "value": "SF1385628716739",
                "carrier": "sf",
                "confidence": 90,
                "why": "pattern",
            },
            {"kind": "serial", "value": "SF1385628716739", "confidence": 30, "why": "shape"},
        ],
    }
    assert [one["kind"] for one in json.loads(second)["readings"]][:2] == ["gtin", "waybill"]


@pytest.mark.parametrize("separator", ["\x1d", "^", "\\x1d"])
def test_a_separator_may_be_written(separator: str) -> None:
    code = f"010690123456789210A7{separator}21SN"
    found = told(code)
    assert found["input"] == code
    readings = found["readings"]
    assert isinstance(readings, list)
    assert readings[0]["parts"] == {"01": "06901234567892", "10": "A7", "21": "SN"}
    assert readings[0]["value"] == "(01)06901234567892(10)A7(21)SN"


@pytest.mark.parametrize("code", ["", "\x00", "屏幕碎了", "x" * 10_000, "\ud800"])
def test_nonsense_is_answered_too(code: str) -> None:
    readings = told(code)["readings"]
    assert isinstance(readings, list)
    assert readings[0]["kind"] == "unknown"


@pytest.mark.slow
def test_the_command_reads_codes_as_files_have_them() -> None:
    came = "SF1385628716739\r\n\nＳＦ1385628716739\n".encode() + b"\xff\xfe"
    command = [sys.executable, "-P", "-m", "desk_app", "decode", "--stdin", "6901234567892"]
    done = subprocess.run(command, input=came, capture_output=True, check=True)
    assert done.stderr == b""
    found = [json.loads(line)["readings"][0] for line in done.stdout.decode().splitlines()]
    assert [one["kind"] for one in found] == ["gtin", "waybill", "unknown", "waybill", "unknown"]
