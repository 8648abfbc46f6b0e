"""Pilots in some offices of the county, with a twin world as truth."""

from __future__ import annotations

import pytest

import sim
from sim.study import sandbox

CLERK = {"staff.{unit}_window.count": "+1"}
SHORT = {"replications": 2, "before": 1, "after": 1}


@pytest.fixture(scope="module")
def pilots():
    return sim.sandbox("binhai", CLERK, treated=["batan", "caiqiao", "baju"], seed=1, **SHORT)


def test_the_twin_tells_who_gained(pilots):
    effects = pilots.effects.groupby("treated")["effect"]
    assert effects.mean()[True] > 1 > abs(effects.mean()[False])  # points
    assert set(pilots.effects.loc[pilots.effects["treated"], "unit"]) == {"batan", "caiqiao", "baju"}
    assert pilots.estimates["truth"].unique() == pytest.approx(
        pilots.effects[pilots.effects["treated"]].groupby("replication")["effect"].mean()
    )


def test_the_evaluator_sees_measured_values_only(pilots):
    assert set(pilots.panel["outcome"]) == {"score", "on_time_rate", "pay_share"}
    months = pilots.panel.query("outcome == 'on_time_rate' and month > 0")
    assert len(months) == 2 * 2 * 12 * 15  # replications, years, months, offices


def test_before_the_start_there_is_no_pilot(pilots):
    nothing = sim.sandbox("binhai", {}, treated=["batan", "caiqiao", "baju"], seed=1, **SHORT)
    own, twin = (
        one.panel[one.panel["year"] == one.panel["year"].min()].reset_index(drop=True)
        for one in (pilots, nothing)
    )
    assert own.equals(twin)
    assert (nothing.effects["effect"] == 0).all() and (nothing.estimates["truth"] == 0).all()


def test_the_lowest_are_named(pilots):
    named = sim.sandbox("binhai", {}, treated=3, assigned="lowest", outcome="on_time_rate", **SHORT)
    first = named.panel.query("outcome == 'on_time_rate' and month == 0 and year == year.min()")
    for _, own in first.groupby("replication"):
        assert own.loc[own["treated"], "value"].max() <= own.loc[~own["treated"], "value"].min()
    assert named.performance.loc["two_way", "bias"] > 0  # of nothing
    series = named.estimates.query("design == 'interrupted_series'")
    assert series["value"].notna().all()  # by month


@pytest.mark.parametrize(
    ("changes", "options", "said"),
    [
        ({"staff.{unit}_window.cuont": 2}, {}, "cuont"),
        ({"pay.floor": 0.5}, {}, "all offices"),
        ({"units.{unit}.title": "+1"}, {}, "no whole number"),
        (CLERK, {"treated": 15}, "15 of 15"),
        (CLERK, {"treated": ["hall"]}, "no certifiable office"),
        (CLERK, {"treated": ["dongkan", "dongkan"]}, "treated twice"),
        (CLERK, {"treated": ["dongkan"], "assigned": "lowest"}, "the offices are named"),
        (CLERK, {"outcome": None}, "no outcome"),
        (CLERK, {"treated": "dongkan"}, "a list of offices"),
        (CLERK, {"treated": 2.5}, "a whole number"),
        (None, {}, "values by path"),
        (CLERK, {"outcome": "scoer"}, "no outcome"),
        (CLERK, {"replications": 1}, "replications"),
        (CLERK, {"assigned": "best"}, "unknown assignment"),
        (CLERK, {"behaviour": "lazy"}, "unknown behaviour"),
    ],
)
def test_what_cannot_be_piloted_is_refused(changes, options, said):
    with pytest.raises(sim.InputError, match=said):
        sim.sandbox("binhai", changes, **(SHORT | options))


def test_an_outcome_that_an_office_lacks_is_told_after_one_world(monkeypatch):
    worlds, simulate = [], sandbox.simulate
    monkeypatch.setattr(sandbox, "simulate", lambda *a, **k: worlds.append(k) or simulate(*a, **k))
    with pytest.raises(sim.InputError, match="has no 'mean_score' in some year"):
        sim.sandbox("binhai", CLERK, outcome="mean_score", replications=6, before=1, after=1)
    assert len(worlds) == 1
