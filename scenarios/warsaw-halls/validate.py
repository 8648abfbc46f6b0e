"""How near the simulated queues come to the observed ones: people waiting by hall, days and hour."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from sim.scenario.calendar import calendar_of

FOLDER = Path(__file__).parent
OPENS, CLOSES = 8, {"mon": 18, "tue-fri": 16}
DAYS = {"mon": 2, "tue-fri": 12}  # of the 14
DAY_S, HOUR_S = 86_400, 3600


def observed(waiting: pd.DataFrame | None = None) -> pd.DataFrame:
    """Mean people waiting on the boards: unit, days (mon, tue-fri), hour, observed.

    Of all days, or as another table of `derive.waiting` has it.
    """
    readings = pd.read_csv(FOLDER / "data" / "waiting.csv") if waiting is None else waiting
    readings = readings.assign(unit=readings.office.str.removeprefix("UD_").str.lower())
    return (
        readings.groupby(["unit", "days", "hour"], as_index=False)
        .waiting_people.sum()
        .rename(columns={"waiting_people": "observed"})
    )


def people_waiting(result) -> pd.DataFrame:
    """Time-averaged number waiting in one replication: unit, days, hour, simulated.

    Somebody waits from the moment of a work step's `ready_s` until it starts, or until they withdraw.
    """
    steps = result.steps[result.steps.type == "work"]
    withdrawn = steps.request.map(result.requests.withdrawn_s).to_numpy()
    start = steps.start_s.to_numpy()
    never = np.iinfo(np.int64).max
    until = np.where(start >= 0, start, np.where(withdrawn >= 0, withdrawn, never))
    frames = []
    for unit, mine in steps.groupby("unit").indices.items():
        since, left = steps.ready_s.to_numpy()[mine], until[mine]
        for day, days in open_days(result.scenario):
            for hour in range(OPENS, CLOSES[days]):
                begin = day * DAY_S + hour * HOUR_S
                waited = np.minimum(left, begin + HOUR_S) - np.maximum(since, begin)
                frames.append((unit, days, hour, waited.clip(min=0).sum() / HOUR_S))
    table = pd.DataFrame(frames, columns=["unit", "days", "hour", "simulated"])
    return table.groupby(["unit", "days", "hour"], as_index=False).simulated.mean()


def open_days(scenario) -> list[tuple[int, str]]:
    """The worked days of the horizon: number of the day, and mon or tue-fri."""
    calendar = calendar_of(scenario)
    worked = np.flatnonzero(calendar.working[: calendar.days])
    return [(int(day), "mon" if calendar.weekday[day] == 0 else "tue-fri") for day in worked]


def waiting_by_hour(results: Iterable) -> pd.DataFrame:
    """One row a hall, days and hour: unit, days, hour, observed, simulated (mean over the replications)."""
    keys = ["unit", "days", "hour"]
    simulated = pd.concat([people_waiting(result) for result in results])
    return observed().merge(simulated.groupby(keys, as_index=False).simulated.mean(), on=keys)


def by_hour(table: pd.DataFrame) -> pd.DataFrame:
    """The mean hall's queue by hour (index), observed and simulated, over the days it is open then.

    Hours 16 and 17 are two Mondays.
    """
    return _pooled(table).groupby("hour")[["observed", "simulated"]].mean()


def misfit(table: pd.DataFrame) -> dict[str, float]:
    """Means, mean absolute error and correlation over halls and the hours 8 to 15, which every day has."""
    pooled = _pooled(table[table.hour < CLOSES["tue-fri"]])
    return {
        "observed": float(pooled.observed.mean()),
        "simulated": float(pooled.simulated.mean()),
        "mean_absolute_error": float((pooled.simulated - pooled.observed).abs().mean()),
        "correlation": float(pooled.observed.corr(pooled.simulated)),
    }


def _pooled(table: pd.DataFrame) -> pd.DataFrame:
    """One row a hall and hour: the mean over the 14 days."""
    keys = ["unit", "hour"]
    weight = table.days.map(DAYS)
    summed = table[["observed", "simulated"]].mul(weight, axis=0).groupby([table[key] for key in keys]).sum()
    return summed.div(weight.groupby([table[key] for key in keys]).sum(), axis=0).reset_index()


def main(seed: int = 20250102, replications: int = 4) -> None:
    """Write data/misfit.csv, which the reports show: ``python scenarios/warsaw-halls/validate.py``."""
    from sim import load, simulate

    halls = load(FOLDER)
    table = waiting_by_hour(simulate(halls, seed=seed, replication=number) for number in range(replications))
    table.round(3).to_csv(FOLDER / "data" / "misfit.csv", index=False)
    print(by_hour(table).round(1).T.to_string(), misfit(table), sep="\n")


if __name__ == "__main__":
    main()
