"""Why the simulated queues are still off at the ends of the day: what the readings or the model cannot tell.

    python scenarios/warsaw-halls/misfits.py

Evening. The readings hold two Mondays. A pace that is a hall's own is alike on both; where it is not, no pace
that is fitted to them foretells a third.

Closing. In the last hours more tickets are called for each person who waits than at other times, so that the
halls are empty when they close. The model knows one power for all hours.

Morning. The scenario knows arrivals by the quarter of an hour, evenly within it. Whoever waits at the door
has a ticket in the first minutes.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import boards
import work

EVENING, LAST_HOUR = 16, 15  # on Mondays from then on, on other days the last hour
FIRST_MINUTES = (5, 10, 15)


def off() -> pd.DataFrame:
    """Simulated less observed people waiting, by unit, days and hour (`validate.py` writes the table)."""
    table = pd.read_csv(boards.DATA / "misfit.csv")
    return table.assign(off=table.simulated - table.observed)


def evening(table: pd.DataFrame) -> pd.DataFrame:
    """By hall: the pace from 16 h on of each Monday (columns), and people too many then (`off`).

    Halls in which people wait then on both Mondays. 1 is the average pace of a hall and matter.
    """
    busy = work.unhurried_time(table)
    busy = busy.join(work.minutes_a_ticket(busy).rename("own_min"), on=boards.PAIR)
    busy = busy.query(f"days == 'mon' and hour >= {EVENING}")
    busy = busy.assign(unit=busy.office.str.removeprefix("UD_").str.lower(), work=busy.called * busy.own_min)
    summed = busy.groupby(["unit", busy.day.dt.strftime("%d %b")])[["work", "counter_minutes"]].sum()
    pace = (summed.work / summed.counter_minutes).unstack().dropna()
    late = off().query(f"days == 'mon' and hour >= {EVENING}").groupby("unit").off.mean()
    return pace.join(late).sort_values("off", ascending=False)


def closing(table: pd.DataFrame) -> pd.DataFrame:
    """The power of the crowding by part of the day, with its standard error (`work.elasticity`)."""
    hour, monday = table.time.dt.hour, table.weekday == "mon"
    late = np.where(monday, hour >= EVENING, hour == LAST_HOUR)
    parts = {"last hours": table[late], "before": table[~late]}
    return pd.concat({name: work.elasticity(part).iloc[0] for name, part in parts.items()}, axis=1).T


def morning(table: pd.DataFrame) -> pd.Series:
    """People a hall and day who have come within so many minutes (index) of opening, those before it too."""
    whole = boards.whole_days(table)
    minute = whole.time.dt.hour * 60 + whole.time.dt.minute - 60 * boards.OPENS
    days = whole.groupby(["office", "day"]).ngroups
    return pd.Series({most: whole[minute < most].arrived.sum() / days for most in FIRST_MINUTES})


def main() -> None:
    """Print what both rest on."""
    table = boards.intervals(boards.read_snapshots(), boards.read_queues())
    found = evening(table)
    print(found.round(2).to_string())
    first, second = (found[name] for name in found.columns[:2])
    print(f"pace {first.mean():.2f} and {second.mean():.2f}; correlation over halls {first.corr(second):.2f}")
    too_many = off().query(f"days == 'mon' and hour >= {EVENING}").groupby("unit").off.mean().clip(lower=0)
    print(f"people too many in all halls from {EVENING} h on: {too_many.sum():.0f}")
    print(too_many.nlargest(4).round(0).to_string())
    print(closing(table)[["elasticity", "standard_error"]].to_string())
    print("people who have come, by minutes since opening:", morning(table).round(1).to_dict())


if __name__ == "__main__":
    main()
