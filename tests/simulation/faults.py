"""What goes wrong in a run beside the line: disks, processes, clocks, versions, copies."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import msgspec
from acts import CASES
from computer import Power
from computers import DeskComputer
from virtual import SECOND
from world import World

from desk_app.domain.cases import Case, status
from desk_app.domain.folding import State, freeze, thaw
from desk_app.errors import OutsideError
from desk_app.storage.writer import Rank

MINUTE = 60 * SECOND
YEAR = 365 * 24 * 60 * MINUTE
STOPS = ("act.decided", "act.committed")
Fault = Callable[[World], None]


def plan(world: World, length: float) -> None:
    """Draw what goes wrong in this run, and when."""
    chance = world.chance
    for fault, share in FAULTS.items():
        if chance.random() < share:
            world.time.after(chance.uniform(0.1, 0.95) * length, partial(fault, world))
    if chance.random() < 0.25:
        put_back(world, length)
    elif chance.random() < 0.25:
        world.time.after(chance.uniform(0.3, 0.8) * length, partial(clone, world))


def at_start(world: World) -> None:
    """Clocks that are wrong from the beginning, and programs of several versions."""
    chance = world.chance
    _, second, third = world.desks
    if chance.random() < 0.4:
        world.happened["clock skewed"] += 1
        chance.choice(world.desks).offset = chance.choice((-90, 90)) * MINUTE
    if chance.random() < 0.2:
        world.happened["clock in a wrong year"] += 1
        chance.choice(world.desks).offset = chance.choice((-40, 60)) * YEAR
    if chance.random() < 0.3:
        world.happened["older rules"] += 1
        second.lacks_rules = True
    if chance.random() < 0.25:
        world.happened["first protocol"] += 1
        third.is_old = True


def a_desk(world: World) -> DeskComputer | None:
    up = [desk for desk in world.desks if desk.is_up]
    return world.chance.choice(up) if up else None


def power_of_desk(world: World) -> None:
    world.chance.choice(world.desks).power.lose_power_after(world.chance.randrange(1, 80))


def power_of_central(world: World) -> None:
    world.centre.power.lose_power_after(world.chance.randrange(1, 80))


def kill_desk(world: World) -> None:
    if desk := a_desk(world):
        world.crash(desk, is_killed=True)


def kill_central(world: World) -> None:
    if world.centre.is_up:
        world.crash(world.centre, is_killed=True)


def kill_in_act(world: World) -> None:
    if desk := a_desk(world):
        desk.die_at = world.chance.choice(STOPS)


def close_desk(world: World) -> None:
    """Somebody ends the program and starts it again."""
    if desk := a_desk(world):
        world.happened["program closed"] += 1
        desk.close()
        world.time.after(1.0, lambda: world.bring_back(desk))


def fill_desk(world: World) -> None:
    _fill(world, world.chance.choice(world.desks).power, "desk disk full")


def fill_central(world: World) -> None:
    _fill(world, world.centre.power, "central disk full")


def _fill(world: World, power: Power, name: str) -> None:
    world.happened[name] += 1
    power.fill(is_full=True)
    world.time.after(world.chance.uniform(1, 6), lambda: power.fill(is_full=False))


def cut_off(world: World) -> None:
    name = world.chance.choice(world.desks).name
    world.network.cut_off.add(name)
    world.time.after(world.chance.uniform(3, 12), lambda: world.network.cut_off.discard(name))


def turn_clock_back(world: World) -> None:
    world.happened["clock jumped back"] += 1
    world.chance.choice(world.desks).offset -= world.chance.randrange(1, 120) * MINUTE


def write_newer(world: World) -> None:
    desk = a_desk(world)
    if desk and world.people.cases:
        stream = world.chance.choice(world.people.cases)
        if world.act(desk, world.people.newer(stream)) == "done":
            world.happened["newer kind"] += 1


def write_malformed(world: World) -> None:
    desk = a_desk(world)
    if desk and world.people.cases:
        stream = world.chance.choice(world.people.cases)
        if world.act(desk, world.people.malformed(stream)) == "done":
            world.happened["malformed entry"] += 1


def spoil(world: World) -> None:
    """Flip a bit of a state on a desk, so that it is still one, but another; then a note goes there."""
    desk = a_desk(world)
    if desk is None or world.is_put_back or len(world.people.cases) < CASES // 2:
        return
    stream = world.chance.choice(world.people.cases)
    try:
        spoilt = desk.store._writer.do(Rank.SYNC, lambda: _flip(world, desk, stream)).result()
    except OutsideError:
        return
    if spoilt:
        world.happened["state spoilt"] += 1
        world.spoilt.append((desk, stream))


def _flip(world: World, desk: DeskComputer, stream: str) -> bool:
    with desk.store._engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT confirmed FROM state WHERE stream = ?", (stream,)).all()
        frozen = found[0][0] if found else b""
        for _ in range(40 if len(frozen) > 40 else 0):
            bit = world.chance.randrange(8 * len(frozen))
            changed = bytearray(frozen)
            changed[bit // 8] ^= 1 << bit % 8
            if _is_state(stream, bytes(changed)) and _names(stream, changed) == _names(stream, frozen):
                connection.exec_driver_sql(
                    "UPDATE state SET confirmed = ? WHERE stream = ?", (bytes(changed), stream)
                )
                return True
    return False


def _is_state(stream: str, frozen: bytes) -> bool:
    try:
        state: State = thaw(stream, frozen)
        return freeze(state) == frozen and (not isinstance(state, Case) or bool(status(state, False)))
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):  # the last: no word that an item can have
        return False


def _names(stream: str, frozen: bytes | bytearray) -> list[object]:
    """The other streams a state names: an act that goes by it has to go to streams that can be."""
    state = thaw(stream, bytes(frozen))
    return [getattr(state, name, None) for name in ("parcels", "customer", "number")]


def clone(world: World) -> None:
    """Somebody copies a desk's folder, and both programs run from now on."""
    desk = a_desk(world)
    if desk is None:
        return
    world.happened["desk cloned"] += 1
    world.take_down(desk, is_killed=True)
    twin = replace(
        desk,
        name=f"{desk.name}2",
        folder=world.folder / f"{desk.name}2",
        power=Power(world.seed),
        chance=world._part("twin"),
        has_twin=True,
        states=[],
        bugs=[],
        acked={},
        is_up=False,
        die_at="",
    )
    desk.has_twin = True
    desk.copy_to(twin.folder)
    world.desks.append(twin)
    world.spoilt += [(twin, stream) for spoilt, stream in world.spoilt if spoilt is desk]
    for each in (desk, twin):
        world.bring_back(each)


def put_back(world: World, length: float) -> None:
    """The central service is put back to a copy made earlier; old programs cannot be told of that."""
    world.is_put_back = True
    late = world.chance.random() < 0.4
    copied = world.chance.uniform(0.1, 0.6)
    back = 0.999 if late else world.chance.uniform(copied + 0.05, 0.9)
    for desk in world.desks:
        desk.is_old = False
    world.happened["first protocol"] = 0
    world.time.after(copied * length, partial(_copy_central, world))
    world.time.after(back * length, partial(_put_back, world, late))


def _copy_central(world: World) -> None:
    if world.centre.is_up:
        world.take_down(world.centre, is_killed=True)
    shutil.copytree(world.centre.folder, world.folder / "copy")
    world.bring_back(world.centre)


def _put_back(world: World, late: bool) -> None:
    if world.centre.is_up:
        world.take_down(world.centre, is_killed=True)
    world.centre.put_back(world.folder / "copy", world.seed)
    world.bring_back(world.centre)
    world.happened["central put back" + ("" if late else " and grown past")] += 1


FAULTS: dict[Fault, float] = {
    power_of_desk: 0.5,
    power_of_central: 0.4,
    kill_desk: 0.3,
    kill_central: 0.3,
    kill_in_act: 0.3,
    close_desk: 0.2,
    fill_desk: 0.25,
    fill_central: 0.25,
    cut_off: 0.6,
    turn_clock_back: 0.25,
    write_newer: 0.4,
    write_malformed: 0.35,
    spoil: 0.5,
}


def touch_spoilt(world: World) -> None:
    """At the end of the work: a note on each spoilt state, at another desk, so that the hashes meet."""
    for desk, stream in world.spoilt:
        for other in world.desks:
            if other is not desk:
                world.bring_back(other)
                other.power.fill(is_full=False)
                if world.act(other, world.people.note(stream)) == "done":
                    break
