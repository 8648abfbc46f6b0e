"""What cannot run is refused before it is drawn: by check, by simulate, by a study; what is large but can run
is not."""

from __future__ import annotations

import copy
import time
import tracemalloc

import pytest

import sim
from benchmarks.growth import times
from sim.flow import build as tables_of
from sim.flow import executor, prepare
from sim.scenario import InputError, Policy, Scenario, build
from sim.scenario.calendar import calendar_of
from sim.scenario.part import Text
from sim.world import check_runs, draw_world, in_force
from sim.world.size import VARIABLE, _shares, visits_of
from tests.theory.offices import kind, scenario, work

TITLE = Text(en="trial", zh="试行")


def changed(name: str, change) -> Scenario:
    loaded = sim.load(name)
    data = copy.deepcopy(loaded.source.data)
    change(data)
    return build(data, loaded.folder)


def loop(data):
    step = {"type": "branch", "to": {"serve": 0.999998, "end": 0.000002}}
    data["kinds"]["visit"]["route"]["again"] = step


def often(data):
    text = {"en": "board", "zh": "会议"}
    data["committees"] = {"board": {"title": text, "first": [0], "places": [1], "every_minutes": 1e-9}}


def many(per: str):
    return lambda data: data["demand"]["visit"].update(volumes={"office": 1e7}, per=per)


def crowd(data):
    one = next(iter(data["staff"].values()))
    data["staff"] |= {f"group_of_{number}": {**one, "count": 500} for number in range(1000)}


def sundays(data):
    data["calendar"] |= {"country": "none", "week": {"mon": ["09:00-17:00"]}}
    data["profiles"] = {"odd": {"weekdays": [0, 1, 0, 0, 0, 0, 1], "working_days_only": True}}
    data["demand"]["visit"]["profile"] = "odd"


@pytest.mark.parametrize(
    ("change", "path", "says"),
    [
        (loop, "kinds.visit.route.", "500,000 times"),
        (often, "committees.board.every_minutes", "sits"),
        (many("hour"), "demand.visit.volumes.office", "requests of 'visit'"),
        (crowd, "staff", "500,001 people"),
        (sundays, "profiles.odd", "nobody can come in the horizon"),
    ],
    ids=["loop", "sittings", "requests", "people", "nobody"],
)
def test_what_cannot_run_is_refused_at_every_door(change, path, says):
    case = changed("one-office", change)
    began = time.monotonic()
    for door in (check_runs, sim.simulate):
        with pytest.raises(InputError) as raised:
            door(case)
        assert says in str(raised.value)
        assert raised.value.path.startswith(path) and raised.value.remedy
    assert time.monotonic() - began < 20  # not after a draw


def test_a_policy_is_blamed_at_its_change():
    policy = Policy("flood", TITLE, TITLE, {"demand.visit.volumes.office": 1e7})
    with pytest.raises(InputError, match="requests of 'visit' are expected"):
        check_runs(sim.load("one-office"), policy)
    with pytest.raises(InputError, match="policy 'flood': one replication"):
        check_runs(sim.load("one-office"), policy)


def test_the_limit_can_be_raised_and_lowered(monkeypatch):
    monkeypatch.setenv(VARIABLE, "0.001")
    with pytest.raises(InputError, match=f"above the limit of 0.001 GB.*{VARIABLE}"):
        check_runs(sim.load("one-office"))
    monkeypatch.setenv(VARIABLE, "1e9")
    check_runs(changed("one-office", loop))
    monkeypatch.setenv(VARIABLE, "plenty")
    with pytest.raises(InputError, match="Give a number of GB"):
        check_runs(sim.load("one-office"))


@pytest.mark.parametrize("name", ["binhai", "outpatients", "urgent-care", "warsaw-halls", "province"])
def test_shipped_scenarios_run(name):
    check_runs(sim.load(name))


def test_visits_are_those_that_are_drawn():
    """A fork back with 0.6, and a return that sends half back, at most twice, on every way."""
    again = {"type": "branch", "to": {"step_1": 0.6, "papers": 0.4}}
    papers = {
        **{"type": "return", "chance": 0.5, "amount": 1, "per": "minutes", "distribution": "constant"},
        **{"back_to": "step_1", "at_most": 2},
    }
    case = scenario(4000, {"visit": kind(work(0.001), again=again, papers=papers)}, {"visit": 5})
    world = draw_world(case, 1)
    expected = visits_of(case.kinds["visit"])
    assert expected["step_1"] == pytest.approx(2.5 * 2)  # 1 / (1 - 0.6), and 1 + 1/2 + 1/2 times sent back
    drawn = (world.tasks.type == 0).sum() / len(world.requests)
    assert 0.8 * expected["step_1"] < drawn < 1.02 * expected["step_1"]  # an upper bound, and near


def test_memory_is_about_what_is_reckoned():
    prepare("compiled")
    case = in_force(changed("outpatients", lambda data: None))
    reckoned = sum(share.size for share in _shares(case, calendar_of(case), None))
    tracemalloc.start()
    world = draw_world(case, 11)
    flow = executor("compiled")(tables_of(world).tables)
    flow.work_until(world.end_s)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 0.3 * reckoned < peak < 1.5 * reckoned


def test_sixty_four_times_the_county_runs_in_memory_that_people_have():
    county = in_force(times(sim.load("binhai"), 64))
    assert 4e9 < sum(share.size for share in _shares(county, calendar_of(county), None)) < 6e9  # 5.0 measured
    check_runs(county)
