"""The city's queue readings: what was seen every few minutes, and what changed since.

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

Tickets left over. What a board still shows when its hall has closed is taken as tickets for which nobody
waits; half of them stand in queues that called until the end, where somebody may have gone home. Until the
board is cleared in the evening such tickets stand there: 17 a day in Wola, 9 in Ursus, 8 in Wlochy. From each
reading the least that a later one of the day shows is taken away (`left_over`).
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
CLEARED_MIN = 60  # after closing boards are cleared
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
    busy (somebody waited at the reading before), weekday, counters_before, waiting_before, waiting_earlier
    (at the reading before that). Queues in which no ticket was ever called hold forgotten tickets (1.5 % of
    all waiting): left out. All the scenario's days decide that, and which counters are a setting.
    """
    joined = readings.merge(queues, on=["office", "queue_id"])
    joined["waiting"] -= left_over(joined)
    joined["called"] = tickets_called(joined)
    joined = joined[joined.day.between(FIRST_DAY, LAST_DAY)]
    joined = joined[joined.groupby(["office", "queue_id"]).called.transform("sum") > 0]
    by = ["office", "matter", "day", "time"]
    table = joined.groupby(by, as_index=False).agg(
        waiting=("waiting", "sum"), counters=("active_counters", "max"), called=("called", "sum")
    )
    of_day = table.groupby(["office", "matter", "day"])
    table["minutes"] = of_day.time.diff().dt.total_seconds() / 60
    table["waiting_before"], table["waiting_earlier"] = of_day.waiting.shift(), of_day.waiting.shift(2)
    table["arrived"] = table.called + table.waiting - table.waiting_before.fillna(0)
    table["busy"] = (table.waiting_before > 0) & (table.minutes <= LONGEST_INTERVAL_MIN)
    table["weekday"] = table.day.dt.day_of_week.map(dict(enumerate(WEEKDAYS)))
    table["counters"] = table.counters.where(~set_number(table))
    table["counters_before"] = of_day.counters.shift()
    return table[table.day.between(first, last)]


def left_over(readings: pd.DataFrame) -> pd.Series:
    """Tickets of each reading that nobody waits for: those still shown when the hall has closed."""
    minute = readings.time.dt.hour * 60 + readings.time.dt.minute
    closes = 60 * np.where(readings.day.dt.day_of_week == 0, CLOSES_MONDAY, CLOSES)
    until = readings[minute <= closes + CLEARED_MIN].sort_values("time", ascending=False)
    least = until.groupby(["office", "queue_id", "day"]).waiting.cummin()
    return least.reindex(readings.index, fill_value=0)


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
