"""What holds for every test: an empty home, no log record that was not declared, nothing skipped silently."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import hypothesis
import pytest

LINUX = sys.platform.startswith("linux")
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

hypothesis.settings.register_profile(  # no example fails because the machine was busy
    "mendesk",
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("mendesk")


def pytest_configure(config: pytest.Config) -> None:
    """Take each test process away from the person's home, screen, key store, zone and language."""
    home = tempfile.TemporaryDirectory(prefix="mendesk-home-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    for name in [name for name in os.environ if name.startswith(("XDG_", "LC_", "DBUS_SESSION"))]:
        del os.environ[name]
    runtime = Path(home.name, "run")
    runtime.mkdir(mode=0o700)
    os.environ |= dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), home.name)
    os.environ |= {"XDG_RUNTIME_DIR": str(runtime), "TZ": "UTC", "LANG": "C.UTF-8"}
    os.environ |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "QT_QPA_PLATFORM": "offscreen"}
    if LINUX:
        time.tzset()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say by name which tests this system cannot run."""
    if not LINUX and item.get_closest_marker("needs_linux"):
        pytest.skip(f"{item.nodeid} is not run here: it needs Linux")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test that was skipped on Linux fail with its reason."""
    report = yield
    return _not_skipped(report) if not hasattr(report, "wasxfail") else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let a module that was skipped on Linux fail with its reason."""
    report = yield
    return _not_skipped(report)


def _not_skipped(report: Report) -> Report:
    if LINUX and report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"On Linux nothing is skipped. {reason}"
    return report


@pytest.fixture(autouse=True)
def _only_declared_logs(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail where a WARNING or worse was logged that `logs` does not declare, or a declared one was not."""
    yield
    marker = request.node.get_closest_marker("logs")
    declared = marker.args if marker else ()
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    logged = [record.getMessage() for record in records if record.levelno >= logging.WARNING]
    undeclared = [message for message in logged if not any(part in message for part in declared)]
    assert not undeclared, f"logged, but not declared with @pytest.mark.logs: {undeclared}"
    missing = [part for part in declared if not any(part in message for message in logged)]
    assert not missing, f"declared with @pytest.mark.logs, but not logged: {missing}"


class StandingClock:
    """A `desk_app.clock.Clock` that stands still until a test moves it; microseconds, UTC."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def advance(self, microseconds: int) -> int:
        """Move on by `microseconds` and return the new moment."""
        self.now += microseconds
        return self.now


@pytest.fixture
def clock() -> StandingClock:
    """A clock at noon of 1 March 2026."""
    return StandingClock(1_772_366_400_000_000)
