"""A table of arrivals in place of the draw: with or without a demand, and against the horizon."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.replication import simulate
from sim.scenario import InputError, build
from tests.theory.offices import kind as kind_of
from tests.theory.offices import scenario, work

HOUR_S = 3600
KINDS = {"visit": kind_of(serve=work(0.1, distribution="constant"))}


def noon(units=("office",), kinds=KINDS, **demand: float):
    """An office open from 12:00 for ten hours; `demand` is requests an hour by kind."""
    case = scenario(10, kinds, demand, units=units)
    data = case.source.data | {"horizon": {"start": "2025-01-01 12:00", "minutes": 600}}
    return build(data)


def arrivals(*hours: float, unit: str = "office", kind: str = "visit") -> pd.DataFrame:
    return pd.DataFrame({"kind": kind, "unit": unit, "arrival_s": [int(hour * HOUR_S) for hour in hours]})


def test_a_replay_that_counts_from_the_start_instead_of_midnight_is_refused():
    with pytest.raises(InputError, match="no request comes within the horizon: 10 before its start, 0 after"):
        simulate(noon(visit=1), replay=arrivals(*range(1, 11)))


def test_rows_outside_the_horizon_are_left_out_and_said():
    with pytest.warns(UserWarning) as said:
        result = simulate(noon(visit=1), replay=arrivals(1, 2, 3, 13, 14, 22, 23))
    told = [str(one.message) for one in said]
    assert any("3 rows are before the start of the horizon and left out" in one for one in told)
    assert any("2 rows are after the end" in one and "from 43,200 to 79,200" in one for one in told)
    assert result.requests["arrival_s"].tolist() == [13 * HOUR_S, 14 * HOUR_S]
    assert (result.requests["finish_s"] == result.requests["arrival_s"] + 360).all()


def test_a_kind_whose_rows_all_lie_outside_is_not_drawn_either():
    kinds = KINDS | {"other": kind_of(serve=work(0.1))}
    table = pd.concat([arrivals(13), arrivals(30, kind="other")])
    with pytest.warns(UserWarning, match="1 row is after the end"):
        result = simulate(noon(kinds=kinds, visit=5, other=5), replay=table)
    assert result.requests["kind"].tolist() == ["visit"]


def test_a_scenario_without_demand_runs_with_a_replay_and_is_refused_without(tmp_path):
    case = noon()
    assert len(simulate(case, replay=arrivals(13)).requests) == 1
    arrivals(13, 14).to_csv(tmp_path / "log.csv", index=False)
    assert len(simulate(case, replay=tmp_path / "log.csv").requests) == 2
    named = build(case.source.data | {"replay": "log.csv"}, tmp_path)
    assert len(simulate(named).requests) == 2
    with pytest.raises(InputError, match="demand: no requests ever come"):
        simulate(case)


@pytest.mark.parametrize("name", ["nan", "null", "no", "na", "none", "true"])
def test_a_unit_may_have_any_name(name):
    result = simulate_at(name)
    assert result.requests["unit"].tolist() == [name]


def simulate_at(name: str):
    case = noon(("office", name))
    data = case.source.data
    data["staff"]["there"] = {"unit": name, "role": "clerk", "grade": "grade"}
    return simulate(build(data), replay=arrivals(13, unit=name))


def test_whatever_door_a_missing_table_has_one_message(tmp_path):
    with pytest.raises(InputError, match="nowhere.csv: there is no such file"):
        simulate(noon(visit=1), replay="nowhere.csv")
    (tmp_path / "log.csv").write_text("kind,unit,arrival_s\nvisit,office,46800\n")
    case = build(noon().source.data | {"replay": "log.csv"}, tmp_path)
    (tmp_path / "log.csv").unlink()
    with pytest.raises(InputError, match="log.csv: there is no (such file|file)"):
        simulate(case)
    with pytest.raises(InputError, match="there is no file 'log.csv'"):
        build(case.source.data, tmp_path)
