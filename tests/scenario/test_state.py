"""A scenario that was changed in code: no change is lost by what is made of it, and none goes unchecked."""

from __future__ import annotations

import copy
import pickle

import pytest

import sim
from sim.scenario.part import Text
from sim.scenario.state import source_of
from sim.study.load import over_years

TITLE = Text(en="Trial", zh="试行")


def policy(**changes) -> sim.Policy:
    return sim.Policy("trial", TITLE, TITLE, {path.replace("__", "."): one for path, one in changes.items()})


def with_pay(scenario: sim.Scenario, **changes) -> sim.Scenario:
    return scenario.model_copy(update={"pay": scenario.pay.model_copy(update=changes)})


def with_volume(scenario: sim.Scenario) -> sim.Scenario:
    """Changed in place, as mappings can be."""
    mine = copy.deepcopy(scenario)
    mine.demand["visit"].volumes["office"] *= 0.5
    return mine


CHANGED = {
    "copied": lambda office: with_pay(office, deduction_per_point=0.5),
    "copied twice": lambda office: with_pay(with_pay(office, floor=0.1), deduction_per_point=0.5),
    "in place": with_volume,
    "built": lambda office: with_pay(sim.build(office.source.data, office.folder), floor=0.2),
    "reformed": lambda office: with_pay(sim.reform(office, policy(pay__floor=0.1)), deduction_per_point=0.5),
    "of another process": lambda office: pickle.loads(pickle.dumps(with_pay(office, floor=0.3))),
}


@pytest.fixture(scope="module")
def office():
    return sim.load("one-office")


@pytest.mark.parametrize("change", CHANGED)
def test_a_policy_is_applied_to_the_scenario_given(office, change):
    """What a policy changes beside it, and back, is what the changed scenario was."""
    changed = CHANGED[change](office)
    assert changed.digest() != office.digest()
    after = sim.reform(changed, policy(pay__full_pay_threshold=61))
    assert after.digest() != changed.digest()
    usual = policy(pay__full_pay_threshold=office.pay.full_pay_threshold)
    assert sim.reform(after, usual).digest() == changed.digest()
    assert over_years(over_years(changed, 3), office.horizon.years).digest() == changed.digest()


def test_simulated_under_a_policy_the_change_is_there(office):
    more = office.model_copy(update={"grades": {
        name: grade.model_copy(update={"leave_days": 60}) for name, grade in office.grades.items()
    }})  # fmt: skip
    for name in ("current", "one-more-clerk"):
        assert set(g.leave_days for g in sim.simulate(more, name).scenario.grades.values()) == {60}


def test_a_change_in_place_after_a_reform_is_seen_by_the_next(office):
    mine = copy.deepcopy(office)
    first = sim.reform(mine, "one-more-clerk")
    mine.demand["visit"].volumes["office"] = 1.0
    assert sim.reform(mine, "one-more-clerk").demand["visit"].volumes == {"office": 1.0}
    assert first.demand["visit"].volumes == office.demand["visit"].volumes


def test_a_replication_of_a_scenario_changed_in_place_is_of_what_it_says_now():
    bureau = sim.reform(sim.load("binhai"), policy(service_rules__pooling__on=True))
    from sim.world import in_force

    before = in_force(bureau)
    bureau.demand["fees"].volumes["batan"] = 1.0
    assert in_force(bureau) is not before
    assert in_force(bureau).demand["fees"].volumes["batan"] == 1.0


def test_the_order_of_people_and_entries_taken_away_count(office):
    hospital = sim.load("outpatients")
    back = hospital.model_copy(update={"staff": dict(reversed(hospital.staff.items()))})
    after = sim.reform(back, policy(horizon__warm_up_days=0))
    assert list(after.staff) == list(back.staff) != list(hospital.staff)
    fewer = hospital.model_copy(update={"duties": {}})
    assert sim.reform(fewer, policy(horizon__warm_up_days=0)).duties == {}


def test_evidence_stays_of_what_is_as_it_was(office):
    changed = with_pay(office, floor=0.1)
    assert source_of(changed).evidence == {
        path: one for path, one in office.source.evidence.items() if path != ("pay", "floor")
    }
    assert source_of(office) is office.source


@pytest.mark.parametrize("name", ["current", "one-more-clerk"])
def test_what_the_scenario_would_refuse_is_refused_and_not_blamed_on_the_policy(office, name):
    lost = {group: one.model_copy(update={"unit": "nowhere"}) for group, one in office.staff.items()}
    with pytest.raises(sim.InputError, match="changed in code is wrong: unknown unit 'nowhere'"):
        sim.simulate(office.model_copy(update={"staff": lost}), name)


def test_the_scenario_of_a_result_can_be_reformed(office):
    """Its service rules are written in; a policy that switches one on finds it as the file has it."""
    short = {"horizon.years": None, "horizon.minutes": 4320, "horizon.warm_up_days": 0, "projects.on": False}
    bureau = sim.reform(sim.load("binhai"), sim.Policy("short", TITLE, TITLE, short))
    of_result = sim.simulate(bureau).scenario
    again = sim.reform(of_result, policy(service_rules__pooling__on=True))
    assert again.digest() == sim.reform(bureau, policy(service_rules__pooling__on=True)).digest()


def test_but_not_after_it_was_changed_there():
    written = sim.world.in_force(sim.load("binhai"))
    with pytest.raises(sim.InputError, match="Change the scenario that was loaded"):
        sim.reform(with_pay(written, floor=0.1), policy(pay__bonus_threshold=90))
    rules = written.frictions.model_copy(
        update={"errors": written.frictions.errors.model_copy(update={"on": False})}
    )
    with pytest.raises(sim.InputError, match="'frictions' was changed after that"):
        sim.simulate(written.model_copy(update={"frictions": rules}))
