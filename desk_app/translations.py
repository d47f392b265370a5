"""Makes the catalogues that are read at run time (`.mo`) out of those that people write (`.po`).

`python -m desk_app.translations` does it for every language; the result is part of the repository.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser

import resources

_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # else the same texts would compile to other bytes every minute


class DuplicateKeyError(ValueError):
    """A key stands twice in a catalogue."""


class _Catalogue(Catalog):
    """A catalogue that refuses a second text for a key, instead of taking the last."""

    def __setitem__(self, id: str | tuple[str, ...] | list[str], message: Message) -> None:  # noqa: A002
        if message.id and message.id in self:
            raise DuplicateKeyError(f"line {message.lineno}: a second text for {message.id!r}")
        super().__setitem__(id, message)


def sources() -> list[Path]:
    """The `.po` files, one a language."""
    return sorted(resources.path("translations").glob("*.po"))


def read(source: Path) -> Catalog:
    """What a `.po` file holds. Raises DuplicateKeyError, and Babel's PoFileError for a broken file."""
    catalogue = _Catalogue(locale=source.stem)
    with source.open(encoding="utf-8") as file:
        PoFileParser(catalogue, abort_invalid=True).parse(file)
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    return catalogue


def compiled(source: Path) -> bytes:
    """The `.mo` of a `.po` file: same texts, same bytes. Unfinished and fuzzy texts are left out."""
    out = BytesIO()
    write_mo(out, read(source))
    return out.getvalue()


def compile_catalogues() -> list[Path]:
    """Write the `.mo` beside every `.po`, whole or not at all, and return their paths."""
    return [_write(source.with_suffix(".mo"), compiled(source)) for source in sources()]


def _write(path: Path, data: bytes) -> Path:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.write_bytes(data)
    return aside.replace(path)


if __name__ == "__main__":
    compile_catalogues()
