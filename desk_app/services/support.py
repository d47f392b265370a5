"""A file for somebody who helps from afar: how program, line and journal are, and nothing of any customer."""

from __future__ import annotations

import json
import logging
import platform
import sys
import traceback
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from desk_app import VERSION
from desk_app.domain.folding import FOLD_VERSION
from desk_app.log_file import LogFile
from desk_app.refusals import SENTENCES
from desk_app.services.desk import Desk
from desk_app.services.line import Line, LineMoment
from desk_app.settings import Settings
from desk_app.storage import lookups, support

TOLD_SETTINGS = (*("language", "scheme", "text_scale", "volume", "readers", "lock_minutes", "network"),)
"""What is neither a secret nor a name."""

OURS = ("desk_app", "ui", "printing", "central")
LEFT_OUT = "…"
SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands outside the store: settings, the folder of the log, the ends of the feeds over there."""

    settings: Settings
    folder: Path
    heads: Callable[[], Mapping[str, int]]


class Support:
    """Writes the file. save: keeps bytes under a name in a folder that people see, and says where."""

    def __init__(
        self, desk: Desk, line: Line, around: Surroundings, save: Callable[[str, bytes], Path]
    ) -> None:
        self._desk, self._line, self._around, self._save = desk, line, around, save
        self._aside = ThreadPoolExecutor(1, "support")

    def write(self) -> Future[Path]:
        """Write the file and say where it lies; OutsideError as the disk says."""
        return self._aside.submit(self._write)

    def _write(self) -> Path:
        at = datetime.fromtimestamp(self._desk.clock() / SECOND, UTC)
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("report.json", json.dumps(self._report(at), indent=1, default=str))
            for log in sorted(self._around.folder.glob("mendesk.log*")):
                file.writestr(log.name, log.read_bytes())
        return self._save(f"mendesk-support-{at:%Y%m%d-%H%M%S}.zip", out.getvalue())

    def _report(self, at: datetime) -> dict[str, Any]:
        identity = self._desk.journal.identity
        with self._desk.journal.read() as connection:
            journal = support.report(connection)
        return {
            "written": at.isoformat(),
            "versions": {
                "program": VERSION,
                "fold": FOLD_VERSION,
                "look_up_tables": lookups.version(),
                "python": sys.version,
            },
            "platform": {"system": platform.platform(), "machine": platform.machine()},
            "desk": {"id": identity.desk, "store": identity.store} if identity else {},
            "settings": {name: getattr(self._around.settings, name) for name in TOLD_SETTINGS},
            "journal": journal,
            "heads": dict(self._around.heads()),
            "line": [_told(moment) for moment in self._line.history()],
        }


def _told(moment: LineMoment) -> dict[str, Any]:
    """A change of the line; what its sentence names is left out, save numbers."""
    state = asdict(moment.state)
    values = {name: value for name, value in state.pop("values").items() if type(value) is int}
    return {"at": moment.at, **state, "values": values}


def log_to(path: Path) -> Callable[[], None]:
    """Log into a file that rotates; it names codes and kinds, never customers. What it gives ends it."""
    handler = LogFile(path, Unnamed())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)

    def end() -> None:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()

    return end


class Unnamed(logging.Formatter):
    """Writes records without what they name: of arguments only numbers and codes, of failures only where.

    A log file lies on the disk in the clear and is sent to others; a message of a library, or of an
    exception, may hold anything. A record with the attribute `whole` is written as it is.
    """

    def format(self, record: logging.LogRecord) -> str:
        head = f"{self.formatTime(record)} {record.levelname} {record.name}"
        lines = [f"{head} {self._words(record)}"]
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            lines += [*traceback.format_tb(trace), f"{kind.__module__}.{kind.__qualname__}"]
        return "\n".join(line.rstrip("\n") for line in lines)

    def _words(self, record: logging.LogRecord) -> str:
        if getattr(record, "whole", False):
            return record.getMessage()
        if record.name.partition(".")[0] not in OURS:
            return f"{Path(record.pathname).name}:{record.lineno}"
        given = record.args if isinstance(record.args, tuple) else ()
        try:
            return str(record.msg) % tuple(_safe(each) for each in given)
        except (TypeError, ValueError):
            return str(record.msg)


def _safe(value: object) -> object:
    """An argument that tells nothing of anybody; else a sign that it was left out."""
    return value if type(value) is int or value in SENTENCES else LEFT_OUT
