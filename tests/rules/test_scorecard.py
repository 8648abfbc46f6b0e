"""Points of items, inspections by sample, marks, and the score as a whole."""

import numpy as np
import pytest

from sim.rules import points, score
from sim.rules.scorecard import inspected_rate
from sim.scenario.assessment import Item, Scorecard

TITLE = {"en": "i", "zh": "i"}


def item(indicator="on_time_rate", weight=40, rule="proportional", **more):
    return Item(title=TITLE, indicator=indicator, points=weight, rule=rule, **more)


def card(**items):
    return Scorecard(title=TITLE, items=items)


@pytest.mark.parametrize(
    ("part", "values", "expected"),
    [
        (item(), [1, 0.9, 0, np.nan], [40, 36, 0, np.nan]),
        (item("return_rate"), [0, 0.1, 1], [40, 36, 0]),
        (item(rule="target", target=0.8), [1, 0.8, 0.4, 0, np.nan], [40, 40, 20, 0, np.nan]),
        (item("overdue_rate", rule="target", target=0.2), [0, 0.2, 0.6, 1], [40, 40, 20, 0]),
        (item("overdue_rate", rule="target", target=1.0), [0, 1, np.nan], [40, 40, np.nan]),
        (item(rule="deduction", target=0.98, deduct=0.8), [1, 0.98, 0.97, 0.88, 0], [40, 40, 39.2, 32, 0]),
        (
            item("return_rate", rule="deduction", target=0.12, deduct=0.5),
            [0, 0.12, 0.22, 1, np.nan],
            [40, 40, 35, 0, np.nan],
        ),
    ],
)
def test_points(part, values, expected):
    np.testing.assert_allclose(points(part, values), expected, atol=1e-9)


@pytest.mark.parametrize(
    ("part", "values", "cases", "expected"),
    [
        (item(rule="per_case", deduct_per_case=2.0), [1, 0.9, 0.5, np.nan], 50, [40, 30, 0, np.nan]),
        (item("return_rate", rule="per_case", deduct_per_case=2.0), [0, 0.1, 1], 50, [40, 30, 0]),
        (item("error_rate", rule="per_case", deduct_per_case=2.0, floor=25.0), [0.1, 0.5], 50, [30, 25]),
        (item("complaint_rate", rule="per_case", deduct_per_case=2.0, floor=-10.0), [0.4, 1], 50, [0, -10]),
        (item("error_rate", rule="proportional"), [0, 0.1], 50, [40, 36]),
        (item(cap=30.0, floor=10.0), [1, 0.5, 0.1], 50, [30, 20, 10]),
        (item(rule="deduction", target=0.98, deduct=0.8, floor=30.0), [0.97, 0.5], 50, [39.2, 30]),
    ],
)
def test_points_by_the_case_and_their_floors_and_caps(part, values, cases, expected):
    np.testing.assert_allclose(points(part, values, cases), expected, atol=1e-9)


def test_inspection_takes_the_cases_with_the_smallest_numbers():
    cases = np.array([True, False, True, False, True])
    assert inspected_rate(cases, 2, np.array([0.9, 0.1, 0.8, 0.2, 0.7])) == 0
    assert inspected_rate(cases, 3, np.array([0.9, 0.1, 0.8, 0.2, 0.7])) == pytest.approx(1 / 3)
    assert inspected_rate(cases, 9, np.zeros(5)) == 0.6
    assert np.isnan(inspected_rate(cases[:0], 3, np.zeros(0)))


def test_inspection_is_right_on_average():
    rng = np.random.default_rng(5)
    cases = np.arange(200) < 180
    seen = [inspected_rate(cases, 50, rng.random(200)) for _ in range(4000)]
    spread = np.sqrt(0.9 * 0.1 / 50 * 150 / 199)  # without replacement
    assert np.mean(seen) == pytest.approx(0.9, abs=4 * spread / np.sqrt(4000))
    assert np.std(seen) == pytest.approx(spread, rel=0.05)


def test_measured_and_true_score_part_where_there_is_luck(luck):
    rules = card(
        counted=item(weight=50),
        looked_at=item(weight=30, sample=2),
        opinion=item("marks", 20, marks_mean=0.9, marks_sd=0.05),
    )
    files = {"on_time_rate": [np.array([True, True, False, False])]}
    drawn = luck([0.1, 0.2, 0.8, 0.9], 1.0)
    measured, true = score(["east"], {"on_time_rate": np.array([0.5])}, files, rules, drawn)
    assert true == pytest.approx([25 + 15 + 18])
    assert measured == pytest.approx([25 + 30 + 19])


def test_marks_stay_marks(luck):
    rules = card(opinion=item("marks", 100, marks_mean=0.9, marks_sd=0.05))
    measured, _ = score(["east"], {}, {}, rules, luck(normal_number=9.0))
    assert measured == [100]


def test_without_cases_there_is_no_score(luck):
    rules = card(counted=item(weight=50), opinion=item("marks", 50, marks_mean=1.0))
    found = score(["east", "west"], {"on_time_rate": np.array([np.nan, 1.0])}, {}, rules, luck())
    np.testing.assert_array_equal(found, [[np.nan, 100]] * 2)


def test_a_sum_that_is_95_is_95(luck):
    rules = card(**{f"item_{n}": item(weight=10) for n in range(10)})
    measured, _ = score(["east"], {"on_time_rate": np.array([0.95])}, {}, rules, luck())
    assert measured == [95.0]
