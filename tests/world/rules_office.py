"""Two small offices and a hall, with every kind of step, for the tests of the service rules."""

from __future__ import annotations

import copy
from typing import Any

import pandas as pd

from sim.scenario import Scenario, build
from sim.world import World, draw_world, in_force
from sim.world.reroute import stream_of
from sim.world.tasks import step_names
from tests.flow.scenarios import SCORING, text

AMOUNTS = ("type", "work_s", "delay_s", "delay_days", "fails_above", "corrections", "stops")
DAYS = ("mon", "tue", "wed", "thu", "fri")
DATA: dict[str, Any] = {
    "format": "jingxi-scenario/1",
    "title": text("offices"),
    "description": text("for tests of rules"),
    "horizon": {"start": "2025-01-01", "years": 1},
    "calendar": {"country": "CN", "week": dict.fromkeys(DAYS, ["08:30-12:00", "14:00-17:30"])},
    "roles": {
        "window": {"title": text("window"), "front": True},
        "field": {"title": text("field")},
        "review": {"title": text("review")},
        "head": {"title": text("head")},
        "leader": {"title": text("leader")},
    },
    "grades": {
        "clerk": {
            "title": text("clerk"),
            "base_pay": 1,
            "assessment_pay": 1,
            "target_bonus": 1,
            "leave_days": 5,
        }
    },
    "unit_types": {"office": {"title": text("office"), "scorecard": "card"}},
    "units": {name: {"type": "office", "title": text(name)} for name in ("north", "south", "hall")},
    "staff": {
        **{
            f"{unit}_{role}": {"unit": unit, "role": role, "grade": "clerk"}
            for unit in ("north", "south")
            for role in ("window", "field", "head")
        },
        "hall_review": {"unit": "hall", "role": "review", "grade": "clerk", "skills": ["deed", "petition"]},
        "leaders": {"unit": "hall", "role": "leader", "grade": "clerk", "count": 2},
    },
    "kinds": {
        "deed": {
            "title": text("deed"),
            "complexity_cv": 0.5,
            "limit": {"amount": 9, "per": "working_days"},
            "route": {
                "accept": {"type": "work", "at": "own/window", "minutes": 30, "cv": 0.5},
                "complete": {
                    "type": "return",
                    "chance": 0.4,
                    "amount": 3,
                    "per": "working_days",
                    "cv": 0.5,
                    "back_to": "accept",
                },
                "visit": {"type": "work", "at": "own/field", "minutes": 90, "cv": 0.5},
                "outside": {
                    "type": "delay",
                    "reason": "outside_department",
                    "amount": 200,
                    "per": "hours",
                    "cv": 0.8,
                },
                "to_hall": {"type": "delay", "reason": "transfer", "amount": 30, "per": "hours", "cv": 0.5},
                "review": {"type": "work", "at": "hall/review", "minutes": 40, "cv": 0.5},
                "issue": {"type": "work", "at": "own/window", "minutes": 15, "cv": 0.5},
            },
        },
        "petition": {
            "title": text("petition"),
            "limit": {"amount": 100, "per": "hours"},
            "route": {
                "hear": {"type": "work", "at": "own/window", "minutes": 50, "cv": 0.5},
                "sort": {"type": "branch", "to": {"look": 0.5, "end": 0.5}},
                "look": {"type": "work", "at": "own/field", "minutes": 50, "cv": 0.5, "next": "end"},
            },
        },
    },
    "demand": {
        "deed": {"volumes": {"north": 900, "south": 600}, "profile": "hours"},
        "petition": {"volumes": {"north": 500}, "profile": "hours"},
    },
    "profiles": {"hours": {"working_days_only": True, "hours": [0] * 9 + [1, 1, 1] + [0] * 12}},
    **SCORING,
}


def office(**blocks: Any) -> Scenario:
    """The offices with these blocks, as they are written in a file."""
    return build(copy.deepcopy(DATA) | copy.deepcopy(blocks))


def rules(**parts: dict[str, Any]) -> Scenario:
    """The offices with these service rules on."""
    return office(service_rules={name: {"on": True} | part for name, part in parts.items()})


def frictions(**parts: dict[str, Any]) -> Scenario:
    """The offices with these frictions on."""
    return office(frictions={name: {"on": True} | part for name, part in parts.items()})


def drawn(scenario: Scenario, replication: int = 0) -> World:
    return draw_world(in_force(scenario), 7, replication)


def visits(world: World) -> pd.DataFrame:
    """A row a task, by kind, unit, number, the step it stands for, and visit: step and `AMOUNTS`."""
    tasks, requests = world.tasks, world.requests
    names = [step for _, step in step_names(world.scenario)]
    table = pd.DataFrame(
        {
            **{
                name: requests[name].astype(str if name != "number" else int).to_numpy()[tasks.request]
                for name in ("kind", "unit", "number")
            },
            "like": [stream_of(names[step]) for step in tasks.step],
            "step": [names[step] for step in tasks.step],
            **{name: getattr(tasks, name) for name in AMOUNTS},
        }
    )
    table["visit"] = table.groupby(["kind", "unit", "number", "like"]).cumcount()
    return table.set_index(["kind", "unit", "number", "like", "visit"])
