"""The peer of syncing: PouchDB replicating the same documents to its server and back, both durable.

Its packages are installed once, by npm, into a folder of the person's cache.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import platformdirs

from desk_app.domain.entries import Entry

PACKAGES = {"pouchdb-node": "9.0.0", "express-pouchdb": "4.2.0"}
DRIVER = Path(__file__).with_suffix(".js")
SECONDS = 300


class NotMeasuredError(Exception):
    """Why there is nothing to compare with."""


class Replicated(msgspec.Struct):
    """Documents per second to the server, and from it to an empty database."""

    push: float
    pull: float


def replicate(documents: Sequence[Entry], folder: Path) -> Replicated:
    """Replicate entries to a new server and back, with databases in `folder`; raises NotMeasuredError."""
    node, environ = _program("node"), {**os.environ, "NODE_PATH": str(_packages() / "node_modules")}
    told = folder / "documents.json"
    folder.mkdir(parents=True)
    told.write_bytes(msgspec.json.encode(documents))
    with _server([node, str(DRIVER), "server", str(folder / "server")], environ) as address:
        said = _run([node, str(DRIVER), "client", str(folder / "client"), address, str(told)], environ)
    return msgspec.json.decode(said, type=Replicated)


@contextmanager
def _server(command: list[str], environ: dict[str, str]) -> Iterator[str]:
    """The address of PouchDB's server; it ends with its standard input."""
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, env=environ, text=True, stdin=pipe, stdout=pipe, stderr=nowhere) as server:
        assert server.stdin and server.stdout
        address = server.stdout.readline().strip()
        if not address:
            raise NotMeasuredError("the server of PouchDB did not start")
        yield address
        server.stdin.close()


def _packages() -> Path:
    """The folder with the packages in exactly these versions; filled where it is not there."""
    name = "-".join(f"{name}-{version}" for name, version in PACKAGES.items())
    folder = platformdirs.user_cache_path("mendesk-bench", appauthor=False) / name
    if not folder.exists():
        unfinished = folder.with_suffix(f".{os.getpid()}")
        unfinished.mkdir(parents=True)
        names = [f"{name}@{version}" for name, version in PACKAGES.items()]
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
        _run([_program("npm"), "install", "--prefix", str(unfinished), *quiet, *names], dict(os.environ))
        unfinished.replace(folder)
    return folder


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise NotMeasuredError(f"{name} is not here")
    return found


def _run(command: list[str], environ: dict[str, str]) -> str:
    """What a command prints; NotMeasuredError with the last line of its complaint where it fails."""
    try:
        done = subprocess.run(
            command, env=environ, capture_output=True, encoding="utf-8", timeout=SECONDS, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise NotMeasuredError(f"{Path(command[0]).stem} took too long") from error
    except subprocess.CalledProcessError as error:
        last = (str(error.stderr).strip().splitlines() or ["no word"])[-1]
        raise NotMeasuredError(f"{Path(command[0]).stem} failed: {last[:100]}") from error
    return done.stdout
