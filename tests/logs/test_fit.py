"""What is fitted to the log of a known office finds the office again, within the errors that it states."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from docs.tools.logs.office import HOURS, known, log_of, written
from docs.tools.logs.recovery import found_exactly, misses
from sim.logs import fit_log, read_log
from sim.logs.fit.arrivals import fit_arrivals
from sim.logs.fit.delays import fit_delay
from sim.logs.fit.hours import Week, week_of
from sim.logs.fit.work import fit_work
from sim.logs.intervals import prediction
from sim.logs.simulated import drawn_anew, over
from sim.logs.write import scenario_of

OFFICES = 6
NEAR, FAR = 2.0, 4.5  # standard errors


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """Offices, and the files with their logs."""
    folder = tmp_path_factory.mktemp("logs")
    offices = [known(np.random.default_rng(number)) for number in range(OFFICES)]
    return [(data, written(log_of(data, seed), folder / f"{seed}.csv")) for seed, data in enumerate(offices)]


@pytest.fixture(scope="module")
def fitted(logs):
    return [(data, fit_log(read_log(file))) for data, file in logs]


def test_rates_means_and_probabilities_are_found_within_their_errors(fitted):
    """95 % of the numbers of random offices lie within two errors of the truth, as far as luck allows."""
    off = np.abs([miss for data, fit in fitted for miss in misses(data, fit)["miss"]])
    near = int((off <= NEAR).sum())
    assert len(off) >= 66
    assert stats.binomtest(near, len(off), 0.95, alternative="less").pvalue > 0.02, np.sort(off)[-10:]
    assert off.max() < FAR


def test_hours_people_and_limits_are_found(fitted):
    for data, fit in fitted:
        assert all(found_exactly(data, fit).values()), found_exactly(data, fit)
        assert fit.shared < 0.01 and not fit.starts
        assert {one.family for one in fit.work.values()} == {"lognormal"}


def test_delays_are_told_from_waits_for_people(fitted):
    for data, fit in fitted[1:]:  # the first office is so busy that hardly a delay ends before its queue
        truth = data["kinds"]["case"]["route"]["wait"]["amount"]
        delay = fit.kinds[0].routing.delays["Take in", "Review"]
        hours = sum(part.share.value * part.amount.value for part in delay.parts if part.per == "hours")
        share = sum(part.share.value for part in delay.parts if part.per == "hours")
        assert hours / share == pytest.approx(truth, rel=0.3)
        decided = fit.kinds[0].routing.delays["Review", "Decide"]
        assert decided.at_once.value > 0.9


def counted_for_people(log: pd.DataFrame, weeks: dict[str, Week] | None = None) -> float:
    """The share of all waiting during which everybody who does the step had begun other work, row by row.

    With `weeks`, the hours of each person: everybody who was on duty.
    """
    log = log.sort_values(["case", "start"])
    ready = log.groupby("case")["end"].shift().fillna(log["case_start"])
    start, ready = (one.to_numpy("datetime64[s]").astype(float) for one in (log["start"], ready))
    moments = ready[:, None] + (start - ready)[:, None] * (np.arange(100) + 0.5) / 100
    busy, away = {}, {}
    for person, own in log.groupby("person"):
        begin, end = (np.sort(own[name].to_numpy("datetime64[s]").astype(float)) for name in ("start", "end"))
        place = np.searchsorted(begin, moments, side="right") - 1
        busy[person] = (place >= 0) & (end[np.maximum(place, 0)] > moments)
        away[person] = np.zeros(moments.shape, bool)
        if weeks is not None:
            on_duty = weeks[person].is_open(moments.ravel().astype("int64").astype("datetime64[s]"))
            away[person] = ~on_duty.reshape(moments.shape)
    crowded = np.zeros(moments.shape, bool)
    for activity, people in log.groupby("activity")["person"].unique().items():
        own = (log["activity"] == activity).to_numpy()
        crowded[own] = np.all([(busy[person] | away[person])[own] for person in people], axis=0)
        crowded[own] &= np.any([busy[person][own] for person in people], axis=0)
    return float(((start - ready) * crowded.mean(axis=1)).sum() / (start - ready).sum())


def test_the_share_of_waiting_for_people_is_the_one_counted_in_the_log(logs, fitted):
    """It lies between two counts: a colleague off duty could have done it, or could not.

    Of all waits it takes those that end as who does the step, or all who do, come from other work.
    """
    shares, between = [], []
    for (_, file), (_, fit) in zip(logs, fitted, strict=True):
        log = pd.read_csv(file, parse_dates=["start", "end", "case_start"])
        weeks = {one.name: one.week for one in fit.people.regular}
        shares.append(counted_for_people(log))
        between.append(shares[-1] <= fit.waits_for_people <= counted_for_people(log, weeks))
        assert fit.waits_for_people == pytest.approx(shares[-1], abs=0.12)
    assert np.ptp(shares) > 0.3 and all(between)  # offices that differ


@pytest.mark.parametrize(
    ("pause", "by_calendar", "hours"),
    [
        ({"amount": 72, "per": "hours", "distribution": "constant"}, True, 72),
        ({"amount": 12, "per": "hours", "distribution": "gamma", "cv": 0.3}, True, 12),
        ({"amount": 3, "per": "working_days", "distribution": "gamma", "cv": 0.5}, False, 3),
    ],
)
def test_a_pause_is_found_in_the_time_in_which_it_passes(tmp_path, pause, by_calendar, hours):
    data = known(np.random.default_rng(1))
    wait = data["kinds"]["case"]["route"]["wait"]
    del wait["cv"]
    wait |= pause
    fit = fit_log(read_log(written(log_of(data, 1), tmp_path / "log.csv")))
    delay = fit.kinds[0].routing.delays["Take in", "Review"]
    assert delay.by_calendar == by_calendar
    assert {part.per for part in delay.parts} >= {"hours" if by_calendar else "working_days"}
    mean = sum(part.share.value * part.amount.value for part in delay.parts if part.per == pause["per"])
    assert mean == pytest.approx(hours, rel=0.25)


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


def test_waits_of_days_with_a_habit_of_their_own_keep_it():
    days = np.repeat([1, 2, 5, 10, 14], [40, 15, 40, 5, 40])  # the next day, after a week, after a fortnight
    delay = fit_delay(np.zeros(140), days)
    luck, sizes = np.random.default_rng(1), [int(1e4 * one.share.value) for one in delay.parts]
    parts = zip(delay.parts, sizes, strict=True)
    drawn = [luck.lognormal(np.log(one.amount.value), one.cv or 0.0, size) for one, size in parts]
    drawn = np.concatenate(drawn).round()
    for most in (1, 2, 5, 10):
        assert (drawn <= most).mean() == pytest.approx((days <= most).mean(), abs=0.04)
    assert sum(one.share.value * one.amount.value for one in delay.parts) == pytest.approx(days.mean())


def test_waits_of_days_without_one_stay_a_mixture():
    drawn = np.random.default_rng(2).lognormal(np.log(20), 0.6, 4000)
    delay = fit_delay(np.zeros(4000), np.maximum(drawn.round(), 1).astype(int))
    assert len(delay.parts) <= 3


def test_a_prediction_interval_holds_one_more_value_as_often_as_it_says():
    luck = np.random.default_rng(3)
    held = []
    for _ in range(2000):
        *several, further = luck.normal(50, 4, 9)
        low, middle, high = prediction(np.array(several))
        held.append(low <= further <= high)
        assert low < middle < high
    assert np.mean(held) == pytest.approx(0.95, abs=0.015)


def test_numbers_are_drawn_within_their_errors(fitted):
    _, fit = fitted[0]
    begin = fit.log.cases["arrival"].min()
    scenario = over(scenario_of(fit), begin, begin + pd.Timedelta(days=40), 0)
    rate = fit.kinds[0].arrivals.a_day
    scenarios = islice(drawn_anew(scenario, 1), 60)
    drawn = np.array([next(iter(one.demand.values())).volumes["office"] for one in scenarios])
    assert drawn.mean() == pytest.approx(rate.value, abs=rate.se / 2)
    assert drawn.std() == pytest.approx(rate.se, rel=0.3)


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


def test_months_that_the_log_holds_twice_do_not_bend_the_rate():
    """Five a day until June and twenty after it, over a year and a half."""
    days = pd.date_range("2023-01-01", "2024-06-30")
    real = np.where(days.month <= 6, 5.0, 20.0)
    counts = np.random.default_rng(1).poisson(real)
    fit = fit_arrivals(pd.Series(np.repeat(days, counts)) + pd.Timedelta(hours=10))
    a_day = fit.a_day.value * np.array([one.value for one in fit.months])
    assert a_day[days.month - 1].sum() == pytest.approx(counts.sum(), rel=0.005)
    assert abs(fit.a_day.value - 12.5) < NEAR * fit.a_day.se + 0.2
    assert a_day == pytest.approx([5.0] * 6 + [20.0] * 6, rel=0.12)


def test_a_kind_that_began_within_the_log_brings_no_more_cases_than_came():
    day = pd.Series(pd.date_range("2024-01-01 10:00", "2024-12-29 10:00", freq="D"))  # 52 whole weeks
    parts = day[:182], day[182:], day[100:101]
    kinds = [fit_arrivals(part, (), day) for part in parts]
    for kind, part in zip(kinds, parts, strict=True):
        weekdays = sum(one.value > 0 for one in kind.weekdays)
        assert kind.a_day.value * 52 * weekdays == pytest.approx(len(part))
