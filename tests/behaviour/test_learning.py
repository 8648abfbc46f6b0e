"""Trial and error: the same streams, the same trials; what pays is kept, and nothing else is looked at."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from sim.behaviour import Conduct, learning
from sim.scenario.behaviour import Learning
from sim.world.streams import Streams

from .fifteen import OFFICES, scenario_of, standing_at

UNITS = len(OFFICES) + 1
NAMES = (*OFFICES, "section")


def verdict(year: int, pay_share: np.ndarray) -> SimpleNamespace:
    scored = np.arange(UNITS) < len(OFFICES)
    return SimpleNamespace(
        year=year,
        units=NAMES,
        score=np.where(scored, 93.0, np.nan),
        pay_share=np.where(scored, pay_share, np.nan),
        bonus_share=np.where(scored, 0.0, np.nan),
    )


def years(count: int, pays, seed: int = 1, **behaviour: object) -> list[np.ndarray]:
    """The effort of each year, if a year's effort pays `pays(effort)` of the assessment pay."""
    rules = scenario_of()
    rules = rules.model_copy(
        update={"behaviour": rules.behaviour.model_copy(update={"learning": Learning(**behaviour)})}
    )
    memory, efforts, conduct = learning.Memory(Streams(seed, 0)), [], Conduct.neutral(UNITS, 2)
    for year in range(2025, 2025 + count):
        for _ in range(12):
            conduct = learning.respond(standing_at(), rules, conduct, memory)
        efforts.append(conduct.effort)
        learning.year_end(verdict(year, pays(conduct.effort)), rules, memory)
    return efforts


def test_the_first_year_is_as_usual_and_then_everybody_tries():
    first, second, *_ = years(3, lambda effort: np.ones(UNITS))
    assert (first == 1).all()
    steps = np.abs(second[: len(OFFICES)] - 1)
    assert (steps >= 0.03 - 1e-12).all() and (steps <= 0.09 + 1e-12).all()
    assert len(set(np.sign(second[: len(OFFICES)] - 1))) == 2  # some up, some down
    assert second[len(OFFICES)] == 1  # without a score there is nothing to learn from


def test_same_streams_same_trials():
    runs = [years(6, lambda effort: np.clip(effort - 0.1, 0, 1), seed) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_what_pays_is_learned_without_knowing_the_schedule():
    """Pay that rises with effort lifts it, to where the cost takes over; pay that does not lets it be."""
    rising = years(60, lambda effort: effort - 0.2, cost=3.0, most=2.0)
    flat = years(60, lambda effort: np.ones(UNITS), cost=3.0, most=2.0)
    late = slice(30, None)
    assert np.mean(rising[late], axis=0)[: len(OFFICES)].mean() > 1.2  # best: 1 + 1 / 3
    assert abs(np.mean(flat[late], axis=0)[: len(OFFICES)].mean() - 1) < 0.06


def test_a_step_that_did_not_pay_is_turned_round():
    efforts = np.array(years(4, lambda effort: np.ones(UNITS)))[:, : len(OFFICES)]
    first, second = np.diff(efforts, axis=0)[0], np.diff(efforts, axis=0)[1]
    assert (first * second < 0).all()  # any effort but the usual costs and brings nothing


def test_bounds_hold_and_rush_follows():
    efforts = np.array(years(40, lambda effort: 2 * effort, cost=0.01, most=1.1, least=0.95))
    assert efforts.max() <= 1.1 and efforts.min() >= 0.95
    memory = learning.Memory(Streams(1, 0), effort=np.full(UNITS, 1.2))
    conduct = learning.respond(standing_at(), scenario_of(), Conduct.neutral(UNITS, 2), memory)
    np.testing.assert_allclose(conduct.rush, 0.3 * 0.2)


def test_a_stretch_without_a_review_teaches_nothing():
    memory = learning.Memory(Streams(1, 0))
    learning.year_end(verdict(2025, np.ones(UNITS)), scenario_of(), memory)
    assert memory.effort is None
