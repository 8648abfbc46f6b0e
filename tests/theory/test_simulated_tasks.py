"""Several tasks in a simulated bureau: effort goes to what is assessed, and away from what is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.replication import trials
from sim.scenario.schema import Scenario

from .even_offices import SEED, offices
from .oracles.tasks import efforts, task_cost

MONTH_MINUTES = 365 * 24 * 60 / 12
A_MONTH = 220.0  # requests of each kind


def two_kinds(cross: float, load: float = 0.5, assessed: dict | None = None, **more: object) -> Scenario:
    """An office with kinds of equal work and cost C = [[2, cross], [cross, 2]] for them.

    By default a rate α of 0.2 is paid on the first: half a pay point a point, 40 points for twice its pace.
    """
    pay = {"deduction_per_point": 0.5}
    effort = {"cost": 4 + 2 * cross, "substitution": cross / 2}
    return offices(
        50.0, 1, years=1, kinds={"scored": A_MONTH, "other": A_MONTH}, assessed=assessed or ["scored"],
        minutes=load * MONTH_MINUTES / (2 * A_MONTH), effort=effort, pay=pay, **more,
    )  # fmt: skip


def by_kind(scenario: Scenario, engine: str = "compiled") -> pd.DataFrame:
    """Return effort and hands-on minutes of the office by kind, for the year and each month."""
    found = sim.simulate(scenario, behaviour="responsive", seed=SEED, engine=engine).outcomes
    of_office = found[(found["unit"] == "office_0") & (found["kind"] != "")]
    texts = of_office.astype({"kind": str, "outcome": str})
    table = texts.pivot(index=["month", "kind"], columns="outcome", values="value")
    return table[["effort", "hands_on_minutes"]]


LOADS = [0.1, 0.3, 0.5, 0.7, 0.9, 1.2]
TASKS = [(1.0, 0.133333, -0.066667), (0.0, 0.1, 0.0), (-1.0, 0.133333, 0.066667)]


@pytest.mark.filterwarnings("ignore::sim.flow.stuck.Stuck")
@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize(("cross", "scored", "other"), TASKS)
def test_what_is_not_assessed_gets_less_where_kinds_are_substitutes(cross, scored, other, load):
    """Less for substitutes, as much as ever for independent ones, more for complements: at every load."""
    found = by_kind(scenario := two_kinds(cross, load))
    effort = found["effort"].unstack() - 1
    np.testing.assert_allclose(effort["scored"], scored, rtol=0.03)
    np.testing.assert_allclose(effort["other"], other, rtol=0.03, atol=1e-9)
    minutes = scenario.kinds["other"].route["serve"].minutes
    hands_on = found["hands_on_minutes"].loc[0]
    np.testing.assert_allclose(hands_on, minutes / (1 + effort.loc[0]), rtol=2e-3)


@pytest.mark.parametrize(("cross", "scored", "other"), TASKS)
def test_both_executors_work_at_that_pace(cross, scored, other):
    one, two = (by_kind(two_kinds(cross, 0.3), engine) for engine in ("compiled", "simpy"))
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_two_tasks_that_are_both_assessed():
    """Rates of 5/23 and 2/23 on substitutes: 8/69 more for the one, 1/69 less for the other."""
    rates = {"scored": 200 * 5 / 23, "other": 200 * 2 / 23}  # reach × half a pay point
    effort = by_kind(two_kinds(1.0, assessed=rates))["effort"].loc[0] - 1
    assert effort["scored"] == pytest.approx(8 / 69, rel=0.03)
    assert effort["other"] == pytest.approx(-1 / 69, abs=0.03 * 8 / 69)


@pytest.mark.parametrize("substitution", [-0.6, 0.0, 0.43, 0.8])
def test_kinds_of_unequal_work(substitution):
    """Three kinds, two of them assessed: theory's answer for the office's own shares of work."""
    scenario = offices(
        50.0, 1, years=1, kinds={"a": 30.0, "b": 90.0, "c": 50.0}, assessed={"a": 12.0, "b": 20.0},
        effort={"cost": 5.0, "substitution": substitution}, pay={"deduction_per_point": 0.7},
    )  # fmt: skip
    volume = trials.known(scenario, "compiled").volume[0]
    theory = efforts(0.007 * np.array([12.0, 20.0, 0.0]), task_cost(volume, 5.0, substitution))
    found = by_kind(scenario)["effort"].loc[0] - 1
    np.testing.assert_allclose(found[["a", "b", "c"]], theory, rtol=1e-3, atol=1e-6)


def test_splitting_a_kind_changes_nothing():
    """As much effort for two halves of a kind as for the whole."""
    whole = by_kind(
        offices(50.0, 1, years=1, kinds={"a": 100.0, "b": 50.0}, assessed=["a"],
                effort={"cost": 5.0}, pay={"deduction_per_point": 1})
    )["effort"].loc[0]  # fmt: skip
    halves = by_kind(
        offices(50.0, 1, years=1, kinds={"a": 50.0, "a_too": 50.0, "b": 50.0}, assessed=["a", "a_too"],
                effort={"cost": 5.0}, pay={"deduction_per_point": 1})
    )["effort"].loc[0]  # fmt: skip
    assert halves["a"] == halves["a_too"] == pytest.approx(whole["a"], abs=0.003)  # citizens are others
    assert halves["b"] == pytest.approx(whole["b"], abs=0.003)
