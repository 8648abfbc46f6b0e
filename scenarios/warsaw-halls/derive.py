"""The inputs of the warsaw-halls scenario, derived from the city's queue readings.

`boards.py` says what the readings are, `work.py` how quickly counters work.

Arrivals. Between two readings, arrivals = tickets called + change of people waiting. They are spread evenly
over the minutes between the readings (five, as a rule; 95 on 10 January) and summed by quarters of an hour;
what falls before opening belongs to the first quarter, what falls after closing to the last. So they are net
of people who leave unserved. A negative mean (the board cleared) becomes 0, and the day's other quarters come
to as much less.

Counters. A counter that may call several queues is reported by each of them, so a matter's counters at a
reading are the largest number any of its queues reports. They are averaged by half hour (Mondays apart:
offices close at 18, not 16) and rounded by carrying the remainder to the next half hour, which keeps the
day's counter-hours within a half wherever the mean is at least one; never under one. A day with over 2.5
times the counters of the matter's usual day shows a setting, not who is there, and its counters are unknown:
in Wola identity shows 20, vehicles 23 and other matters 7 until 9 January, and 4, 4 and 2 from then on, for
about as many tickets.

Service minutes. `posted_service_min` is the interface's czasObslugi, time of service. Seven offices compute
it as they go; in eight it is a set 10, 15, 20, 30 or 60 and means nothing. Beside it stands the implied
time: counter-minutes over tickets called, in the intervals that begin with somebody waiting. (To ask that
somebody waits at their end too would choose those with few calls.) It is what a ticket takes from the
counters: with pauses, numbers that nobody answered, and counters that are signed in but idle. `unhurried_min`
is what it would take with one person a head, by the power of the crowding.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from boards import (  # noqa: E402
    ARRIVALS_MIN,
    CLOSES,
    CLOSES_MONDAY,
    DATA,
    DAY_MIN,
    FIRST_DAY,
    LAST_DAY,
    OPENS,
    PAIR,
    SLOT,
    WEEKDAYS,
    closing_hour,
    intervals,
    opening_time,
    read_queues,
    read_snapshots,
    tickets_called,
    whole_days,
)
from work import busy_time, elasticity, minutes_a_ticket, pace, power_of, unhurried_time  # noqa: E402


def arrivals(table: pd.DataFrame) -> pd.DataFrame:
    """Mean arrivals an hour by office, matter, weekday and quarter of an hour; the number of days seen."""
    table = whole_days(table)
    end = table.time.dt.hour * 60 + table.time.dt.minute
    start = end - table.minutes.fillna(0)
    opens, closes = 60 * OPENS, 60 * closing_hour(table.weekday)
    parts = []
    for moment in range(opens, 60 * CLOSES_MONDAY, ARRIVALS_MIN):
        first, last = moment == opens, moment == closes - ARRIVALS_MIN
        low, high = np.where(first, 0, moment), np.where(last, DAY_MIN, moment + ARRIVALS_MIN)
        overlap = (np.minimum(end, high) - np.maximum(start, low)).clip(lower=0)
        inside = (end >= low) & (end < high)
        share = np.where(end > start, overlap / (end - start).where(end > start, 1), inside)
        parts.append(table.assign(moment=moment, arrived=table.arrived * share)[moment < closes])
    by = [*PAIR, "weekday", "moment"]
    summed = pd.concat(parts).groupby(by, as_index=False).arrived.sum()
    seen = table.groupby(["office", "weekday"]).day.nunique().rename("days_observed").reset_index()
    summed = summed.merge(seen, on=["office", "weekday"])
    hourly = summed.arrived / summed.days_observed * 60 / ARRIVALS_MIN
    of_day = [summed.office, summed.matter, summed.weekday]
    total, positive = (one.groupby(of_day).transform("sum") for one in (hourly, hourly.clip(lower=0)))
    hourly *= (total / positive).where(positive > 0, 0).clip(lower=0)
    summed = summed.assign(
        hour=summed.moment // 60,
        minute=summed.moment % 60,
        arrivals_per_hour=hourly.clip(lower=0).round(3),
        order=summed.weekday.map(WEEKDAYS.index),
    )
    summed = summed.sort_values([*PAIR, "order", "moment"])
    return summed[[*PAIR, "weekday", "hour", "minute", "days_observed", "arrivals_per_hour"]]


def carry_rounding(values: pd.Series) -> pd.Series:
    """Whole numbers, at least 1, whose running total follows that of the values."""
    whole, carried = [], 0.0
    for value in values:
        whole.append(max(1, int(np.floor(value + carried + 0.5))))
        carried += value - whole[-1]
    return pd.Series(whole, index=values.index)


def counters(table: pd.DataFrame, usual: dict[str, pd.DataFrame] | None = None) -> pd.DataFrame:
    """Counters by office, matter, days and half hour: mean signed in, rounded, rounded at pace.

    With `usual`, the tables of other days, pace is theirs, and what is signed in more or less than then
    counts as far as they show it to (`elasticity`).
    """
    by = [*PAIR, *SLOT]
    mean = opening_time(table).groupby(by).counters.mean().rename("counters_mean").reset_index()
    speed = (pace(table) if usual is None else usual["pace"]).set_index(by).pace
    effective = mean.counters_mean * mean.join(speed, on=by).pace
    if usual is not None:
        before = mean.join(usual["counters"].set_index(by).counters_mean.rename("before"), on=by).before
        more = (mean.counters_mean / before.where(before > 0)).fillna(1)
        effective *= more.where(more > 0, 1) ** (power_of(usual["elasticity"], "counters") - 1)
    of_day = [mean.office, mean.matter, mean.days]
    mean["counters"] = mean.counters_mean.groupby(of_day).transform(carry_rounding).astype(int)
    mean["counters_effective"] = effective.groupby(of_day).transform(carry_rounding).astype(int)
    return mean.round({"counters_mean": 3})


def service(table: pd.DataFrame, readings: pd.DataFrame, queues: pd.DataFrame) -> pd.DataFrame:
    """Posted and implied service minutes, and utilisation, by office and matter.

    posted_min is the mean over tickets called; posted_is_measured: a queue of the office shows over ten
    values; busy_share is the share of opening time with somebody waiting; utilisation is tickets x
    implied_min over the counter-minutes of the opening time; unhurried_min is with one person a head;
    day_factor_cv is as in `offices`.
    """
    by = ["office", "matter"]
    joined = readings.merge(queues, on=["office", "queue_id"])
    joined["called"] = tickets_called(joined)
    joined = joined[joined.day.between(table.day.min(), table.day.max()) & (joined.called > 0)]
    weight = joined.called.groupby([joined.office, joined.matter]).sum()
    posted = (joined.called * joined.posted_service_min).groupby(
        [joined.office, joined.matter]
    ).sum() / weight
    values = joined.groupby(["office", "queue_id"]).posted_service_min.nunique().groupby("office").max()
    table = whole_days(table)
    inside = opening_time(table)
    result = pd.DataFrame(
        {"tickets_per_day": table.groupby(by).called.sum() / table.groupby(by).day.nunique()}
    )
    result["posted_min"] = posted
    result["posted_is_measured"] = values.reindex(result.index.get_level_values("office")).to_numpy() > 10
    result["busy_share"] = inside[inside.busy].groupby(by).minutes.sum() / inside.groupby(by).minutes.sum()
    result["implied_min"] = minutes_a_ticket(busy_time(table))
    result["unhurried_min"] = minutes_a_ticket(unhurried_time(table))
    result["day_factor_cv"] = day_factor_cv(variance_over_mean(table, by), result.tickets_per_day)
    seen = inside.dropna(subset="counters").groupby(by)
    result["utilisation"] = seen.called.sum() * result.implied_min / seen.counter_minutes.sum()
    return result.round(3).reset_index()


def variance_over_mean(table: pd.DataFrame, by: list[str]) -> pd.Series:
    """Variance over mean of a day's tickets given whether it is a Monday, by those columns."""
    monday = (table.weekday == "mon").rename("monday")
    daily = table.groupby([*by, monday, "day"]).called.sum()
    level = daily.groupby([*by, "monday"]).transform("mean")
    spread = ((daily - level) ** 2 / level.where(level > 0)).groupby(by).sum()
    return spread / (daily.groupby(by).size() - 2)


def day_factor_cv(variance_over_mean: pd.Series, mean: pd.Series) -> pd.Series:
    """Coefficient of variation of a random factor on the day's rate that explains the variance of counts."""
    return ((variance_over_mean - 1).clip(lower=0) / mean) ** 0.5


def waiting(table: pd.DataFrame) -> pd.DataFrame:
    """Mean people waiting while offices are open, by office, matter, days (mon, tue-fri) and hour."""
    inside = opening_time(table)
    mean = inside.groupby(["office", "matter", "days", "hour"]).waiting.agg(
        waiting_people="mean", readings="size"
    )
    return mean.round({"waiting_people": 3}).reset_index()


def offices(table: pd.DataFrame) -> pd.DataFrame:
    """One row an office, over its opening time.

    days_observed, tickets_per_day, monday_factor (Mondays over the other days), variance_over_mean of a day's
    tickets given whether it is a Monday, day_factor_cv (coefficient of variation of a random factor on the
    day's rate that explains it), withdrawn_share (falls of the queue without a call, over tickets called: an
    upper bound of those who leave, as boards also lag), waiting_people, little_wait_min (people x opening
    minutes / tickets).
    """
    good = whole_days(table)
    daily = good.groupby(["office", "day", "weekday"], as_index=False).called.sum()
    daily["monday"] = daily.weekday == "mon"
    people = table.groupby(["office", "day", "time"]).waiting.sum().reset_index()
    hour = people.time.dt.hour
    weekday = people.day.dt.day_of_week.map(dict(enumerate(WEEKDAYS)))
    people = people[(hour >= OPENS) & (hour < closing_hour(weekday))]
    minutes = 60 * (CLOSES - OPENS) + 60 * (CLOSES_MONDAY - CLOSES) * daily.groupby("office").monday.mean()
    result = pd.DataFrame(
        {
            "days_observed": daily.groupby("office").size(),
            "tickets_per_day": daily.groupby("office").called.mean(),
            "monday_factor": daily[daily.monday].groupby("office").called.mean()
            / daily[~daily.monday].groupby("office").called.mean(),
            "variance_over_mean": variance_over_mean(good, ["office"]),
            "waiting_people": people.groupby("office").waiting.mean(),
        }
    )
    result["day_factor_cv"] = day_factor_cv(result.variance_over_mean, result.tickets_per_day)
    left = opening_time(good)
    result["withdrawn_share"] = (-left.arrived.clip(upper=0)).groupby(left.office).sum() / daily.groupby(
        "office"
    ).called.sum()
    result["little_wait_min"] = result.waiting_people * minutes / result.tickets_per_day
    return result.round(3).rename_axis("office").reset_index()


def derive(
    raw: Path = DATA / "raw", first: pd.Timestamp = FIRST_DAY, last: pd.Timestamp = LAST_DAY
) -> dict[str, pd.DataFrame]:
    """All tables of the scenario by file name (without .csv), from the readings of the days first to last."""
    queues, readings = read_queues(raw), read_snapshots(raw)
    table = intervals(readings, queues, first, last)
    return {
        "queues": queues,
        "arrivals": arrivals(table),
        "elasticity": elasticity(table),
        "pace": pace(table),
        "counters": counters(table),
        "service": service(table, readings, queues),
        "waiting": waiting(table),
        "offices": offices(table),
    }


if __name__ == "__main__":
    for name, frame in derive().items():
        frame.to_csv(DATA / f"{name}.csv", index=False, lineterminator="\n")
        print(f"data/{name}.csv: {len(frame)} rows")
