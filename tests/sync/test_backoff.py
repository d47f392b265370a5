"""Pauses grow to a bound and begin anew when something went well."""

from __future__ import annotations

from desk_app.sync.backoff import LONGEST_WHILE_CUT, Backoff, spread


def test_pauses_double_up_to_a_minute() -> None:
    backoff = Backoff(lambda pause: pause)
    assert [backoff.pause() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    backoff.reset()
    assert backoff.pause() == 1


def test_the_line_is_tried_more_often_and_what_is_refused_is_not() -> None:
    backoff = Backoff(lambda pause: pause)
    assert [backoff.pause(LONGEST_WHILE_CUT) for _ in range(5)] == [1, 2, 4, 4, 4]
    assert [backoff.pause() for _ in range(4)] == [8, 16, 32, 60]


def test_desks_are_spread_over_half_of_a_pause() -> None:
    pauses = {spread(10) for _ in range(100)}
    assert len(pauses) > 90
    assert all(5 <= pause <= 10 for pause in pauses)
