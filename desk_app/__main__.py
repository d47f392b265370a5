"""The command line: `run` opens the program, the others do one thing and say so. No work is done here."""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk_app.bootstrap import Program
    from ui.services import Services, Setup

SCRIPTS = {
    "tour": "tests/tour/tour.py",
    "simulate": "tests/simulation/simulate.py",
    "bench": "benchmarks/run.py",
}


GARBAGE_AFTER = (50_000, 20, 100)
"""New objects before a look for garbage in circles; with Python's 700 a page takes a tenth longer."""


SWITCH_SECONDS = 0.001
"""How long another thread may keep the window's from running; with Python's 5 ms answers wait for sync."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0] in SCRIPTS:
        return _script(SCRIPTS[given[0]], given[1:])
    options = _parser().parse_args(given)
    gc.set_threshold(*GARBAGE_AFTER)
    code: int = options.command(options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="desk", description="Mendesk, the desk of after-sales service")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="open the program")
    run.add_argument("--data", type=Path, help="the data folder of this desk")
    run.set_defaults(command=_run)
    central = commands.add_parser("central", help="run the central service alone")
    central.add_argument("--data", type=Path)
    central.add_argument("--port", type=int)
    central.add_argument("--network", action="store_true", help="for desks on other computers too, by TLS")
    central.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    central.set_defaults(command=_central)
    gallery = commands.add_parser("gallery", help="show every component of the windows")
    gallery.add_argument("--pictures", type=Path, metavar="DIR", help="draw it into PNG files of this folder")
    gallery.add_argument("--language", default="en", choices=("en", "zh_CN"), help="of the window")
    gallery.set_defaults(command=_gallery)
    decode = commands.add_parser("decode", help="tell what codes can mean, a line of JSON for each")
    decode.add_argument("codes", nargs="*", metavar="CODE", help="^ or \\x1d stands for the separator GS")
    decode.add_argument("--stdin", action="store_true", help="read codes from standard input, one a line")
    decode.set_defaults(command=_decode)
    commands.add_parser("look-at-pictures").set_defaults(command=_look_at_pictures)  # for the program itself
    commands.add_parser("tour", help="perform the main job without hands and check it")
    commands.add_parser("simulate", help="run a whole store under many seeds, each with other faults")
    commands.add_parser("bench", help="print how fast it is beside how fast it has to be")
    return parser


def data_folder() -> Path:
    """Where a desk keeps its data unless it is told otherwise (`MENDESK_DATA` or `--data`)."""
    named = os.environ.get("MENDESK_DATA")
    if named:
        return Path(named)
    import platformdirs

    return platformdirs.user_data_path("mendesk", appauthor=False)


def _run(options: argparse.Namespace) -> int:
    from desk_app.settings import Settings
    from ui import app

    sys.setswitchinterval(SWITCH_SECONDS)
    data: Path = options.data or data_folder()
    opener = _Opener(data)
    try:
        return app.run(opener.open, Settings(data / "settings.json"), data / "cache")
    finally:
        opener.close()


class _Opener:
    """Imports the heavy rooms only when the window has been painted."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._program: Program | None = None

    def open(self) -> Services | Setup:
        from desk_app.bootstrap import Program
        from desk_app.clock import system_clock

        self._program = self._program or Program(self._data, system_clock)
        return self._program.open()

    def close(self) -> None:
        if self._program:
            self._program.close()


def _central(options: argparse.Namespace) -> int:
    from central import server
    from desk_app.errors import ShownError
    from desk_app.refusals import sentence
    from desk_app.texts import speaker

    try:
        data = options.data or data_folder() / "central"
        return server.run(data, options.port, network=options.network, with_parent=options.with_parent)
    except ShownError as error:
        print(json.dumps({"problem": error.code, **{k: str(v) for k, v in error.values.items()}}), flush=True)
        print(sentence(error, speaker("en")), file=sys.stderr)
        return 1


def _gallery(options: argparse.Namespace) -> int:
    from ui import gallery

    return gallery.run(options.pictures, options.language)


def _decode(options: argparse.Namespace) -> int:
    from desk_app.scanning import decoding

    for line in decoding.lines(options.codes):
        print(line)
    if options.stdin:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]
        for line in decoding.lines(code.removesuffix("\n").removesuffix("\r") for code in sys.stdin):
            print(line)
    return 0


def _look_at_pictures(_: argparse.Namespace) -> int:
    from desk_app.scanning import picture_worker

    return picture_worker.main()


def _script(name: str, arguments: list[str]) -> int:
    """Run a script of the checkout in a process of its own."""
    script = Path(__file__).parent.parent / name
    return subprocess.run([sys.executable, str(script), *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
