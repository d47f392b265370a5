"""Pages: from the wish to see one to its first paint, built anew each time, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QStackedWidget, QWidget

from benchmarks.figures import Bound, Figure
from benchmarks.program import Running, paint, running, settle
from benchmarks.shop import Shop
from ui.session import PAGES
from ui.theme import Scheme

LIMIT = Bound(100)
WARM_UP = 2
SCHEMES = (Scheme.LIGHT, Scheme.DARK)


def measure(shop: Shop, times: int) -> Iterator[Figure]:
    """Each page in each scheme, the case and the bench with the longest case."""
    with running(shop) as desk:
        where = {"case": {"stream": shop.long_case}, "bench": {"stream": shop.long_case, "item": "1"}}
        for scheme in SCHEMES:
            desk.program.theme.apply(scheme)
            for name in (place[0] for place in PAGES):
                yield _page(desk, name, where.get(name, {}), f"{name}, {scheme.value}", times)
            yield _sign_in(desk, f"sign-in, {scheme.value}", times)


def _page(desk: Running, name: str, where: dict[str, str], title: str, times: int) -> Figure:
    def show() -> QWidget:
        desk.window.open(name, **where)
        assert desk.window.page
        return desk.window.page

    beside = "dock" if name == "settings" else "settings"
    return _measured(title, times, lambda: desk.enter(beside), show)


def _sign_in(desk: Running, title: str, times: int) -> Figure:
    def show() -> QWidget:
        desk.session.change_person()
        stack = desk.window.centralWidget()
        assert isinstance(stack, QStackedWidget)
        return stack.currentWidget() or stack

    return _measured(title, times, lambda: desk.enter("settings"), show)


def _measured(title: str, times: int, before: Callable[[], object], show: Callable[[], QWidget]) -> Figure:
    figure = Figure(title, LIMIT)
    for turn in range(-WARM_UP, times):
        before()
        with (Figure("warm-up") if turn < 0 else figure).sample():
            paint(show)
        settle()
    return figure
