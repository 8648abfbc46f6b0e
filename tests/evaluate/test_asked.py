"""What a rule asks of one office: worth by score, forecast, and the planned effort of each month."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.scenario.part import Text
from tests.theory.even_offices import REACH, offices

CLIFF = {"careers": {"promotion": 0.05}}


def test_the_worth_is_expected_pay():
    """A deduction of 1 % a point under 95, measured with an error of 2 points."""
    found = sim.asked(offices(88.0, 2, cost=0.1, sd=2.0, years=1, pay={"deduction_per_point": 1}), "office_0")
    z = (95 - found.score) / 2
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    from scipy.special import ndtr

    lost = (95 - found.score) * ndtr(z) + 2 * density
    np.testing.assert_allclose(found.worth, 1 - lost / 100, atol=1e-6)
    assert (found.usual, found.luck_sd, found.unseen_sd) == (88.0, 0.0, 2.0)
    assert found.aim == pytest.approx(94.323717, abs=0.01)
    np.testing.assert_allclose(REACH * (found.effort - 1), found.aim - 88, atol=1e-6)


def test_the_effort_of_the_months_parts_with_their_luck():
    """Near a line the mean effort stays and its spread widens."""
    found = sim.asked(offices(88.0, 2, cost=0.5, months_sd=2.0, years=1, **CLIFF), "office_0")
    mean, least, _, most = found.effort.T
    assert REACH * (mean[0] - 1) == pytest.approx(1.939, rel=0.01)
    assert least[0] == most[0] and (np.diff(most - least)[:6] > 0).all()
    assert abs(mean[:10].mean() - mean[0]) < 0.01


def test_the_figure_sets_an_alternative_beside_it():
    even = offices(88.0, 2, cost=0.5, months_sd=2.0, years=1, **CLIFF)
    higher = {"assessment.promotion_threshold": 92}
    for lang in ("en", "zh"):
        figure = sim.draw_asked(even, "office_0", alternative=higher, lang=lang)
        left, right = figure.axes
        assert len(right.lines) == 2 and left.get_xlabel() and right.get_ylabel()


def test_the_figure_shows_each_forecast_and_keeps_its_panels():
    """Names too long are shortened, those alike numbered; an alternative's own usual score has a band."""
    even = offices(88.0, 2, cost=0.5, months_sd=2.0, years=1, **CLIFF)
    other = {"scorecards.card_0.items.pace.usual": 0.8}
    left, right = sim.draw_asked(even, "office_0", {}, other).axes
    alike, _ = sim.draw_asked(even, "office_0", {}, {"assessment.promotion_threshold": 92}).axes
    spans = [sum(patch.get_height() == 1 for patch in panel.patches) for panel in (left, alike)]
    assert spans == [2, 1]
    names = [text.get_text() for text in right.get_legend().get_texts()]
    assert names[1:] == ["What if", "What if (2)"]
    assert all(tick == int(tick) for tick in right.get_xticks())
    titles = {"en": "very " * 30 + "long", "zh": "很" * 90}
    long = sim.Policy("long", Text(**titles), Text(**titles), other)
    _, right = sim.draw_asked(even, "office_0", long).axes
    assert all(len(text.get_text()) < 40 for text in right.get_legend().get_texts())
    with pytest.raises(sim.InputError, match="language 'de'"):
        sim.draw_asked(even, "office_0", lang="de")


@pytest.mark.parametrize(
    ("unit", "changes", "words"),
    [
        ("offic_0", {}, "there is no unit 'offic_0'"),
        ("office_0", {"behaviour.responsive.strength": 0}, "nobody responds"),
        ("office_0", {"behaviour.responsive.effort.on": False}, "nobody changes effort"),
    ],
)
def test_who_is_asked_nothing_is_told_so(unit, changes, words):
    with pytest.raises(sim.InputError, match=words):
        sim.asked(offices(88.0, 2, years=1), unit, changes)
