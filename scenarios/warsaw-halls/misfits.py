"""Why the simulated queues are off at 8 h and on Monday evenings: what the readings say, hall by hall.

    python scenarios/warsaw-halls/misfits.py

Evening. Work done a counter-minute while people wait (`derive.pace`), by hall. The scenario has one pace for
all halls; where a hall is quicker, its simulated queue stays too long.

Morning. The scenario knows arrivals and calls by the hour, evenly within it. `early` is how many people more
wait in the mean of the hour because those of the readings come sooner than that, `late` because they are
called later.
"""

import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import derive

EVENING = 16
FIRST = derive.OPENS


def _off(hours: pd.Series) -> pd.DataFrame:
    """Observed less simulated people waiting, by unit, days and hour (`validate.py` writes the table)."""
    table = pd.read_csv(derive.DATA / "misfit.csv")
    table["off"] = table.observed - table.simulated
    return table[table.hour.isin(hours)]


def _unit(office: pd.Series) -> pd.Series:
    return office.str.removeprefix("UD_").str.lower()


def evening(table: pd.DataFrame) -> pd.DataFrame:
    """By hall, the quickest first: pace of Mondays from 16 h on, and people too few (-: too many) then."""
    busy = derive.opening_time(derive.whole_days(table)).query("busy and days == 'mon'")
    busy = busy[busy.hour >= EVENING].dropna(subset="counters_before")
    busy = busy.join(derive.implied_minutes(table), on=["office", "matter"])
    summed = busy.assign(unit=_unit(busy.office), work=busy.called * busy.implied_min)
    summed = summed.groupby("unit")[["work", "counter_minutes", "called"]].sum()
    summed["pace"] = summed.work / summed.counter_minutes
    late = _off(pd.Series([EVENING, EVENING + 1])).query("days == 'mon'")
    summed["off"] = late.groupby("unit").off.mean()
    return summed.sort_values("pace", ascending=False)[["pace", "called", "off"]]


def morning(table: pd.DataFrame) -> pd.DataFrame:
    """By hall and days: people too few in the first hour, and what the course within that hour explains."""
    table = derive.whole_days(table)
    minute = table.time.dt.hour * 60 + table.time.dt.minute - 60 * FIRST
    first = table[(minute < 60)].assign(left=1 - minute.clip(0, 60) / 60 - 0.5)
    first["days"] = (first.weekday == "mon").map({True: "mon", False: "tue-fri"})
    keys = [_unit(first.office).rename("unit"), "days"]
    seen = first.groupby(keys).day.nunique()
    of_hour = {
        name: (first[column] * first.left).groupby([keys[0], first.days]).sum() / seen
        for name, column in (("early", "arrived"), ("called", "called"))
    }
    off = _off(pd.Series([FIRST])).set_index(["unit", "days"]).off
    found = pd.DataFrame({"off": off, "early": of_hour["early"], "late": -of_hour["called"]})
    return found.assign(explained=found.early + found.late)


def main() -> None:
    """Print both tables."""
    readings, queues = derive.read_snapshots(), derive.read_queues()
    table = derive.intervals(readings, queues)
    print(evening(table).round(2).to_string())
    found = morning(table)
    print(found.round(1).to_string())
    print(found.mean().round(1).to_string())
    print(f"correlation of off and explained: {found.off.corr(found.explained):.2f}")


if __name__ == "__main__":
    main()
