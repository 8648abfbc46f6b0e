"""The inputs of the warsaw-halls scenario, derived from the city's queue readings.

    python scenarios/warsaw-halls/derive.py     reads data/raw/, writes data/*.csv; same input, same bytes

Scope. The 15 district offices (UD_*) on the 14 working days from 2 to 22 January 2020. Left out: 1 and 6
January (public holidays); 30 and 31 December, which only seven offices have (30 December: a year-end rush
with almost four times a Monday's queue).

Matters. The 302 ticket queues are put into five kinds by the words of their Polish name, first match wins
(`MATTERS`): cash desk, vehicles and driving licences, identity and civil status, land with building and
property tax, everything else. A kind is taken as one queue before one set of counters.

Tickets called. `number_called` is the last number on the board. A queue may show two blocks of numbers in
turn (its own, and 500, 700 or 900 upward for tickets sent on from another desk), goes back for a number
missed before, and restarts each morning. So the numbers that a sequence shows in a day are split into
blocks where `BLOCK_GAP` or more are missing, and the tickets called are the rises of the highest number yet
in the block; the first sight of a block counts one. Some queues draw from one sequence (`SHARED_SEQUENCES`:
no number ever appears in two of them); each number is counted once. Under-count: 1 % from numbers called
before the morning's first reading; jumps over a gap, 0.2 %. A number that nobody answers counts as called.
An office-day with under half of the office's median of tickets had a stuck board: its tickets are unknown,
its queue is kept.

Arrivals. Between two readings, arrivals = tickets called + change of people waiting. They are spread evenly
over the minutes between the readings (five, as a rule; 95 on 10 January) and summed by quarters of an hour;
what falls before opening belongs to the first quarter, what falls after closing to the last. So they are net
of people who leave unserved. A negative mean (the board cleared) becomes 0.

Counters. A counter that may call several queues is reported by each of them, so a matter's counters at a
reading are the largest number any of its queues reports. They are averaged by half hour (Mondays apart:
offices close at 18, not 16) and rounded by carrying the remainder to the next half hour, which keeps the
day's counter-hours within a half wherever the mean is at least one; never under one. A day with over 2.5
times the counters of the matter's usual day shows a setting, not who is there, and its counters are unknown:
in Wola identity shows 20 until 9 January and 3 from then on, for as many tickets.

Pace. Signed in is not at work: what gets done in a counter-minute while people wait is under the average in
the first hour and rises towards noon, on Mondays until closing. It differs by hall and matter, too: one board
may hold short and long matters, or leave out counters that help. So the pace of a half hour is that of all
halls, times a factor of the hall and matter: the tickets called in it over those that the common pace would
give, both with so many tickets more as tell how alike such factors are (`own_pace`). counters_effective is
the mean times that pace, rounded alike: counters of average pace.

Service minutes. `posted_service_min` is the interface's czasObslugi, time of service. Seven offices compute
it as they go; in eight it is a set 10, 15, 20, 30 or 60 and means nothing. Beside it stands the implied
time: counter-minutes over tickets called, in the intervals that begin and end with somebody waiting, so
that the counters are kept busy. It is what a ticket takes from the counters: with pauses, numbers that
nobody answered, and counters that are signed in but idle.
"""

from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).parent / "data"
FIRST_DAY, LAST_DAY = pd.Timestamp("2020-01-02"), pd.Timestamp("2020-01-22")
HOLIDAYS = pd.to_datetime(["2020-01-01", "2020-01-06"])
OPENS, CLOSES_MONDAY, CLOSES = 8, 18, 16
ARRIVALS_MIN, COUNTERS_MIN = 15, 30  # how finely arrivals and counters are told
BLOCK_GAP = 60
SET_NUMBER = 2.5  # times the usual counters in the mean of a day: a setting and not a reading
LONGEST_INTERVAL_MIN = 30  # for the implied time: over a longer gap the queue may have run empty unseen
DAY_MIN = 24 * 60
PAIR, SLOT = ["office", "matter"], ["days", "hour", "minute"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
MATTERS = {
    "cash": r"\bkas[ay]\b|płatno|wpłat|wypłat|opłata skarbowa",
    "vehicles": r"pojazd|praw[ao]? jazdy|rejestracyjn|wtórnik|\bhak\b|wycofanie|zatrzymane|osób prawnych",
    "identity": r"osobist|dowody|meldun|meldow|pesel|ludności|paszport|wybory|odpis|\busc\b|z akt"
    r"|małżeń|zgon|urodzeń|stanu cywil|konkordat",
    "land": r"geodez|architekt|urbanist|nieruch|wieczyst|grunt|infrastr|podat",
}
SHARED_SEQUENCES = {
    "UD_Rembertow": [(124, 125), (126, 127), (133, 137, 140, 1000003), (144, 145, 146, 147, 148, 1000002)],
    "UD_Ursus": [(2600013, 2600035, 2600044)],
}


def read_queues(raw: Path = DATA / "raw") -> pd.DataFrame:
    """One row a ticket queue of a district office: office, queue_id, queue_name_pl, matter, sequence_id."""
    queues = pd.read_csv(raw / "queues.csv")
    queues = queues[queues.office.str.startswith("UD_")].reset_index(drop=True)
    names = queues.queue_name_pl.str.lower()
    queues["matter"] = "other"
    for matter, words in reversed(MATTERS.items()):
        queues.loc[names.str.contains(words), "matter"] = matter
    queues["sequence_id"] = queues.queue_id
    for office, sequences in SHARED_SEQUENCES.items():
        for members in sequences:
            shared = (queues.office == office) & queues.queue_id.isin(members)
            queues.loc[shared, "sequence_id"] = members[0]
    return queues


def read_snapshots(raw: Path = DATA / "raw") -> pd.DataFrame:
    """All readings of the district offices on working days, with their day, by office, queue and time."""
    readings = pd.read_csv(raw / "snapshots.csv.gz", parse_dates=["time"])
    readings["day"] = readings.time.dt.normalize()
    keep = readings.office.str.startswith("UD_") & ~readings.day.isin(HOLIDAYS)
    return readings[keep].sort_values(["office", "queue_id", "time"]).reset_index(drop=True)


def tickets_called(readings: pd.DataFrame) -> pd.Series:
    """Tickets called since the reading before, one number a reading (needs the column sequence_id)."""
    sequence = ["office", "sequence_id", "day"]
    shown = readings.dropna(subset=["number_called"]).sort_values([*sequence, "number_called"])
    gap = shown.groupby(sequence).number_called.diff()
    shown["block"] = (gap.isna() | (gap >= BLOCK_GAP)).cumsum()
    shown = shown.sort_values(["time", "queue_id"])
    highest = shown.groupby("block").number_called.cummax()
    rise = highest.groupby(shown.block).diff().fillna(1)
    return rise.reindex(readings.index, fill_value=0)


def intervals(
    readings: pd.DataFrame,
    queues: pd.DataFrame,
    first: pd.Timestamp = FIRST_DAY,
    last: pd.Timestamp = LAST_DAY,
) -> pd.DataFrame:
    """One row an office, matter and reading of the days first to last: what was seen, and what changed since.

    Columns: office, matter, day, time, waiting, counters, called, minutes since the reading before, arrived,
    busy (somebody waits at both ends), weekday, counters_before. Queues in which no ticket was ever called
    hold forgotten tickets (1.5 % of all waiting): left out. All the scenario's days decide that, and which
    counters are a setting.
    """
    joined = readings.merge(queues, on=["office", "queue_id"])
    joined["called"] = tickets_called(joined)
    joined = joined[joined.day.between(FIRST_DAY, LAST_DAY)]
    joined = joined[joined.groupby(["office", "queue_id"]).called.transform("sum") > 0]
    by = ["office", "matter", "day", "time"]
    table = joined.groupby(by, as_index=False).agg(
        waiting=("waiting", "sum"), counters=("active_counters", "max"), called=("called", "sum")
    )
    of_day = table.groupby(["office", "matter", "day"])
    table["minutes"] = of_day.time.diff().dt.total_seconds() / 60
    before = of_day.waiting.shift()
    table["arrived"] = table.called + table.waiting - before.fillna(0)
    table["busy"] = (table.waiting > 0) & (before > 0) & (table.minutes <= LONGEST_INTERVAL_MIN)
    table["weekday"] = table.day.dt.day_of_week.map(dict(enumerate(WEEKDAYS)))
    table["counters"] = table.counters.where(~set_number(table))
    table["counters_before"] = of_day.counters.shift()
    return table[table.day.between(first, last)]


def set_number(table: pd.DataFrame) -> pd.Series:
    """Whether a reading's day shows a set number of counters, not those signed in."""
    daily = table.groupby(["office", "matter", "day"]).counters
    usual = daily.mean().groupby(["office", "matter"]).median().rename("usual")
    usual = table.join(usual, on=["office", "matter"]).usual
    return daily.transform("mean") > SET_NUMBER * usual


def closing_hour(weekday: pd.Series) -> pd.Series:
    """Hour at which offices close, for each weekday name."""
    return (weekday == "mon").map({True: CLOSES_MONDAY, False: CLOSES})


def whole_days(table: pd.DataFrame) -> pd.DataFrame:
    """The intervals of the office-days whose board was not stuck."""
    daily = table.groupby(["office", "day"]).called.transform("sum")
    median = table.groupby(["office", "day"]).called.sum().groupby("office").median()
    return table[daily >= table.office.map(median) / 2]


def opening_time(table: pd.DataFrame) -> pd.DataFrame:
    """The intervals that end while offices are open: hour, minute (half hour), days (mon, tue-fri),
    counter_minutes."""
    hour = table.time.dt.hour
    inside = table[(hour >= OPENS) & (hour < closing_hour(table.weekday))]
    days = (inside.weekday == "mon").map({True: "mon", False: "tue-fri"})
    minute = inside.time.dt.minute // COUNTERS_MIN * COUNTERS_MIN
    return inside.assign(
        hour=hour, minute=minute, days=days, counter_minutes=inside.counters_before * inside.minutes
    )


def busy_time(table: pd.DataFrame) -> pd.DataFrame:
    """The opening time of whole days in which people wait throughout, and counters are known."""
    return opening_time(whole_days(table)).query("busy").dropna(subset="counters_before")


def implied_minutes(table: pd.DataFrame) -> pd.Series:
    """Counter-minutes a ticket called, over the busy intervals, by office and matter."""
    busy = busy_time(table).groupby(["office", "matter"])
    return (busy.counter_minutes.sum() / busy.called.sum()).rename("implied_min")


def pace(table: pd.DataFrame) -> pd.DataFrame:
    """Work done a counter-minute while people wait, by office, matter, days and half hour; 1 is the average.

    Work is tickets called times the implied minutes of their office and matter.
    """
    minutes = implied_minutes(table)
    busy = busy_time(table).join(minutes, on=PAIR)
    busy["work"] = busy.called * busy.implied_min
    summed = busy.groupby(SLOT)[["work", "counter_minutes"]].sum()
    common = (summed.work / summed.counter_minutes).rename("common")
    busy = busy.join(common, on=SLOT)
    busy["expected"] = busy.counter_minutes * busy.common / busy.implied_min
    factor = own_pace(busy.groupby([*PAIR, *SLOT])[["called", "expected"]].sum())
    cells = minutes.index.to_frame(index=False).merge(common.reset_index(), how="cross")
    cells = cells.join(factor, on=[*PAIR, *SLOT])
    cells["pace"] = (cells.common * cells.factor.fillna(1)).round(3)
    return cells[[*PAIR, *SLOT, "pace"]]


def own_pace(tickets: pd.DataFrame) -> pd.Series:
    """The factor of each row on the common pace, from the tickets called and expected.

    Factors vary about 1 by a gamma distribution, whose variance is what the spread of tickets shows beyond
    that of Poisson (DerSimonian and Laird 1986): a factor told by few tickets stays near 1.
    """
    spread = ((tickets.called - tickets.expected) ** 2 / tickets.expected - 1).sum()
    variance = max(spread / tickets.expected.sum(), 1e-9)
    return ((tickets.called * variance + 1) / (tickets.expected * variance + 1)).rename("factor")


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


def counters(table: pd.DataFrame, paces: pd.DataFrame | None = None) -> pd.DataFrame:
    """Counters by office, matter, days and half hour: mean signed in, rounded, rounded at pace.

    The pace is that of the same readings unless `paces` gives another.
    """
    by = [*PAIR, *SLOT]
    mean = opening_time(table).groupby(by).counters.mean().rename("counters_mean").reset_index()
    speed = (pace(table) if paces is None else paces).set_index(by).pace
    effective = mean.counters_mean * mean.join(speed, on=by).pace
    of_day = [mean.office, mean.matter, mean.days]
    mean["counters"] = mean.counters_mean.groupby(of_day).transform(carry_rounding).astype(int)
    mean["counters_effective"] = effective.groupby(of_day).transform(carry_rounding).astype(int)
    return mean.round({"counters_mean": 3})


def service(table: pd.DataFrame, readings: pd.DataFrame, queues: pd.DataFrame) -> pd.DataFrame:
    """Posted and implied service minutes, and utilisation, by office and matter.

    posted_min is the mean over tickets called; posted_is_measured: a queue of the office shows over ten
    values; busy_share is the share of opening time with somebody waiting; utilisation is tickets x
    implied_min over the counter-minutes of the opening time.
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
    result["implied_min"] = implied_minutes(table)
    seen = inside.dropna(subset="counters").groupby(by)
    result["utilisation"] = seen.called.sum() * result.implied_min / seen.counter_minutes.sum()
    return result.round(3).reset_index()


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
    level = daily.groupby(["office", "monday"]).called.transform("mean")
    spread = ((daily.called - level) ** 2 / level).groupby(daily.office).sum()
    size = daily.groupby("office").size()
    people = table.groupby(["office", "day", "time"]).waiting.sum().reset_index()
    hour = people.time.dt.hour
    weekday = people.day.dt.day_of_week.map(dict(enumerate(WEEKDAYS)))
    people = people[(hour >= OPENS) & (hour < closing_hour(weekday))]
    minutes = 60 * (CLOSES - OPENS) + 60 * (CLOSES_MONDAY - CLOSES) * daily.groupby("office").monday.mean()
    result = pd.DataFrame(
        {
            "days_observed": size,
            "tickets_per_day": daily.groupby("office").called.mean(),
            "monday_factor": daily[daily.monday].groupby("office").called.mean()
            / daily[~daily.monday].groupby("office").called.mean(),
            "variance_over_mean": spread / (size - 2),
            "waiting_people": people.groupby("office").waiting.mean(),
        }
    )
    result["day_factor_cv"] = ((result.variance_over_mean - 1).clip(lower=0) / result.tickets_per_day) ** 0.5
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
