"""The one command: when it makes its environment, what it says where something is missing, what it runs."""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
BASE, TESTS = "requirements.lock", "requirements-test.lock"
PROGRAM = "import sys\nprint(sys.argv[1:], sys.prefix)\nsys.exit(7)\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the command, two locks, and a program that says what it was given and ends with 7."""
    folder = tmp_path / "检出 checkout"
    (folder / "desk_app").mkdir(parents=True)
    shutil.copy(ROOT / "desk", folder)
    for lock in (BASE, TESTS):
        (folder / lock).write_text(f"# {lock}\n")
    (folder / "desk_app" / "__main__.py").write_text(PROGRAM)
    return folder


@pytest.fixture
def desk(checkout: Path) -> ModuleType:
    """The command of that checkout, loaded but not run."""
    loader = SourceFileLoader("desk", str(checkout / "desk"))
    spec = importlib.util.spec_from_loader("desk", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def made(checkout: Path, desk: ModuleType) -> Path:
    """The environment of that checkout, stamped as complete."""
    folder = checkout / ".venv"
    venv.create(folder, symlinks=True)
    desk.put_checkout_on_path(folder)
    desk.write_stamp(folder, [BASE])
    return folder


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH; a test puts its own programs there."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def lacking(desk: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Qt that wants a library no system has."""
    monkeypatch.setattr(desk, "QT_LIBRARIES", {"libc.so.6": "libc6", "libnowhere.so.9": "libnowhere9"})


def write_program(folder: Path, name: str, script: str) -> None:
    """Put a shell script into `folder`."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def start(checkout: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does, from another folder that has a `desk_app` too."""
    elsewhere = checkout.parent / "elsewhere"
    (elsewhere / "desk_app").mkdir(parents=True, exist_ok=True)
    (elsewhere / "desk_app" / "__main__.py").write_text("raise SystemExit('not this one')")
    return subprocess.run(
        [sys.executable, str(checkout / "desk"), *arguments],
        cwd=elsewhere,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


# --- When the environment is made -----------------------------------------------------------------


def test_without_an_environment_it_is_to_be_made(desk: ModuleType, checkout: Path) -> None:
    assert desk.state(checkout / ".venv", [BASE]) == "stale"


def test_a_stamped_environment_is_ready(desk: ModuleType, made: Path) -> None:
    assert desk.state(made, [BASE]) == "ready"


def test_the_checks_need_a_part_more(desk: ModuleType, made: Path) -> None:
    assert desk.state(made, [BASE, TESTS]) == "part"
    desk.write_stamp(made, [BASE, TESTS])
    assert desk.state(made, [BASE, TESTS]) == "ready"


def test_a_changed_lock_means_making_it_anew(desk: ModuleType, made: Path, checkout: Path) -> None:
    (checkout / BASE).write_text("# another version\n")
    assert desk.state(made, [BASE]) == "stale"


def test_a_changed_lock_of_the_checks_concerns_only_them(
    desk: ModuleType, made: Path, checkout: Path
) -> None:
    desk.write_stamp(made, [BASE, TESTS])
    (checkout / TESTS).write_text("# another version\n")
    assert desk.state(made, [BASE, TESTS]) == "stale"
    assert desk.state(made, [BASE]) == "ready"


def test_line_ends_are_no_change(desk: ModuleType, made: Path, checkout: Path) -> None:
    (checkout / BASE).write_bytes((checkout / BASE).read_bytes().replace(b"\n", b"\r\n"))
    assert desk.state(made, [BASE]) == "ready"


def test_a_moved_checkout_makes_its_own(
    desk: ModuleType, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "CHECKOUT", desk.CHECKOUT.parent)
    assert desk.state(made, [BASE]) == "stale"


def test_a_torn_stamp_counts_for_nothing(desk: ModuleType, made: Path) -> None:
    stamp = made / desk.STAMP
    stamp.write_text(stamp.read_text()[:30])
    assert desk.state(made, [BASE]) == "stale"


def test_an_interpreter_that_is_gone_makes_it_stale(desk: ModuleType, made: Path) -> None:
    desk.python_in(made).unlink()
    assert desk.state(made, [BASE]) == "stale"


def test_an_installation_that_ends_early_leaves_no_stamp(desk: ModuleType, made: Path) -> None:
    with pytest.raises(desk.StartError):  # there is no pip in this environment
        desk.make_ready(made, [BASE, TESTS])
    assert desk.state(made, [BASE, TESTS]) == "part"
    assert desk.state(made, [BASE]) == "ready"


def test_a_checkout_that_cannot_be_written_keeps_it_with_the_person(
    desk: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(desk, "data_folder", lambda: checkout.parent / "data")
    folder = desk.environment_folder([BASE])
    assert folder.parent == checkout.parent / "data" / "environments"


def test_what_another_person_made_in_it_is_used(
    desk: ModuleType, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert desk.environment_folder([BASE]) == made


# --- What it says where something is missing ------------------------------------------------------


def test_an_old_python_says_what_it_needs(desk: ModuleType, programs: Path) -> None:
    with pytest.raises(desk.StartError, match=r"needs Python 3\.11 or newer .* this is Python 3\.8"):
        desk.better_python((3, 8))


def test_a_python_too_new_says_so(desk: ModuleType, programs: Path) -> None:
    with pytest.raises(desk.StartError, match=r"up to 3\.14.* this is Python 3\.15"):
        desk.better_python((3, 15))


@pytest.mark.needs_linux
def test_an_old_python_looks_for_a_newer_one_that_works(desk: ModuleType, programs: Path) -> None:
    write_program(programs, "python3.12", "exit 127")  # a shim without a Python behind it
    write_program(programs, "python3.13", "exit 0")
    assert desk.better_python((3, 8)) == ["python3.13"]


def test_a_fitting_python_stays(desk: ModuleType, programs: Path) -> None:
    assert desk.better_python((3, 11)) == []


@pytest.mark.needs_linux
def test_a_python_that_does_not_know_itself_is_found(
    desk: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    write_program(programs, name, "exit 0")
    monkeypatch.setattr(sys, "executable", "")  # as where it is started with an empty environment
    assert desk.this_python() == str(programs / name)


@pytest.mark.needs_linux
def test_a_python_without_venv_needs_a_package(
    desk: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "can_make_environments", lambda: False)
    assert desk.better_python((3, 11)) == []
    assert desk.missing_parts("decode") == {
        "ensurepip": f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    }


def test_an_old_python_can_read_the_command() -> None:
    ast.parse((ROOT / "desk").read_text("utf-8"), feature_version=(3, 8))


@pytest.mark.needs_linux
@pytest.mark.usefixtures("lacking")
def test_a_missing_library_gives_the_line_to_run(
    desk: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(programs, "apt-get", "exit 1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    line = "\n    sudo apt-get install --yes --no-install-recommends libnowhere9\n"
    with pytest.raises(desk.StartError, match=line):
        desk.provide("run")


@pytest.mark.needs_linux
@pytest.mark.usefixtures("lacking")
def test_root_gets_a_missing_library_installed(
    desk: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(programs, "apt-get", f'echo "$@" >> {programs}/asked')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(desk.StartError, match=r"still not found: libnowhere\.so\.9"):
        desk.provide("run")
    asked = (programs / "asked").read_text().splitlines()
    assert asked == ["update", "install --yes --no-install-recommends libnowhere9"]


@pytest.mark.needs_linux
@pytest.mark.usefixtures("lacking")
def test_an_installation_that_fails_shows_its_last_lines(
    desk: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(programs, "apt-get", 'echo "E: No space left on device"; exit 100')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(desk.StartError, match=r"(?s)E: No space left.*The disk is full"):
        desk.provide("run")


@pytest.mark.needs_linux
@pytest.mark.usefixtures("lacking")
def test_a_system_without_apt_is_told_the_names(desk: ModuleType, programs: Path) -> None:
    with pytest.raises(desk.StartError, match=r"needs these parts of the system: libnowhere\.so\.9"):
        desk.provide("run")


@pytest.mark.needs_linux
@pytest.mark.usefixtures("lacking")
def test_a_command_without_windows_needs_none_of_it(desk: ModuleType, programs: Path) -> None:
    desk.provide("central")
    assert set(desk.missing_parts("run")) == {"libnowhere.so.9"}
    assert set(desk.missing_parts("tour")) >= {"libnowhere.so.9", "Xvfb", "pdftotext"}
    assert desk.missing_parts("test").keys() - desk.missing_parts("tour").keys() == {"fiu-run"}


@pytest.mark.needs_linux
def test_without_a_screen_it_performs_the_tour(
    desk: ModuleType,
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert desk.command_for_screen() == ["tour", "--out", str(checkout / "out" / "tour")]
    assert "no screen" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_with_a_screen_it_opens_the_program(
    desk: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for other in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "wayland-0")
    assert desk.command_for_screen() == ["run"]


# --- What it runs ---------------------------------------------------------------------------------


def test_it_runs_the_program_of_its_own_checkout(checkout: Path, made: Path) -> None:
    done = start(checkout, "decode", "a b")
    assert (done.returncode, done.stdout, done.stderr) == (7, f"['decode', 'a b'] {made}\n", "")


def test_the_person_s_own_python_path_hides_nothing(checkout: Path, made: Path) -> None:
    done = start(checkout, "decode", PYTHONPATH=str(checkout.parent / "elsewhere"))
    assert done.returncode == 7, done.stderr


def test_the_checks_run_inside_the_environment(desk: ModuleType, checkout: Path) -> None:
    line = desk.inside(Path("python"), ["test", "--quick"])
    assert line == ["python", str(checkout / "tests" / "run.py"), "--quick"]


def write_wheel(folder: Path) -> str:
    """Make a package named `sample` that can be installed without a line; its SHA-256."""
    files = {
        "sample.py": "",
        "sample-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: sample\nVersion: 1.0\n",
        "sample-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {name: hashlib.sha256(text.encode()).digest() for name, text in files.items()}
    record = [f"{n},sha256={base64.urlsafe_b64encode(d).decode().rstrip('=')}," for n, d in digests.items()]
    files["sample-1.0.dist-info/RECORD"] = "\n".join([*record, "sample-1.0.dist-info/RECORD,,", ""])
    wheel = folder / "sample-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.mark.slow
def test_two_first_starts_make_one_environment(checkout: Path, tmp_path: Path) -> None:
    (checkout / BASE).write_text(f"sample==1.0 --hash=sha256:{write_wheel(tmp_path)}\n")
    environ = os.environ | {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path),
        "PIP_LOG": str(tmp_path / "log"),
    }
    line = [sys.executable, str(checkout / "desk"), "decode"]
    both = [subprocess.Popen(line, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in "12"]
    said = [process.communicate(timeout=100) for process in both]
    assert [process.returncode for process in both] == [7, 7], said
    log = (tmp_path / "log").read_text("utf-8")
    assert log.count("Successfully installed sample-1.0") == 1
    assert "already satisfied" not in log, "the second start did not wait for the first"
    again = start(checkout, "decode", PIP_NO_INDEX="1")
    assert (again.returncode, again.stderr) == (7, "")


@pytest.mark.slow
def test_a_package_that_is_not_the_one_is_refused_and_the_next_start_mends_it(
    checkout: Path, tmp_path: Path
) -> None:
    environ = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    digest = write_wheel(tmp_path)
    (checkout / BASE).write_text(f"sample==1.0 --hash=sha256:{'0' * 64}\n")
    refused = start(checkout, "decode", **environ)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Preparing Mendesk")
    assert "not the one Mendesk was made with" in refused.stderr
    (checkout / BASE).write_text(f"sample==1.0 --hash=sha256:{digest}\n")
    assert start(checkout, "decode", **environ).returncode == 7


@pytest.mark.slow
def test_what_pip_cannot_install_is_told(
    desk: ModuleType, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    write_wheel(tmp_path)
    venv.create(checkout / ".venv", symlinks=True, with_pip=True)
    (checkout / BASE).write_text("sample==1.0\n")
    with pytest.raises(desk.StartError, match="Hashes are required"):
        desk.install(checkout / ".venv", BASE)
    (checkout / BASE).write_text(f"elsewhere==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(desk.StartError, match="Is there a line to the package index"):
        desk.install(checkout / ".venv", BASE)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_real_locks_install_into_an_empty_folder(checkout: Path) -> None:
    for lock in (BASE, TESTS):
        shutil.copy(ROOT / lock, checkout)
    (checkout / "desk_app" / "__main__.py").write_text("import PySide6.QtWidgets, sqlalchemy, sqlcipher3")
    done = start(checkout, "decode")
    assert done.returncode == 0, done.stderr
    (checkout / "tests").mkdir()
    (checkout / "tests" / "run.py").write_text("import pytest, hypothesis, zxingcpp")
    done = start(checkout, "test")
    assert done.returncode == 0, done.stderr
