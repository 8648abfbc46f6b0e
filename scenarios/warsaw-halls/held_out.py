"""What the scenario is fit for: it is made again from the first nine days and held against the last five.

    python scenarios/warsaw-halls/held_out.py       reads data/raw/; writes validation.csv

Split. The tables are derived from 2 to 15 January (`derive.py`), the scenario is built from them
(`build.py`), and 16 to 22 January, one of each weekday, are simulated. Patience, the one calibrated number,
is calibrated again, to the mean queue of the nine days.

Distance. The mean error, in people, of the mean queue by hall and hour, Mondays apart, weighted by days.
Yardsticks: the mean queue of the nine days by hall and hour (replayed), and the mean queue of each hall at
all hours (naive). The rules of the verdict are those of ``sim import-log`` (`sim.logs.verdict`).

Queues are foretold with the arrivals and counters of the nine days: at all hours, in the first one, and on
Monday evenings. Known: arrivals and counters are those of the five days, and only service minutes, pace and
patience are foretold. More counters than on the nine days count as far as those show it (`work.elasticity`).

Intervals. Each simulation of the known days draws other fitted numbers within their ranges, and for each
hall and matter how much quicker or slower the days are than those of the fit: the nine days tell by how much
one day differs from another (`work.pace_by_day`); of Mondays there is one on each side, of the other days
four and eight. How many people come differs by what the days have in common in all halls, too
(`shared_days`).

Chosen with all days in sight: the rules (closing, crowding, exponential service), which boards show a
setting and no reading, and which queues hold forgotten tickets only.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import yaml

from sim.logs.intervals import prediction
from sim.logs.simulated import drawn_anew
from sim.logs.verdict import LEAST, MOST_OF_MEAN, Question, by_distance, by_interval
from sim.logs.write import verdict_table
from sim.replication import simulate
from sim.scenario import Scenario, load, reform

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))
import boards  # noqa: E402
import build  # noqa: E402
import derive  # noqa: E402
import validate  # noqa: E402
import work  # noqa: E402

FIRST, LAST = boards.FIRST_DAY, boards.LAST_DAY
SPLIT = pd.Timestamp("2020-01-16")
TRAINED_TO = SPLIT - pd.Timedelta(days=1)
CLOSED_AT = pd.Timedelta(hours=20)
PATIENCE = (240, 300, 360, 420, 480, 600, 800, 1000, 1200)  # minutes: the range that the scenario gives
CALIBRATED_BY = 4  # replications of each
DAYS = {"mon": (1, 1), "tue-fri": (8, 4)}  # before the split, and after
KEYS = ["unit", "days", "hour"]
SEED = 20250102


@dataclass(frozen=True)
class HeldOut:
    """The comparison: a row each hall, days and hour, arrivals, and the verdict.

    `queues` has days_seen, observed, replayed, naive, foretold, known, and low and high of the 95 %
    prediction interval of `known`; people waiting.
    """

    patience: int
    trained: int
    held_out: int
    simulations: int
    queues: pd.DataFrame
    arrivals: pd.DataFrame
    verdict: tuple[Question, ...]

    def covered(self) -> float:
        """The share of halls and hours whose observed queue lies in the interval of the known days."""
        return float(self.queues.observed.between(self.queues.low, self.queues.high).mean())

    def intervals(self) -> pd.DataFrame:
        """By days: halls and hours, their mean observed queue and half interval, and the share covered."""
        known = self.queues.assign(
            half_width=(self.queues.high - self.queues.low) / 2,
            covered=self.queues.observed.between(self.queues.low, self.queues.high),
        )
        by_days = known.groupby("days")
        return by_days[["observed", "half_width", "covered"]].mean().assign(number=by_days.size())


def scenario_of(tables: dict, begin: pd.Timestamp, last: pd.Timestamp, folder: Path) -> Scenario:
    """The scenario built from derived tables into a folder, over the days from `begin` to `last`."""
    for name, content in build.scenario_files(build.with_units(tables)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    file = folder / "scenario.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    minutes = int((last + CLOSED_AT - begin) / pd.Timedelta(minutes=1))
    data["horizon"] = {"start": begin.date(), "minutes": minutes}
    for line in data["assessment"].values():  # of no effect on queues: not drawn
        line.pop("range", None)
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return load(folder)


def patient(scenario: Scenario, minutes: int) -> Scenario:
    """The scenario with this patience in all matters."""
    return reform(scenario, {f"kinds.{matter}.patience_minutes": minutes for matter in build.MATTERS})


def simulated(scenarios: Iterator[Scenario], replications: int) -> Iterator:
    """Results of so many replications, each of the next scenario."""
    for number, scenario in enumerate(islice(scenarios, replications)):
        yield simulate(scenario, seed=SEED, replication=number)


def queues_of(results: Iterator) -> pd.DataFrame:
    """Mean people waiting of each replication (column), by unit, days and hour."""
    return pd.DataFrame(
        {number: validate.people_waiting(one).set_index(KEYS).simulated for number, one in enumerate(results)}
    )


def calibrated_patience(scenario: Scenario, waiting: pd.DataFrame) -> int:
    """The patience at which the mean queue from 8 to 15 h comes nearest the observed one."""
    observed = validate.observed(waiting).set_index(KEYS).observed
    day = observed[observed.index.get_level_values("hour") < validate.CLOSES["tue-fri"]]

    def error(minutes: int) -> float:
        own = patient(scenario, minutes)
        queues = queues_of(simulated(iter([own] * CALIBRATED_BY), CALIBRATED_BY)).mean(axis=1)
        return abs(float((queues[day.index] - day).mean()))

    return min(PATIENCE, key=error)


def on_other_days(known: Scenario, variance: float, replications: int) -> pd.DataFrame:
    """`queues_of` the known days, each with other fitted numbers, and with the luck of its days' pace.

    `variance` is that of a day's pace.
    """
    apart = []
    for days, (before, after) in DAYS.items():
        luck = np.random.default_rng(SEED)
        spread = np.sqrt(variance * (1 / before + 1 / after))
        drawn = (at_pace(one, spread, luck) for one in drawn_anew(known, SEED))
        apart.append(queues_of(simulated(drawn, replications)).xs(days, level="days", drop_level=False))
    return pd.concat(apart)


def at_pace(scenario: Scenario, spread: float, luck: np.random.Generator) -> Scenario:
    """The scenario with a factor on the speed of each hall and matter, of mean 1 and this spread."""
    desks = {name: (group.unit, *group.skills) for name, group in scenario.staff.items()}
    factors = {desk: luck.gamma(1 / spread**2, spread**2) for desk in sorted(set(desks.values()))}
    speeds = {
        f"staff.{name}.speed": scenario.staff[name].speed * factors[desk] for name, desk in desks.items()
    }
    return reform(scenario, speeds)


def shared_days(table: pd.DataFrame) -> float:
    """The variance of a day's tickets in all halls over the mean squared; without Mondays."""
    daily = boards.whole_days(table).query("weekday != 'mon'").groupby("day").called.sum()
    return float((daily.var() - daily.mean()) / daily.mean() ** 2)


def arrivals_of(results: Iterator, seen: pd.DataFrame, spread: float) -> list[float]:
    """People who come in each replication, to the halls and on the weekdays that are `seen`.

    Each with a factor of its days in all halls, of mean 1 and this spread.
    """
    counts, luck = [], np.random.default_rng(SEED)
    for result in results:
        asked = result.requests
        moment = pd.Timestamp(result.scenario.horizon.start) + pd.to_timedelta(asked.arrival_s, unit="s")
        names = moment.dt.day_of_week.map(dict(enumerate(boards.WEEKDAYS)))
        came = pd.MultiIndex.from_arrays([asked.unit.astype("str"), names])
        count = came.isin(pd.MultiIndex.from_frame(seen[["unit", "weekday"]])).sum()
        counts.append(float(count * luck.normal(1, spread)))
    return counts


def held_out(replications: int = 20) -> HeldOut:
    """Fit the first nine days, simulate the last five, and compare."""
    with TemporaryDirectory() as folder:
        return compared(Path(folder), replications)


def compared(folder: Path, replications: int) -> HeldOut:
    """The comparison, with the scenarios built under `folder`."""
    readings, names = boards.read_snapshots(), boards.read_queues()
    training, held = derive.derive(last=TRAINED_TO), derive.derive(first=SPLIT)
    table = boards.intervals(readings, names, SPLIT, LAST)
    table_before = boards.intervals(readings, names, FIRST, TRAINED_TO)
    own = {"arrivals": held["arrivals"], "counters": derive.counters(table, training)}
    fitted = scenario_of(training, FIRST, TRAINED_TO, folder / "fitted")
    patience = calibrated_patience(fitted, training["waiting"])
    foretold = patient(scenario_of(training, SPLIT, LAST, folder / "foretold"), patience)
    known = patient(scenario_of(training | own, SPLIT, LAST, folder / "known"), patience)

    queues = validate.observed(held["waiting"]).set_index(KEYS)
    before = validate.observed(training["waiting"]).set_index(KEYS).observed
    weight = table.day.drop_duplicates().dt.day_of_week.eq(0).map({True: "mon", False: "tue-fri"})
    queues["days_seen"] = queues.index.get_level_values("days").map(weight.value_counts())
    queues["replayed"] = before
    queues["naive"] = before.groupby("unit").mean().reindex(queues.index, level="unit")
    queues["foretold"] = queues_of(simulated(iter([foretold] * replications), replications)).mean(axis=1)
    runs = on_other_days(known, work.pace_by_day(table_before), replications).reindex(queues.index)
    queues["known"] = queues_of(simulated(iter([known] * replications), replications)).mean(axis=1)
    intervals = [prediction(row) for row in runs.to_numpy()]
    queues["low"], queues["high"] = zip(*((low, high) for low, _, high in intervals), strict=True)

    seen = build.with_units(held)["arrivals"]
    real = float((seen.arrivals_per_hour * seen.days_observed).sum() * boards.ARRIVALS_MIN / 60)
    spread = np.sqrt(shared_days(table_before) * (1 / table_before.day.nunique() + 1 / table.day.nunique()))
    came = arrivals_of(simulated(drawn_anew(foretold, SEED), replications), seen, spread)
    low, middle, high = prediction(np.array(came))
    arrivals = pd.DataFrame({"real": real, "low": low, "middle": middle, "high": high}, index=["cases"])
    return HeldOut(
        patience=patience,
        trained=round((training["offices"].tickets_per_day * training["offices"].days_observed).sum()),
        held_out=round((held["offices"].tickets_per_day * held["offices"].days_observed).sum()),
        simulations=replications,
        queues=queues.reset_index(),
        arrivals=arrivals,
        verdict=tuple(verdict(queues, arrivals)),
    )


def verdict(queues: pd.DataFrame, arrivals: pd.DataFrame) -> Iterator[Question]:
    """Judge what was foretold, by the rules of event logs."""
    for name, hours, en, zh in (
        ("foretold", "hour == hour", "queues by hall and hour", "各大厅各时段排队人数"),
        ("opening", "hour == 8", "queues in the first hour", "开门第一小时的排队人数"),
        ("evening", "hour >= 16", "queues on Monday evenings", "周一16时以后的排队人数"),
        (
            "known",
            "hour == hour",
            "queues when arrivals and counters are known",
            "来人与窗口数已知时的排队人数",
        ),
    ):
        part = queues.query(hours)
        size = float(np.average(part.observed, weights=part.days_seen))
        told = "known" if name == "known" else "foretold"
        apart, *yardsticks = ({name: distance(part, one)} for one in (told, "replayed", "naive"))
        bounds = LEAST["cycle"] * size, MOST_OF_MEAN * size
        yield by_distance(name, en, zh, pd.Series(apart), *yardsticks, *bounds)
    yield by_interval("cases", "how many people come", "来人数量", arrivals)
    yield Question(
        "staffing",
        False,
        "what one more counter brings",
        "增加窗口的效果",
        "all waiting is for counters, but no service is recorded with start and end",
        "等待均为等窗口，但逐件办理的起止时间无记录",
    )


def distance(queues: pd.DataFrame, name: str) -> float:
    """The mean error of a column of queues, people, over halls and hours, weighted by days."""
    return float(np.average((queues[name] - queues.observed).abs(), weights=queues.days_seen))


def main() -> None:
    """Write validation.csv, and print what it rests on."""
    found = held_out()
    table = verdict_table(SPLIT, found.trained, found.held_out, found.simulations, found.verdict)
    (FOLDER / "validation.csv").write_bytes(table)
    names = ["observed", "foretold", "known", "replayed", "naive"]
    weighted = found.queues[names].mul(found.queues.days_seen, axis=0).groupby(found.queues.hour).sum()
    print(weighted.div(found.queues.groupby("hour").days_seen.sum(), axis=0).round(1).T.to_string())
    print(f"patience {found.patience} minutes")
    covered = f"{found.covered():.0%} of {len(found.queues)} halls and hours"
    print(f"observed in the interval, arrivals and counters known: {covered}")
    print(found.intervals().round(3).to_string())
    for question in found.verdict:
        print(question.line())


if __name__ == "__main__":
    main()
