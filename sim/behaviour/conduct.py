"""What behaviours and the rest of the model tell each other: where a unit stands, and how it then behaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from sim.scenario.schema import Scenario
from sim.world.streams import Streams


@dataclass(frozen=True)
class Standing:
    """What units see at the monthly review; arrays by unit in the scenario's order, (units,).

    score_mean, score_sd : forecast of the year-end score, points; NaN of units without a scorecard.
    share_left : share of the year that is still to come, 0 to 1.
    scored, bound : bool, the unit has a scorecard; the pay rule binds its people.
    pay, assessment_pay, bonus : means over its people of a year's full pay and of its parts.
    volume : (units, kinds), the share of each kind in the unit's work, rows sum to 1 (0 without work).
    assessed : (units, kinds), what each kind weighs in the unit's score, rows sum to 1 (0 without score).
    cases : (units,), cases that fall due in a year; None = not known, taken as 100.
    score_error : (units,), standard error of the score as the rules reckon it, points; None = as given there.
    last_year : (units,), shares of assessment pay of the year before, NaN = none; None = no year before.
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
    """How units behave in the month to come; arrays by unit in the scenario's order.

    effort : (units,), 1 = standard; people work so many times as fast.
    rush : (units,), 0 or more: the part of the extra effort that is corner-cutting, which makes errors.
    attention : (units, kinds), 1 = as the rules say, towards 0 = neglected: left lying for others.
    duty : (units,), share of the hours of standing duties that are really spent on them, 1 = all.
    late_last : (units,), bool: requests that are late already are served after all others.
    recording : (units,), share of nearly late cases that are recorded as in time, 0 to 1.
    """

    effort: np.ndarray
    rush: np.ndarray
    attention: np.ndarray
    duty: np.ndarray
    late_last: np.ndarray
    recording: np.ndarray

    @classmethod
    def neutral(cls, units: int, kinds: int) -> Conduct:
        """Everybody does what the rules say, at standard effort."""
        return cls(
            effort=np.ones(units),
            rush=np.zeros(units),
            attention=np.ones((units, kinds)),
            duty=np.ones(units),
            late_last=np.zeros(units, bool),
            recording=np.zeros(units),
        )


@dataclass
class Memory:
    """What a behaviour keeps through a replication; each behaviour adds its own fields.

    streams : names → numpy Generator, for what is drawn.
    """

    streams: Streams


class Behaviour(Protocol):
    """A way in which people answer to the rules: a module of this package.

    NAME : what studies call it. READS_RULES : whether it looks at the rules by which a year is judged.
    respond : from (Standing, Scenario, Conduct, its own Memory) to the Conduct of the month to come. One that
    learns from verdicts also has ``year_end(verdict, rules, memory)``.
    """

    NAME: str
    READS_RULES: bool

    @property
    def Memory(self) -> type[Memory]: ...  # noqa: N802 (a class)

    @property
    def respond(self) -> Callable[[Standing, Scenario, Conduct, Any], Conduct]: ...
