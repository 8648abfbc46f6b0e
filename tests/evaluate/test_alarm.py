"""The alarm is raised for gaming, and not for honest policies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.evaluate.alarm import perverse_incentives
from sim.scenario.errors import InputError

from .queues import bureau_table, single

LOAD, LIMIT = 0.9, np.log(10) / 0.1


def year(times: np.ndarray) -> dict[str, float]:
    late = times > LIMIT
    return {
        "on_time_rate": 1 - late.mean(),
        "mean_processing_days": times.mean(),
        "mean_overdue_days": (times[late] - LIMIT).mean(),
        "p99_processing_days": np.quantile(times, 0.99),
    }


def queue(seed: int, late_last: bool) -> dict[str, float]:
    return year(single(LOAD, LIMIT, 60_000, seed, late_last)[5000:])


def test_late_requests_served_last_raise_the_score_and_the_alarm():
    """Theory: 90 % on time and 10 days overdue first come, first served; 97.9 % and 106 days late last."""
    fair, gamed = ([queue(seed, last) for seed in range(12)] for last in (False, True))
    means = [pd.DataFrame(runs).mean() for runs in (fair, gamed)]
    assert means[0]["on_time_rate"] == pytest.approx(0.9, abs=0.01)
    assert means[0]["mean_overdue_days"] == pytest.approx(10, abs=1.5)
    assert means[1]["on_time_rate"] == pytest.approx(0.979, abs=0.004)
    assert means[1]["mean_overdue_days"] == pytest.approx(106, abs=15)
    assert means[1]["mean_processing_days"] == pytest.approx(means[0]["mean_processing_days"], rel=0.02)
    table = bureau_table({"fifo": fair, "late last": gamed, "by due date": fair})
    found = perverse_incentives(table, "fifo", score="on_time_rate").set_index(["policy", "outcome"])
    gap = found.loc[("late last", "")]
    assert gap["alarm"] and gap["low"] > 5 and gap["score_gained"] == pytest.approx(7.9, abs=1)
    assert found.loc[("late last", "mean_overdue_days"), "alarm"]
    assert not found.loc["by due date", "alarm"].any()  # with equal limits it is first come, first served
    assert (found.loc["by due date", "worse"] == 0).all()


def honest(luck: np.random.Generator, policies: int, replications: int) -> pd.DataFrame:
    """Policies that change nothing but the luck; score and service go together, with skewed harms."""
    base = luck.normal(0, 1, replications)

    def runs() -> list[dict[str, float]]:
        found = []
        for own in base + luck.normal(0, 0.5, replications):
            found.append(
                {
                    "mean_score": 95 - own + luck.normal(0, 0.5),
                    "on_time_rate": np.clip(0.95 - 0.01 * own, 0, 1),
                    "mean_processing_days": 10 + own,
                    "mean_overdue_days": 4 * np.exp(0.3 * own + luck.normal(0, 0.3)),
                    "p99_processing_days": 40 * np.exp(luck.normal(0, 0.2)),
                    "complaint_rate": 0.01 * np.exp(luck.normal(0, 0.2)),
                    "error_rate": 0.02 * np.exp(luck.normal(0, 0.2)),
                }
            )
        return found

    return bureau_table({f"policy {number}": runs() for number in range(policies)})


def test_no_alarm_in_honest_studies():
    """At most 5 % of studies of four policies that change nothing, and three standard errors."""
    luck, rounds = np.random.default_rng(11), 40
    raised = [perverse_incentives(honest(luck, 4, 10), "policy 0")["alarm"].any() for _ in range(rounds)]
    assert np.mean(raised) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / rounds)


def better(score: float, days: float) -> pd.DataFrame:
    """A policy that gains so many points and so many days, in ten replications with common luck."""
    luck = np.random.default_rng(2)
    runs: dict[str, list[dict[str, float]]] = {"base": [], "other": []}
    for own in luck.normal(0, 1, 10):
        for policy, points, saved in (("base", 0, 0), ("other", score, days)):
            runs[policy].append(
                {
                    "mean_score": 90 - own + points + luck.normal(0, 0.05),
                    "on_time_rate": 0.9,
                    "mean_processing_days": 10 + own - saved,
                    "mean_overdue_days": 5.0,
                    "return_rate": 0.1 + 0.02 * points,
                }
            )
    return bureau_table(runs)


def test_a_score_that_service_explains_is_no_gap():
    gap = perverse_incentives(better(1.0, 1.0), "base").query("sign == 'gap'").iloc[0]
    assert not gap["alarm"] and gap["low"] < 0 < gap["high"]
    gap = perverse_incentives(better(1.0, 0.0), "base").query("sign == 'gap'").iloc[0]
    assert gap["alarm"] and gap["worse"] == pytest.approx(1.0, abs=0.1)


def test_what_is_scored_and_what_the_score_shows_is_no_alarm():
    own = perverse_incentives(better(1.0, 1.0), "base")
    assert own.query("outcome == 'return_rate'")["alarm"].all()
    scored = perverse_incentives(better(1.0, 1.0), "base", scored=["return_rate"])
    assert scored.query("outcome == 'return_rate'").empty
    fell = perverse_incentives(better(-1.0, -1.0), "base")
    assert not fell["alarm"].any()


def test_kinds_that_no_card_looks_at():
    table = better(0.0, 0.0)
    kinds = table[table["outcome"] == "return_rate"].assign(kind="fees", outcome="on_time_rate")
    kinds["value"] = np.where(kinds["policy"] == "other", 0.7, 0.9) + 0.001 * kinds["replication"]
    found = perverse_incentives(pd.concat([table, kinds]), "base", unscored_kinds=["fees"])
    row = found[found["kind"] == "fees"].iloc[0]
    assert row["alarm"] and row["worse"] == pytest.approx(0.2)


def test_what_cannot_be_told_is_marked_and_bad_input_told():
    table = better(1.0, 0.0)
    one = perverse_incentives(table[table["replication"] == 0], "base")
    assert not one["alarm"].any() and one["p_holm"].isna().all() and (one["why"] != "").all()
    steady = table.copy()
    steady.loc[steady["outcome"] == "mean_processing_days", "value"] = 10.0
    gap = perverse_incentives(steady, "base").query("sign == 'gap'").iloc[0]
    assert np.isnan(gap["worse"]) and "never varies" in gap["why"]
    with pytest.raises(InputError, match="no policy beside"):
        perverse_incentives(table[table["policy"] == "base"], "base")
    with pytest.raises(InputError, match="no results"):
        perverse_incentives(table, "bas")
    other = table["policy"] == "other"
    with pytest.raises(InputError, match="in common"):
        perverse_incentives(table.assign(replication=table["replication"] + 100 * other), "base")
    with pytest.raises(InputError, match="behaviours"):
        perverse_incentives(pd.concat([table.assign(behaviour="x"), table.assign(behaviour="y")]), "base")
