"""What counters get done while people wait: how quickly, where, when, and how much more in a long queue.

Crowding. The more people wait, the more tickets a counter calls: among days of one hall, matter and half
hour by the power 0.22 of the people a head (`elasticity`: waiting and signed-in counters over the usual
counters, at the reading before the interval's first, so that a board which lags does not bring it about). A
short queue is often another desk's of the same matter; in a long one more numbers find nobody. Signed-in
counters tell much less than their number: a tenth more of them call 1.4 % more.

Pace. Signed in is not at work: what gets done in a counter-minute while people wait, crowding apart, is under
the average in the first hour and rises towards noon, on Mondays until closing. It differs by hall and matter,
too: one board may hold short and long matters, or leave out counters that help. So the pace of a half hour is
that of all halls, times a factor of the hall and matter: the tickets called in it over those that the common
pace would give, both with so many tickets more as tell how alike such factors are (`own_pace`).
counters_effective is the mean times that pace, rounded alike: counters of average pace.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from boards import PAIR, SLOT, opening_time, whole_days  # noqa: E402
from regression import powers  # noqa: E402


def busy_time(table: pd.DataFrame) -> pd.DataFrame:
    """The opening time of whole days that begins with people waiting, where counters are known.

    With the column heads: the most counters that the office and matter has in the mean of a half hour.
    """
    busy = opening_time(whole_days(table)).query("busy and counters_before > 0")
    usual = busy.groupby([*PAIR, *SLOT]).counters_before.mean().groupby(PAIR).max()
    return busy.join(usual.round().clip(lower=1).rename("heads"), on=PAIR)


def elasticity(table: pd.DataFrame) -> pd.DataFrame:
    """How the tickets called a minute answer to people a head and to counters: one row each, by its power.

    Columns: of (crowding, counters), elasticity, standard_error. A Poisson regression with a constant for
    each office, matter, days and half hour, so that days alone are compared; errors clustered by office and
    day.
    """
    busy = busy_time(table).dropna(subset="waiting_earlier")
    heads = (busy.waiting_earlier + busy.counters_before) / busy.heads
    known = np.column_stack([heads, busy.counters_before])
    cell, day = (busy.groupby(by).ngroup().to_numpy() for by in ([*PAIR, *SLOT], ["office", "day"]))
    power, error = powers(busy.called.to_numpy(), busy.minutes.to_numpy(), known, cell, day)
    names = ["crowding", "counters"]
    return pd.DataFrame({"of": names, "elasticity": power, "standard_error": error}).round(3)


def power_of(elasticities: pd.DataFrame, name: str) -> float:
    """One of the powers of `elasticity`."""
    return float(elasticities.set_index("of").elasticity[name])


def unhurried_time(table: pd.DataFrame) -> pd.DataFrame:
    """The busy time, with counter_minutes as many as unhurried counters would need for the same."""
    busy = busy_time(table)
    heads = np.ceil((busy.waiting_before + busy.counters_before) / busy.heads).clip(lower=1)
    speed = heads ** power_of(elasticity(table), "crowding")
    return busy.assign(counter_minutes=busy.counter_minutes * speed)


def minutes_a_ticket(busy: pd.DataFrame) -> pd.Series:
    """Counter-minutes a ticket called, by office and matter."""
    of_pair = busy.groupby(PAIR)
    return of_pair.counter_minutes.sum() / of_pair.called.sum()


def pace(table: pd.DataFrame) -> pd.DataFrame:
    """Work done a counter-minute while people wait, by office, matter, days and half hour; 1 is the average.

    Work is tickets called times the unhurried minutes of their office and matter.
    """
    busy = unhurried_time(table)
    minutes = minutes_a_ticket(busy).rename("unhurried_min")
    busy = busy.join(minutes, on=PAIR)
    busy["work"] = busy.called * busy.unhurried_min
    summed = busy.groupby(SLOT)[["work", "counter_minutes"]].sum()
    common = (summed.work / summed.counter_minutes).rename("common")
    busy = busy.join(common, on=SLOT)
    busy["expected"] = busy.counter_minutes * busy.common / busy.unhurried_min
    factor = own_pace(busy.groupby([*PAIR, *SLOT])[["called", "expected"]].sum())
    cells = minutes.index.to_frame(index=False).merge(common.reset_index(), how="cross")
    cells = cells.join(factor, on=[*PAIR, *SLOT])
    cells["pace"] = (cells.common * cells.factor.fillna(1)).round(3)
    return cells[[*PAIR, *SLOT, "pace"]]


def own_pace(tickets: pd.DataFrame) -> pd.Series:
    """The factor of each row on the common pace, from the tickets called and expected.

    Factors vary about 1 by a gamma distribution (`variance_of_factors`): that of few tickets stays near 1.
    """
    variance = variance_of_factors(tickets)
    return ((tickets.called * variance + 1) / (tickets.expected * variance + 1)).rename("factor")


def variance_of_factors(tickets: pd.DataFrame) -> float:
    """The variance of a factor of mean 1 on each row, above 0.

    What the spread of tickets called about those expected shows beyond that of Poisson (DerSimonian and Laird
    1986).
    """
    spread = ((tickets.called - tickets.expected) ** 2 / tickets.expected - 1).sum()
    return max(spread / tickets.expected.sum(), 1e-9)


def pace_by_day(table: pd.DataFrame) -> float:
    """The variance of a factor that the pace of a hall and matter has on each day, Tuesdays to Fridays."""
    busy = unhurried_time(table).query("days == 'tue-fri'").merge(pace(table), on=[*PAIR, *SLOT])
    busy["expected"] = busy.counter_minutes * busy.pace
    daily = busy.groupby([*PAIR, "day"])[["called", "expected"]].sum()
    total = daily.groupby(PAIR).transform("sum")
    return variance_of_factors(daily.assign(expected=daily.expected * total.called / total.expected))
