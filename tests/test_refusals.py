"""Every code that can be raised has a sentence, and every sentence is a code that can be raised."""

from __future__ import annotations

import ast
import string
from pathlib import Path

from desk_app.refusals import SENTENCES

ROOT = Path(__file__).parent.parent
RAISERS = {"RuleError", "OutsideError", "Problem", "Refusal"}


def _codes() -> dict[str, str]:
    found = {}
    for room in ("desk_app", "central", "ui", "printing"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISERS and node.args:
                    for part in ast.walk(node.args[0]):
                        if isinstance(part, ast.Constant) and "." in str(part.value):
                            found[str(part.value)] = str(path.relative_to(ROOT))
    return found


def test_every_code_has_a_sentence() -> None:
    missing = {code: where for code, where in _codes().items() if code not in SENTENCES}
    assert not missing, f"add a sentence to desk_app/refusals.py for {missing}"


def test_sentences_name_their_places() -> None:
    for code, text in SENTENCES.items():
        for _, place, _, _ in string.Formatter().parse(text):
            assert place != "", f"{code}: every place has a name"
