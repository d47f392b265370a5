"""Every text has its Chinese, every Chinese text is used, and no key is computed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from desk_app import translations

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("desk_app", "ui", "printing", "central")
SPEAKERS = ("say", "_say")
MARK = "N_"
HOW = "append it to resources/translations/zh_CN.po, then run: python -m desk_app.translations"

Key = str | tuple[str, str]  # one form, or one and many


@dataclass
class Found:
    """The keys of some files, each with the places where it stands, and what is wrong about their use."""

    keys: dict[Key, list[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def test_no_key_is_computed_and_every_place_is_filled() -> None:
    assert not (wrong := said().wrong), "\n" + "\n".join(wrong)


@pytest.mark.parametrize("source", translations.sources(), ids=lambda path: path.stem)
def test_the_catalogue_is_complete(source: Path) -> None:
    wrong = list(problems(said().keys, translations.read(source)))
    assert not wrong, "\n" + "\n".join(wrong) + f"\nFor a missing text: {HOW}"


@pytest.mark.parametrize("source", translations.sources(), ids=lambda path: path.stem)
def test_the_compiled_catalogue_is_that_of_the_texts(source: Path) -> None:
    up_to_date = source.with_suffix(".mo").read_bytes() == translations.compiled(source)
    assert up_to_date, f"{source.stem}.mo is not up to date: run python -m desk_app.translations"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('say(f"Parcel {number}")', "f-string"),
        ('self.say("Parcel " + number)', "computed"),
        ('say("Parcel {}".format(number))', "computed"),
        ('say("Parcel %s" % number)', "computed"),
        ('N_(f"Parcel {number}")', "f-string"),
        ("N_(parcel)", "only a literal"),
        ('say.plural("{n} case", f"{n} cases", 2)', "f-string"),
        ('say("Parcel {waybill} received")', "waybill"),
        ('say("Parcel {waybill} received", way_bill=1)', "waybill"),
        ('say("Parcel {} received", 5)', "named"),
        ('say(" Parcel")', "space"),
        ("say()", "without its key"),
    ],
)
def test_a_wrong_use_is_told(line: str, told: str) -> None:
    found = Found()
    collect(ast.parse(line), "sample.py", found)
    assert len(found.wrong) == 1
    assert told in found.wrong[0]


def test_keys_are_found_wherever_they_stand() -> None:
    found = Found()
    lines = [
        'tools.say("Open")',
        'self._say("Close" if done else "Wait")',
        'CHIPS = [(N_("Good"), 1)]\nsay(CHIPS[0][0])\nsay(action.text)\nsay(text)',
        'tools.say.plural("{n} case", "{n} cases", count)',
        'say("Parcel {waybill} received", waybill=number)',
        'say("Parcel {waybill} lost", **values)',
    ]
    collect(ast.parse("\n".join(lines)), "sample.py", found)
    assert found.wrong == []
    assert set(found.keys) == {
        *("Open", "Close", "Wait", "Good", "Parcel {waybill} received", "Parcel {waybill} lost"),
        ("{n} case", "{n} cases"),
    }


@pytest.mark.parametrize(
    ("po", "told"),
    [
        ('msgid "Open {x}"\nmsgstr "打开{x}"\nmsgid "Other"\nmsgstr "其他"', "nobody says"),
        ('msgid "Open {x}"\nmsgstr ""', "unfinished"),
        ('#, fuzzy\nmsgid "Open {x}"\nmsgstr "打开{x}"', "fuzzy"),
        ('msgid "Open {x}"\nmsgstr "打开"', "{x}"),
        ('msgid "Open {x}"\nmsgid_plural "Opens {x}"\nmsgstr[0] "打开{x}"', "plural"),
        ("", "missing"),
    ],
)
def test_an_incomplete_catalogue_is_told(catalogue: Callable[[str], Catalog], po: str, told: str) -> None:
    wrong = list(problems({"Open {x}": ["sample.py:1"]}, catalogue(po)))
    assert wrong
    assert told in wrong[0]


def test_an_unfinished_plural_is_told(catalogue: Callable[[str], Catalog]) -> None:
    po = 'msgid "{n} case"\nmsgid_plural "{n} cases"\nmsgstr[0] ""'
    (wrong,) = problems({("{n} case", "{n} cases"): ["sample.py:1"]}, catalogue(po))
    assert "unfinished" in wrong


def test_a_key_that_stands_twice_is_told(catalogue: Callable[[str], Catalog]) -> None:
    with pytest.raises(translations.DuplicateKeyError, match="Open"):
        catalogue('msgid "Open"\nmsgstr "打开"\n\nmsgid "Open"\nmsgstr "开"')


@pytest.fixture
def catalogue(tmp_path: Path) -> Callable[[str], Catalog]:
    """Reads a catalogue with these messages."""

    def read(messages: str) -> Catalog:
        source = tmp_path / "zh_CN.po"
        head = 'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
        source.write_text(head + messages + "\n", encoding="utf-8")
        return translations.read(source)

    return read


def said() -> Found:
    """The keys of all rooms."""
    found = Found()
    for path in (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))):
        collect(ast.parse(path.read_text("utf-8")), path.relative_to(ROOT).as_posix(), found)
    return found


def collect(tree: ast.AST, name: str, found: Found) -> None:
    """Add the keys in the file `name` to `found`."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        count = forms(call)
        if count:
            where = f"{name}:{call.lineno}"
            found.wrong += [f"{where} {wrong}" for wrong in mistakes(call, count)]
            for key in literal_keys(call, count):
                found.keys.setdefault(key, []).append(where)


def forms(call: ast.Call) -> int:
    """How many forms of a key a call takes: 1 to say or mark one, 2 for a plural, 0 for any other call."""
    if called(call.func) in (*SPEAKERS, MARK):
        return 1
    if isinstance(call.func, ast.Attribute) and call.func.attr == "plural":
        return 2 if called(call.func.value) in SPEAKERS else 0
    return 0


def called(node: ast.expr) -> str:
    """The last part of a name, as `say` of `self.tools.say`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def branches(node: ast.expr) -> list[ast.expr]:
    """What a key can be: both sides of `"Open" if new else "Closed"`."""
    return [*branches(node.body), *branches(node.orelse)] if isinstance(node, ast.IfExp) else [node]


def literal(node: ast.expr) -> str | None:
    """The text of a literal."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def literal_keys(call: ast.Call, count: int) -> Iterator[Key]:
    """The keys that stand in a call as literals."""
    texts = [[text for node in branches(key) if (text := literal(node))] for key in call.args[:count]]
    if count == 1:
        yield from texts[0] if texts else ()
    elif [len(text) for text in texts] == [1, 1]:
        yield texts[0][0], texts[1][0]


def mistakes(call: ast.Call, count: int) -> Iterator[str]:
    """What is wrong with the keys of a call and the values it hands over."""
    if len(call.args) < count:
        yield "a text is said without its key; give it as the first argument"
    for node in (node for key in call.args[:count] for node in branches(key)):
        text = literal(node)
        wrong = unlike_a_key(node, called(call.func)) if text is None else misplaced(text, call, count)
        if wrong:
            yield wrong


def unlike_a_key(node: ast.expr, function: str) -> str | None:
    """Why an expression that is no literal may not be a key."""
    if isinstance(node, ast.JoinedStr):
        return "an f-string is no key: name the {places} and hand their values over"
    if function == MARK:
        return f"only a literal can be marked with {MARK}"
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        return None
    return f"a computed key: write a literal, or a variable whose texts are marked with {MARK}"


def misplaced(text: str, call: ast.Call, count: int) -> str | None:
    """What is wrong with a literal key's own shape, or with the values for its places."""
    if not text or text != text.strip():
        return f"{text!r} is empty or has a space at an end"
    if "" in places(text):
        return f"{text!r} has a place without a name: every place must be {{named}}"
    given = {keyword.arg for keyword in call.keywords} | ({"n"} if count == 2 else set())
    if called(call.func) == MARK or None in given or places(text) == given:
        return None
    if count == 2 and places(text) | {"n"} == given:
        return None
    return f"{text!r} has the places {sorted(places(text))}, but is given {sorted(map(str, given))}"


def places(text: str) -> set[str]:
    """The names of the places in a text; '' for one without a name."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def problems(said: dict[Key, list[str]], catalogue: Catalog) -> Iterator[str]:
    """What the catalogue lacks, what is unfinished in it, and what nobody says."""
    for key, where in sorted(said.items(), key=str):
        message = catalogue.get(key if isinstance(key, str) else key[0])
        for wrong in wrong_in(key, message):
            yield f"{key!r} ({where[0]}): {wrong}"
    used = {key if isinstance(key, str) else key[0] for key in said}
    for message in catalogue:
        if message.id and one(message) not in used:
            yield f"{one(message)!r}: nobody says it; take it out of the catalogue"


def one(message: Message) -> str:
    """The key of a message, the first form of a plural."""
    return message.id if isinstance(message.id, str) else message.id[0]


def wrong_in(key: Key, message: Message | None) -> Iterator[str]:
    """What is wrong with the message of a key."""
    if message is None:
        yield "missing"
        return
    if message.id != key:
        yield f"said with the plural forms {key!r}, but the catalogue has {message.id!r}"
    if message.fuzzy:
        yield "fuzzy: look at the text and take the mark off"
    texts = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if not all(texts):
        yield "unfinished"
    fullest = key if isinstance(key, str) else key[1]
    for text in filter(None, texts):
        if places(text) != places(fullest):
            yield f"{text!r} has the places {shown(text)}, not {shown(fullest)}"


def shown(text: str) -> str:
    """The places of a text as one reads them."""
    return " ".join(f"{{{name}}}" for name in sorted(places(text))) or "none"
