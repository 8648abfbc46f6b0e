import math

import pytest
from scipy.optimize import brentq

from sim.evaluate.root import root


@pytest.mark.parametrize(("function", "low", "high"), [(math.cos, 0.0, 3.0), (lambda x: x**3 - 5, 0.0, 9.0)])
def test_a_root_is_scipys(function, low: float, high: float) -> None:
    assert root(function, low, high) == pytest.approx(brentq(function, low, high), abs=1e-11)


def test_no_root_is_refused() -> None:
    with pytest.raises(ValueError, match="the same sign at 1 and 2"):
        root(math.exp, 1, 2)
