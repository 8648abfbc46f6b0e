"""The interface between behaviours and the rest of the model: a unit's outlook, standing and conduct."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from sim.scenario.schema import Scenario
from sim.world.streams import Streams


@dataclass(frozen=True)
class Outlook:
    """What units know of a year before it begins; arrays by unit in the scenario's order, (units,).

    usual : score of the year at usual effort, points, NaN without a score.
    luck_sd : spread of the true score between years of equal effort, which the months reveal.
    unseen_sd : spread of what nobody sees before the year-end: measured less true score.
    uniform : bool, what is unseen is uniform and not normal.
    error : standard error of a score under the rules, points.
    levels : (l,), efforts, rising, 1 among them. gains : (units, l), points that a whole year at each level
    brings; 0 at 1.
    """

    usual: np.ndarray
    luck_sd: np.ndarray
    unseen_sd: np.ndarray
    uniform: np.ndarray
    error: np.ndarray
    levels: np.ndarray
    gains: np.ndarray


@dataclass(frozen=True)
class Standing:
    """The information of units at the monthly review; arrays by unit in the scenario's order, (units,).

    outlook : what was known of the year before it began.
    heading : the score that the year would end with at usual effort for the rest of it, points.
    month, months : months of the year gone, and all of them.
    scored, bound, certifiable : bool, the unit has a scorecard; the pay rule binds its people; it counts in
    the contest for certification. scorecard : int, which one; −1 = none.
    people : posts. pay, assessment_pay, bonus : means over them of a year's full pay and of its parts.
    heads : posts of heads; None = not known.
    volume : (units, kinds), share of each kind in the unit's work, rows sum to 1 (0 without work).
    assessed : (units, kinds), weight of each kind in the unit's score, rows sum to 1 (0 without score).
    past : scores of the years before, newest first.
    last_year : last year's shares of assessment pay, NaN = none; None = no year before.
    cases : cases that fall due in a year; None = not known, taken as 100.
    study : hours of self-study over hours on duty; None = not known, taken as 0.
    duties : hours of standing duties that may be cut over hours of service; None = not known, taken as 0.
    cut : share of the hours of standing duties that may be cut; None likewise.
    """

    outlook: Outlook
    heading: np.ndarray
    month: int
    months: int
    scored: np.ndarray
    bound: np.ndarray
    certifiable: np.ndarray
    scorecard: np.ndarray
    people: np.ndarray
    pay: np.ndarray
    assessment_pay: np.ndarray
    bonus: np.ndarray
    volume: np.ndarray
    assessed: np.ndarray
    past: tuple[np.ndarray, ...] = ()
    last_year: np.ndarray | None = None
    cases: np.ndarray | None = None
    heads: np.ndarray | None = None
    study: np.ndarray | None = None
    duties: np.ndarray | None = None
    cut: np.ndarray | None = None


@dataclass(frozen=True)
class Conduct:
    """The conduct of units in the next month; arrays by unit in the scenario's order.

    effort : (units,), mean factor on the speed of work, weighted by usual work, 1 = standard.
    by_kind : (units, kinds), factor on the speed of work on each kind.
    at_bound : (units,), bool: the effort for some kind is at a bound.
    rush : (units,), 0 or more: the part of the extra effort that is corner-cutting, which makes errors.
    attention : (units, kinds), 1 = as the rules say; towards 0 = neglected, left lying for others.
    duty : (units,), share of the hours of standing duties really spent on them, 1 = all.
    late_last : (units,), bool: requests already late are served after all others.
    recording : (units,), share of nearly late cases recorded as in time, 0 to 1.
    study_missed : (units,), added to the chance that a sitting of self-study is missed.
    study_entered : (units,), added to the share of missed study that is entered as done.
    breaches : (units,), share of the usual breaches of discipline that still happen, 1 = all.
    put_off : (units,), share of the usual rounds for which projects are put off that still happen, 1 = all.
    """

    effort: np.ndarray
    by_kind: np.ndarray
    at_bound: np.ndarray
    rush: np.ndarray
    attention: np.ndarray
    duty: np.ndarray
    late_last: np.ndarray
    recording: np.ndarray
    study_missed: np.ndarray
    study_entered: np.ndarray
    breaches: np.ndarray
    put_off: np.ndarray

    @classmethod
    def neutral(cls, units: int, kinds: int) -> Conduct:
        """Return the conduct that follows the rules, at standard effort."""
        return cls(
            effort=np.ones(units),
            by_kind=np.ones((units, kinds)),
            at_bound=np.zeros(units, bool),
            rush=np.zeros(units),
            attention=np.ones((units, kinds)),
            duty=np.ones(units),
            late_last=np.zeros(units, bool),
            recording=np.zeros(units),
            study_missed=np.zeros(units),
            study_entered=np.zeros(units),
            breaches=np.ones(units),
            put_off=np.ones(units),
        )

    def at(self, effort: np.ndarray) -> Conduct:
        """Return the conduct at the same effort (units,) for all kinds."""
        return replace(self, effort=effort, by_kind=np.repeat(effort[:, None], self.by_kind.shape[1], axis=1))


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
