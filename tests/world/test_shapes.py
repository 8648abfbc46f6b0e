"""Every distribution has the mean and spread its file states, found by quadrature over its quantiles."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.steps import Draw
from sim.world.shapes import Quantiles, mean_one_lognormal, quantile

NODES, WEIGHTS = np.polynomial.legendre.leggauss(400)
# u = x³(10 − 15x + 6x²) crowds the nodes at both ends, where quantiles run off
_x = (NODES + 1) / 2
UNIFORM = _x**3 * (10 - 15 * _x + 6 * _x**2)
SHARE = WEIGHTS / 2 * 30 * _x**2 * (1 - _x) ** 2


@pytest.mark.parametrize(
    ("distribution", "cv", "expected_cv"),
    [
        ("constant", None, 0.0),
        ("exponential", None, 1.0),
        ("lognormal", 0.7, 0.7),
        ("lognormal", 1.5, 1.5),
        ("gamma", 0.5, 0.5),
        ("gamma", 1.4, 1.4),
        ("normal", 0.2, 0.2),
        ("uniform", 0.5, 0.5),
    ],
)
def test_mean_and_spread(distribution, cv, expected_cv):
    draw = Draw(distribution=distribution, cv=cv)
    values = quantile(draw, 8.0, UNIFORM)
    mean = SHARE @ values
    assert mean == pytest.approx(8.0, rel=1e-3)
    assert np.sqrt(max(SHARE @ values**2 - mean**2, 0)) / mean == pytest.approx(
        expected_cv, rel=5e-3, abs=1e-6
    )
    assert (np.diff(values) >= 0).all(), "more luck, more work"


def test_least_is_a_floor_and_no_draw_is_infinite():
    draw = Draw(distribution="exponential", least=3.0)
    assert quantile(draw, 8.0, np.array([0.0, 0.1])).tolist() == [3.0, 3.0]
    ends = np.array([0.0, 1 - 2.0**-53])
    for distribution, cv in (("exponential", None), ("lognormal", 1.0), ("gamma", 1.0), ("normal", 0.3)):
        values = quantile(Draw(distribution=distribution, cv=cv), 1.0, ends)
        assert np.isfinite(values).all() and (values >= 0).all()


def test_complexity_has_mean_one():
    assert SHARE @ mean_one_lognormal(UNIFORM, 0.8) == pytest.approx(1, rel=1e-3)


def test_many_distributions_at_once_give_what_each_gives_alone():
    draws = [
        Draw(distribution=distribution, cv=cv)
        for distribution, cv in (
            ("constant", None),
            ("exponential", None),
            ("lognormal", 0.7),
            ("gamma", 0.0),
            ("gamma", 1.4),
            ("normal", 0.2),
            ("uniform", 0.5),
            ("lognormal", 0.0),
        )
    ]
    which = np.arange(len(UNIFORM)) % len(draws)
    together = Quantiles(draws)(which, UNIFORM)
    for number, draw in enumerate(draws):
        mine = which == number
        np.testing.assert_array_equal(quantile(draw, 1.0, UNIFORM[mine]), together[mine])
