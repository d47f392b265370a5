"""Files that travel with the program: fonts, icons, translations, tables of data."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def path(name: str) -> Path:
    """The file or folder `name` (with `/` between folders), in a checkout, a wheel and a frozen build alike.

    Raises FileNotFoundError when the program came without it.
    """
    found = Path(str(files(__name__).joinpath(name)))
    if not found.exists():
        raise FileNotFoundError(f"the program came without resources/{name}")
    return found
