"""Fifteen offices with two kinds of matters, a section without a scorecard, and where they stand."""

from __future__ import annotations

import numpy as np

from sim.behaviour import Outlook, Standing
from sim.scenario import build
from sim.scenario.schema import Scenario

OFFICES = [f"office_{number}" for number in range(1, 16)]


def text(name: str) -> dict:
    return {"en": name, "zh": name}


def item(indicator: str, points: float, **more: object) -> dict:
    return {"title": text("i"), "indicator": indicator, "points": points, "rule": "proportional", **more}


def scenario_of(
    behaviour: dict | None = None,
    items: dict | None = None,
    assessment: dict | None = None,
    pay: dict | None = None,
    minutes: float = 10,
    limit_hours: float | None = None,
    demand: dict | None = None,
) -> Scenario:
    """Pay of 100 yuan a year: a yuan is a pay point, a per cent."""
    route = {"accept": {"type": "work", "at": "own/window", "minutes": minutes, "distribution": "constant"}}
    limit = {} if limit_hours is None else {"limit": {"amount": limit_hours, "per": "hours"}}
    return build(
        {
            "format": "jingxi-scenario/1",
            "title": text("t"),
            "description": text("d"),
            "horizon": {"start": "2025-01-01", "years": 1},
            "calendar": {"country": "none", "week": "always"},
            "roles": {"window": {"title": text("w")}},
            "grades": {
                "clerk": {
                    "title": text("c"),
                    "base_pay": 0,
                    "assessment_pay": 100,
                    "target_bonus": 0,
                    "leave_days": 0,
                }
            },
            "unit_types": {
                "office": {"title": text("o"), "scorecard": "card", "pay_bound": True, "certifiable": True},
                "section": {"title": text("s")},
            },
            "units": {
                **{name: {"type": "office", "title": text(name)} for name in OFFICES},
                "section": {"type": "section", "title": text("s")},
            },
            "staff": {
                unit: {"unit": unit, "role": "window", "grade": "clerk"} for unit in (*OFFICES, "section")
            },
            "kinds": {
                "registration": {"title": text("r"), "route": route, **limit},
                "petition": {"title": text("p"), "route": route, **limit},
            },
            "demand": demand or {"registration": {"volumes": {"office_1": 100}}},
            "scorecards": {
                "card": {"title": text("c"), "items": items or {"on_time": item("on_time_rate", 100)}}
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
                "deduction_per_point": 1,
                "bonus_threshold": 95,
                **(pay or {}),
            },
            "behaviour": {"trials": {"at_least": 4, "at_most": 4}, "responsive": behaviour or {}},
        }
    )


def standing_at(
    usual: np.ndarray | float = 94.0,
    unseen_sd: float = 2.0,
    luck_sd: float = 0.0,
    *,
    month: int = 0,
    heading: np.ndarray | float | None = None,
    points: float = 40.0,
    error: float = 0.0,
    assessment_pay: float = 100.0,
    bonus: float = 0.0,
    assessed: tuple[float, float] = (1.0, 0.0),
    **more: object,
) -> Standing:
    """All offices at `usual`, heading for it if nothing else is said; the section has no score."""
    units = len(OFFICES) + 1
    scored = np.arange(units) < len(OFFICES)

    def everybody(value: np.ndarray | float) -> np.ndarray:
        values = np.full(units, np.nan)
        values[: len(OFFICES)] = value
        return values

    levels = np.array([0.5, 1.0, 2.0])
    outlook = Outlook(
        usual=everybody(usual),
        luck_sd=np.full(units, luck_sd),
        unseen_sd=np.full(units, unseen_sd),
        uniform=np.zeros(units, bool),
        error=np.full(units, error),
        levels=levels,
        gains=np.tile(points * (levels - 1), (units, 1)),
    )
    return Standing(
        outlook=outlook,
        heading=everybody(usual if heading is None else heading),
        month=month,
        months=12,
        scored=scored,
        bound=scored,
        certifiable=scored,
        scorecard=np.where(scored, 0, -1),
        people=np.ones(units),
        pay=np.full(units, 100.0),
        assessment_pay=np.full(units, assessment_pay),
        bonus=np.full(units, bonus),
        volume=np.tile([0.6, 0.4], (units, 1)),
        assessed=np.where(scored[:, None], np.tile(assessed, (units, 1)), 0.0),
        **more,
    )


NO_CAREERS = {"promotion": 0, "advanced": 0, "bottom": 0}
