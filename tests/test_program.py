"""The composed program: a shop on two computers, which trust each other by the code that joined them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from desk_app.bootstrap import Program, Setup
from desk_app.clock import DAY, system_clock
from desk_app.domain.facts import CaseClosed
from desk_app.scanning import carriers, gs1_table
from desk_app.scanning.codes import decode
from desk_app.services.views import Brought, CaseRequest, ItemRequest
from desk_app.sync.wire import KEPT_DAYS, read_join_code

pytestmark = [pytest.mark.slow, pytest.mark.needs_linux]

WAIT = 30.0


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Program]]:
    """Makes programs over folders of their own, as on two computers."""
    monkeypatch.setenv("MENDESK_KEYS", str(tmp_path / "keys"))
    made: list[Program] = []

    def make(name: str) -> Program:
        folder = tmp_path / name
        folder.mkdir()
        made.append(Program(folder, system_clock))
        return made[-1]

    yield make
    for program in made:
        program.close()


def online(services: Any) -> threading.Event:
    """Set when the desk is in touch with the central service."""
    there = threading.Event()
    services.on_line(lambda state: there.set() if state.line == "online" else None)
    if services.line.state().line == "online":
        there.set()
    return there


def test_a_desk_on_another_computer_joins_by_tls_and_sees_the_same_cases(
    programs: Callable[[str], Program],
    eventually: Callable[[Callable[[], object]], None],
) -> None:
    carriers._of_length.cache_clear()
    gs1_table.rows.cache_clear()
    first, second = programs("a"), programs("b")
    founding = first.open()
    assert isinstance(founding, Setup)
    founding.found("静安店", "Window 1", "林晓雯", "a long password", "2580", "zh_CN", False).result(WAIT)
    shop: Any = first.open()
    (person,) = shop.people.everybody()
    lin = shop.people.sign_in(person.stream, "2580").result(WAIT)
    assert online(shop).wait(WAIT)
    shop.settings.network = 1
    first.aside(lambda: None).result(WAIT)  # behind the restart of the service
    tables = (carriers._of_length, gs1_table.rows)
    assert [table.cache_info().currsize for table in tables] == [1, 1]  # no scan has to wait for them
    text = shop.line.join_code(lin).result(WAIT)
    own = decode(text)
    assert own
    code = read_join_code(own.body)
    assert len(code.fingerprint) == 32
    joining = second.open()
    assert isinstance(joining, Setup)
    joining.join(text, "Bench 1").result(WAIT)
    bench: Any = second.open()
    assert online(bench).wait(WAIT) and not bench.place.is_central
    seen = threading.Event()
    bench.on_changes(lambda changes: seen.set() if changes.touch("case") else None)
    item = ItemRequest("云雀 P3", "phone")
    request = CaseRequest("repair", "欧阳文静", "13800138000", "", "屏幕碎了", "", item)
    opened = shop.reception.open_case(request, lin).result(WAIT)
    assert seen.wait(WAIT)
    assert bench.cases.view(opened.stream).case.number == opened.number
    there = second._store
    assert there
    there.act(lambda act: act.add(opened.stream, CaseClosed()), lin, 0).result(WAIT)
    months = count()  # time goes on while the closing is on its way
    eventually(lambda: there.let_go(system_clock() + next(months) * (KEPT_DAYS + 1) * DAY))
    assert bench.cases.target(opened.number).page == ""
    assert bench.line.bring(bench.cases.codes(opened.number)).result(WAIT) is Brought.HERE
    assert bench.cases.target(opened.number).stream == opened.stream
    assert bench.cases.view(opened.stream).customer.name == "欧阳文静"
