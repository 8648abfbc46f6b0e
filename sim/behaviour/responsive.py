"""People who know the rules and their own office: they plan the year, and choose anew each month.

Effort, attention, timing and records follow what a point of score is worth to them (`worth`, `year`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.scenario.part import given
from sim.scenario.schema import Scenario
from sim.world.streams import Streams

from .conduct import Conduct, Standing
from .conduct import Memory as Kept
from .recording import falsified_share
from .stakes import Stakes
from .year import People, Plan, Plans, plans

NAME = "responsive"
READS_RULES = True


@dataclass
class Memory(Kept):
    """stakes : depend only on the rules. people : how units differ. plans : of this year."""

    stakes: Stakes | None = None
    people: People | None = None
    plans: Plans | None = None


def respond(standing: Standing, rules: Scenario, conduct: Conduct, memory: Memory) -> Conduct:
    """Return the conduct of the next month: the best for the rest of the year.

    With strength 0, or without any of its parts, conduct is neutral.
    """
    part = rules.behaviour.responsive
    neutral = Conduct.neutral(*conduct.attention.shape)
    if not part.answers:
        return neutral
    if memory.stakes is None or memory.people is None:
        memory.stakes, memory.people = Stakes.of(rules), drawn_people(rules, memory.streams)
    if standing.month == 0 or memory.plans is None:
        memory.plans = plans(standing, rules, memory.people)
    extra, extra_duty, worth, at_bound = _answers(standing, memory.plans.units)
    aim = 1 + extra
    by_kind, rush, bound = neutral.by_kind, neutral.rush, neutral.at_bound
    if part.effort.on:
        by_kind = conduct.by_kind + part.effort.monthly_share * (aim - conduct.by_kind)
        bound = at_bound
    effort = _mean(by_kind, standing.volume)
    if part.effort.on:
        rush = part.effort.rush_share * np.maximum(effort - 1, 0.0)
    attention, duty = neutral.attention, neutral.duty
    if part.allocation.on:
        wanted, wanted_duty = _attention(standing, rules, extra, extra_duty, memory.stakes)
        attention = conduct.attention + part.effort.monthly_share * (wanted - conduct.attention)
        duty = conduct.duty + part.effort.monthly_share * (wanted_duty - conduct.duty)
    stakes, pressure = memory.stakes, 100 * worth  # % of a year's pay a point
    late_last = neutral.late_last
    if part.timing.on:
        in_time_counts = stakes.on_time + stakes.on_time_case > stakes.overdue
        late_last = in_time_counts & (pressure > 0) & (pressure >= part.timing.pressure)
    recording = neutral.recording
    if part.recording.on and rules.assessment is not None:
        cases = np.full(len(worth), 100.0) if standing.cases is None else standing.cases
        gain = stakes.points_a_case(cases)
        recording = falsified_share(pressure, gain, part.recording, rules.assessment)
    missed, entered = neutral.study_missed, neutral.study_entered
    if part.study.on and rules.study is not None:
        missed, entered = _study(standing, rules, pressure, stakes)
    breaches, ordered = neutral.breaches, part.discipline
    if ordered.on:
        spared = ordered.sensitivity * pressure * stakes.discipline / 100
        breaches = 1 - np.clip(spared, 0.0, ordered.most)
    put_off, projects = neutral.put_off, part.projects
    if projects.on:
        put_off = 1 - np.clip(projects.sensitivity * pressure * stakes.projects, 0.0, projects.most)
    return Conduct(
        effort,
        by_kind,
        bound,
        rush,
        attention,
        duty,
        late_last,
        recording,
        missed,
        entered,
        breaches,
        put_off,
    )


def _study(
    standing: Standing, rules: Scenario, pressure: np.ndarray, stakes: Stakes
) -> tuple[np.ndarray, np.ndarray]:
    """Return what is added to the chances of missing study and of entering it as done, (units,) each.

    A year without self-study brings the points of its hours in service, and costs those of study that the
    record does not show. `pressure` (units,) is the worth of a point, % of a year's pay.
    """
    missed, sensitivity = given(rules.study).missed, rules.behaviour.responsive.study.sensitivity
    entered = np.clip(sensitivity * pressure * stakes.study, 0.0, 1.0 - missed.entered)
    outlook = standing.outlook
    level = int(np.searchsorted(outlook.levels, 1.0, side="right"))  # the first above the usual effort
    won = np.zeros(len(pressure))
    if standing.study is not None and level < len(outlook.levels):
        won = outlook.gains[:, level] / (outlook.levels[level] - 1) * standing.study
    shown = (missed.entered + entered) * (1 - missed.found)
    return sensitivity * pressure * (won - (1 - shown) * stakes.study), entered


def drawn_people(rules: Scenario, streams: Streams) -> People:
    """Draw how the units differ, each from a stream of its own."""
    part, strength = rules.behaviour.responsive.people, rules.behaviour.responsive.strength
    luck = np.array([streams("behaviour", NAME, "people", unit).random(4) for unit in rules.units])
    responds = luck[:, 0] >= part.not_responding
    spreads = (part.strength_spread, part.cost_spread, part.gain_spread)
    factors = [1 + spread * (2 * own - 1) for spread, own in zip(spreads, luck[:, 1:].T, strict=True)]
    own = [part.by_unit.get(unit) for unit in rules.units]
    given = [
        np.array([1.0 if one is None else getattr(one, name) for one in own])
        for name in ("strength", "cost", "gain")
    ]
    return People(strength * responds * factors[0] * given[0], factors[1] * given[1], factors[2] * given[2])


def _answers(
    standing: Standing, plans: list[Plan | None]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return extra effort (units, kinds), that for duties, the worth of a point, if a bound binds, (units,).

    Extra effort for duties is 0 where they are no task of the plan.
    """
    extra, kinds = np.zeros(standing.volume.shape), standing.volume.shape[1]
    duty, worth, bound = np.zeros(len(plans)), np.zeros(len(plans)), np.zeros(len(plans), bool)
    left = 1 - standing.month / standing.months
    for unit, plan in enumerate(plans):
        if plan is None:
            continue
        score = standing.heading[unit]
        at, worth[unit] = plan.answer(plan.usual if np.isnan(score) else score, left, standing.month)
        efforts = plan.extra(at)
        extra[unit], duty[unit] = efforts[:kinds], efforts[kinds:].sum()
        bound[unit] = plan.is_bound(extra[unit])
    return extra, duty, worth, bound


def _mean(by_kind: np.ndarray, volume: np.ndarray) -> np.ndarray:
    """Return the mean effort of units, (units,), weighted by their usual work; 1 without work."""
    return 1 + np.sum(volume * (by_kind - 1), axis=1)


def _attention(
    standing: Standing, rules: Scenario, extra: np.ndarray, extra_duty: np.ndarray, stakes: Stakes
) -> tuple[np.ndarray, np.ndarray]:
    """Return attention (units, kinds) and the share of duties done (units,).

    A task that gets less effort than the work as a whole is neglected. `extra` is (units, kinds). Duties are
    done as their own effort `extra_duty` (units,) has it, where they are tasks of the plan.
    """
    part, substitution = rules.behaviour.responsive.allocation, rules.behaviour.responsive.effort.substitution
    known = (standing.assessed.sum(axis=1) > 0) & (standing.volume.sum(axis=1) > 0)
    whole = np.where(known, np.maximum(np.sum(standing.volume * extra, axis=1), 0.0), 0.0)

    def kept(effort: np.ndarray, whole: np.ndarray) -> np.ndarray:
        return np.clip(1 - part.strength * (1 - (1 + effort) / (1 + whole)), part.floor, 1.0)

    attention = np.where(known[:, None] & (standing.volume > 0), kept(extra, whole[:, None]), 1.0)
    if not part.duties:
        return attention, np.ones(len(whole))
    if part.duty_hours:
        return attention, np.clip(1 + part.strength * extra_duty, part.floor, 1.0)
    unpaid = -whole * ((1 + substitution) / (1 - substitution) - 1)  # effort for what is not assessed
    return attention, np.where(stakes.duties > 0, 1.0, kept(unpaid, whole))
