"""The last run of every area, kept in `RESULTS.md`: where and when it was taken, and its table."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# The last run of each area

Written by `./desk bench`, all but what says where the time goes; README.md says what the figures mean.
"""
SECTION = "\n## "


def keep(path: Path, area: str, told: str, order: Sequence[str]) -> None:
    """Put what is told of an area into the file in the place of what was; other areas stay as they are."""
    sections = _sections(path.read_text("utf-8")) if path.exists() else {}
    sections[area] = told.strip() + "\n"
    names = sorted(sections, key=lambda name: order.index(name) if name in order else len(order))
    text = HEAD + "".join(f"{SECTION}{name}\n\n{sections[name]}" for name in names)
    path.write_text(text, "utf-8", newline="\n")


def _sections(text: str) -> dict[str, str]:
    parts = (part.partition("\n") for part in text.split(SECTION)[1:])
    return {name.strip(): body.strip() + "\n" for name, _, body in parts}


def where_and_when(load_before: str) -> str:
    """The machine, the day (UTC), and how busy it was before and after."""
    system = f"{platform.system()} {'.'.join(platform.release().split('.')[:2])} {platform.machine()}"
    cores = f"{os.cpu_count()} cores, {memory()}"
    day = datetime.now(UTC).date().isoformat()
    python = f"Python {platform.python_version()}"
    return f"{day} · {cores} · {system} · {python} · load {load_before} before, {load()} after"


def load() -> str:
    """How many programs wanted a core in the last minute."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def memory() -> str:
    """The memory of this machine."""
    if not hasattr(os, "sysconf"):
        return "memory unknown"
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
