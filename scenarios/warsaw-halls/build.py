"""The files of the warsaw-halls scenario, written from its tables.

    python scenarios/warsaw-halls/build.py      reads rules.yaml and data/*.csv; writes scenario.yaml,
                                                data/rates/*.csv and the two policies that name counters

Units are the 15 offices, kinds the five matters. Each matter of an office has its own queue and its own
counters, as in the readings.

Counters. Counter i of a matter is a person who is on duty in the half hours in which at least i counters of
average pace are open (`counters_effective`); those with the same week form one group.

Service minutes. A kind has one mean, of all tickets; an office where a ticket takes longer has slower
counters (`speed` = the kind's minutes / the office's). The minutes are the unhurried ones, which crowding
makes shorter: in eight offices the posted ones are settings; in the other seven they are times at the
counter, without the pauses and the numbers that nobody answered, which take a counter's time as well.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

FOLDER = Path(__file__).parent
WEEKDAYS = {"mon": ["mon"], "tue-fri": ["tue", "wed", "thu", "fri"]}
OFFICES = {
    "UD_Bemowo": ("Bemowo", "贝莫沃区"),
    "UD_Bialoleka": ("Białołęka", "比亚沃文卡区"),
    "UD_Bielany": ("Bielany", "别拉内区"),
    "UD_Mokotow_1": ("Mokotów 1", "莫科托夫区一厅"),
    "UD_Mokotow_2": ("Mokotów 2", "莫科托夫区二厅"),
    "UD_Ochota": ("Ochota", "奥霍塔区"),
    "UD_Praga_Polnoc": ("Praga-Północ", "北布拉加区"),
    "UD_Praga_Poludnie": ("Praga-Południe", "南布拉加区"),
    "UD_Rembertow": ("Rembertów", "伦贝尔图夫区"),
    "UD_Srodmiescie_1": ("Śródmieście 1", "市中心区一厅"),
    "UD_Targowek": ("Targówek", "塔尔古韦克区"),
    "UD_Ursus": ("Ursus", "乌尔苏斯区"),
    "UD_Wlochy": ("Włochy", "弗沃希区"),
    "UD_Wola": ("Wola", "沃拉区"),
    "UD_Zoliborz": ("Żoliborz", "若利博日区"),
}
MATTERS = {
    "cash": ("Cash desk", "收费窗口"),
    "vehicles": ("Vehicles and driving licences", "车辆与驾驶证"),
    "identity": ("Identity and civil status", "身份与户籍"),
    "land": ("Land, building and property tax", "土地、建筑与房产税"),
    "other": ("Other matters", "其他事项"),
}
TABLES = ("arrivals", "counters", "service", "elasticity")
HALF_HOUR = 30  # minutes: how finely the counters are told
FITS = 140  # characters a line of YAML
WRITTEN = "# Written by build.py from data/*.csv: run it again instead of editing here.\n"


def unit(office: str) -> str:
    """The unit's name in the scenario: UD_Praga_Polnoc is praga_polnoc."""
    return office.removeprefix("UD_").lower()


def tables() -> dict[str, pd.DataFrame]:
    """The shipped tables by file name; offices under their unit's name in a column `unit`."""
    return with_units({name: pd.read_csv(FOLDER / "data" / f"{name}.csv") for name in TABLES})


def with_units(derived: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Those of the derived tables that the scenario is built from, with the column `unit`."""
    read = {name: derived[name] for name in TABLES}
    return {
        name: table.assign(unit=table.office.map(unit)) if "office" in table else table
        for name, table in read.items()
    }


def rates(arrivals: pd.DataFrame, matter: str) -> pd.DataFrame:
    """Arrivals of one matter as `rates` are read: unit, weekday (0 = Monday), hour, minute, and the rate."""
    mine = arrivals[arrivals.matter == matter]
    weekday = mine.weekday.map(["mon", "tue", "wed", "thu", "fri"].index)
    mine = mine.assign(weekday=weekday, requests_per_hour=mine.arrivals_per_hour)
    return mine[["unit", "weekday", "hour", "minute", "requests_per_hour"]]


def kind_minutes(service: pd.DataFrame) -> pd.Series:
    """Mean unhurried minutes of a ticket of each matter, over all offices."""
    work = (service.tickets_per_day * service.unhurried_min).groupby(service.matter).sum()
    return (work / service.groupby("matter").tickets_per_day.sum()).round(2)


def spans(moments: list[int]) -> list[str]:
    """Half hours of the day as spans, from their first minutes in rising order: [480, 510, 600] is
    08:00-09:00 and 10:00-10:30."""
    runs = np.split(np.array(moments), np.flatnonzero(np.diff(moments) != HALF_HOUR) + 1)
    return [f"{clock(run[0])}-{clock(run[-1] + HALF_HOUR)}" for run in runs]


def clock(minute: int) -> str:
    """The minute of the day as written: 510 is 08:30."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def weeks(counters: pd.DataFrame) -> Iterator[dict[str, list[str]]]:
    """The week of each counter of one office and matter, by weekday; the one open longest first."""
    for number in range(1, counters.counters_effective.max() + 1):
        manned = counters[counters.counters_effective >= number]
        manned = (60 * manned.hour + manned.minute).groupby(manned.days).apply(list)
        days = [days for days in WEEKDAYS if days in manned]
        yield {day: spans(manned[group]) for group in days for day in WEEKDAYS[group]}


def staff(counters: pd.DataFrame, service: pd.DataFrame) -> dict[str, dict]:
    """The staff block: groups of counters with one week, skilled in one matter."""
    minutes = kind_minutes(service)
    own = service.set_index(["unit", "matter"]).unhurried_min
    groups = {}
    for (office, matter), mine in counters.groupby(["unit", "matter"], sort=False):
        shared: dict[str, list] = {}
        for week in weeks(mine):
            shared.setdefault(str(week), [0, week])[0] += 1
        for number, (count, week) in enumerate(shared.values(), start=1):
            groups[f"{office}_{matter}_{number}"] = {
                "unit": office,
                "role": "counter",
                "grade": "clerk",
                "count": count,
                "skills": [matter],
                "speed": round(float(minutes[matter] / own[office, matter]), 3),
                "week": week,
            }
    return groups


def text(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


def kind(matter: str, minutes: float) -> dict:
    """A matter: patience, the 20 minutes, and one step at a counter of the office."""
    return {
        "title": text(*MATTERS[matter]),
        "patience_minutes": {
            "value": 420,
            "unit": "minutes",
            "source": "assumed",
            "range": [240, 1200],
            "reason": "The one calibrated number: with it the mean queue comes near the observed one. 5 % "
            "leave; on the boards 4 % vanish without a call, and more do not answer theirs.",
        },
        "limit": {
            "value": {"amount": 20, "per": "minutes", "until": "first_start"},
            "source": "assumed",
            "factor": [0.5, 1.5],
            "reason": "A usual promise of public halls: called to a counter within 20 minutes. "
            "Warsaw has published none.",
        },
        "route": {
            "serve": {
                "type": "work",
                "at": "own/counter",
                "minutes": {
                    "value": minutes,
                    "unit": "minutes",
                    "source": "data/service.csv, unhurried_min: counter-minutes a ticket, one person a head",
                    "range": [round(0.85 * minutes, 2), round(1.15 * minutes, 2)],
                    "reason": "Includes pauses and numbers that nobody answered.",
                },
                "distribution": {
                    "value": "exponential",
                    "source": "assumed",
                    "reason": "Single services are not recorded, and a counter meets short and long "
                    "matters; a cv of 0.7 would shorten the queues a little.",
                },
            }
        },
    }


def demand(matter: str, service: pd.DataFrame) -> dict:
    """The table of rates of one matter."""
    mine = service[service.matter == matter]
    dispersion = float(np.average(mine.day_factor_cv**2, weights=mine.tickets_per_day))
    return {
        "rates": {
            "value": f"data/rates/{matter}.csv",
            "unit": "requests an hour",
            "source": "data/arrivals.csv: tickets called plus change of people waiting",
            "factor": [0.95, 1.05],
            "reason": "Tickets called are under-counted by about 1 %; who left unserved is not among them.",
        },
        "dispersion": {
            "value": round(dispersion, 4),
            "unit": "1",
            "source": "data/service.csv: mean of day_factor_cv squared",
            "range": [round(dispersion / 2, 4), round(2 * dispersion, 4)],
            "reason": "Days of an office and matter differ more than chance alone explains.",
        },
    }


def derived(read: dict[str, pd.DataFrame]) -> dict:
    """The blocks of scenario.yaml that come from the tables."""
    minutes = kind_minutes(read["service"])
    return {
        "units": {
            unit(office): {"type": "hall", "title": text(*titles)} for office, titles in OFFICES.items()
        },
        "kinds": {matter: kind(matter, float(minutes[matter])) for matter in MATTERS},
        "demand": {matter: demand(matter, read["service"]) for matter in MATTERS},
        "staff": evidenced(staff(read["counters"], read["service"])),
        "competence": {"crowding": crowding(read["elasticity"])},
    }


def crowding(elasticities: pd.DataFrame) -> dict:
    """By how much more people a head hurry the counters."""
    power, error = elasticities.set_index("of").loc["crowding", ["elasticity", "standard_error"]]
    reason = (
        "Among days of one hall, matter and half hour more tickets are called where more people wait: a "
        "short queue is often another desk's, and in a long one more numbers find nobody."
    )
    return {
        "on": {"value": True, "source": "data/elasticity.csv", "reason": reason},
        "exponent": {
            "value": float(power),
            "unit": "1",
            "source": "data/elasticity.csv",
            "range": [round(float(power - 2 * error), 3), round(float(power + 2 * error), 3)],
        },
    }


def evidenced(groups: dict[str, dict]) -> dict:
    """A staff block with where its numbers come from."""
    return {
        "value": groups,
        "source": "data/counters.csv (counters_effective), data/service.csv (unhurried_min)",
        "factor": [0.9, 1.1],
        "reason": "Counters signed in, times the pace of the half hour, in whole counters.",
    }


def load_by_matter(counters: pd.DataFrame, service: pd.DataFrame) -> pd.DataFrame:
    """Work a day over counter-minutes a day, by unit and matter: columns work, capacity."""
    days = counters.days.map({"mon": 0.2, "tue-fri": 0.8})
    capacity = (
        (counters.counters_effective * HALF_HOUR * days).groupby([counters.unit, counters.matter]).sum()
    )
    work = service.set_index(["unit", "matter"]).eval("tickets_per_day * unhurried_min")
    return pd.DataFrame({"work": work, "capacity": capacity})


def one_window(read: dict[str, pd.DataFrame]) -> dict:
    """Every counter takes every matter, at the speed at which the office's work takes as long as before."""
    service = read["service"]
    standard = service.tickets_per_day * service.matter.map(kind_minutes(service))
    work = service.tickets_per_day * service.unhurried_min
    speed = (standard.groupby(service.unit).sum() / work.groupby(service.unit).sum()).round(3)
    pooled = {
        group: part | {"skills": "all", "speed": float(speed[part["unit"]])}
        for group, part in staff(read["counters"], service).items()
    }
    reason = text(
        "All counters of a hall share one queue and take every matter, at the hall's mean speed: its work "
        "takes as many counter-hours as before, so learning the other matters costs nothing here.",
        "每个大厅各窗口共用一个队列，受理全部事项，按该厅平均速度办理：总工时与原来相同，不计学习其他事项的成本。",
    )
    changes = {"unit_types.hall.front_desk": "one_window", "staff": evidenced(pooled)}
    return policy(text("One window", "一窗口受理"), reason, changes=changes)


def two_counters_moved(read: dict[str, pd.DataFrame]) -> dict:
    """Two counters, open all day, from the least to the most loaded hall.

    They leave the least loaded matters of their hall that keep one, and go to the two most loaded ones there.
    """
    by_matter = load_by_matter(read["counters"], read["service"])
    matters = by_matter.eval("work / capacity").sort_values()
    halls = by_matter.groupby("unit").sum().eval("work / capacity")
    giver, taker = halls.idxmin(), halls.idxmax()
    counts = {name: part["count"] for name, part in staff(read["counters"], read["service"]).items()}
    spare = [matter for matter in matters[giver].index if counts[f"{giver}_{matter}_1"] > 1]
    moves = [
        {"from": f"{giver}_{spared}_1", "to": f"{taker}_{wanting}_1", "people": 1}
        for spared, wanting in zip(spare[:2], matters[taker].index[-2:], strict=True)
    ]
    (giver_en, giver_zh), (taker_en, taker_zh) = (
        titles for hall in (giver, taker) for office, titles in OFFICES.items() if unit(office) == hall
    )
    reason = text(
        f"Two counters, open all day, move from the hall with the least work a counter ({giver_en}) to "
        f"the one with the most ({taker_en}), and work at the speed of their new colleagues.",
        f"两个全天窗口从窗口负荷最低的大厅（{giver_zh}）调到最高的大厅（{taker_zh}），按新同事的速度办理。",
    )
    return policy(text("Two counters moved", "调剂两个窗口"), reason, move=moves)


def policy(title: dict[str, str], reason: dict[str, str], **what: object) -> dict:
    return {"format": "jingxi-policy/1", "title": title, "reason": reason, **what}


class Layout(yaml.SafeDumper):
    """YAML with lists, and mappings that fit, in one line."""

    def represent_mapping(self, tag, mapping, flow_style=None):
        nested = any(isinstance(value, dict) for value in mapping.values())
        return super().represent_mapping(tag, mapping, flow_style=not nested and len(str(mapping)) <= FITS)

    def represent_sequence(self, tag, sequence, flow_style=None):
        return super().represent_sequence(tag, sequence, flow_style=True)


def dump(content: dict) -> str:
    return WRITTEN + yaml.dump(content, Dumper=Layout, sort_keys=False, allow_unicode=True, width=FITS)


def files() -> dict[str, str]:
    """Everything that is written: file name in the scenario's folder, content."""
    read = tables()
    return scenario_files(read) | {
        "policies/one-window.yaml": dump(one_window(read)),
        "policies/two-counters-moved.yaml": dump(two_counters_moved(read)),
    }


def scenario_files(read: dict[str, pd.DataFrame]) -> dict[str, str]:
    """The scenario and its rates, without policies: file name in the scenario's folder, content."""
    rules = (FOLDER / "rules.yaml").read_text(encoding="utf-8")
    written = {"scenario.yaml": rules + "\n" + dump(derived(read))}
    for matter in MATTERS:
        table = rates(read["arrivals"], matter)
        written[f"data/rates/{matter}.csv"] = table.to_csv(index=False, lineterminator="\n")
    return written


if __name__ == "__main__":
    for name, content in files().items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(content, encoding="utf-8", newline="\n")
        print(f"{name}: {content.count(chr(10))} lines")
