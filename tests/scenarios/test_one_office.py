"""scenarios/one-office: what its README works out by hand is what the simulation gives."""

from functools import lru_cache
from math import exp, factorial

import numpy as np
import pytest

from sim.replication import simulate
from sim.scenario import load, load_policy, reform
from sim.scenario.idle import changes_nothing

from .evidence import told_in_both_languages, unfounded
from .test_binhai import FOLDER as BINHAI

FOLDER = BINHAI.parent / "one-office"
POLICIES = ["deduct-two", "one-more-clerk", "same-twelve-minutes"]
REPLICATIONS = 20
LOAD = 4 / 5

# Called within the hour, five times the work. M/M/s: 1 − P(wait) e^(−(s μ − λ) t); M/D/1: Erlang's sum.
ERLANG_C_2 = 2 * (LOAD / 2) ** 2 / (1 + LOAD / 2)
MD1 = (1 - LOAD) * sum(exp(LOAD * (5 - k)) * (-LOAD * (5 - k)) ** k / factorial(k) for k in range(6))
THEORY = {  # mean wait in minutes, share in time, share of time busy
    "current": (12 * LOAD / (1 - LOAD), 1 - LOAD * exp(-1), 0.8),
    "one-more-clerk": (60 * ERLANG_C_2 / (10 - 4), 1 - ERLANG_C_2 * exp(-6), 0.4),
    "same-twelve-minutes": (12 * LOAD / (1 - LOAD) / 2, MD1, 0.8),
}


@pytest.fixture(scope="module")
def office():
    return load(FOLDER)


@lru_cache
def years(policy: str):
    """The unit's outcomes of each replication, one row a replication."""
    office = load(FOLDER)
    return [
        simulate(office, policy, seed=1, replication=number).units.iloc[0] for number in range(REPLICATIONS)
    ]


def test_the_model_is_told_in_its_first_ten_lines(office):
    text = (FOLDER / "scenario.yaml").read_text(encoding="utf-8")
    first = text.split("\n\n")[0].splitlines()[1:]
    assert [line.split(":")[0] for line in first if line[0].isalpha()] == ["demand", "kinds", "staff"]
    assert len(first) == 10 and len(text.splitlines()) < 50


def test_every_number_has_its_evidence(office):
    assert unfounded(office) == []


def test_policies_change_one_thing_each_and_are_told_in_both_languages(office):
    assert sorted(path.stem for path in (FOLDER / "policies").glob("*.yaml")) == POLICIES
    for name in POLICIES:
        policy = load_policy(office, name)
        assert len(policy.changes) == 1 and changes_nothing(office, policy) == {}
        assert told_in_both_languages(policy)
        assert reform(office, policy).digest() != office.digest()


@pytest.mark.parametrize("policy", THEORY)
@pytest.mark.parametrize(
    ("outcome", "place"), [("mean_wait_minutes", 0), ("on_time_rate", 1), ("utilisation", 2)]
)
def test_simulation_gives_what_theory_says(policy, outcome, place):
    """Within 4 standard errors of 20 years, which are at most 2 % of the value."""
    values = np.array([year[outcome] for year in years(policy)])
    error = values.std(ddof=1) / np.sqrt(REPLICATIONS)
    assert abs(values.mean() - THEORY[policy][place]) <= 4 * error
    assert error <= 0.02 * values.mean()


def test_theory_is_that_of_the_readme():
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    for policy, (wait, share, _) in THEORY.items():
        row = next(line for line in told.splitlines() if line.startswith(f"| `{policy}`"))
        assert f"| {wait:.2g} | {100 * share:.1f} | " in row
        assert f"| {100 * min(1, 1 - 0.01 * max(0, 95 - 100 * share)):.3g} % |" in row


def test_pay_follows_the_score_by_the_rule_and_deducting_two_doubles_the_loss():
    for before, after in zip(years("current"), years("deduct-two"), strict=True):
        lost = 0.01 * (95 - before.score)
        assert before.pay_share == pytest.approx(1 - lost)
        assert after.pay_share == pytest.approx(1 - 2 * lost)
        assert before.pay == pytest.approx(52_000 + 24_000 * (1 - lost))
        assert (after.score, after.mean_wait_minutes) == (before.score, before.mean_wait_minutes)


def test_a_second_clerk_or_even_work_shortens_the_wait_of_the_same_people_every_year():
    for before, shared, even in zip(*(years(policy) for policy in THEORY), strict=True):
        assert before.arrivals == shared.arrivals == even.arrivals
        assert shared.mean_wait_minutes < even.mean_wait_minutes < before.mean_wait_minutes
        assert shared.pay_share == 1 and before.bonus_share == 0
