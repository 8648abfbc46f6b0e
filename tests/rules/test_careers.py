"""Ranks, the bottom three and its ties, and the flags."""

import numpy as np
import pytest

from sim.rules import bottom, ranks, verdicts
from sim.scenario.assessment import Assessment

NAN = np.nan


def chosen(scores, overdue, ties, count=3):
    return np.flatnonzero(bottom(np.array(scores, float), np.array(overdue), count, ties)).tolist()


def test_ranks_share_the_better_place_and_skip_who_has_no_score():
    np.testing.assert_array_equal(ranks(np.array([90, 95, NAN, 95, 80])), [3, 1, NAN, 1, 4])


def test_no_tie_no_rule():
    for ties in ("all_tied_in", "all_tied_out", "more_overdue_in"):
        assert chosen([91, 85, 97, 88, 86], [0] * 5, ties) == [1, 3, 4]


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("all_tied_in", [0, 1, 2, 3]), ("all_tied_out", [0, 1]), ("more_overdue_in", [0, 1, 3])],
)
def test_tie_at_the_cut(ties, expected):
    assert chosen([80, 81, 85, 85, 90], [0, 0, 4, 5, 9], ties) == expected


def test_tie_that_fits_needs_no_rule():
    for ties in ("all_tied_in", "all_tied_out", "more_overdue_in"):
        assert chosen([80, 85, 85, 90], [0] * 4, ties) == [0, 1, 2]


def test_tie_in_overdue_cases_too_moves_nobody_by_lot():
    assert chosen([80, 81, 85, 85, 90], [0, 0, 4, 4, 9], "more_overdue_in") == [0, 1]
    assert chosen([85, 85, 85, 85, 85], [0, 3, 3, 7, 0], "more_overdue_in") == [1, 2, 3]
    assert chosen([85, 85, 85, 85], [1, 1, 1, 1], "more_overdue_in") == []


def test_floating_noise_is_a_tie():
    assert chosen([0.1 + 0.2, 0.3, 50, 60], [0, 0, 0, 0], "all_tied_out", count=1) == []


def test_fewer_units_than_places_and_no_score():
    assert chosen([90, 80], [0, 0], "more_overdue_in") == [0, 1]
    assert chosen([90, NAN, 80, 95, 99], [0, 99, 0, 0, 0], "more_overdue_in") == [0, 2, 3]
    assert chosen([NAN, NAN], [5, 5], "all_tied_in") == []
    assert chosen([90, 80], [0, 0], "all_tied_in", count=0) == []


def test_flags_at_the_boundaries():
    rules = Assessment(
        advanced_threshold=95,
        promotion_threshold=90,
        bottom_count=0,
        certified_threshold=90,
        excellent_threshold=97,
    )
    flags = verdicts(np.array([100, 97, 95, 94.99999999999999, 94.99, 90, 89.99, NAN]), np.zeros(8), rules)
    assert flags["below_advanced"].tolist()[:7] == [0, 0, 0, 0, 1, 1, 1]
    assert flags["head_not_promotable"].tolist()[:7] == [0, 0, 0, 0, 0, 0, 1]
    assert flags["certified"].tolist()[:7] == [1, 1, 1, 1, 1, 1, 0]
    assert flags["excellent"].tolist()[:7] == [1, 1, 0, 0, 0, 0, 0]
    assert all(np.isnan(values[7]) for values in flags.values())
