"""A pay rule, and the levers by which it is moved until it costs what another costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.rules.schedule import Schedule, bounded, from_points, pay_schedule
from sim.scenario.assessment import Rolling
from sim.scenario.errors import InputError
from sim.scenario.part import Part, Text
from sim.scenario.pay import Pay, SchedulePoint
from sim.scenario.schema import Scenario

Lever = Literal["threshold", "slope", "level", "none"]
LEVERS: dict[str, Text] = {
    "threshold": Text(en="all scores of the schedule move (points)", zh="门槛与各节点得分同幅移动（分）"),
    "slope": Text(en="all deductions are multiplied (factor)", zh="各项扣减同倍缩放（倍）"),
    "level": Text(en="all shares of assessment pay move (share)", zh="考核工资发放比例同幅移动"),
    "none": Text(en="nothing moves", zh="不作调整"),
}


@dataclass(frozen=True)
class Rule:
    """A pay rule, and the years that count for it."""

    pay: Pay
    rolling: Rolling

    @classmethod
    def of(cls, rules: Scenario) -> Rule:
        """Return the pay rule of a scenario. Raises InputError if it has none."""
        if rules.pay is None or rules.assessment is None:
            raise InputError("the scenario pays nobody by score", remedy="Give it 'assessment' and 'pay'")
        return cls(rules.pay, rules.assessment.rolling)


def lever_range(pay: Pay, lever: str) -> tuple[float, float]:
    """Return the values of a lever among which the neutral one is sought."""
    if lever == "slope":
        return 0.0, 10.0
    if lever == "level":
        return -1.0, 1.0
    lines = [pay.full_pay_threshold] if pay.schedule is None else []
    lines += [pay.bonus_threshold] if pay.bonus_schedule is None else []
    return max([-40.0, *(-line for line in lines)]), min([40.0, *(100.0 - line for line in lines)])


def moved(rule: Rule, lever: str, by: float) -> Rule:
    """Return the rule with its lever moved."""
    pay = rule.pay
    if lever == "threshold":
        change = {
            "full_pay_threshold": float(np.clip(pay.full_pay_threshold + by, 0, 100)),
            "bonus_threshold": float(np.clip(pay.bonus_threshold + by, 0, 100)),
            "schedule": pay.schedule and _points(_shifted(from_points(pay.schedule), by)),
            "bonus_schedule": pay.bonus_schedule and _points(_shifted(from_points(pay.bonus_schedule), by)),
        }
    elif lever == "slope":
        floor = 1 - (1 - pay.bonus_floor) * by
        change = {
            "deduction_per_point": min(pay.deduction_per_point * by, 100.0),
            "floor": float(np.clip(1 - (1 - pay.floor) * by, 0, 1)),
            "bonus_floor": float(np.clip(floor, 0, 1)),
            "schedule": pay.schedule and _points(_scaled(from_points(pay.schedule), by)),
            "bonus_schedule": pay.bonus_schedule and _points(_scaled(from_points(pay.bonus_schedule), by)),
        }
    else:
        whole = pay_schedule(pay)
        lifted = Schedule(whole.at, whole.before + by, whole.here + by)
        change = {"schedule": _points(bounded(lifted, 0.0, 2.0)), "floor": 0.0, "ceiling": 2.0}
    return Rule(pay.model_copy(update=change), rule.rolling)


def as_changes(rule: Rule, scenario: Scenario) -> dict[str, Any]:
    """Return the changes of a policy under which the scenario pays by this rule."""
    now, changes = Rule.of(scenario), {}
    gate, rolling = rule.pay.gate, rule.rolling
    parts: tuple[tuple[str, Part, Part], ...] = (
        ("pay", rule.pay, now.pay),
        ("pay.gate", gate if gate.on else now.pay.gate.model_copy(update={"on": False}), now.pay.gate),
        (
            "assessment.rolling",
            rolling if rolling.on else now.rolling.model_copy(update={"on": False}),
            now.rolling,
        ),
    )
    for path, wanted, current in parts:
        for name, value in wanted:
            if value != getattr(current, name) and not isinstance(value, Part):
                changes[f"{path}.{name}"] = _plain(value)
    return changes


def _plain(value: Any) -> Any:
    """Return a value as a policy file writes it."""
    if isinstance(value, tuple):
        return [one.model_dump(exclude_none=True) if isinstance(one, Part) else one for one in value]
    return value


def _shifted(schedule: Schedule, by: float) -> Schedule:
    return Schedule(schedule.at + by, schedule.before, schedule.here)


def _scaled(schedule: Schedule, by: float) -> Schedule:
    """Return the schedule with its distance from full pay multiplied, between 0 and 2."""
    moved = Schedule(schedule.at, 1 - (1 - schedule.before) * by, 1 - (1 - schedule.here) * by)
    return bounded(moved, 0.0, 2.0)


def _points(schedule: Schedule) -> tuple[SchedulePoint, ...]:
    """Return the corners of a schedule as a scenario writes them: scores from 0 to 100 only."""
    inside = (schedule.at > 1e-6) & (schedule.at < 100)
    at = np.concatenate([[0.0], schedule.at[inside], [100.0]])
    here = schedule.value(at)
    before = np.concatenate([here[:1], schedule.before[inside], schedule.value(np.array([100.0 - 1e-9]))])
    points = []
    for score, left, right in zip(at, before, here, strict=True):
        jump = round(float(right), 9) if abs(right - left) > 1e-6 else None
        share = round(float(right if jump is None else left), 9)
        points.append(SchedulePoint(score=float(score), share=share, jump_to=jump))
    if len(points) > 40:
        raise InputError(
            f"the schedule has {len(points)} corners; a scenario writes 40 at most",
            remedy="Take the lever 'threshold' or 'slope', or count points as fractions",
        )
    return tuple(points)
