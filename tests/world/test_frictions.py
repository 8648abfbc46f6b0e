"""What goes wrong: how often, to whom, and what it costs; nobody else's way changes."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.steps import Delay, Work
from sim.world import in_force
from sim.world.routes import MOST_CARELESS
from sim.world.tasks import CARE_UNITS, CHECK, DELAY, WORK

from .rules_office import drawn, frictions, office, visits
from .test_service_rules import COLUMNS, PLAIN, changed, of

DEEDS, PETITIONS = (
    len(of(PLAIN, "review")),
    int((of(PLAIN, "hear").index.get_level_values("visit") == 0).sum()),
)


def added(table) -> set[str]:
    return {step for step in table["step"] if "." in step}


def test_misdirection():
    table = visits(drawn(frictions(misdirection={"chance": 0.2, "days": 3, "kinds": ["deed"]})))
    wrong = of(table, "desk.wrong")
    assert added(table) == {"desk.wrong"} and set(wrong.index.get_level_values("kind")) == {"deed"}
    assert len(wrong) / DEEDS == pytest.approx(0.2, abs=0.04)
    assert wrong["delay_days"].mean() == pytest.approx(3, abs=0.3)
    assert wrong["stops"].all(), "the limit begins at the right desk"
    assert changed(table) == set() and PLAIN.index.isin(table.index).all()
    counted = visits(drawn(frictions(misdirection={"chance": 0.2, "stops_clock": False})))
    assert not of(counted, "desk.wrong")["stops"].any()


def test_the_wrong_desk_comes_first():
    world = drawn(frictions(misdirection={"chance": 0.2}))
    table = visits(world)
    firsts = table.iloc[world.tasks.first[:-1]]
    assert (table["step"] == "desk.wrong").sum() == (firsts["step"] == "desk.wrong").sum()


def test_overreach_is_reversed_where_the_matter_was_last():
    scenario = frictions(overreach={"chance": 0.3, "days": 6, "minutes": 50})
    table, route = visits(drawn(scenario)), in_force(scenario).kinds["deed"].route
    assert added(table) == {"overreach.complaint", "overreach.reversal"}
    complaints, reversals = of(table, "overreach.complaint"), of(table, "overreach.reversal")
    assert len(complaints) == len(reversals)
    assert len(complaints) / (DEEDS + PETITIONS) == pytest.approx(0.3, abs=0.04)
    assert complaints["delay_days"].mean() == pytest.approx(6, abs=0.5)
    assert route["overreach.reversal"].at == "own/window"
    assert in_force(scenario).kinds["petition"].route["overreach.reversal"].at == "own/field"
    elsewhere = in_force(frictions(overreach={"at": "hall/leader"})).kinds["deed"].route
    assert elsewhere["overreach.reversal"].at == "hall/leader"
    assert changed(table) == set()


def test_absence_lets_a_matter_lie_before_its_middle_step():
    world = drawn(frictions(absence={"chance": 0.25, "days": 4, "kinds": ["deed"]}))
    table = visits(world)
    assert added(table) == {"absence.idle"}
    idle = np.flatnonzero(table["step"] == "absence.idle")
    assert set(table["step"].iloc[idle + 1]) == {"review"}, "the third of four steps of work"
    assert len(idle) / DEEDS == pytest.approx(0.25, abs=0.04)
    assert not table["stops"].iloc[idle].any(), "the time limit runs on"
    assert changed(table) == set()


def test_absence_before_the_only_step():
    plain = office()
    only = plain.kinds["petition"].model_copy(
        update={"route": {"hear": plain.kinds["petition"].route["hear"]}}
    )
    lone = plain.model_copy(
        update={
            "kinds": {**plain.kinds, "petition": only},
            "frictions": frictions(absence={"chance": 0.5}).frictions,
        }
    )
    assert list(in_force(lone).kinds["petition"].route) == ["absence.asked", "absence.idle", "hear"]


def test_repeat_petitions_begin_again():
    world = drawn(frictions(repeat_petitions={"chance": 0.5, "kinds": ["petition"], "days": 30}))
    table = visits(world)
    again = of(table, "repeat.again")
    assert set(again.index.get_level_values("kind")) == {"petition"}
    assert len(again) / PETITIONS == pytest.approx(1.0, abs=0.2), "0.5 + 0.25 + 0.125 + …"
    assert len(of(table, "hear")) == PETITIONS + len(again)
    assert changed(table) == set(), "the first time is as it was"
    after = table.iloc[np.flatnonzero(table["step"] == "repeat.again") + 1]
    assert set(after["step"]) == {"hear"}


def test_early_ends_of_a_route_lead_on_too():
    """Half of the petitions end at the branch: they too may come again."""
    table = visits(drawn(frictions(repeat_petitions={"chance": 0.9, "kinds": ["petition"]})))
    before = table["step"].shift(1)[table["step"] == "repeat.again"]
    assert set(before) == {"hear", "look"}


@pytest.mark.parametrize("chance", [0.02, 0.4])
def test_errors_are_as_frequent_as_carelessness_makes_them(chance):
    """With the standard's carelessness a share `chance` is wrong, with twice as much twice as many."""
    world = drawn(frictions(errors={"kinds": {"deed": chance}, "caught": 0.7}))
    checks = world.tasks.type == CHECK
    threshold = world.tasks.fails_above[checks]
    for carelessness in (0.5, 1.0, 2.0):
        wrong = np.count_nonzero(round(carelessness * CARE_UNITS) > threshold)
        expected = min(1.0, carelessness * chance)
        assert wrong / DEEDS == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / DEEDS))
    assert threshold.max() <= MOST_CARELESS * CARE_UNITS + 1
    assert (threshold > 0).all(), "whoever makes no mistakes has no errors"


def test_a_caught_error_is_followed_by_its_correction():
    world = drawn(frictions(errors={"kinds": {"deed": 0.5}, "caught": 0.7, "days": 5, "minutes": 20}))
    table, tasks = visits(world), world.tasks
    checks = np.flatnonzero(tasks.type == CHECK)
    followed = checks[tasks.corrections[checks] == 2]
    assert len(checks) == DEEDS, "eight times 0.5 is certain"
    assert len(followed) / len(checks) == pytest.approx(0.7, abs=0.04)
    assert set(tasks.corrections[checks]) == {0, 2}
    assert set(table["step"].iloc[followed + 1]) == {"error.found"}
    assert set(table["step"].iloc[followed + 2]) == {"error.correct"}
    assert set(tasks.type[followed + 1]) == {DELAY} and set(tasks.type[followed + 2]) == {WORK}
    assert len(of(table, "error.found")) == len(of(table, "error.correct")) == len(followed)
    assert table["delay_days"].iloc[followed + 1].mean() == pytest.approx(5, abs=0.4)
    assert changed(table) == set()


def test_caught_changes_what_is_found_and_not_what_is_wrong():
    few, many = (drawn(frictions(errors={"kinds": {"deed": 0.1}, "caught": share})) for share in (0.2, 0.8))
    checks = [world.tasks.fails_above[world.tasks.type == CHECK] for world in (few, many)]
    np.testing.assert_array_equal(*checks)
    found = [of(visits(world), "error.found") for world in (few, many)]
    assert set(found[0].index) < set(found[1].index)


def test_all_frictions_together_leave_the_ordinary_way_as_it_was():
    everything = {
        "misdirection": {"chance": 0.3},
        "overreach": {"chance": 0.3},
        "absence": {"chance": 0.3},
        "repeat_petitions": {"chance": 0.3, "kinds": ["deed", "petition"]},
        "errors": {"kinds": {"deed": 0.3, "petition": 0.3}},
    }
    scenario = frictions(**everything)
    table = visits(drawn(scenario))
    assert (PLAIN[COLUMNS] == table.loc[PLAIN.index, COLUMNS]).all(axis=None)
    for name in everything:  # each alone draws the same as together
        alone = visits(drawn(frictions(**{name: everything[name]})))
        common = alone.index.intersection(table.index)
        assert (alone.loc[common, COLUMNS] == table.loc[common, COLUMNS]).all(axis=None), name
    route = in_force(scenario).kinds["deed"].route
    assert all(step.next for step in route.values() if isinstance(step, Work | Delay))


def test_work_done_online_has_the_errors_of_work_done_at_the_counter():
    blocks = {"frictions": {"errors": {"on": True, "kinds": {"deed": 0.2}}}}
    counter = drawn(office(**blocks))
    online = drawn(office(**blocks, service_rules={"online": {"on": True, "kinds": {"deed": 0.5}}}))
    one, other = (visits(world) for world in (counter, online))
    assert set(one.index) == set(other.index)
    checks = of(one, "error.check")
    assert (checks["fails_above"] == other.loc[checks.index, "fails_above"]).all() and len(checks)
    assert (other["step"] == "error.check.online").sum() > 100
