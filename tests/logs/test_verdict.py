"""The verdict's words agree with its figures."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.logs.verdict import by_distance


@pytest.mark.parametrize(("fitted", "fit"), [(0.02, True), (0.0267, False)])
def test_the_bound_that_is_told_is_the_one_that_decides(fitted, fit):
    told = by_distance("ngram", "", "", pd.Series({"ngram": fitted}), {"ngram": 0.04}, {"ngram": 0.018}, 0.15)
    assert told.fit == fit
    assert "at most 0.0225" in told.why_en
