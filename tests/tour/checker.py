"""Judges what the desks did, in a process of its own that shares no code with them.

It reads windows as a screen reader does, asks the central service over plain HTTP as one more desk would,
reads papers as text and as a scanner sees them, and the log of the sound device. Questions come as JSON lines
on standard input; each gets one JSON line: `held`, `seen` (what was there), `ms` (how long until it was).
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import subprocess
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pypdfium2
import reader
import zxingcpp

LABEL_PRINTER = 203  # dots per inch
PAUSE = 0.03
PAGE = 500
Question = dict[str, Any]
Verdict = tuple[bool, str]


class Checker:
    """Answers questions; a line to central is opened by the question `join`."""

    def __init__(self, session: str) -> None:
        self._reader = reader.Reader(session)
        self._windows: dict[int, reader.Window] = {}
        self._central: Central | None = None
        self.kinds: dict[str, Callable[[Question], Verdict]] = {
            "see": self._see,
            "not_see": self._not_see,
            "join": self._join,
            "central": self._held_at_central,
            "paper": self._paper,
            "beeps": self._beeps,
        }

    def answer(self, question: Question) -> dict[str, Any]:
        """Look until it holds or its time (`within` seconds) is over."""
        begun = time.monotonic()
        until = begun + question.get("within", 0)
        while True:
            held, seen = self._look(question)
            now = time.monotonic()
            if held or now > until:
                return {"held": held, "seen": seen, "ms": round((now - begun) * 1000)}
            time.sleep(PAUSE)

    def _look(self, question: Question) -> Verdict:
        try:
            return self.kinds[question["kind"]](question)
        except (OSError, reader.NotSeenError, subprocess.CalledProcessError) as error:
            return False, f"{type(error).__name__}: {error}"

    def _window(self, pid: int) -> reader.Window:
        if pid not in self._windows:
            self._windows[pid] = self._reader.window(pid)
        return self._windows[pid]

    def _see(self, question: Question) -> Verdict:
        """Every one of `parts` stands in what some visible thing of the window says, not just in a field.

        `together`: parts that one thing, or one row of a table, says at once.
        """
        nodes = self._window(question["pid"]).nodes()
        words = [said(node) for node in nodes if said(node)]
        there = all(any(part in word for word in words) for part in question.get("parts", ()))
        joined = [*words, *rows(nodes)]
        together = question.get("together", ())
        there = there and any(all(part in line for part in together) for line in joined)
        return there, " | ".join(words)

    def _not_see(self, question: Question) -> Verdict:
        """None of `parts` stands anywhere in the window."""
        words = self._window(question["pid"]).words()
        return not any(part in word for word in words for part in question["parts"]), " | ".join(words)

    def _join(self, question: Question) -> Verdict:
        self._central = Central.join(question["code"])
        return True, f"joined {self._central.address}, feeds {', '.join(self._central.feeds)}"

    def _held_at_central(self, question: Question) -> Verdict:
        """As many entries as `count` (or as `count_of` names) stand at central and are as asked.

        `entries`: each with `stream`, `kind` and `data`, of which an entry has to have all.
        """
        if self._central is None:
            return False, "the checker has not joined"
        found = self._central.entries()
        counts = [sum(is_like(entry, wanted) for entry in found) for wanted in question["entries"]]
        kinds = [f"{placed['entry']['kind']} {placed['entry']['stream']}" for placed in found[-12:]]
        right = all(count == question.get("count", 1) for count in counts)
        return right, f"counted {counts} among {len(found)} entries, the last: {'; '.join(kinds)}"

    def _paper(self, question: Question) -> Verdict:
        """The paper says all of `parts` (blanks aside) and its codes decode to all of `codes` at 203 dpi."""
        path = newest(Path(question["folder"]), question.get("file", "*.pdf"))
        text, codes = text_of(path), codes_of(path)
        said = all(bare(part) in bare(text) for part in question.get("parts", ()))
        read = all(code in codes for code in question.get("codes", ()))
        return said and read, f"{path.name}: codes {codes}; {' '.join(text.split())}"

    def _beeps(self, question: Question) -> Verdict:
        """The sound device was asked for exactly these: lines of `good` and so on with their tokens."""
        log = Path(question["log"])
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        found = [line.split("\t") for line in lines[question.get("after", 0) :]]
        return found == question["sounds"], str(found)


class Central:
    """The central service as any desk sees it, by plain HTTP."""

    def __init__(self, address: str, token: str, feeds: list[str]) -> None:
        self.address = address if "//" in address else f"http://{address}"
        self._token, self.feeds = token, feeds

    @classmethod
    def join(cls, code: str) -> Central:
        """Join with a one-time code as a desk shows it."""
        address, secret = read_join_code(code)
        asked = {"secret": secret, "desk": new_id(), "name": "Checker", "key": secrets.token_hex(32)}
        joined = cls(address, "", [])._ask("/v1/join", json.dumps(asked).encode())
        return cls(address, joined["token"], joined["feeds"])

    def entries(self) -> list[dict[str, Any]]:
        """Every entry of every feed, with its place and verdict."""
        return [placed for feed in self.feeds for placed in self._feed(feed)]

    def _feed(self, feed: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["place"] if found else 0
            query = urlencode({"feed": feed, "after": after, "limit": PAGE})
            page = self._ask(f"/v1/pull?{query}")
            found += page["entries"]
            if not page["entries"] or found[-1]["place"] >= page["head"]:
                return found

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise OSError(f"{path}: {error.code} {error.read().decode('utf-8', 'replace')}") from error


def is_like(placed: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether an entry stands and has the kind, the stream and the data that are wanted."""
    entry = placed["entry"]
    same = all(entry[name] == wanted[name] for name in ("kind", "stream") if name in wanted)
    data = wanted.get("data", {})
    return (
        same
        and placed["verdict"]["standing"] == "stands"
        and all(entry["data"].get(name) == value for name, value in data.items())
    )


def read_join_code(code: str) -> tuple[str, str]:
    """Address and secret of `M7J`, base 32, check character: four values as MessagePack packs them."""
    body = code.removeprefix("M7J")[:-1]
    packed = base64.b32decode(body + "=" * (-len(body) % 8))
    values: list[Any] = []
    at = 1  # behind the byte that says how many there are
    while at < len(packed):
        value, at = unpacked(packed, at)
        values.append(value)
    _version, address, _fingerprint, secret = values
    return address, secret


def unpacked(packed: bytes, at: int) -> tuple[Any, int]:
    """One MessagePack value (a small number, a text, bytes) and the place behind it."""
    first = packed[at]
    if first < 0x80:
        return first, at + 1
    if first & 0xE0 == 0xA0:
        return packed[at + 1 : at + 1 + (first & 31)].decode(), at + 1 + (first & 31)
    if first in (0xC4, 0xD9):
        end = at + 2 + packed[at + 1]
        value = packed[at + 2 : end]
        return value.decode() if first == 0xD9 else value, end
    raise OSError(f"not a join code: byte {first:#x}")


def new_id() -> str:
    """26 characters as the ids of desks have them."""
    return "0" + "".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(25))


def said(node: reader.Node) -> str:
    """What a thing says by itself; what somebody wrote into a field is not said."""
    return f"{node.name} · {node.description}".strip(" ·") if "editable" in node.states else node.words


def rows(nodes: list[reader.Node]) -> list[str]:
    """The rows of the tables among `nodes`, each as one line; a row begins at a row header."""
    lines: list[list[str]] = []
    for table in (node for node in nodes if node.role == "table"):
        for part in table.children:
            if part.role == "row header":
                lines.append([])
            elif part.role.endswith("cell") and lines:
                lines[-1].append(part.words)
    return [" | ".join(line) for line in lines]


def newest(folder: Path, pattern: str) -> Path:
    """The file written last of those that fit; raises OSError where there is none."""
    found = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime_ns)
    if not found:
        raise OSError(f"no {pattern} among {sorted(path.name for path in folder.rglob('*'))}")
    return found[-1]


def text_of(path: Path) -> str:
    """What pdftotext reads."""
    return subprocess.check_output(["pdftotext", "-layout", path, "-"], stderr=subprocess.PIPE).decode()


def codes_of(path: Path) -> list[str]:
    """What a scanner reads from the paper as a label printer draws it."""
    with pypdfium2.PdfDocument(path) as document:
        pictures = [page.render(scale=LABEL_PRINTER / 72).to_pil() for page in document]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def bare(text: str) -> str:
    """A text without blanks, its signs in their plain form."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def main() -> int:
    """Answer until the questions end."""
    checker = Checker(sys.argv[1])
    for line in sys.stdin:
        sys.stdout.write(json.dumps(checker.answer(json.loads(line)), ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
