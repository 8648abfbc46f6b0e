"""People who know the rules: effort, attention, timing and records follow the pay of the next point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.scenario.schema import Scenario

from .attention import spread
from .conduct import Conduct, Standing
from .conduct import Memory as Kept
from .next_point import worth_of_a_point
from .recording import falsified_share
from .stakes import Stakes

NAME = "responsive"
READS_RULES = True


@dataclass
class Memory(Kept):
    """stakes : depend only on the rules. aim : the effort that units aim at, (units,)."""

    stakes: Stakes | None = None
    aim: np.ndarray | None = None


def respond(standing: Standing, rules: Scenario, conduct: Conduct, memory: Memory) -> Conduct:
    """Return the conduct of the next month, from the forecast of the year-end score and its marginal pay.

    With strength 0 conduct is neutral.
    """
    part = rules.behaviour.responsive
    neutral = Conduct.neutral(*conduct.attention.shape)
    if part.strength == 0:
        return neutral
    worth = worth_of_a_point(standing, rules)  # money per point
    year = np.where(standing.pay > 0, standing.pay, np.inf)
    aim = best_effort(worth / year, standing.share_left, rules)
    memory.aim = aim
    if memory.stakes is None:
        memory.stakes = Stakes.of(rules)
    stakes, pressure = memory.stakes, part.strength * 100 * worth / year
    effort, rush = neutral.effort, neutral.rush
    if part.effort.on:
        effort = conduct.effort + part.effort.monthly_share * (aim - conduct.effort)
        rush = part.effort.rush_share * np.maximum(effort - 1, 0.0)
    attention, duty = neutral.attention, neutral.duty
    if part.allocation.on:
        wanted, wanted_duty = _attention(standing, rules, aim - 1, stakes)
        attention = conduct.attention + part.effort.monthly_share * (wanted - conduct.attention)
        duty = conduct.duty + part.effort.monthly_share * (wanted_duty - conduct.duty)
    late_last = neutral.late_last
    if part.timing.on:
        in_time_counts = stakes.on_time + stakes.on_time_case > stakes.overdue
        late_last = in_time_counts & (pressure > 0) & (pressure >= part.timing.pressure)
    recording = neutral.recording
    if part.recording.on and rules.assessment is not None:
        cases = np.full(len(worth), 100.0) if standing.cases is None else standing.cases
        gain = stakes.points_a_case(cases)
        recording = falsified_share(
            pressure / part.strength, gain, part.recording, rules.assessment, part.strength
        )
    by_kind = np.repeat(effort[:, None], attention.shape[1], axis=1)
    return Conduct(effort, by_kind, rush, attention, duty, late_last, recording)


def best_effort(worth: np.ndarray, share_left: float, rules: Scenario) -> np.ndarray:
    """Return e* = 1 + strength × points per effort × share of the year left × m / cost, in bounds, (units,).

    `worth` is m, in years of pay per point. It is the exact best response to a linear schedule. Near corners
    and cliffs the monthly steps towards it, each from a new forecast, approach the best response.
    """
    part = rules.behaviour.responsive
    gained = part.effort.points_per_effort * share_left
    return np.clip(1 + part.strength * gained * worth / part.effort.cost, part.effort.least, part.effort.most)


def _attention(
    standing: Standing, rules: Scenario, extra: np.ndarray, stakes: Stakes
) -> tuple[np.ndarray, np.ndarray]:
    """Return attention (units, kinds) and the share of duties done (units,), at extra effort (units,).

    A task that gets less effort than the work as a whole is neglected.
    """
    part = rules.behaviour.responsive.allocation
    known = (standing.assessed.sum(axis=1) > 0) & (standing.volume.sum(axis=1) > 0)
    extra = np.where(known, np.maximum(extra, 0.0), 0.0)
    each = spread(extra, standing.volume, standing.assessed, part.substitution)

    def kept(effort: np.ndarray, whole: np.ndarray) -> np.ndarray:
        return np.clip(1 - part.strength * (1 - (1 + effort) / (1 + whole)), part.floor, 1.0)

    attention = kept(each, extra[:, None])
    attention = np.where(standing.volume > 0, attention, 1.0)
    if not part.duties:
        return attention, np.ones(len(extra))
    unpaid = -extra * part.substitution / (1 - part.substitution)
    return attention, np.where(stakes.duties, 1.0, kept(unpaid, extra))
