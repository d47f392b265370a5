"""What several pages do alike: print a paper, say what went wrong, ask for photographs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desk_app.errors import ShownError
from desk_app.refusals import sentence
from ui.sound import Sound
from ui.widgets import Tone, Tools

PICTURES = "*.jpg *.jpeg *.png *.webp"


def refuse(tools: Tools, error: ShownError) -> None:
    """Say an error in words and sound."""
    tools.shell.toast(sentence(error, tools.say), Tone.WRONG)
    tools.sounds.play(Sound.ERROR)


def print_paper(tools: Tools, asked: Future[Path], told: Callable[[Path], object] | None = None) -> None:
    """Say where a paper is when it is written."""
    tools.tasks.when(asked, told or partial(paper_written, tools), partial(refuse, tools))


def paper_written(tools: Tools, path: Path) -> None:
    """Say where a paper lies."""
    tools.shell.toast(tools.say("Printed to {path}", path=path), Tone.GOOD)


def choose_photos(parent: QWidget, tools: Tools) -> list[Path]:
    """Ask for picture files; none when the person thinks better of it."""
    kinds = f"{tools.say('Pictures')} ({PICTURES})"
    chosen, _ = QFileDialog.getOpenFileNames(parent, tools.say("Add photograph"), "", kinds)
    return [Path(name) for name in chosen]


def label_written(tools: Tools, paths: tuple[Path, Path]) -> None:
    """Say where an item's label lies; its picture lies beside it."""
    paper_written(tools, paths[0])
