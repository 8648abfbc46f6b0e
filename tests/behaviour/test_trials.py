"""What people know of their own office: measured in trials, and kept."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

import sim
import sim.world.draw
from sim.cache import LruCache
from sim.replication import trials
from sim.rules import judge
from sim.world import in_force
from tests.theory.even_offices import offices

from .fifteen import OFFICES, item, scenario_of

LEVELS = [0.5, 1.0, 1.05, 1.15, 2.0]
CROWDED = {"registration": {"volumes": dict.fromkeys(OFFICES[:4], 2600)}}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of its own for what is kept, and nothing in memory."""
    monkeypatch.setattr(trials, "_folder", lambda: tmp_path)
    monkeypatch.setattr(trials, "_kept_here", LruCache(64))
    return tmp_path


@pytest.mark.parametrize("years", [1, 2])
def test_a_trial_of_a_usual_year_tells_what_a_whole_replication_does(years):
    scenario = sim.reform(sim.load("binhai"), {"horizon.years": years, "horizon.warm_up_days": 0})
    rules = in_force(scenario)
    work = sim.simulate(scenario, seed=trials.SEED, replication=2).work
    trial = trials._as_usual(rules, "compiled", 2)
    for number, year in enumerate(work.years):
        verdict = judge(year.measured, rules, None, work.verdicts(rules)[:number])
        np.testing.assert_array_equal(trial["true"][number], verdict.true_score)
        np.testing.assert_array_equal(trial["error"][number], verdict.standard_error)
    assert np.isfinite(trial["course_0"][1:]).any()


class Counting:
    """Runs trials here, and notes which were run."""

    def __init__(self) -> None:
        self.ran: list[int] = []

    def __call__(self, one, which: Iterable[int]):
        for number in which:
            self.ran.append(number)
            yield one(number)


def forget() -> None:
    """Leave only what lies on disk."""
    trials._kept_here = LruCache(64)


@pytest.mark.parametrize("reach", [40.0, 25.0])
def test_an_office_knows_its_return_score_and_luck(reach):
    """Of a score that is linear in pace: reach × (e − 1), without error, and nobody else's effort counts."""
    scenario = offices([88.0, 91.0, 91.0], reach=reach, months_sd=2.0, sd=1.5, shape="uniform", years=2)
    known = trials.known(scenario, "compiled")
    returns = known.returns
    np.testing.assert_allclose(returns.levels, LEVELS)
    np.testing.assert_allclose(returns.curve, np.tile(reach * (np.array(LEVELS) - 1), (3, 1)), atol=1e-9)
    for nothing in (returns.error, returns.spill):
        np.testing.assert_allclose(nothing, 0, atol=1e-9)
    assert returns.enough and returns.replications == 4
    np.testing.assert_allclose(returns.per_effort()[0], reach)
    assert len(known.outlooks) == 2
    for outlook in known.outlooks:
        np.testing.assert_allclose(outlook.usual, [88, 91, 91], atol=1e-9)
        np.testing.assert_allclose(outlook.luck_sd, 2.0, atol=1e-6)
        np.testing.assert_allclose(outlook.unseen_sd, 1.5, atol=1e-9)
        assert outlook.uniform.all()
        np.testing.assert_array_equal(outlook.gains, returns.curve)


def crowded(at_most: int, **more: object):
    rules = scenario_of({"effort": {"on": True}}, minutes=150, limit_hours=8.0, demand=CROWDED, **more)
    part = rules.behaviour.trials.model_copy(update={"at_least": 4, "at_most": at_most})
    return rules.model_copy(update={"behaviour": rules.behaviour.model_copy(update={"trials": part})})


@pytest.mark.parametrize("foresight", ["dynamic", "plan"])
@pytest.mark.parametrize(("least", "reached"), [(0.5, 40.0), (1.0, 0.0)])
def test_where_nobody_can_do_more_than_usual_nobody_does(least, reached, foresight):
    """The return is then that of doing less, or 0 where there is no other effort at all."""
    effort = {"least": least, "most": 1.0, "foresight": foresight}
    scenario = offices(88.0, 2, months_sd=2.0, years=1, effort=effort, pay={"deduction_per_point": 1})
    found = sim.simulate(scenario, behaviour="responsive", seed=3).units
    np.testing.assert_allclose(found["effort"], 1)
    np.testing.assert_allclose(found["return_to_effort"], reached, atol=1e-9)
    np.testing.assert_allclose(found[["gain_believed", "return_error", "return_of_others"]], 0, atol=1e-9)


@pytest.mark.parametrize("on", [True, False])
def test_offices_to_which_nobody_comes_plan_nothing(on):
    nobody = {"registration": {"volumes": dict.fromkeys(OFFICES, 0)}}
    scenario = scenario_of({"effort": {"on": on}}, demand=nobody)
    found = sim.simulate(scenario, behaviour="responsive", seed=3).units
    np.testing.assert_allclose(found["effort"], 1)


def test_trials_grow_until_errors_are_small():
    """A line has luck: four trials do not do. More trials take in the first ones."""
    run = Counting()
    few, more = (trials.known(crowded(most), "compiled", run).returns for most in (4, 16))
    assert not few.enough and few.replications == 4
    assert more.replications > 4 and (more.enough or more.replications == 16)
    busy = slice(0, 4)
    assert more.error[busy].max() < few.error[busy].max()
    assert (more.curve[busy, -1] > 1).all() and (np.diff(more.curve, axis=1) >= 0).all()
    usual = list(more.levels).index(1.0)
    assert (more.curve[:, usual] == 0).all()
    assert (more.curve[4:15] == 0).all()  # nothing to do, nothing to gain
    # 4 of a usual year, 4 of raised effort, and then only those that were not there yet
    assert run.ran == [0, 1, 2, 3, 0, 1, 2, 3, *range(4, more.replications)]


def test_what_the_others_effort_brings_is_not_ones_own():
    """Cases of office 1 are worked on at the section: its own effort brings nothing, the section's does."""
    away = {"accept": {"type": "work", "at": "section/window", "minutes": 150, "distribution": "constant"}}
    data = crowded(16).source.data
    data["kinds"]["registration"]["route"] = away
    data["demand"] = {"registration": {"volumes": {OFFICES[0]: 2600}}}
    data["behaviour"]["trials"] = {"at_least": 16, "at_most": 16}
    returns = trials.known(sim.build(data), "compiled").returns
    own, spill = returns.gain[0, -1], returns.spill[0, -1]
    assert spill > 3 and abs(own) <= 4 * returns.error[0, -1] + 1e-9


def test_returns_are_of_the_scorecard():
    """Where time does not count, speed brings nothing."""
    marks = {"marks": item("marks", 100, marks_mean=0.9)}
    assert (trials.known(crowded(4, items=marks), "compiled").returns.curve == 0).all()


def kept(folder) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_trials_under_rules_with_the_same_citizens_draw_them_once(folder, monkeypatch):
    both = [offices(start=88.0, count=2, years=1, reach=reach, months_sd=1.0) for reach in (40.0, 30.0)]
    alone = [trials.known(rules, "compiled") for rules in both]
    for file in folder.iterdir():
        file.unlink()
    forget()
    monkeypatch.setattr(trials, "_citizens", LruCache(1))
    monkeypatch.setattr(trials, "citizens_drawn", trials._citizens)
    drawn, draw = [], sim.world.draw._requests
    monkeypatch.setattr(sim.world.draw, "_requests", lambda *given: drawn.append(1) or draw(*given))
    trials.measure([*both, both[0]], "compiled", map)
    assert len(drawn) == 4 and len(kept(folder)) == 4
    forget()
    for rules, known in zip(both, alone, strict=True):
        run = Counting()
        together = trials.known(rules, "compiled", run)
        assert run.ran == [] and trials.are_kept(rules)
        np.testing.assert_array_equal(together.returns.gain, known.returns.gain)
        np.testing.assert_array_equal(together.outlooks[0].luck_sd, known.outlooks[0].luck_sd)


def test_interrupted_no_trial_is_made_twice(folder):
    rules = offices(start=88.0, count=2, years=1, reach=40.0, months_sd=1.0)
    whole = trials.known(rules, "compiled")
    number = rules.behaviour.trials.at_least
    for file in folder.iterdir():
        file.unlink()
    forget()

    def interrupted(one, which):
        for place, task in enumerate(which):
            if place == 3:
                raise KeyboardInterrupt
            yield one(task)

    with pytest.raises(KeyboardInterrupt):
        trials.measure([rules], "compiled", interrupted)
    assert not trials.are_kept(rules)
    asked = []
    trials.measure([rules], "compiled", lambda one, which: map(one, asked.extend(which) or asked))
    assert trials.are_kept(rules) and len(kept(folder)) == 2
    forget()
    again = trials.known(rules, "compiled")
    np.testing.assert_array_equal(again.returns.gain, whole.returns.gain)
    np.testing.assert_array_equal(again.outlooks[0].luck_sd, whole.outlooks[0].luck_sd)
    assert len(asked) == number - 3


def test_changes_of_pay_reuse_what_is_kept(folder):
    base = dict(start=88.0, count=2, years=1)
    one = trials.known(offices(**base), "compiled")
    names = kept(folder)
    assert len(names) == 2
    for change in (
        {"pay": {"deduction_per_point": 3}},
        {"careers": {"bottom": 0.3}, "assessment": {"bottom_count": 1, "promotion_threshold": 85}},
        {"effort": {"cost": 9.0, "substitution": 0.1}, "responsive": {"strength": 2}},
    ):
        forget()
        run = Counting()
        other = trials.known(offices(**base, **change), "compiled", run)
        assert run.ran == [] and kept(folder) == names
        np.testing.assert_array_equal(other.returns.curve, one.returns.curve)
        np.testing.assert_array_equal(other.outlooks[0].usual, one.outlooks[0].usual)


@pytest.mark.parametrize(
    "change",
    [
        {"reach": 30.0},  # the scorecard
        {"months_sd": 1.0},
        {"minutes": 45.0},  # the work
        {"kinds": {"case": 25.0}},
    ],
    ids=str,
)
def test_other_work_or_scorecards_are_measured_anew(folder, change):
    base = dict(start=88.0, count=2, years=1)
    trials.known(offices(**base), "compiled")
    names, run = kept(folder), Counting()
    trials.known(offices(**base | change), "compiled", run)
    assert run.ran == [0, 1, 2, 3, 0, 1, 2, 3]
    assert len(kept(folder) - names) == 2


@pytest.mark.parametrize("change", [{"effort": {"most": 1.5}}, {"effort": {"rush_share": 0.0}}], ids=str)
def test_other_efforts_are_tried_anew_and_the_usual_year_is_not(folder, change):
    base = dict(start=88.0, count=2, years=1)
    one = trials.known(offices(**base), "compiled")
    names, run = kept(folder), Counting()
    other = trials.known(offices(**base | change), "compiled", run)
    assert run.ran == [0, 1, 2, 3]
    assert len(kept(folder) - names) == 1
    assert other.returns.levels[-1] == change["effort"].get("most", one.returns.levels[-1])
    np.testing.assert_array_equal(other.outlooks[0].usual, one.outlooks[0].usual)


@pytest.mark.parametrize("damage", ["cut", "one bit", "empty", "no file"])
def test_a_damaged_file_is_measured_again(folder, damage):
    scenario = offices(88.0, 2, years=1, months_sd=1.0)
    one = trials.known(scenario, "compiled")
    sound = {file: file.read_bytes() for file in folder.iterdir()}
    for file, content in sound.items():
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        file.write_bytes({"cut": content[:middle], "one bit": flipped}.get(damage, b""))
        if damage == "no file":
            file.unlink()
    forget()
    run = Counting()
    other = trials.known(scenario, "compiled", run)
    assert run.ran == [0, 1, 2, 3, 0, 1, 2, 3]
    np.testing.assert_array_equal(other.returns.gain, one.returns.gain)
    np.testing.assert_array_equal(other.outlooks[0].luck_sd, one.outlooks[0].luck_sd)
    forget()
    again = Counting()
    trials.known(scenario, "compiled", again)
    assert again.ran == []  # mended


def test_where_nothing_can_be_kept_it_is_measured(tmp_path, monkeypatch):
    (tmp_path / "occupied").write_text("")
    monkeypatch.setattr(trials, "_folder", lambda: tmp_path / "occupied")
    assert trials.known(offices(88.0, 1, years=1), "compiled").returns.enough


def test_both_executors_know_the_same(folder, monkeypatch):
    found = []
    for engine in ("compiled", "simpy"):
        monkeypatch.setattr(trials, "_folder", lambda engine=engine: folder / engine)
        forget()
        run = Counting()
        found.append(trials.known(crowded(4), engine, run))
        assert run.ran
    for name in ("gain", "error", "spill", "curve"):
        one, other = (getattr(known.returns, name) for known in found)
        np.testing.assert_array_equal(one, other, err_msg=name)
    for name in ("usual", "luck_sd", "unseen_sd", "error"):
        one, other = (getattr(known.outlooks[0], name) for known in found)
        np.testing.assert_array_equal(one, other, err_msg=name)
    np.testing.assert_array_equal(found[0].course[0], found[1].course[0])


def test_an_assumed_return_is_the_same_for_all_and_is_not_measured():
    scenario = offices(88.0, 2, years=1, behaviour={"return": "assumed"}, effort={"points_per_effort": 12.0})
    run = Counting()
    known = trials.known(scenario, "compiled", run)
    assert known.returns is None and run.ran == [0, 1, 2, 3]
    np.testing.assert_allclose(known.outlooks[0].gains[0], 12 * (known.outlooks[0].levels - 1))


@pytest.mark.parametrize(("on", "measured"), [("recording", False), ("timing", False), ("allocation", True)])
@pytest.mark.parametrize("of", ["known", "assumed"])
def test_what_effort_brings_matters_only_where_an_effort_is_planned(on, measured, of):
    """A false record is worth the same whatever effort would bring, if nobody thinks of effort."""
    rules = scenario_of({on: {"on": True}}, minutes=150, limit_hours=8.0, demand=CROWDED)
    behaviour = rules.behaviour.model_copy(update={"return": of})
    known = trials.known(rules.model_copy(update={"behaviour": behaviour}), "compiled")
    assert (known.returns is not None) == (measured and of == "known")
    assert known.outlooks[0].gains.any() == measured


def test_who_learns_comes_to_know_the_return():
    """At first as assumed, a fourth of the truth; each year of effort says more."""
    learned = offices(
        50.0, 1, cost=0.25, years=5, behaviour={"return": "learned"}, pay={"deduction_per_point": 1},
        effort={"points_per_effort": 10.0},
    )  # fmt: skip
    extra = sim.simulate(learned, behaviour="responsive", seed=1).units["effort"] - 1
    assert extra.iloc[0] == pytest.approx(0.025, abs=1e-4)  # 10 / 40 of 0.1
    assert (np.diff(extra) > 0).all() and extra.iloc[-1] < 0.1
    first = 0.025**2 / (0.1**2 + 0.025**2)  # the weight of the first year's 40 points
    assert extra.iloc[1] == pytest.approx((10 + first * 30) / 40 * 0.1, abs=1e-4)
