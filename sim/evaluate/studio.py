"""Compare pay schedules at equal expected cost, on the scores that units are measured to have.

Every schedule pays the same scores: nobody responds. `neutral_pay` moves a schedule until it costs what the
baseline costs, `schedules_table` tells what it then does. Sources: Holmström and Milgrom 1987 (linear pay),
Lazear and Rosen 1981 (cliffs), Saez 2010 (kinks).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from sim.rules.budget import NoSolution, neutral
from sim.rules.pay import shares
from sim.rules.scaling import rolled
from sim.rules.schedule import (
    Schedule,
    bonus_schedule,
    bounded,
    combined,
    lifted_schedule,
    pay_bounds,
    pay_schedule,
)
from sim.scenario.assessment import Rolling
from sim.scenario.errors import InputError, nearest
from sim.scenario.part import Text
from sim.scenario.pay import Pay
from sim.scenario.schema import Scenario

from .compare import at_level, of_one_behaviour
from .estimate import half_widths
from .levers import LEVERS, Lever, Rule, lever_range, moved

Luck = Literal["all", "measurement"]

MEASURES: dict[str, tuple[Text, Text]] = {
    "expected_cost": (
        Text(en="Expected cost", zh="预期支出"),
        Text(en="currency a year", zh="货币/年"),
    ),
    "expected_deduction": (
        Text(en="Expected deduction", zh="预期扣减"),
        Text(en="% of floating pay", zh="占浮动工资%"),
    ),
    "noise_tax": (
        Text(en="Noise tax: pay lost by luck alone", zh="噪声税（偶然因素所致）"),
        Text(en="% of floating pay", zh="占浮动工资%"),
    ),
    "marginal_incentive": (
        Text(en="Pay for one more point", zh="每多一分的收入"),
        Text(en="% of floating pay a point", zh="占浮动工资%/分"),
    ),
    "wrongful": (
        Text(en="Wrongful deductions, of years at or above the line", zh="误扣率（达线仍被扣减）"),
        Text(en="%", zh="%"),
    ),
}
PRECISE = 1e-4  # of the floating pay: by so much the expected costs of equal schedules may differ
_STEP = 0.25  # points to either side over which a marginal incentive is taken
_AS_FULL = 1e-9  # of the floating pay


@dataclass(frozen=True)
class Standings:
    """Stored scores of the units whom the pay rule binds.

    units : their names. replication : int (draws,), of each replication's year. measured : (draws, units),
    NaN = no score that year. true : likewise, what luck is counted from. amounts : (2, units), assessment pay
    and target bonus in full, currency a year. noise : (units,), the standard deviation of measured less true.
    """

    units: tuple[str, ...]
    replication: np.ndarray
    measured: np.ndarray
    true: np.ndarray
    amounts: np.ndarray

    @cached_property
    def noise(self) -> np.ndarray:
        """Return the root mean square of measured less true, by unit."""
        return np.sqrt(np.nanmean((self.measured - self.true) ** 2, axis=0))

    @property
    def full(self) -> float:
        """Return the floating pay of all units in full, currency a year."""
        return float(self.amounts.sum())


def standings(outcomes: pd.DataFrame, rules: Scenario, luck: Luck = "all") -> Standings:
    """Return the stored scores of one policy and one behaviour.

    Parameters
    ----------
    outcomes : of a study, of one policy.
    rules : the scenario under that policy; it gives the units that the pay rule binds, and their pay.
    luck : ``measurement`` counts luck from the true score of the same year (inspections, marks, false
        records). ``all`` counts it from a unit's mean true score over all replications and years, so that the
        luck of the queue is luck too.

    Raises InputError for several policies or behaviours, a single replication, or no unit with scores.
    """
    if luck not in ("all", "measurement"):
        raise InputError(f"unknown luck '{luck}'", remedy=nearest(luck, ["all", "measurement"]))
    rows = at_level(of_one_behaviour(outcomes), "unit")
    if len(several := rows["policy"].unique()) > 1:
        raise InputError(
            f"the scores are of {len(several)} policies", remedy=f"Choose one, for example '{several[0]}'"
        )
    bound = [unit for unit in rules.units if rules.type_of(unit).pay_bound]
    tables = {}
    for name in ("score", "true_score"):
        own = rows[(rows["outcome"] == name) & rows["unit"].isin(bound)]
        table = own.astype({"unit": str}).pivot(index=["replication", "year"], columns="unit", values="value")
        tables[name] = table.dropna(axis=1, how="all")
    units = tuple(unit for unit in bound if unit in tables["score"].columns)
    if not units:
        raise InputError("pay follows no unit's score", remedy="Choose a scenario that pays by score")
    measured = tables["score"][list(units)]
    replication = measured.index.get_level_values("replication").to_numpy()
    if len(np.unique(replication)) < 2:
        raise InputError("the scores are of one replication", remedy="Run two or more")
    true = tables["true_score"][list(units)].to_numpy()
    if luck == "all":
        true = np.broadcast_to(np.nanmean(true, axis=0), true.shape)
    true = np.where(np.isnan(measured.to_numpy()), np.nan, true)
    amounts = np.zeros((2, len(units)))
    for group in rules.staff.values():
        if group.unit in units:
            grade = rules.grades[group.grade]
            amounts[:, units.index(group.unit)] += group.full_posts * np.array(
                [grade.assessment_pay, grade.target_bonus]
            )
    if not amounts.sum():
        raise InputError("nobody has assessment pay or a target bonus", remedy="Give grades some")
    return Standings(units, replication, measured.to_numpy(), true, amounts)


def neutral_pay(
    rule: Rule, scores: Standings, target: float, lever: Lever = "threshold"
) -> tuple[Rule, float, float]:
    """Return the rule at which the expected cost is the target, and by how much lever and slope moved.

    A jump that lies between two stored scores cannot be moved to cost just the target. What is left is then
    met by a factor on the deductions, 1 = none.

    Raises InputError for an unknown lever, and if no value of it costs the target.
    """
    if lever not in LEVERS:
        raise InputError(f"unknown lever '{lever}'", remedy=nearest(lever, LEVERS))
    found, by, slope = rule, (1.0 if lever == "slope" else 0.0), 1.0
    if lever == "none" or abs(_cost(rule, scores) - target) <= 1e-9 * scores.full:
        return found, by, slope
    try:
        by = neutral(
            lambda value: _cost(moved(rule, lever, value), scores), target, *lever_range(rule.pay, lever)
        )
        found = moved(rule, lever, by)
        if abs(_cost(found, scores) - target) > PRECISE / 10 * scores.full:
            rest = found
            slope = neutral(lambda value: _cost(moved(rest, "slope", value), scores), target, 0.0, 2.0)
            found = moved(rest, "slope", slope)
    except NoSolution as none:
        raise InputError(
            f"no {lever} of the schedule is neutral: {none}", remedy="Take another lever: level or threshold"
        ) from None
    return found, by, slope


def schedules_table(rules: Mapping[str, Rule], scores: Standings, confidence: float = 0.95) -> pd.DataFrame:
    """Return what each pay rule does to these scores, one row per rule and measure of `MEASURES`.

    Columns: schedule, measure, unit, value, low, high, normal, note. The interval is a t interval over
    replications. `normal` is the closed form for scores that are normal about the true ones; NaN where the
    rule has none (pay by rank, a bound on the year's change). `note` says why a value or interval is missing.
    """
    rows = []
    for name, rule in rules.items():
        found = _found(rule, scores)
        exact = _normal(rule, scores)
        for measure, (_, unit) in MEASURES.items():
            value, low, high, note = _interval(
                found[measure], scores.replication, rule.rolling, confidence, measure == "wrongful"
            )
            rows.append((name, measure, unit.en, value, low, high, exact.get(measure, np.nan), note))
    columns = ["schedule", "measure", "unit", "value", "low", "high", "normal", "note"]
    return pd.DataFrame(rows, columns=columns)


def expected_cost(rule: Rule, scores: Standings) -> float:
    """Return the mean yearly cost of a pay rule over stored scores, currency."""
    return _cost(rule, scores)


def normal_mean(schedule: Schedule, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Return the expected pay of normal scores under a schedule (k,), or (units, k), float (units,).

    Each corner adds its jump times the chance to reach it, and its change of slope times the expected points
    above it: σ[zΦ(z) + φ(z)] with z = (mean − corner) / σ. A score without noise is paid what it is.
    """
    mean, sd = (np.asarray(values, float)[..., None] for values in (mean, sd))
    certain = sd == 0
    z = (mean - schedule.at) / np.where(certain, 1.0, sd)
    reached = np.where(certain, mean >= schedule.at, ndtr(z))
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    above = np.where(certain, np.maximum(mean - schedule.at, 0), sd * (z * ndtr(z) + density))
    start = schedule.before[..., 0] + schedule.slopes[..., 0] * (mean[..., 0] - schedule.at[0])
    return start + (schedule.jumps * reached + np.diff(schedule.slopes, axis=-1) * above).sum(axis=-1)


def _cost(rule: Rule, scores: Standings) -> float:
    return float(np.einsum("kdu,ku->d", _paid(rule, scores, scores.measured), scores.amounts).mean())


def _paid(rule: Rule, scores: Standings, score: np.ndarray) -> np.ndarray:
    """Return the shares of assessment pay and bonus that scores (draws, units) are paid, (2, draws, units).

    The years before a year are the draws before it, in a circle: every draw has as many as the rule counts.
    """
    counted = _counted(rule.rolling, score).ravel()
    error = np.tile(scores.noise * _shrunk(rule.rolling), len(score))
    bound = np.ones(score.size, bool)
    free = rule.pay.model_copy(update={"most_change": None})
    if rule.pay.basis == "score":  # each unit for itself
        paid = shares(counted, error, counted, bound, free).reshape(2, *score.shape)
    else:
        years = [values.reshape(score.shape) for values in (counted, error, bound)]
        each = [shares(own, se, own, binds, free) for own, se, binds in zip(*years, strict=True)]
        paid = np.stack(each, axis=1)
    return paid if rule.pay.most_change is None else np.stack([_near(paid[0], score, rule.pay), paid[1]])


def _counted(rolling: Rolling, score: np.ndarray) -> np.ndarray:
    """Return the scores that count, of one year or several, (draws, units)."""
    kept = rolling.years if rolling.on else 1
    before = [np.roll(score, back, axis=0).ravel() for back in range(1, kept)]
    return rolled(score.ravel(), before, rolling).reshape(score.shape)


def _near(share: np.ndarray, score: np.ndarray, pay: Pay) -> np.ndarray:
    """Return shares of assessment pay (draws, units) that keep near to those of the year before."""
    last_year, near = share[-1], np.empty_like(share)
    for _ in range(2):  # the first round gives the second one its years before
        for place, own in enumerate(share):
            kept = np.clip(own, *pay_bounds(pay, last_year))
            last_year = near[place] = np.where(np.isnan(score[place]), 1.0, kept)
    return near


def _shrunk(rolling: Rolling) -> float:
    """Return the standard deviation of the mean that counts, of years with one."""
    if not rolling.on:
        return 1.0
    weights = np.array(rolling.weights or (1.0,) * rolling.years)
    return float(np.sqrt(np.sum((weights / weights.sum()) ** 2)))


def _found(rule: Rule, scores: Standings) -> dict[str, np.ndarray]:
    """Return each measure by draw (draws,), in its unit; NaN where it does not apply."""
    weight = scores.amounts / scores.full
    paid = _floating(_paid(rule, scores, scores.measured), weight)
    due = _floating(_paid(rule, scores, scores.true), weight)
    best = _floating(_paid(rule, scores, np.full_like(scores.measured, 100.0)), weight)
    if rule.pay.basis == "rank":  # no score is paid in full whatever the others have
        best = np.full_like(paid, np.nan)
    known = ~np.isnan(scores.measured)
    more, less = _beside(rule, scores, weight)
    full = np.minimum(weight.sum(axis=0), best)
    at_line = known & (due >= full - _AS_FULL)
    with np.errstate(invalid="ignore"):
        wrongful = at_line & (paid < full - _AS_FULL)
    lines = at_line.sum(axis=1)
    return {
        "expected_cost": paid.sum(axis=1) * scores.full,
        "expected_deduction": 100 * (1 - paid.sum(axis=1)),
        "noise_tax": 100 * (due - paid).sum(axis=1),
        "marginal_incentive": 100 * (more - less).sum(axis=1) / (2 * _STEP),
        "wrongful": np.divide(
            100.0 * wrongful.sum(axis=1), lines, out=np.full(len(lines), np.nan), where=lines > 0
        ),
    }


def _floating(paid: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return what units are paid, as a share of all units' floating pay (draws, units)."""
    return np.einsum("kdu,ku->du", paid, weight)


def _beside(rule: Rule, scores: Standings, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what units are paid a little above and below their scores, (draws, units) each.

    Where pay follows the rank, each unit moves alone.
    """
    sides = []
    for step in (_STEP, -_STEP):
        if rule.pay.basis != "rank":
            sides.append(_floating(_paid(rule, scores, scores.measured + step), weight))
            continue
        own = np.zeros_like(scores.measured)
        for unit in range(len(scores.units)):
            alone = scores.measured.copy()
            alone[:, unit] += step
            own[:, unit] = _floating(_paid(rule, scores, alone), weight)[:, unit]
        sides.append(own)
    return sides[0], sides[1]


def _normal(rule: Rule, scores: Standings) -> dict[str, float]:
    """Return the closed forms of `MEASURES` for normal scores; none where the rule has none."""
    if rule.pay.basis == "rank" or rule.pay.most_change is not None:
        return {}
    sd = scores.noise * _shrunk(rule.rolling)
    true = _counted(rule.rolling, scores.true)
    centre = true + np.nanmean(scores.measured - scores.true, axis=0)
    schedules = [_schedule(rule.pay, scores.amounts[:, unit], margin) for unit, margin in enumerate(sd)]

    def expected(means: np.ndarray, spread: np.ndarray) -> float:
        each = [normal_mean(one, means[:, unit], spread[unit]) for unit, one in enumerate(schedules)]
        return float(np.nanmean(each, axis=1).sum())

    cost = expected(centre, sd)
    slope = (expected(centre + _STEP, sd) - expected(centre - _STEP, sd)) / (2 * _STEP)
    return {
        "expected_cost": cost,
        "expected_deduction": 100 * (1 - cost / scores.full),
        "noise_tax": 100 * (expected(true, 0 * sd) - cost) / scores.full,
        "marginal_incentive": 100 * slope / scores.full,
    }


def _schedule(pay: Pay, amounts: np.ndarray, error: float) -> Schedule:
    """Return a unit's schedule in money, with the benefit of the doubt where the rule gives it."""
    parts = [pay_schedule(pay), bounded(bonus_schedule(pay), pay.bonus_floor, pay.bonus_ceiling)]
    if pay.gate.on:
        margin = float(ndtri(pay.gate.confidence)) * error
        lines = (pay.full_pay_threshold, pay.bonus_threshold)
        parts = [lifted_schedule(one, line, margin) for one, line in zip(parts, lines, strict=True)]
    whole = combined((one, amounts[number : number + 1]) for number, one in enumerate(parts))
    return Schedule(whole.at, whole.before[0], whole.here[0])


def _interval(
    values: np.ndarray, replication: np.ndarray, rolling: Rolling, confidence: float, share: bool
) -> tuple[float, float, float, str]:
    """Return the mean over replications, the ends of its interval, and what is to be said of it."""
    known = ~np.isnan(values)
    if not known.any():
        return np.nan, np.nan, np.nan, "no estimate: no year to which it applies"
    means = pd.Series(values[known]).groupby(replication[known]).mean().to_numpy()
    n, mean = len(means), float(means.mean())
    lag = -(-(rolling.years - 1) * n // len(values)) if rolling.on else 0  # replications that share years
    off = means - mean
    variance = float(off @ off) + 2 * sum(float(off @ np.roll(off, back)) for back in range(1, lag + 1))
    agree = np.allclose(off, 0, atol=1e-12 * max(1.0, abs(mean)))  # but for rounding
    if n - 2 * lag < 2 or variance <= 0 or agree:
        note = "no interval: all replications agree" if agree else "no interval: too few"
        return mean, np.nan, np.nan, note
    half = float(half_widths(np.sqrt(variance / (n - 1)), n, confidence))
    low, high = mean - half, mean + half
    return (mean, max(low, 0.0), min(high, 100.0), "") if share else (mean, low, high, "")
