"""The files of the warsaw-halls scenario, written from its tables.

    python scenarios/warsaw-halls/build.py      reads data/*.csv; writes scenario.yaml, data/rates/*.csv and
                                                the two policies that name counters; same input, same bytes

Units are the 15 offices, kinds the five matters. Each matter of an office has its own queue and its own
counters, as in the readings.

Counters. Counter i of a matter is a person who is on duty in the hours in which at least i counters of
average pace are open (`counters_effective`); those with the same week form one group.

Service minutes. A kind has one mean, of all tickets; an office where a ticket takes longer has slower
counters (`speed` = the kind's minutes / the office's). The minutes are the implied ones: in eight offices the
posted ones are settings; in the other seven they are times at the counter, without the pauses and the
numbers that nobody answered, which take a counter's time as well.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

FOLDER = Path(__file__).parent
WEEKDAYS = {"mon": ["mon"], "tue-fri": ["tue", "wed", "thu", "fri"]}
OPEN_MINUTES = {"mon": 600, "tue-fri": 480}
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
HEADER = """\
# Written by build.py from data/*.csv: change those, or build.py, and run it again.
"""


def unit(office: str) -> str:
    """The unit's name in the scenario: UD_Praga_Polnoc is praga_polnoc."""
    return office.removeprefix("UD_").lower()


def tables() -> dict[str, pd.DataFrame]:
    """The derived tables by file name; offices under their unit's name in a column `unit`."""
    names = ("arrivals", "counters", "service", "offices")
    read = {name: pd.read_csv(FOLDER / "data" / f"{name}.csv") for name in names}
    return {name: table.assign(unit=table.office.map(unit)) for name, table in read.items()}


def rates(arrivals: pd.DataFrame, matter: str) -> pd.DataFrame:
    """Arrivals of one matter as the scenario reads them: unit, weekday (0 = Monday), hour, requests_per_hour."""
    mine = arrivals[arrivals.matter == matter]
    weekday = mine.weekday.map(["mon", "tue", "wed", "thu", "fri"].index)
    mine = mine.assign(weekday=weekday, requests_per_hour=mine.arrivals_per_hour)
    return mine[["unit", "weekday", "hour", "requests_per_hour"]]


def kind_minutes(service: pd.DataFrame) -> pd.Series:
    """Mean implied minutes of a ticket of each matter, over all offices."""
    work = (service.tickets_per_day * service.implied_min).groupby(service.matter).sum()
    return (work / service.groupby("matter").tickets_per_day.sum()).round(2)


def spans(hours: list[int]) -> list[str]:
    """Hours of the day, in rising order, as spans: [8, 9, 11] is 08:00-10:00 and 11:00-12:00."""
    runs = np.split(np.array(hours), np.flatnonzero(np.diff(hours) != 1) + 1)
    return [f"{run[0]:02d}:00-{run[-1] + 1:02d}:00" for run in runs]


def weeks(open_counters: pd.DataFrame) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The counters of one office and matter as (how many, their week); those of the longest week first."""
    for number in range(1, open_counters.counters_effective.max() + 1):
        manned = open_counters[open_counters.counters_effective >= number].groupby("days").hour.apply(list)
        yield number, {
            day: spans(manned[days]) for days, names in WEEKDAYS.items() if days in manned for day in names
        }


def staff(counters: pd.DataFrame, service: pd.DataFrame) -> dict[str, dict]:
    """The staff block: groups of counters with one week, skilled in one matter."""
    minutes = kind_minutes(service)
    implied = service.set_index(["unit", "matter"]).implied_min
    groups = {}
    for (office, matter), mine in counters.groupby(["unit", "matter"], sort=False):
        shared: dict[str, list] = {}
        for _, week in weeks(mine):
            shared.setdefault(str(week), [0, week])[0] += 1
        for number, (count, week) in enumerate(shared.values(), start=1):
            groups[f"{office}_{matter}_{number}"] = {
                "unit": office,
                "role": "counter",
                "grade": "clerk",
                "count": count,
                "skills": [matter],
                "speed": round(float(minutes[matter] / implied[office, matter]), 3),
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
            "value": 480,
            "unit": "minutes",
            "source": "assumed",
            "range": [360, 1200],
            "reason": "Calibrated, the only number that is: with it the mean queue comes near the observed one. "
            "Boards lose up to 12 % of their tickets without a call.",
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
                    "source": "data/service.csv, implied_min: counter-minutes a ticket while people wait",
                    "range": [round(0.85 * minutes, 2), round(1.15 * minutes, 2)],
                    "reason": "Includes pauses and numbers that nobody answered.",
                },
                "distribution": {
                    "value": "exponential",
                    "source": "assumed",
                    "reason": "Single services are not recorded. Counters mix short and long matters; a cv of "
                    "0.7 would shorten queues a little.",
                },
            }
        },
    }


def demand(matter: str, offices: pd.DataFrame) -> dict:
    """The table of hourly rates of one matter."""
    dispersion = float((offices.day_factor_cv**2).mean())
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
            "source": "data/offices.csv: mean of day_factor_cv squared",
            "range": [0, 0.02],
            "reason": "Days of an office differ more than chance alone explains.",
        },
    }


def scenario(read: dict[str, pd.DataFrame]) -> dict:
    """The content of scenario.yaml."""
    minutes = kind_minutes(read["service"])
    return {
        "format": "jingxi-scenario/1",
        "title": text("Warsaw district halls", "华沙区政府办事大厅"),
        "description": text(
            "Real input: 15 district offices of Warsaw on 14 working days of January 2020, from the city's queue "
            "boards. The article's 95 and 90 are applied to the share of clients called within 20 minutes.",
            "真实数据：华沙15个区政府办事大厅2020年1月14个工作日的取号排队记录；将文章的95分、90分门槛用于20分钟内叫号的比例。",
        ),
        "horizon": {"start": "2020-01-02", "minutes": 21 * 24 * 60},
        "calendar": {
            "country": "PL",
            "week": {
                "value": {
                    day: ["08:00-18:00" if days == "mon" else "08:00-16:00"]
                    for days, names in WEEKDAYS.items()
                    for day in names
                },
                "unit": "hours of the day",
                "source": "data/raw/snapshots.csv.gz: hours in which tickets are called",
            },
        },
        "roles": {"counter": {"title": text("Counter clerk", "窗口人员"), "front": True}},
        "grades": {
            "clerk": {
                "value": {
                    "title": text("Clerk", "办事员"),
                    "base_pay_yuan": 90_000,
                    "assessment_pay_yuan": 24_000,
                    "target_bonus_yuan": 8_000,
                    "leave_days": 0,
                },
                "source": "assumed",
                "factor": [0.6, 1.5],
                "reason": "Invented, so that the article's rule has something to act on: Warsaw pays by no such "
                "rule. Near a clerk's pay there in 2020, at 1.8 yuan a zloty. No leave: the counters are those "
                "that were open.",
            }
        },
        "unit_types": {
            "hall": {
                "title": text("District hall", "区办事大厅"),
                "front_desk": {
                    "value": "desk_per_kind",
                    "source": "data/raw/queues.csv: each matter has its own ticket queues",
                },
                "when_duty_ends": {
                    "value": "finish",
                    "source": "assumed",
                    "reason": "A client at the counter is served to the end.",
                },
                "scorecard": "hall",
                "pay_bound": True,
            }
        },
        "units": {
            unit(office): {"type": "hall", "title": text(*titles)} for office, titles in OFFICES.items()
        },
        "staff": {
            "value": staff(read["counters"], read["service"]),
            "source": "data/counters.csv (counters_effective) and data/service.csv (implied_min)",
            "factor": [0.9, 1.1],
            "reason": "Counters signed in, times the pace of the hour, in whole counters.",
        },
        "kinds": {matter: kind(matter, float(minutes[matter])) for matter in MATTERS},
        "demand": {matter: demand(matter, read["offices"]) for matter in MATTERS},
        "scorecards": {
            "hall": {
                "title": text("Waiting in the hall", "大厅等候"),
                "items": {
                    "on_time": {
                        "title": text("Called within 20 minutes", "20分钟内叫号"),
                        "indicator": "on_time_rate",
                        "points": 100,
                        "rule": "proportional",
                    }
                },
            }
        },
        "assessment": {
            "value": {
                "advanced_threshold": 95,
                "promotion_threshold": 90,
                "bottom_count": 3,
                "certified_threshold": 90,
                "excellent_threshold": 95,
            },
            "source": "the article's 95, 90 and last three (三、五、二 and 三); the lines for certified and "
            "excellent are assumed equal to them",
            "factor": [0.9, 1.05],
        },
        "pay": {
            "value": {"full_pay_threshold": 95, "deduction_per_point": 1, "bonus_threshold": 95},
            "source": "the article's rule (三、五、三)",
            "factor": [0.5, 2],
        },
    }


def load_by_matter(counters: pd.DataFrame, service: pd.DataFrame) -> pd.DataFrame:
    """Work a day over counter-minutes a day, by unit and matter: columns work, capacity."""
    days = counters.days.map({"mon": 0.2, "tue-fri": 0.8})
    capacity = (counters.counters_effective * 60 * days).groupby([counters.unit, counters.matter]).sum()
    work = service.set_index(["unit", "matter"]).eval("tickets_per_day * implied_min")
    return pd.DataFrame({"work": work, "capacity": capacity})


def one_window(read: dict[str, pd.DataFrame]) -> dict:
    """Every counter takes every matter, at the speed at which the office's work takes as long as before."""
    service = read["service"]
    standard = service.tickets_per_day * service.matter.map(kind_minutes(service))
    work = service.tickets_per_day * service.implied_min
    speed = (standard.groupby(service.unit).sum() / work.groupby(service.unit).sum()).round(3)
    changes: dict[str, object] = {"unit_types.hall.front_desk": "one_window"}
    for group, part in staff(read["counters"], service).items():
        changes[f"staff.{group}.skills"] = "all"
        changes[f"staff.{group}.speed"] = float(speed[part["unit"]])
    return {
        "format": "jingxi-policy/1",
        "title": text("One window", "一窗口受理"),
        "reason": text(
            "All counters of a hall share one queue and take every matter. A counter works at the hall's mean speed, "
            "so that the hall's work takes as many counter-hours as before: learning new matters costs nothing here.",
            "每个大厅各窗口共用一个队列，受理全部事项。窗口按该厅平均速度办理，总工时与原来相同，即不计学习新事项的成本。",
        ),
        "changes": changes,
    }


def two_counters_moved(read: dict[str, pd.DataFrame]) -> dict:
    """One counter of each of the two least loaded matters of the least loaded hall that can spare one goes to
    the two most loaded matters of the most loaded hall, open all day."""
    load = load_by_matter(read["counters"], read["service"])
    halls = load.groupby("unit").sum().eval("work / capacity")
    giver, taker = halls.idxmin(), halls.idxmax()
    groups = staff(read["counters"], read["service"])
    matters = load.eval("work / capacity").sort_values()
    spare = [matter for matter in matters[giver].index if groups[f"{giver}_{matter}_1"]["count"] > 1]
    changes = {f"staff.{giver}_{matter}_1.count": groups[f"{giver}_{matter}_1"]["count"] - 1 for matter in spare[:2]}
    for matter in matters[taker].index[-2:]:
        changes[f"staff.{taker}_{matter}_1.count"] = groups[f"{taker}_{matter}_1"]["count"] + 1
    named = {unit(office): titles for office, titles in OFFICES.items()}
    return {
        "format": "jingxi-policy/1",
        "title": text("Two counters moved", "调剂两个窗口"),
        "reason": text(
            f"Two counters, open all day, move from the hall with the least work a counter ({named[giver][0]}) to the "
            f"one with the most ({named[taker][0]}), and work at the pace of their new colleagues.",
            f"两个全天窗口从窗口负荷最低的大厅（{named[giver][1]}）调到最高的大厅（{named[taker][1]}），按新同事的速度办理。",
        ),
        "changes": changes,
    }


def files() -> dict[str, str]:
    """Everything that is written: file name in the scenario's folder, content."""
    read = tables()
    written = {
        "scenario.yaml": scenario(read),
        "policies/one-window.yaml": one_window(read),
        "policies/two-counters-moved.yaml": two_counters_moved(read),
    }
    dumped = {
        name: HEADER
        + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=140, default_flow_style=None)
        for name, content in written.items()
    }
    for matter in MATTERS:
        dumped[f"data/rates/{matter}.csv"] = rates(read["arrivals"], matter).to_csv(
            index=False, lineterminator="\n"
        )
    return dumped


if __name__ == "__main__":
    for name, content in files().items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(content, encoding="utf-8", newline="\n")
        print(f"{name}: {content.count(chr(10))} lines")
