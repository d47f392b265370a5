"""Pauses grow to a bound and begin anew when something went well."""

from __future__ import annotations

from desk_app.sync.backoff import Backoff, spread


def test_pauses_double_up_to_a_minute() -> None:
    backoff = Backoff(lambda pause: pause)
    assert [backoff.pause() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    backoff.reset()
    assert backoff.pause() == 1


def test_desks_are_spread_over_half_of_a_pause() -> None:
    pauses = {spread(10) for _ in range(100)}
    assert len(pauses) > 90
    assert all(5 <= pause <= 10 for pause in pauses)
