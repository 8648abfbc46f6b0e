"""One standard for small and large offices, and remedies of unequal noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.evaluate.fairness import by_size, highest_load, late_share, remedies
from sim.evaluate.reliability import reliability
from sim.rules.schedule import Schedule
from sim.scenario.errors import InputError

from .queues import POLICY, limit_for, table_of, years_of

SLOPE = Schedule(np.array([95.0]), np.ones(1), np.ones(1), 0.01)


def test_the_load_that_a_size_allows():
    found = highest_load([1, 2, 3, 5, 8, 15])
    np.testing.assert_allclose(found, [0.7004, 0.8444, 0.8946, 0.9357, 0.9593, 0.9780], atol=1e-4)
    assert late_share(3, float(found[2]), 10.0) == pytest.approx(0.05)
    assert np.isnan(highest_load([3], limit=0.5)[0])  # not even an idle office


def test_offices_at_the_load_allowed_are_on_time():
    """The queue itself, simulated."""
    for servers in (1, 3):
        load = float(highest_load([servers])[0])
        assert limit_for(servers, load, 0.95) == pytest.approx(10.0, abs=1e-4)
        assert years_of(servers, load, 10.0, 2000, 1500, 1, 1).mean() / 2000 == pytest.approx(0.95, abs=0.005)


def scores(sd: dict[str, float], mean: float, replications: int = 400) -> pd.DataFrame:
    luck = np.random.default_rng(4)
    return table_of(
        {unit: luck.normal(mean, own, replications) for unit, own in sd.items()},
        dict.fromkeys(sd, 1),
        "score",
    )


SD = {"a": 4.0, "b": 4.0, "c": 2.0, "d": 2.0, "e": 0.5, "f": 0.5}
PEOPLE = {"a": 1, "b": 1, "c": 3, "d": 3, "e": 8, "f": 8}


def test_small_units_pay_for_their_noise():
    found = by_size(scores(SD, 96.0), POLICY, 95.0, PEOPLE, SLOPE).set_index("size")
    assert list(found.index) == ["small", "middle", "large"] and list(found["units"]) == [2, 2, 2]
    assert list(found["false_alarm"]) == sorted(found["false_alarm"], reverse=True)
    # P(N(96, 4) < 95), and E(95 − S)⁺ of it
    assert found.loc["small", "false_alarm"] == pytest.approx(0.401, abs=0.05)
    assert found.loc["small", "excess"] == pytest.approx(1.145, abs=0.2)
    assert found.loc["large", "excess_high"] < found.loc["small", "excess_low"]


def test_a_line_for_each_size_treats_equals_equally():
    """Equally good units of one, three and eight people differ by under two points."""
    table = reliability(scores(SD, 96.0), POLICY, 95.0, of="score").assign(reliability=0.5)
    found = remedies(table, 95.0)
    as_is = found[found["remedy"] == "as_is"].iloc[0]
    assert as_is["unequal"] > 0.3
    own = found[found["remedy"] == "own_line"]
    assert (own["unequal"] < 0.02).all()
    np.testing.assert_allclose(own["false_alarm"], own["setting"], atol=1e-9)
    years = found[found["remedy"] == "mean_of_years"]
    assert (np.diff(years["caught"]) > 0).all() and (np.diff(years["false_alarm"]) < 0).all()
    gate = found[found["remedy"] == "gate"]
    assert (np.diff(gate["caught"]) < 0).all() and (np.diff(gate["unequal"]) < 0).all()


def test_bad_input_is_told():
    with pytest.raises(InputError, match="0 servers"):
        highest_load([0])
    with pytest.raises(InputError, match="1 unit with people"):
        by_size(scores(SD, 96.0, 3), POLICY, 95.0, {"a": 1}, SLOPE)
    with pytest.raises(InputError, match="with noise"):
        remedies(pd.DataFrame({"true": [95.0], "luck_sd": [0.0], "reliability": [np.nan]}), 95.0)
