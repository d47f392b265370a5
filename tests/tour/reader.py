"""Reads and works the window of another process as a screen reader does: AT-SPI over D-Bus, nothing else."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from jeepney import DBusAddress, MessageType, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

ACCESSIBLE = "org.a11y.atspi.Accessible"
TEXT, EDITABLE, ACTION = "org.a11y.atspi.Text", "org.a11y.atspi.EditableText", "org.a11y.atspi.Action"
VALUE, COMPONENT = "org.a11y.atspi.Value", "org.a11y.atspi.Component"
ROOT = "/org/a11y/atspi/accessible/root"

STATES = {  # those of AT-SPI's numbers that tell something here
    1: "active",
    4: "checked",
    7: "editable",
    8: "enabled",
    11: "focusable",
    12: "focused",
    23: "selected",
    25: "showing",
    30: "visible",
}
BUTTONS = frozenset({"push button", "button", "check box", "radio button", "toggle button"})
PAUSE = 0.03  # between two looks, so that the program that is looked at gets to work
MOST_CHILDREN = 400  # a long table offers each of its cells
REPLY = 10.0

Found = TypeVar("Found")


class NotSeenError(Exception):
    """What was awaited did not appear in time; the text says what was there instead."""


class GoneError(Exception):
    """The program does not tell what it shows: it begins or ends at this moment."""


@dataclass(frozen=True)
class Node:
    """One thing of a window: what a screen reader says of it, and the things inside it."""

    path: str
    role: str
    name: str
    description: str
    states: frozenset[str]
    offers: frozenset[str]
    text: str = ""
    children: tuple[Node, ...] = field(default=(), repr=False)

    @property
    def is_showing(self) -> bool:
        """Whether a person can see it now."""
        return "showing" in self.states

    @property
    def words(self) -> str:
        """Everything it says: name, description and what is written in it."""
        return " · ".join(part for part in (self.name, self.description, self.text) if part)

    def all(self) -> Iterator[Node]:
        """It and everything inside it."""
        yield self
        for child in self.children:
            yield from child.all()


Kind = Callable[[Node], bool]


def is_button(node: Node) -> bool:
    """Whether it can be pressed: a button, a tick, a tile."""
    return node.role in BUTTONS and "enabled" in node.states


def is_field(node: Node) -> bool:
    """Whether it can hold the keyboard's focus."""
    return node.role not in ("label", "filler", "panel") and "enabled" in node.states


def is_written(node: Node) -> bool:
    """Whether a text can be put into it."""
    return EDITABLE in node.offers and "editable" in node.states


def anything(_node: Node) -> bool:
    """Whatever it is."""
    return True


class Reader:
    """A screen reader's line to all programs of a session bus."""

    def __init__(self, session: str) -> None:
        with contextlib.closing(open_dbus_connection(session)) as bus:
            where = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            reply = bus.send_and_get_reply(new_method_call(where, "GetAddress"), timeout=REPLY)
        (address,) = unwrap_msg(reply)
        self._bus: DBusConnection = open_dbus_connection(address)

    def close(self) -> None:
        """Hang up."""
        self._bus.close()

    def window(self, pid: int, within: float = 20) -> Window:
        """The window of the process `pid`; raises NotSeenError where none comes within so many seconds."""
        return wait(lambda: self.find_window(pid), within, lambda: f"no window of process {pid}")

    def ask(self, calls: Sequence[Any]) -> list[Any]:
        """Send all messages, then take the answers: their bodies, or None where one was refused."""
        serials = [next(self._bus.outgoing_serial) for _ in calls]
        for call, serial in zip(calls, serials, strict=True):
            self._bus.send(call, serial=serial)
        waiting, bodies = set(serials), {}
        while waiting:
            answer = self._bus.receive(timeout=REPLY)
            serial = answer.header.fields.get(5)
            if serial in waiting:
                waiting.discard(serial)
                good = answer.header.message_type is MessageType.method_return
                bodies[serial] = answer.body if good else None
        return [bodies[serial] for serial in serials]

    def find_window(self, pid: int) -> Window | None:
        """The window of the process `pid`, if it has one by now."""
        desktop = DBusAddress(ROOT, "org.a11y.atspi.Registry", ACCESSIBLE)
        (programs,) = self.ask([new_method_call(desktop, "GetChildren")])
        names = [name for name, _path in programs[0]] if programs else []
        pids = self.ask([message_bus.GetConnectionUnixProcessID(name) for name in names])
        found = [name for name, body in zip(names, pids, strict=True) if body and body[0] == pid]
        return Window(self, found[-1]) if found else None


class Window:
    """Everything one program shows."""

    def __init__(self, reader: Reader, program: str) -> None:
        self._reader, self._program = reader, program

    def tree(self) -> Node:
        """All that is there now, read level by level; what is not on show is left out. Raises GoneError."""
        levels = [[ROOT]]
        nodes: dict[str, Node] = {}
        inside: dict[str, list[str]] = {}
        while levels[-1]:
            paths = [path for path in levels[-1] if path not in nodes]
            for node, children in self._read(paths):
                nodes[node.path] = node
                inside[node.path] = children if node.is_showing or node.path == ROOT else []
            levels.append([child for path in paths for child in inside.get(path, ())])
        if ROOT not in nodes:
            raise GoneError
        return _joined(ROOT, nodes, inside)

    def nodes(self) -> list[Node]:
        """All things a person can see now."""
        return [node for node in self.tree().all() if node.is_showing and node.path != ROOT]

    def words(self) -> list[str]:
        """What every visible thing says."""
        return [node.words for node in self.nodes() if node.words]

    def find(self, name: str, kind: Kind = anything, within: float = 5) -> Node:
        """The first visible thing of a kind that has this name, or else one that begins so."""

        def look() -> Node | None:
            fits = [node for node in self.nodes() if kind(node) and node.name.startswith(name)]
            return next((node for node in fits if node.name == name), fits[0] if fits else None)

        return wait(look, within, lambda: self._instead(f"nothing of the kind is named {name!r}"))

    def wait_for(self, *parts: str, within: float = 5) -> list[str]:
        """Wait until every part stands in what some visible thing says; these words, in the parts' order."""

        def look() -> list[str] | None:
            words = self.words()
            told = [next((word for word in words if part in word), "") for part in parts]
            return told if all(told) else None

        return wait(look, within, lambda: self._instead(f"not all of {parts}"))

    def press(self, name: str, within: float = 5) -> None:
        """Press a button, tile or sign by its name."""
        node = self.find(name, is_button, within)
        (done,) = self._reader.ask([self._call(node.path, ACTION, "DoAction", "i", (0,))])
        if not done or not done[0]:
            raise NotSeenError(f"{node.role} {node.name!r} cannot be pressed")

    def focus(self, name: str, kind: Kind = is_field, within: float = 5) -> None:
        """Put the keyboard's focus on a field and wait until it is there."""
        node = self.find(name, kind, within)
        self._reader.ask([self._call(node.path, COMPONENT, "GrabFocus")])
        self.find(name, lambda node: kind(node) and "focused" in node.states, within)

    def write(self, name: str, text: str, within: float = 5) -> None:
        """Put a text into a field, as an input method or dictation does."""
        node = self.find(name, is_written, within)
        (done,) = self._reader.ask([self._call(node.path, EDITABLE, "SetTextContents", "s", (text,))])
        if not done or not done[0]:
            raise NotSeenError(f"{node.role} {node.name!r} takes no text")

    def _call(
        self, path: str, interface: str, method: str, kinds: str = "", body: tuple[Any, ...] = ()
    ) -> Any:
        where = DBusAddress(path, self._program, interface)
        return new_method_call(where, method, kinds or None, body)

    def _property(self, path: str, interface: str, name: str) -> Any:
        return Properties(DBusAddress(path, self._program, interface)).get(name)

    def _read(self, paths: Sequence[str]) -> list[tuple[Node, list[str]]]:
        calls = [call for path in paths for call in self._questions(path)]
        answers = self._reader.ask(calls)
        each = len(calls) // len(paths) if paths else 1
        read = [_node(path, answers[at * each : (at + 1) * each]) for at, path in enumerate(paths)]
        found = [pair for pair in read if pair]
        texts = self._texts([node for node, _children in found])
        return [(replace(node, text=texts.get(node.path, "")), children) for node, children in found]

    def _questions(self, path: str) -> tuple[Any, ...]:
        return (
            self._call(path, ACCESSIBLE, "GetRoleName"),
            self._property(path, ACCESSIBLE, "Name"),
            self._property(path, ACCESSIBLE, "Description"),
            self._call(path, ACCESSIBLE, "GetState"),
            self._call(path, ACCESSIBLE, "GetInterfaces"),
            self._call(path, ACCESSIBLE, "GetChildren"),
        )

    def _texts(self, nodes: Sequence[Node]) -> dict[str, str]:
        """What is written in those that hold text, or the value of those that hold a number."""
        written = [node for node in nodes if TEXT in node.offers]
        counted = [node for node in nodes if VALUE in node.offers and TEXT not in node.offers]
        calls = [self._call(node.path, TEXT, "GetText", "ii", (0, -1)) for node in written]
        calls += [self._property(node.path, VALUE, "CurrentValue") for node in counted]
        answers = self._reader.ask(calls)
        return {
            node.path: _plain(body[0])
            for node, body in zip([*written, *counted], answers, strict=True)
            if body
        }

    def _instead(self, what: str) -> str:
        try:
            shown = " | ".join(self.words())
        except GoneError:
            shown = "nothing"
        return f"{what}; on show: {shown}"


def wait(look: Callable[[], Found | None], within: float, instead: Callable[[], str]) -> Found:
    """Look until there is something; raises NotSeenError with what `instead` says after `within` seconds."""
    until = time.monotonic() + within
    while True:
        with contextlib.suppress(DBusErrorResponse, GoneError):
            if (found := look()) is not None:
                return found
        if time.monotonic() > until:
            raise NotSeenError(f"after {within:g} s {instead()}")
        time.sleep(PAUSE)


def _node(path: str, answers: Sequence[Any]) -> tuple[Node, list[str]] | None:
    """One thing and the paths of those inside it; None for what went away while it was read."""
    if any(body is None for body in answers):
        return None
    role, name, description, bits, offers, children = (body[0] for body in answers)
    low, high = bits
    states = frozenset(word for bit, word in STATES.items() if (low | high << 32) >> bit & 1)
    node = Node(path, role, _plain(name), _plain(description), states, frozenset(offers))
    return node, [place for _program, place in children[:MOST_CHILDREN]]


def _plain(value: Any) -> str:
    """What stands in a variant, in words."""
    inner = value[1] if isinstance(value, tuple) else value
    return f"{inner:g}" if isinstance(inner, float) else str(inner)


def _joined(path: str, nodes: dict[str, Node], inside: dict[str, list[str]]) -> Node:
    children = tuple(_joined(child, nodes, inside) for child in inside[path] if child in nodes)
    return replace(nodes[path], children=children)
