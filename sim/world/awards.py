"""Degrees and certificates that people earn: drawn by person and year.

A greater reward moves more people to earn one, and never other people: who earns it for less is among them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.scenario.schema import Scenario

from .streams import Streams


class Earned(NamedTuple):
    """Awards of a year, arrays (people,): their number, reward (money) and knowledge (hours of study)."""

    awards: np.ndarray
    reward: np.ndarray
    knowledge_hours: np.ndarray


def answered(share: float, reward: float, usual: float | None, response: float) -> float:
    """Return the share of people who act for a reward, given that at the `usual` one; linear, 0 to 1.

    `response` is the share of them who do so for the reward. Without a usual reward it is the present one.
    """
    if usual is None or response == 0:
        return share
    return min(1.0, share * (1 + response * (reward / usual - 1)))


def earned(scenario: Scenario, people: list[tuple[str, str]], year: int, streams: Streams) -> Earned:
    """Draw the awards of people, (name, role) each, in a year."""
    result = Earned(np.zeros(len(people), np.int64), np.zeros(len(people)), np.zeros(len(people)))
    for name, award in scenario.awards.items():
        chance = answered(award.chance, award.reward, award.usual_reward, award.response)
        luck = streams.uniform([("award", name, person, str(year)) for person, _ in people])[:, 0]
        for place, (_, role) in enumerate(people):
            if award.roles != "all" and role not in award.roles:
                continue
            if luck[place] < chance:
                result.awards[place] += 1
                result.reward[place] += award.reward
                result.knowledge_hours[place] += award.knowledge_hours
    return result
