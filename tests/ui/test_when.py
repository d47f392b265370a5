"""Words about moments follow the clock by one tick a minute, and nothing else on the page moves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desk_app.texts import Speaker, speaker
from ui.hub import Hub
from ui.theme import Scheme, Theme
from ui.widgets import Column, Facts, Moment, RowModel, TableView, Text, Timeline, Times, When

SHANGHAI = "Asia/Shanghai"
NOON = 1_795_406_400_000_000  # 2026-11-23 12:00 in Shanghai
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
Shown = Callable[..., None]


class Watch:
    """A clock that stands until the test moves it."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch(NOON)


@pytest.fixture
def hub(qapp: QApplication, watch: Watch) -> Hub:
    made = Hub()
    made.clock = watch
    return made


@pytest.fixture
def times(say: Speaker, hub: Hub) -> Times:
    return Times(say, SHANGHAI, hub)


@pytest.fixture
def goes_by(watch: Watch, hub: Hub) -> Callable[[int], None]:
    """Lets time go by, with the tick at its end."""

    def go(span: int) -> None:
        watch.now += span
        hub.minute.emit()

    return go


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QObject) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - as Qt names it
        self.count += event.type() is QEvent.Type.Paint
        return False


# the tick


@pytest.mark.parametrize(
    ("past", "left"), [(0, 60_001), (59 * SECOND, 1001), (59_999_999, 1), (30_500_000, 29_501)]
)
def test_the_tick_waits_for_the_wall_clocks_minute(hub: Hub, watch: Watch, past: int, left: int) -> None:
    watch.now = NOON + past
    hub.keep_time(watch)
    assert hub._timer.interval() == left
    assert hub._timer.isSingleShot()
    hub._timer.stop()


def test_the_tick_comes_and_waits_for_the_next(qtbot: QtBot, hub: Hub, watch: Watch) -> None:
    watch.now = NOON - 10_000
    with qtbot.waitSignal(hub.minute, timeout=5000):
        hub.keep_time(watch)
    watch.now = NOON - 5_000
    with qtbot.waitSignal(hub.minute, timeout=5000):
        hub.keep_time(watch)
    assert hub._timer.isActive()
    hub._timer.stop()


def test_no_tick_before_there_is_a_clock(hub: Hub) -> None:
    assert not hub._timer.isActive()


# a label


def test_a_label_follows_the_clock(times: Times, goes_by: Callable[[int], None], qtbot: QtBot) -> None:
    label = When(times, NOON)
    qtbot.addWidget(label)
    said = [label.text()]
    for span in (MINUTE, 4 * MINUTE, 2 * HOUR, 24 * HOUR, 24 * HOUR, 6 * 24 * HOUR):
        goes_by(span)
        said.append(label.text())
    assert said == [
        *("just now", "1 min ago", "5 min ago", "2 h ago"),
        *("yesterday 12:00", "2 days ago", "23 Nov 2026, 12:00"),
    ]
    assert (label.toolTip(), label.accessibleName()) == ("23 Nov 2026, 12:00", "23 Nov 2026, 12:00")


def test_a_label_in_chinese_with_words_beside_it(
    hub: Hub, goes_by: Callable[[int], None], qtbot: QtBot
) -> None:
    label = When(
        Times(speaker("zh_CN"), SHANGHAI, hub), NOON + 2 * HOUR, beside=lambda when: f"{when} · 陈伟"
    )
    qtbot.addWidget(label)
    assert label.text() == "2 小时后 · 陈伟"
    goes_by(3 * 24 * HOUR + 2 * HOUR)
    assert label.text() == "3 天前 · 陈伟"
    assert label.accessibleName() == "2026-11-23 14:00 · 陈伟"


def test_both_says_the_moment_and_for_a_week_how_far_it_is(
    times: Times, goes_by: Callable[[int], None]
) -> None:
    assert times.both(NOON) == "23 Nov 2026, 12:00 · just now"
    goes_by(9 * 24 * HOUR)
    assert times.both(NOON) == "23 Nov 2026, 12:00"


def test_words_that_stay_are_not_painted_again(
    times: Times, goes_by: Callable[[int], None], shown: Shown, qtbot: QtBot
) -> None:
    label = When(times, NOON - 3 * HOUR)
    shown(label)
    QApplication.processEvents()
    paints = Paints(label)
    goes_by(MINUTE)
    QApplication.processEvents()
    assert (label.text(), paints.count) == ("3 h ago", 0)
    goes_by(HOUR)
    QApplication.processEvents()
    assert label.text() == "4 h ago"
    assert paints.count == 1


def test_labels_that_are_gone_are_told_nothing(
    times: Times, goes_by: Callable[[int], None], qtbot: QtBot
) -> None:
    told: list[str] = []
    timeline = Timeline(times=times)
    qtbot.addWidget(timeline)
    gone = When(times, NOON, beside=lambda when: told.append(when) or when)
    gone.deleteLater()
    for _ in range(20):
        timeline.set_moments([Moment("Opened", NOON, "林晓雯")])
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    told.clear()
    goes_by(MINUTE)
    assert told == []
    assert len(timeline.findChildren(When)) == 1


# components


def test_the_story_follows_the_clock(
    times: Times, goes_by: Callable[[int], None], shown: Shown, qtbot: QtBot
) -> None:
    timeline = Timeline([Moment("Received", NOON, "陈伟"), Moment("Opened", "08:40", "林晓雯")], times)
    shown(timeline)
    goes_by(20 * MINUTE)
    texts = [text.text() for text in timeline.findChildren(Text) if text.isVisible()]
    assert texts == ["Received", "20 min ago · 陈伟", "Opened", "08:40 · 林晓雯"]


def test_a_fact_follows_the_clock_and_keeps_what_is_marked(
    times: Times, goes_by: Callable[[int], None], shown: Shown, qtbot: QtBot
) -> None:
    facts = Facts([("Customer", "欧阳文静"), ("Opened on", When(times, NOON, words=times.both))])
    shown(facts)
    name, opened = (
        label for label in facts.findChildren(QLabel) if label.text().startswith(("欧阳", "23 Nov"))
    )
    name.setSelection(0, 2)
    goes_by(MINUTE)
    assert opened.text() == "23 Nov 2026, 12:00 · 1 min ago"
    assert opened.accessibleName() == "Opened on: 23 Nov 2026, 12:00"
    assert name.selectedText() == "欧阳"


@pytest.fixture
def arrivals(times: Times, hub: Hub) -> tuple[RowModel, list[int]]:
    """Ten thousand arrivals, one a minute, and where the list was read."""
    read: list[int] = []

    def fetch(offset: int, limit: int) -> list[int]:
        read.append(offset)
        return [NOON - row * MINUTE for row in range(offset, min(offset + limit, 10_000))]

    columns = [Column("Time", 160, times.listed, exact=times.exact), Column("Number", 90, str, right=True)]
    model = RowModel(columns, lambda: 10_000, fetch)
    hub.minute.connect(model.retell)
    return model, read


def test_a_column_follows_the_clock_where_it_stands(
    arrivals: tuple[RowModel, list[int]], goes_by: Callable[[int], None], shown: Shown, qtbot: QtBot
) -> None:
    model, read = arrivals
    view = TableView("Arrivals", model)
    shown(view, 400, 300)
    view.selectRow(6)
    view.setFocus()
    view.verticalScrollBar().setValue(100)
    view.viewport().repaint()
    before, asked = view.viewport().grab().toImage(), list(read)
    paints = Paints(view.viewport())
    assert model.index(5, 0).data() == "5 min ago"
    goes_by(MINUTE)
    QApplication.processEvents()
    assert model.index(5, 0).data() == "6 min ago"
    assert paints.count == 1
    assert view.viewport().grab().toImage() != before
    assert (view.verticalScrollBar().value(), view.currentIndex().row(), view.hasFocus()) == (100, 6, True)
    assert view.selectionModel().isRowSelected(6)
    assert read == asked


def test_a_cell_tells_the_exact_moment_to_those_who_ask(arrivals: tuple[RowModel, list[int]]) -> None:
    cell = arrivals[0].index(5, 0)
    assert cell.data() == "5 min ago"
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert cell.data(role) == "23 Nov 2026, 11:55"
    assert cell.siblingAtColumn(1).data(Qt.ItemDataRole.ToolTipRole) == str(NOON - 5 * MINUTE)


def test_an_empty_list_has_nothing_to_tell_anew(
    qtbot: QtBot, hub: Hub, goes_by: Callable[[int], None]
) -> None:
    model = RowModel([Column("Time", 160, str)], lambda: 0, lambda _offset, _limit: [])
    hub.minute.connect(model.retell)
    with qtbot.assertNotEmitted(model.dataChanged):
        goes_by(MINUTE)


# figures


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_figures_are_as_wide_as_each_other(theme: Theme, qapp: QApplication, scale: float) -> None:
    theme.apply(Scheme.LIGHT, scale)
    for role in ("", "caption", "muted", "strong", "section", "title", "big"):
        label = Text("0", role)
        label.ensurePolished()
        widths = {QFontMetricsF(label.font()).horizontalAdvance(figure) for figure in "0123456789"}
        assert len(widths) == 1, (role, widths)


def test_figures_in_a_column_line_up(qtbot: QtBot, theme: Theme, qapp: QApplication) -> None:
    font = QFont(QApplication.font())
    widths = {
        QFontMetricsF(font).horizontalAdvance(words) for words in ("2026-11-23 11:11", "2000-08-08 00:00")
    }
    assert len(widths) == 1
