"""A shop in trouble that is broken on purpose is found out.

One that is not broken is a step of `./desk test` by itself, as its line tells what happened: `tests/run.py`.
"""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.needs_linux, pytest.mark.slow]
A_KILL = ("--seed", "5", "--seconds", "0", "--steps", "kill before commit")


def test_a_desk_that_acknowledges_before_it_commits_is_found_out(chaos: Any) -> None:
    done = chaos(*A_KILL, MENDESK_SABOTAGE="beep_before_commit")
    assert done.returncode == 1
    assert " is there 0 times" in done.stdout


@pytest.mark.long
def test_an_act_of_which_a_part_is_not_written_is_found_out(chaos: Any) -> None:
    done = chaos(*A_KILL, MENDESK_SABOTAGE="drop_entry")
    assert done.returncode == 1
    assert " is there 0 times" in done.stdout
