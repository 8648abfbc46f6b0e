"""Offices whose score is linear in their pace, so that contracts have closed forms; simulated whole.

The score is start + reach × mean(e − 1), plus the luck of the months and of the measurement. A year's pay is
100: 1 % of it is a pay point. With `cost` c of theory (pay points a squared point), κ = c × reach² / 100.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

import sim
from sim import flow
from sim.behaviour import BEHAVIOURS
from sim.behaviour.responsive import drawn_people
from sim.behaviour.year import Plan, plans
from sim.replication import trials
from sim.replication.people import Staff
from sim.replication.review import Review
from sim.scenario import build
from sim.scenario.months import months_of
from sim.scenario.schema import Scenario
from sim.world import draw_world

REACH, SEED = 40.0, 7
NO_CAREERS = {"promotion": 0.0, "advanced": 0.0, "bottom": 0.0}


def text(words: str) -> dict:
    return {"en": words, "zh": words}


def offices(
    start: float | Sequence[float] = 88.0,
    count: int = 15,
    *,
    cost: float = 0.5,
    reach: float = REACH,
    sd: float = 0.0,
    months_sd: float = 0.0,
    shape: str = "normal",
    years: int = 6,
    pay: dict | None = None,
    assessment: dict | None = None,
    careers: dict | None = None,
    effort: dict | None = None,
    responsive: dict | None = None,
    behaviour: dict | None = None,
    kinds: dict[str, float] | None = None,
    assessed: Sequence[str] | Mapping[str, float] = (),
    minutes: float = 30.0,
    bonus: float = 0.0,
) -> Scenario:
    """Offices of one clerk each.

    `kinds` are the requests a month of each kind, `assessed` those that count: as one pace, or each with a
    reach of its own.
    """
    kinds = kinds or {"case": 20.0}
    starts = list(start) if isinstance(start, Sequence) else [start] * count
    levels = sorted(set(starts))
    cards = {f"card_{number}": level for number, level in enumerate(levels)}
    reaches = assessed if isinstance(assessed, Mapping) else {"": reach}
    points = 100 / len(reaches)
    item = {"title": text("pace"), "indicator": "pace", "points": points, "rule": "proportional"}
    item |= {"months_sd": months_sd / 100, "marks_sd": sd / 100, "marks_shape": shape}
    only = {"": list(assessed)} if assessed else {}
    items = {
        f"pace{kind}": {
            **item,
            "gain": own / points,
            **({"kinds": only.get(kind, [kind])} if assessed else {}),
        }
        for kind, own in reaches.items()
    }
    work = {"type": "work", "at": "own/clerk", "minutes": minutes, "distribution": "constant"}
    units = {f"office_{number}": f"type_{levels.index(level)}" for number, level in enumerate(starts)}
    effort = {"on": True, "cost": cost * reach**2 / 100, "least": 0.5, "most": 2.0, **(effort or {})}
    return build(
        {
            "format": "jingxi-scenario/1",
            "title": text("even offices"),
            "description": text("offices whose score is linear in their pace"),
            "horizon": {"start": "2025-01-01", "years": years},
            "calendar": {"country": "none", "week": "always"},
            "roles": {"clerk": {"title": text("clerk")}},
            "grades": {
                "clerk": {
                    "title": text("clerk"),
                    "base_pay": 0,
                    "assessment_pay": 100 - bonus,
                    "target_bonus": bonus,
                    "leave_days": 0,
                }
            },
            "unit_types": {
                f"type_{number}": {"title": text("office"), "scorecard": f"card_{number}", "pay_bound": True}
                for number in range(len(levels))
            },
            "units": {name: {"type": type_, "title": text(name)} for name, type_ in units.items()},
            "staff": {name: {"unit": name, "role": "clerk", "grade": "clerk"} for name in units},
            "kinds": {name: {"title": text(name), "route": {"serve": work}} for name in kinds},
            "demand": {
                name: {"volumes": dict.fromkeys(units, 12 * rate), "per": "year"}
                for name, rate in kinds.items()
            },
            "scorecards": {
                card: {
                    "title": text("card"),
                    "items": {name: {**own, "usual": level / 100} for name, own in items.items()},
                }
                for card, level in cards.items()
            },
            "assessment": {
                "advanced_threshold": 95,
                "promotion_threshold": 90,
                "bottom_count": 0,
                "certified_threshold": 90,
                "excellent_threshold": 97,
                **(assessment or {}),
            },
            "pay": {
                "full_pay_threshold": 95,
                "deduction_per_point": 0,
                "bonus_threshold": 95,
                **(pay or {}),
            },
            "behaviour": {
                "trials": {"at_least": 4, "at_most": 4},
                **(behaviour or {}),
                "responsive": {
                    "effort": effort,
                    "careers": {**NO_CAREERS, **(careers or {})},
                    **(responsive or {}),
                },
            },
        }
    )


def simulated(
    scenario: Scenario, replications: int = 1, behaviour: str = "responsive", engine: str = "compiled"
) -> pd.DataFrame:
    """Return whole-year outcomes by unit, one row per replication, year and unit.

    `extra` is the points of score that effort brings in a year.
    """
    tables = [
        sim.simulate(
            scenario, behaviour=behaviour, seed=SEED, replication=number, engine=engine
        ).units.assign(replication=number)
        for number in range(replications)
    ]
    table = pd.concat(tables)
    return table.assign(extra=REACH * (table["effort"] - 1)) if "effort" in table else table


def months(scenario: Scenario, replications: int = 1) -> pd.DataFrame:
    """Return effort by replication, year, month and unit, in points a year: REACH × (effort − 1)."""
    tables = []
    for number in range(replications):
        table = sim.simulate(scenario, behaviour="responsive", seed=SEED, replication=number).outcomes
        of_units = (table["outcome"] == "effort") & (table["month"] > 0) & (table["unit"] != "")
        tables.append(table[of_units & (table["kind"] == "")].assign(replication=number))
    table = pd.concat(tables)
    return table.assign(value=REACH * (table["value"] - 1))


def plan_of(scenario: Scenario, unit: int = 0) -> Plan:
    """Return the plan that a unit makes before the first year."""
    world, known = draw_world(scenario, SEED), trials.known(scenario, "compiled")
    review = Review(scenario, world, bureau := flow.build(world), BEHAVIOURS["responsive"], known)
    staff = Staff(scenario, world, bureau)
    month = months_of(scenario.horizon, world.calendar, *world.years[0])[0]
    standing = review.standing(flow.executor("compiled")(bureau.tables), staff, [], month)
    found = plans(standing, scenario, drawn_people(scenario, world.streams)).units[unit]
    assert found is not None
    return found
