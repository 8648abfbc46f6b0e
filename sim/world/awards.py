"""Degrees and certificates that people earn: drawn by person and year, whatever the policy pays for them."""

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


def earned(scenario: Scenario, people: list[tuple[str, str]], year: int, streams: Streams) -> Earned:
    """Draw the awards of people, (name, role) each, in a year."""
    result = Earned(np.zeros(len(people), np.int64), np.zeros(len(people)), np.zeros(len(people)))
    for name, award in scenario.awards.items():
        for place, (person, role) in enumerate(people):
            if award.roles != "all" and role not in award.roles:
                continue
            if streams("award", name, person, str(year)).random() < award.chance:
                result.awards[place] += 1
                result.reward[place] += award.reward
                result.knowledge_hours[place] += award.knowledge_hours
    return result
