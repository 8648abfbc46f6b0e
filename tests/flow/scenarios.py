"""Random small bureaus for hypothesis: one to four units, a few people, all step types, a few days.

`bureaus()` draws plain data that `sim.scenario.build` accepts; `run` lets requests flow through it.
Whatever must hold for every bureau, of one executor or between two, can be tested on them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from sim.flow import Bureau, Trace, executor
from sim.flow import build as bureau_of
from sim.replication import Result, simulate
from sim.scenario import build
from sim.scenario.disciplines import DISCIPLINES
from sim.world import World, draw_world, in_force

ROLES = ("window", "field", "review")
KINDS = ("deed", "permit", "petition", "visit")
UNITS = ("east", "west", "south", "hall")
PREEMPTION = ("none", "resume", "restart", "resample")
DUTY_ENDS = ("resume", "finish", "hand_over", "hand_over_restart", "restart")
OFFICE_DAY = ["08:30-12:00", "14:00-17:30"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def text(name: str) -> dict[str, str]:
    return {"en": name, "zh": name}


SCORING = {
    "scorecards": {
        "card": {
            "title": text("card"),
            "items": {
                "time": {
                    "title": text("on time"),
                    "indicator": "on_time_rate",
                    "points": 100,
                    "rule": "proportional",
                }
            },
        }
    },
    "assessment": {
        "advanced_threshold": 95,
        "promotion_threshold": 90,
        "bottom_count": 1,
        "certified_threshold": 90,
        "excellent_threshold": 97,
    },
    "pay": {"full_pay_threshold": 95, "deduction_per_point": 1, "bonus_threshold": 95},
}


@st.composite
def bureaus(draw: st.DrawFn) -> dict[str, Any]:
    """A scenario as plain data."""
    units = UNITS[: draw(st.integers(1, 4))]
    roles = ROLES[: draw(st.integers(1, 3))]
    kinds = KINDS[: draw(st.integers(1, 4))]
    types = {name: draw(_unit_types()) for name in ("office", "section")}
    type_of = {unit: draw(st.sampled_from(list(types))) for unit in units}
    with_limit = any(part["discipline"] == "earliest_due_date" for part in types.values())
    staff = draw(_staff(units, roles, kinds, type_of, types))
    return {
        "format": "jingxi-scenario/1",
        "title": text("random bureau"),
        "description": text("drawn by a test"),
        "horizon": {
            "start": draw(st.sampled_from(["2025-03-03", "2025-03-06 10:15", "2025-03-07 08:30", *_SPRING])),
            "minutes": draw(st.sampled_from([1440, 2880, 5760, 7000])),
        },
        "calendar": {
            "country": "none",
            "week": draw(
                st.sampled_from(
                    [
                        dict.fromkeys(WEEKDAYS, OFFICE_DAY),
                        "always",
                        _long_days(),
                        _nights(),
                        _short_days(),
                        _touching(),
                    ]
                )
            ),
            "closed": draw(st.sampled_from([[], ["2025-03-04"]])),
            "time_zone": draw(st.sampled_from([None, "Europe/Warsaw"])),
            "last_day_ends": draw(st.sampled_from(["midnight", "closing_time"])),
        },
        "roles": {role: {"title": text(role), "front": role == "window"} for role in roles},
        "grades": {
            "clerk": {
                "title": text("clerk"),
                "base_pay": 50_000,
                "assessment_pay": 20_000,
                "target_bonus": 8_000,
                "leave_days": draw(st.sampled_from([0, 15, 60])),
            }
        },
        "unit_types": types,
        "units": {unit: {"type": type_of[unit], "title": text(unit)} for unit in units},
        "staff": staff,
        "kinds": {kind: draw(_kinds(units, roles, with_limit)) for kind in kinds},
        "demand": {kind: draw(_demand(units)) for kind in kinds},
        "profiles": {"people": draw(_profiles())},
        "committees": {
            "council": {
                "title": text("council"),
                "first": [100, 1300],
                "places": [2, 1],
                "every_minutes": 1440,
            }
        },
        "study": draw(st.sampled_from([None, _study(False), _study(True)])),
        "duties": draw(st.sampled_from([{}, {"patrol": _patrol(roles[-1])}])),
        "service_rules": draw(_service_rules(units, roles, kinds, type_of, types, staff)),
        "frictions": draw(_frictions(kinds)),
        "projects": draw(st.sampled_from([{}, {"on": True, "midterm_share": 0.3, "supervision_days": 2}])),
        **SCORING,
    }


def _long_days() -> dict[str, list[str]]:
    return {
        "mon": ["00:00-24:00"],
        "tue": ["00:00-06:00", "20:00-24:00"],
        "wed": ["00:00-11:00"],
        "fri": ["09:00-09:40"],
    }


_SPRING = ["2025-03-28", "2025-03-28 20:00"]  # two days before the night in which summer time begins


def _nights() -> dict[str, list[str]]:
    return {
        "mon": ["08:30-12:00", "22:00-06:00"],
        "tue": ["14:00-22:00"],
        "thu": ["20:00-04:00"],
        "fri": ["20:00-10:00"],
        "sat": ["22:00-08:00"],
    }


def _short_days() -> dict[str, list[str]]:
    """Each day closes at another hour."""
    hours = (OFFICE_DAY, ["08:30-12:00"], ["10:00-18:00"], ["08:00-15:00"], ["08:00-12:30"])
    return dict(zip(WEEKDAYS, hours, strict=True))


def _touching() -> dict[str, list[str]]:
    """Night shifts that end as the next day's first shift begins."""
    return dict.fromkeys(("mon", "tue", "thu", "fri"), ["06:00-14:00", "22:00-06:00"])


def _study(staggered: bool) -> dict[str, Any]:
    slots = [{"weekday": "mon", "at": "15:00"}, {"weekday": "tue", "at": "10:30"}]
    return {"weekly_hours": 2, "slots": slots, "staggered": staggered}


def _patrol(role: str) -> dict[str, Any]:
    return {
        "title": text("patrol"),
        "roles": [role],
        "week": {"tue": ["08:00-10:00"], "thu": ["14:00-15:00"]},
    }


@st.composite
def _service_rules(draw: st.DrawFn, units, roles, kinds, type_of, types, staff) -> dict[str, Any]:
    """Every rule that changes routes, staff, duties or limits; half of the bureaus have none."""
    if draw(st.booleans()):
        return {}
    shares = st.dictionaries(st.sampled_from(kinds), st.sampled_from([0.1, 0.3]), max_size=len(kinds))
    discipline = {unit: types[type_of[unit]]["discipline"] for unit in units}
    alike = [unit for unit in units if discipline[unit] == discipline[units[0]]]
    groups = [name for name, group in staff.items() if group["unit"] in alike]
    return {
        "one_time_notification": {"on": draw(st.booleans())},
        "one_stop": {"on": draw(st.booleans())},
        "case_owner": {"on": draw(st.booleans())},
        "doorstep": {"on": draw(st.booleans()), "kinds": draw(shares), "role": draw(st.sampled_from(roles))},
        "early": {"on": draw(st.booleans()), "kinds": draw(shares)},
        "time_limit_commitment": {"on": draw(st.booleans()), "share": 0.6},
        "first_asked": {"on": draw(st.booleans())},
        "online": {"on": draw(st.booleans()), "kinds": draw(shares)},
        "pooling": {"on": draw(st.booleans()), "units": alike},
        "mobile_support": {
            "on": draw(st.booleans()),
            "teams": {"one": {"groups": groups[:2], "units": alike, "travel_share": 0.2}},
        },
        "petition_pairing": {
            "on": draw(st.booleans()),
            "role": draw(st.sampled_from(roles)),
            "weekday": "tue",
            "at": "09:00",
        },
        "information_sharing": {"on": draw(st.booleans())},
        "clarity": {"on": draw(st.booleans())},
    }


@st.composite
def _frictions(draw: st.DrawFn, kinds) -> dict[str, Any]:
    """Every friction, often and soon; half of the bureaus have none."""
    if draw(st.booleans()):
        return {}
    soon = {"days": 1, "chance": 0.3}
    return {
        "misdirection": {"on": draw(st.booleans()), **soon, "stops_clock": draw(st.booleans())},
        "overreach": {"on": draw(st.booleans()), **soon},
        "absence": {"on": draw(st.booleans()), **soon},
        "repeat_petitions": {"on": draw(st.booleans()), **soon, "kinds": [kinds[-1]]},
        "errors": {
            "on": draw(st.booleans()),
            "kinds": {kind: draw(st.sampled_from([0.05, 0.4])) for kind in kinds},
            "caught": draw(st.sampled_from([0.0, 0.5, 1.0])),
            "days": 1,
        },
    }


@st.composite
def _unit_types(draw: st.DrawFn) -> dict[str, Any]:
    discipline = draw(st.sampled_from(list(DISCIPLINES)))
    return {
        "title": text("type"),
        "discipline": discipline,
        "preemption": draw(st.sampled_from(PREEMPTION)) if discipline == "class_priority" else "none",
        "front_desk": draw(st.sampled_from(["one_window", "desk_per_kind"])),
        "when_duty_ends": draw(st.sampled_from(DUTY_ENDS)),
        "last_ticket_minutes": draw(st.sampled_from([None, None, 60])),
        "goes_home": draw(st.sampled_from([False, False, True])),
        "scorecard": "card",
        "pay_bound": draw(st.booleans()),
    }


_SHARES = st.sampled_from([1.0, 1.0, 1.0, 0.6, 0.25])  # of a full post


@st.composite
def _staff(draw: st.DrawFn, units, roles, kinds, type_of, types) -> dict[str, Any]:
    """Somebody for every kind at every station, and a few more with other skills and hours."""
    staff: dict[str, Any] = {}
    for unit in units:
        for role in roles:
            here = {"unit": unit, "role": role, "grade": "clerk", "share": draw(_SHARES)}
            split = draw(st.integers(0, len(kinds) - 1))
            if split:  # two specialists
                staff[f"{unit}_{role}_a"] = {**here, "skills": list(kinds[:split])}
                staff[f"{unit}_{role}_b"] = {**here, "skills": list(kinds[split:])}
            else:
                staff[f"{unit}_{role}"] = {**here, "count": draw(st.integers(1, 2))}
    for number in range(draw(st.integers(0, 2))):
        unit = draw(st.sampled_from(units))
        like = [
            other
            for other in units
            if types[type_of[other]]["discipline"] == types[type_of[unit]]["discipline"]
        ]
        helper = {
            "unit": unit,
            "role": draw(st.sampled_from(roles)),
            "grade": "clerk",
            "skills": draw(st.lists(st.sampled_from(kinds), unique=True, min_size=1)),
            "speed": draw(st.sampled_from([0.7, 1.0, 1.3])),
            "also_serves": [f"{draw(st.sampled_from(like))}/{draw(st.sampled_from(roles))}"],
        }
        hours = draw(
            st.sampled_from(
                [
                    {},
                    {"week": {"mon": ["10:00-11:00"], "tue": ["00:00-24:00"]}},
                    {"week": _nights()},
                    _roster(),
                ]
            )
        )
        staff[f"helper_{number}"] = helper | hours
    return staff


def _roster() -> dict[str, Any]:
    return {
        "roster": [
            {"start": "2025-03-03 06:00", "end": "2025-03-03 23:00"},
            {"start": "2025-03-06 22:00", "end": "2025-03-08 04:00"},
        ]
    }


_COUNTER = {"title": text("counter"), "amount": 20, "per": "minutes", "until": "first_start"}


@st.composite
def _kinds(draw: st.DrawFn, units, roles, with_limit: bool) -> dict[str, Any]:
    kind: dict[str, Any] = {
        "title": text("kind"),
        "priority": draw(st.integers(1, 3)),
        "complexity_cv": draw(st.sampled_from([0.0, 0.6])),
        "patience_minutes": draw(st.sampled_from([None, 30, 400])),
        "route": draw(_routes(units, roles)),
        "statutory_limit": {"amount": 3, "per": "working_days"},
        "limits": draw(st.sampled_from([{}, {"counter": _COUNTER}])),
    }
    if with_limit or draw(st.booleans()):
        per = draw(st.sampled_from(["minutes", "hours", "calendar_days", "working_days"]))
        kind["limit"] = {
            "amount": draw(st.integers(1, 3)) * {"minutes": 240, "hours": 12}.get(per, 1),
            "per": per,
            "until": draw(st.sampled_from(["finish", "first_start"])),
        }
    return kind


@st.composite
def _routes(draw: st.DrawFn, units, roles) -> dict[str, Any]:
    """Steps one after another; returns lead back, branches lead onward, back or out."""
    types = [
        "work",
        *draw(
            st.lists(st.sampled_from(["work", "work", "delay", "return", "sitting", "branch"]), max_size=4)
        ),
    ]
    names = [f"s{number}" for number in range(len(types))]
    route = {}
    for number, (name, step_type) in enumerate(zip(names, types, strict=True)):
        following = [*names, "end"][number + 1]
        if step_type == "work":
            place = draw(st.sampled_from(["own", *units]))
            route[name] = {
                "type": "work",
                "at": f"{place}/{draw(st.sampled_from(roles))}",
                "minutes": draw(st.sampled_from([0.4, 12, 45, 200])),
                "complexity": draw(st.booleans()),
                "supervised_from": draw(st.sampled_from([None, None, 0.1, 0.6])),
                **draw(_shapes()),
            }
        elif step_type == "sitting":
            route[name] = {"type": "sitting", "committee": "council", "minutes": 15}
        elif step_type == "branch":
            back = draw(st.sampled_from(names[: number + 1]))
            chances: dict[str, float] = {following: 0.5}
            for target, chance in ((back, 0.25), ("end", 0.25)):
                chances[target] = chances.get(target, 0.0) + chance
            route[name] = {"type": "branch", "to": chances}
        else:
            per = draw(st.sampled_from(["minutes", "hours", "calendar_days", "working_days"]))
            waiting = {
                "amount": {"minutes": 50, "hours": 3}.get(per, 1),
                "per": per,
                "stops_clock": draw(st.booleans()),
                **draw(_shapes()),
            }
            extra = {
                "reason": draw(st.sampled_from(["applicant", "outside_department", "transfer"])),
                "restarts_clock": draw(st.sampled_from([False, False, True])),
            }
            if step_type == "return":
                extra = {
                    "chance": 0.4,
                    "back_to": draw(st.sampled_from(names[:number])),
                    "at_most": draw(st.integers(1, 2)),
                }
            route[name] = {"type": step_type, **waiting, **extra}
    return route


def _shapes() -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(
        [
            {"distribution": "constant"},
            {"distribution": "exponential"},
            {"distribution": "lognormal", "cv": 1.2},
            {"distribution": "gamma", "cv": 0.5, "least": 0.2},
        ]
    )


@st.composite
def _demand(draw: st.DrawFn, units) -> dict[str, Any]:
    homes = draw(st.lists(st.sampled_from(units), unique=True, min_size=1))
    volumes, per = draw(st.sampled_from([([2, 6, 15], "day"), ([0.2, 1, 2], "hour")]))
    return {
        "volumes": {unit: draw(st.sampled_from(volumes)) for unit in homes},
        "per": per,
        "profile": draw(st.sampled_from([None, "people"])),
        "dispersion": draw(st.sampled_from([0.0, 0.5])),
    }


@st.composite
def _profiles(draw: st.DrawFn) -> dict[str, Any]:
    """People who follow the opening hours, filing deadlines, the days around a holiday."""
    return {
        "month_days": draw(st.sampled_from([[1.0] * 31, [2.0] * 5 + [0.8] * 26])),
        "before_holiday": draw(st.sampled_from([1.0, 2.0])),
        "after_holiday": draw(st.sampled_from([1.0, 0.5])),
        "hours": draw(st.sampled_from([[1.0] * 24, [0.5] * 12 + [1.5] * 12])),
        "while_open": draw(st.sampled_from([None, True, False])),
    }


@st.composite
def open_lists(draw: st.DrawFn, data: dict[str, Any]) -> str:
    """A table of up to six open matters of a bureau, each before some step, due then or by the limit."""
    rows = ["kind,unit,step,received,due"]
    for _ in range(draw(st.integers(1, 6))):
        kind, unit = (draw(st.sampled_from(list(data[block]))) for block in ("kinds", "units"))
        step = draw(st.sampled_from(list(data["kinds"][kind]["route"])))
        received = draw(st.sampled_from(["2025-02-28", "2025-03-01 09:15", "2024-11-30"]))
        due = draw(st.sampled_from(["", "2025-03-02", "2025-03-06 10:00"]))
        rows.append(f"{kind},{unit},{step},{received},{due}")
    return "\n".join(rows)


def with_open(data: dict[str, Any], table: str, folder: Path) -> dict[str, Any]:
    """The bureau with a table of `open_lists`, which is written into the folder."""
    (folder / "open.csv").write_text(table, encoding="utf-8")
    return data | {"work_in_progress": "open.csv"}


@dataclass
class Run:
    """What went into an executor and what came out of it."""

    world: World
    bureau: Bureau
    trace: Trace
    result: Result


def run(data: dict[str, Any], seed: int, engine: str = "compiled") -> Run:
    """Draw the world of a bureau, let its requests flow, and collect the tables."""
    scenario = build(data)
    world = draw_world(in_force(scenario), seed)
    bureau = bureau_of(world)
    return Run(
        world, bureau, trace_of(bureau, world.end_s, engine), simulate(scenario, seed=seed, engine=engine)
    )


def trace_of(bureau: Bureau, end_s: int, engine: str) -> Trace:
    """What an executor finds out up to a moment."""
    flow = executor(engine)(bureau.tables)
    flow.work_until(end_s)
    return flow.trace


def assert_same(one: Trace, other: Trace) -> None:
    """Two traces agree in every number."""
    for name in Trace.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


def fingerprint(data: dict[str, Any], seed: int, replication: int = 0) -> str:
    """A hash of all tables of a replication, to the last bit."""
    result = simulate(build(data), seed=seed, replication=replication)
    digest = hashlib.blake2b(digest_size=16)
    for name in ("requests", "steps", "segments", "people", "outcomes"):
        digest.update(table_bytes(getattr(result, name)))
    return digest.hexdigest()


def table_bytes(table: pd.DataFrame) -> bytes:
    """Names, types and exact values of a table (floats as hexadecimal)."""
    exact = table.reset_index().map(lambda value: value.hex() if isinstance(value, float) else value)
    return (
        repr((list(table.columns), [str(kind) for kind in table.dtypes])).encode() + exact.to_csv().encode()
    )
