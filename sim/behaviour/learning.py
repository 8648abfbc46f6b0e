"""People who know no schedule: each year they change their effort, and turn back if it did not pay.

Trial and error as in Huck, Normann and Oechssler 2004, Through trial and error to collusion (International
Economic Review 45): keep the direction if the last step raised the own payoff, else reverse it. Units observe
only their own pay, less the cost of their own effort.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.rules import Verdict
from sim.scenario.schema import Scenario

from .conduct import Conduct, Standing
from .conduct import Memory as Kept

NAME = "learning"
READS_RULES = True  # through its pay


@dataclass
class Memory(Kept):
    """The memory of units, arrays (units,); None until there is something.

    effort : this year's. pay : a year's full pay; amounts : its parts that a verdict decides, (2, units).
    net : last year's payoff, NaN without a score; way : the direction of the last step, 0 = none.
    """

    effort: np.ndarray | None = None
    pay: np.ndarray | None = None
    amounts: np.ndarray | None = None
    net: np.ndarray | None = None
    way: np.ndarray | None = None


def respond(standing: Standing, rules: Scenario, conduct: Conduct, memory: Memory) -> Conduct:
    """Return the year's effort, the same in every month; in the first year it is standard."""
    units = len(conduct.effort)
    memory.amounts = np.where(standing.bound, np.array([standing.assessment_pay, standing.bonus]), 0.0)
    memory.pay = standing.pay
    if memory.effort is None:
        memory.effort = np.ones(units)
    rush = rules.behaviour.learning.rush_share * np.maximum(memory.effort - 1, 0.0)
    by_kind = np.repeat(memory.effort[:, None], conduct.by_kind.shape[1], axis=1)
    return replace(conduct, effort=memory.effort, by_kind=by_kind, rush=rush)


def year_end(verdict: Verdict, rules: Scenario, memory: Memory) -> None:
    """Set next year's effort from this year's pay; units without a score keep theirs."""
    if memory.pay is None or memory.amounts is None or memory.effort is None:
        return  # a stretch of days without a review
    part = rules.behaviour.learning
    effort, full = memory.effort, np.where(memory.pay > 0, memory.pay, np.nan)
    shares = np.array([verdict.pay_share, verdict.bonus_share])
    paid = np.where(np.isnan(shares), 0.0, shares * memory.amounts).sum(axis=0) / full
    net = paid - part.cost / 2 * (effort - 1) ** 2
    learns = ~np.isnan(verdict.score) & (memory.amounts.sum(axis=0) > 0)
    luck = np.array(
        [memory.streams("behaviour", NAME, unit, str(verdict.year)).random(2) for unit in verdict.units]
    )
    toss = np.where(luck[:, 0] < 0.5, -1.0, 1.0)
    if memory.net is not None and memory.way is not None:
        better, known = net > memory.net, (memory.way != 0) & ~np.isnan(memory.net)
        way = np.where(known, np.where(better, 1, -1) * memory.way, toss)
    else:
        way = toss
    size = part.step * (0.5 + luck[:, 1])
    memory.net, memory.way = np.where(learns, net, np.nan), np.where(learns, way, 0.0)
    memory.effort = np.where(learns, np.clip(effort + way * size, part.least, part.most), effort)
