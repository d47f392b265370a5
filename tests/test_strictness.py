"""The test run is strict: this proves it on a small run with the same conftest."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent

SAMPLE = """
import logging, os, pathlib, threading
import pytest

def test_quiet():
    logging.info("all is well")

def test_warns():
    logging.warning("the printer is slow")

def test_warns_from_a_thread():
    thread = threading.Thread(target=logging.error, args=["the line is cut"])
    thread.start()
    thread.join()

@pytest.mark.logs("printer is slow")
def test_warns_as_declared():
    logging.warning("the printer is slow")

@pytest.mark.logs("printer is slow")
def test_does_not_warn_as_declared():
    pass

def test_skips():
    pytest.skip("no scanner")

@pytest.mark.xfail(reason="known", strict=True)
def test_known_failure():
    assert False

def test_home():
    assert os.listdir(pathlib.Path.home()) == ["run"]
    assert pathlib.Path.home() != pathlib.Path("HOME")
    assert not [name for name in os.environ if name.startswith("XDG_") and name != "XDG_RUNTIME_DIR"]
"""


@pytest.mark.needs_linux
def test_undeclared_logs_and_skips_fail(tmp_path: Path) -> None:
    shutil.copy(TESTS / "conftest.py", tmp_path)
    shutil.copy(TESTS.parent / "pyproject.toml", tmp_path)
    (tmp_path / "test_sample.py").write_text(SAMPLE.replace('"HOME"', repr(str(Path.home()))))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", str(tmp_path)]
    output = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, check=False).stdout.decode()
    passed, failed = told(output, "PASSED"), told(output, "FAILED") | told(output, "ERROR")
    assert passed - failed == {"test_home", "test_quiet", "test_warns_as_declared"}
    assert failed == {
        *("test_does_not_warn_as_declared", "test_skips", "test_warns", "test_warns_from_a_thread"),
    }
    assert told(output, "XFAIL") == {"test_known_failure"}
    assert "On Linux nothing is skipped. Skipped: no scanner" in output


def told(output: str, verdict: str) -> set[str]:
    """The tests that the summary names with `verdict`."""
    return set(re.findall(rf"^{verdict} \S+::(\w+)", output, re.MULTILINE))
