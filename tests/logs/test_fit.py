"""What is fitted to the log of a known office finds the office again, within the errors that it states."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.logs import fit_log, read_log
from sim.logs.fit.arrivals import fit_arrivals
from sim.logs.fit.delays import fit_delay
from sim.logs.fit.hours import week_of
from sim.logs.fit.work import fit_work
from tests.logs.office import HOURS, known, log_of, written

OFFICES = 3
NEAR, ALL = 2.0, 4.5  # standard errors


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    found = []
    for number in range(OFFICES):
        data = known(np.random.default_rng(number))
        file = written(log_of(data, number), tmp_path_factory.mktemp("log") / "log.csv")
        found.append((data, fit_log(read_log(file))))
    return found


def misses(data, fit):
    """How many standard errors each estimate is off."""
    kind, route, demand = fit.kinds[0], data["kinds"]["case"]["route"], data["demand"]["case"]
    pairs = [
        (kind.arrivals.a_day, demand["volumes"]["office"]),
        (kind.arrivals.dispersion, demand["dispersion"]),
    ]
    pairs += [
        (fit.work[name.capitalize().replace("_", " ")].minutes, route[name]["minutes"])
        for name in ("take_in", "review", "decide")
    ]
    again = next(turn for turn in kind.routing.turns["Review"] if turn.after == "Review")
    pairs.append((again.chance, route["turn"]["to"]["review"]))
    pairs += zip(kind.arrivals.weekdays[:5], np.array([1.4, 1.0, 1.0, 0.8, 0.8]) * 7 / 5, strict=True)
    return [(estimate.value - truth) / estimate.se for estimate, truth in pairs]


def test_rates_means_and_probabilities_are_found_within_their_errors(fitted):
    off = np.abs([miss for data, fit in fitted for miss in misses(data, fit)])
    assert (off < NEAR).mean() > 0.85, off  # 33 numbers, 95 % of which are expected
    assert off.max() < ALL


def test_hours_people_and_limits_are_found(fitted):
    for data, fit in fitted:
        assert fit.office.spans() == data["calendar"]["week"]
        people = {one.name: set(one.activities) for one in fit.people.regular}
        assert people == {
            "Li": {"Take in"},
            "Wang": {"Take in"},
            "Zhao": {"Review", "Decide"},
            "Chen": {"Review", "Decide"},
        }
        assert [(kind.name, kind.limit_days) for kind in fit.kinds] == [("case", 2.0)]
        assert fit.limits.per == "calendar_days" and fit.shared < 0.01 and not fit.starts
        assert {one.family for one in fit.work.values()} == {"lognormal"}
        assert 0.3 < fit.waits_for_people < 0.9  # in queues; nights and weekends are not for people


def test_delays_are_told_from_waits_for_people(fitted):
    for data, fit in fitted[1:]:  # the first office is so busy that hardly a delay ends before its queue
        truth = data["kinds"]["case"]["route"]["wait"]["amount"]
        delay = fit.kinds[0].routing.delays["Take in", "Review"]
        hours = sum(part.share.value * part.amount.value for part in delay.parts if part.per == "hours")
        share = sum(part.share.value for part in delay.parts if part.per == "hours")
        assert hours / share == pytest.approx(truth, rel=0.3)
        decided = fit.kinds[0].routing.delays["*", "Decide"]
        assert decided.at_once.value > 0.9


def test_starts_are_estimated_where_only_completions_are_known(fitted, tmp_path):
    data = known(np.random.default_rng(1))
    log = log_of(data, 1).drop(columns="start")
    fit = fit_log(read_log(written(log, tmp_path / "log.csv")))
    assert set(fit.starts) == {"Take in", "Review", "Decide"}
    for name in ("take_in", "review"):
        work = fit.work[name.capitalize().replace("_", " ")]
        assert work.estimated
        assert work.minutes.value == pytest.approx(data["kinds"]["case"]["route"][name]["minutes"], rel=0.45)


def test_a_mixture_of_waits_keeps_its_shares_and_mean():
    luck = np.random.default_rng(5)
    wait_s = np.concatenate(
        (np.zeros(300), luck.lognormal(np.log(600), 0.3, 400), luck.lognormal(np.log(15000), 0.3, 300))
    )
    delay = fit_delay(wait_s, np.zeros(1000, int))
    assert delay.at_once.value == pytest.approx(0.3, abs=0.01)
    assert [round(part.share.value, 2) for part in delay.parts] == [0.4, 0.3]
    mean_s = sum(part.share.value * part.amount.value for part in delay.parts) * 3600
    assert mean_s == pytest.approx(wait_s.mean(), rel=1e-6)


@pytest.mark.parametrize("family", ["exponential", "gamma", "lognormal", "normal"])
def test_the_family_of_work_is_told_by_its_likelihood(family):
    luck = np.random.default_rng(3)
    drawn = {
        "exponential": luck.exponential(20, 3000), "gamma": luck.gamma(4, 5, 3000),
        "lognormal": luck.lognormal(3, 0.6, 3000), "normal": luck.normal(20, 3, 3000),
    }[family]  # fmt: skip
    work = fit_work(np.round(drawn * 60) / 60)
    assert work.family == family and work.fits > 0.98
    assert work.minutes.value == pytest.approx(drawn.mean(), abs=0.02)


def test_hours_are_found_with_a_lunch_break_and_a_short_saturday():
    days = pd.date_range("2025-01-06", periods=180)
    luck = np.random.default_rng(0)
    moments = []
    for day in days[days.day_of_week < 6]:
        spans = [(8.5, 12), (13.5, 17.5)] if day.day_of_week < 5 else [(9, 12)]
        moments += [day + pd.Timedelta(hours=luck.uniform(*span)) for span in spans for _ in range(12)]
    week = week_of(pd.Series(moments)).spans()
    assert week == {day: HOURS for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": ["09:00-12:00"]}


def test_a_kind_that_began_within_the_log_brings_no_more_cases_than_came():
    day = pd.Series(pd.date_range("2024-01-01 10:00", "2024-12-29 10:00", freq="D"))  # 52 whole weeks
    parts = day[:182], day[182:], day[100:101]
    kinds = [fit_arrivals(part, (), day) for part in parts]
    for kind, part in zip(kinds, parts, strict=True):
        assert kind.a_day.value * len(day) == pytest.approx(len(part))
