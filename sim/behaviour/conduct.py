"""The interface between behaviours and the rest of the model: a unit's standing, and its conduct."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from sim.scenario.schema import Scenario
from sim.world.streams import Streams


@dataclass(frozen=True)
class Standing:
    """The information of units at the monthly review; arrays by unit in the scenario's order, (units,).

    score_mean, score_sd : forecast of the year-end score, points; NaN without a scorecard.
    share_left : share of the year still to come, 0 to 1.
    scored, bound : bool, the unit has a scorecard; the pay rule binds its people.
    pay, assessment_pay, bonus : means over its people of a year's full pay and of its parts.
    volume : (units, kinds), share of each kind in the unit's work, rows sum to 1 (0 without work).
    assessed : (units, kinds), weight of each kind in the unit's score, rows sum to 1 (0 without score).
    cases : (units,), cases that fall due in a year; None = not known, taken as 100.
    score_error : (units,), standard error of the score under the rules, points; None = as given there.
    last_year : (units,), last year's shares of assessment pay, NaN = none; None = no year before.
    """

    score_mean: np.ndarray
    score_sd: np.ndarray
    share_left: float
    scored: np.ndarray
    bound: np.ndarray
    pay: np.ndarray
    assessment_pay: np.ndarray
    bonus: np.ndarray
    volume: np.ndarray
    assessed: np.ndarray
    cases: np.ndarray | None = None
    score_error: np.ndarray | None = None
    last_year: np.ndarray | None = None


@dataclass(frozen=True)
class Conduct:
    """The conduct of units in the next month; arrays by unit in the scenario's order.

    effort : (units,), factor on the speed of work, 1 = standard: the mean over the unit's usual work.
    by_kind : (units, kinds), factor on the speed of work on each kind, 1 = standard.
    rush : (units,), 0 or more: the part of the extra effort that is corner-cutting, which makes errors.
    attention : (units, kinds), 1 = as the rules say; towards 0 = neglected, left lying for others.
    duty : (units,), share of the hours of standing duties really spent on them, 1 = all.
    late_last : (units,), bool: requests already late are served after all others.
    recording : (units,), share of nearly late cases recorded as in time, 0 to 1.
    """

    effort: np.ndarray
    by_kind: np.ndarray
    rush: np.ndarray
    attention: np.ndarray
    duty: np.ndarray
    late_last: np.ndarray
    recording: np.ndarray

    @classmethod
    def neutral(cls, units: int, kinds: int) -> Conduct:
        """Return the conduct that follows the rules, at standard effort."""
        return cls(
            effort=np.ones(units),
            by_kind=np.ones((units, kinds)),
            rush=np.zeros(units),
            attention=np.ones((units, kinds)),
            duty=np.ones(units),
            late_last=np.zeros(units, bool),
            recording=np.zeros(units),
        )


@dataclass
class Memory:
    """The memory of a behaviour in a replication; each behaviour adds its own fields.

    streams : names → numpy Generator, for random draws.
    """

    streams: Streams


class Behaviour(Protocol):
    """A response of people to the rules: a module of this package.

    NAME : its name in studies. READS_RULES : whether it reads the rules by which a year is judged.
    respond : (Standing, Scenario, Conduct, its own Memory) → Conduct of the next month. A behaviour that
    learns from verdicts also has ``year_end(verdict, rules, memory)``.
    """

    NAME: str
    READS_RULES: bool

    @property
    def Memory(self) -> type[Memory]: ...  # noqa: N802 (a class)

    @property
    def respond(self) -> Callable[[Standing, Scenario, Conduct, Any], Conduct]: ...
