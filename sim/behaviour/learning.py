"""People who know no schedule: each year they try another effort, and go on if it paid, back if it did not.

Trial and error as in Huck, Normann and Oechssler 2004, Through trial and error to collusion (International
Economic Review 45): keep the direction if the last step raised the own payoff, else turn round. Units look at
their own pay, less the cost of their own effort, and at nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.rules import Verdict
from sim.scenario.schema import Scenario

from .conduct import Conduct, Standing
from .conduct import Memory as Kept

NAME = "learning"
READS_RULES = True  # through what it is paid


@dataclass
class Memory(Kept):
    """What units remember, arrays (units,); None until there is something.

    effort : of the year. pay : a year's, and `amounts` of it that a verdict decides, (2, units). net : what
    last year was worth, NaN without a score, and `way`, the direction of the last step, 0 = none.
    """

    effort: np.ndarray | None = None
    pay: np.ndarray | None = None
    amounts: np.ndarray | None = None
    net: np.ndarray | None = None
    way: np.ndarray | None = None


def respond(standing: Standing, rules: Scenario, conduct: Conduct, memory: Memory) -> Conduct:
    """The year's effort, the same in every month; the first year is worked as usual."""
    units = len(conduct.effort)
    memory.amounts = np.where(standing.bound, np.array([standing.assessment_pay, standing.bonus]), 0.0)
    memory.pay = standing.pay
    if memory.effort is None:
        memory.effort = np.ones(units)
    rush = rules.behaviour.learning.rush_share * np.maximum(memory.effort - 1, 0.0)
    return replace(conduct, effort=memory.effort, rush=rush)


def year_end(verdict: Verdict, rules: Scenario, memory: Memory) -> None:
    """Next year's effort, from this year's pay. Units without a score keep to their effort."""
    if memory.pay is None or memory.amounts is None or memory.effort is None:
        return  # no review in it: a stretch of days
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
