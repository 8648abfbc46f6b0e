"""A plain network that every simulator can express: no calendar, no skills, first come first served.

Fifteen offices with windows and surveyors and one county pool. A request of any of seven kinds goes to a
window, a surveyor, the county and a window again. All are always open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.flow import Bureau
from sim.flow import build as bureau_of
from sim.scenario import Scenario
from sim.scenario import build as scenario_of
from sim.world import draw_world

OFFICES, WINDOWS, SURVEYORS, COUNTY = 15, 5, 12, 60  # people: of each office, and of the county
A_DAY = 410  # requests, about 150,000 requests a year
# Mean minutes of each kind at the first window, the survey, the county and the second window.
MINUTES = {
    "transfer": (70, 450, 135, 105),
    "mortgage": (95, 410, 190, 120),
    "homestead": (120, 690, 230, 140),
    "boundary": (85, 770, 180, 105),
    "lease": (75, 390, 155, 130),
    "farmland": (110, 550, 215, 120),
    "fees": (85, 320, 120, 105),
}
_ROUTE = {
    "receive": "own/window",
    "survey": "own/surveyor",
    "review": "county/reviewer",
    "issue": "own/window",
}


def network(days: float, offices: int = OFFICES) -> Scenario:
    """The network over so many days; with fewer offices all else is in proportion."""
    units = [f"office_{number}" for number in range(offices)]
    staff = {
        f"{unit}_{role}": {"unit": unit, "role": role, "grade": "clerk", "count": count}
        for unit in units
        for role, count in (("window", WINDOWS), ("surveyor", SURVEYORS))
    }
    county = {"unit": "county", "role": "reviewer", "grade": "clerk", "count": COUNTY * offices // OFFICES}
    title = {"en": "network", "zh": "网络"}
    grade = {"base_pay": 0, "assessment_pay": 0, "target_bonus": 0, "leave_days": 0}
    volume = A_DAY / OFFICES / len(MINUTES)
    return scenario_of(
        {
            "format": "jingxi-scenario/1",
            "title": title,
            "description": title,
            "horizon": {"start": "2025-01-01", "minutes": days * 1440},
            "calendar": {"country": "none", "week": "always"},
            "roles": {role: {"title": title} for role in ("window", "surveyor", "reviewer")},
            "grades": {"clerk": {"title": title, **grade}},
            "unit_types": {"office": {"title": title}},  # first come first served, work is resumed
            "units": {unit: {"type": "office", "title": title} for unit in [*units, "county"]},
            "staff": {**staff, "county_reviewer": county},
            "kinds": {kind: {"title": title, "route": _route(minutes)} for kind, minutes in MINUTES.items()},
            "demand": {kind: {"volumes": dict.fromkeys(units, volume), "per": "day"} for kind in MINUTES},
        }
    )


def _route(minutes: tuple[float, ...]) -> dict[str, dict]:
    shape = {"type": "work", "cv": 0.8, "least": 1}
    return {
        step: {**shape, "at": at, "minutes": mean}
        for (step, at), mean in zip(_ROUTE.items(), minutes, strict=True)
    }


@dataclass(frozen=True)
class Trips:
    """The network's draws in plain columns, for simulators that know nothing of a scenario.

    By request: arrival_s, office, first_task. By task: pool, work_s. By pool: servers (how many) and
    first_of_staff into staff (the people's numbers). end_s: the end of the horizon.
    """

    arrival_s: np.ndarray
    office: np.ndarray
    first_task: np.ndarray
    pool: np.ndarray
    work_s: np.ndarray
    first_of_staff: np.ndarray
    staff: np.ndarray
    end_s: int

    @property
    def servers(self) -> np.ndarray:
        return np.diff(self.first_of_staff)

    def mean_sojourn_s(self, finish_s: np.ndarray) -> float:
        """The mean time from arrival to finish of the requests that are finished."""
        done = finish_s >= 0
        return float((finish_s - self.arrival_s)[done].mean())


def drawn(scenario: Scenario, seed: int = 0) -> tuple[Bureau, Trips]:
    """One replication of the network: as the executors' tables, and as plain columns."""
    world = draw_world(scenario, seed)
    bureau = bureau_of(world)
    tables = bureau.tables
    trips = Trips(
        arrival_s=tables.arrival_s,
        office=world.requests["unit"].cat.codes.to_numpy(np.int64),
        first_task=tables.first_task,
        pool=tables.line[tables.queue].astype(np.int32),
        work_s=tables.work_s.astype(np.int64),
        first_of_staff=tables.first_of_staff.astype(np.int64),
        staff=tables.staff.astype(np.int32),
        end_s=tables.end,
    )
    return bureau, trips
