"""The plans of all units for a year: solved once a year, asked each month.

In contests each unit believes the others' year-end scores to be independent, each with its expected score at
its own planned effort. These beliefs are a fixed point, found before the year begins.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np

from sim.cache import LruCache
from sim.scenario.part import given
from sim.scenario.schema import Scenario

from . import planning
from .conduct import Outlook, Standing
from .expected_worth import Worth, expected
from .kinds import cheapest
from .planning import Future, Luck, Options
from .stakes import Stakes
from .worth import Rivals, needs_rivals, worths

_SPREADS = 7.0  # spreads beyond the reachable scores that a grid holds
_A_SPREAD = 5  # grid steps in the luck of a month
_UNSEEN = 8  # grid steps in what is not seen
_WIDEST = 4000  # grid steps; with finer luck than that a constant effort is planned
_SETTLED = 1e-3  # points by which beliefs may still move
_QUICK = 25  # rounds of Broyden's method
_ROUNDS = 60
_LEAST = 0.05  # share of the way to the answers that a round goes
_HALVINGS = 5  # of the whole way, to the least
_IN_VAIN = 6  # rounds without coming nearer by a tenth, after which a search is given up
_TOO_SLOW = 2  # rounds at a pace that does not arrive in the rounds left, likewise


class Unsettled(UserWarning):
    """Units' answers to each other do not settle: there may be no equilibrium in pure strategies."""


@dataclass(frozen=True)
class People:
    """How the units differ, (units,): strength of response, cost of effort, factor on the believed return."""

    strength: np.ndarray
    cost: np.ndarray
    gain: np.ndarray


@dataclass(frozen=True)
class Plan:
    """The plan of one unit. `future` is None where it keeps to one effort for the rest of the year.

    each : (m, kinds), the extra effort by kind at each option; where standing duties are tasks, theirs last.
    """

    worth: Worth
    options: Options
    each: np.ndarray
    future: Future | None
    unseen_sd: float
    luck_sd: float
    uniform: bool
    aversion: float
    usual: float
    end: float

    def answer(self, score: float, left: float, month: int) -> tuple[float, float]:
        """Return the place of the option for this month, and the worth of a point at it.

        `score` is the year-end score at usual effort, `left` the share of the year that is left.
        """
        options = self.options
        if self.future is not None:
            at, worth = planning.answer(options, self.future, month, score)
            return at, worth
        sd = float(np.hypot(self.unseen_sd, self.luck_sd * np.sqrt(left)))
        at = planning.plan(self.worth, options, score, left, sd, self.uniform, self.aversion)
        end, near = score + left * _gain(options, at), max(sd / 20, 0.01)
        up, down = (expected(self.worth, end + way * near, sd, self.uniform) for way in (1, -1))
        return at, (up - down) / (2 * near)

    def is_bound(self, extra: np.ndarray) -> bool:
        """Return whether the extra effort by kind (kinds,) reaches its least or its greatest anywhere."""
        each = self.each[:, : len(extra)]
        least, most = each.min(axis=0), each.max(axis=0)
        return bool((((extra <= least) | (extra >= most)) & (least < most)).any())

    def extra(self, at: float) -> np.ndarray:
        """Return the extra effort by kind of the option at this place, (kinds,), then that for duties."""
        j = min(int(at), len(self.each) - 2)
        return self.each[j] + (at - j) * (self.each[j + 1] - self.each[j])


def _gain(options: Options, at: float) -> float:
    return float(np.interp(at, np.arange(len(options.gain)), options.gain))


class Plans(NamedTuple):
    """The plans of all units, (units,), None where nothing is at stake; whether their beliefs settled."""

    units: list[Plan | None]
    settled: bool


solved: LruCache[Plans] = LruCache(128)  # years, by what determines them


def plans(standing: Standing, rules: Scenario, people: People) -> Plans:
    """Return the plans of the units for the year that begins.

    Warns
    -----
    Unsettled
        If beliefs about the others do not settle.
    """
    arrays = [getattr(part, field.name) for part in (standing.outlook, people) for field in fields(part)]
    arrays += [standing.volume, standing.assessed]
    arrays += [own for own in (standing.duties, standing.cut) if own is not None]
    if _rolls(rules):
        arrays += standing.past
    if given(rules.pay).most_change is not None and standing.last_year is not None:
        arrays.append(standing.last_year)
    key = (rules.digest(), standing.months, *(np.asarray(values).tobytes() for values in arrays))
    result = solved.get(key, lambda: _solve(standing, rules, people))
    if not result.settled:
        warnings.warn(
            "the units' answers to each other do not settle before a year; a contest need not have an "
            "equilibrium in pure strategies, least of all with hardly any noise",
            Unsettled,
            stacklevel=2,
        )
    return result


def _solve(standing: Standing, rules: Scenario, people: People) -> Plans:
    outlook = standing.outlook
    options = _options(standing, rules, people)
    sd = np.hypot(outlook.unseen_sd, outlook.luck_sd)
    reach = np.array([[0.0, 0.0] if own is None else own[0].gain[[0, -1]] for own in options])
    margin = _SPREADS * np.maximum(sd, 0.1)
    low, high = outlook.usual + reach[:, 0], outlook.usual + reach[:, 1]
    uniform = outlook.uniform & (outlook.luck_sd == 0)
    worth_against = worths(standing, rules, people.strength, (low - margin, high + margin))
    known: dict[bytes, Plan] = {}
    solved: list[Plan | None] = []

    def moves(mean: np.ndarray) -> np.ndarray:
        """Plan against these scores of the others, and return by how much one's own then differ."""
        rivals = Rivals(np.clip(mean, low, high), sd, uniform)
        worth = worth_against(rivals)
        solved[:] = [
            None
            if own is None or value is None
            else _plan(value, own, outlook, unit, standing.months, rules, known)
            for unit, (own, value) in enumerate(zip(options, worth, strict=True))
        ]
        ends = np.array([np.nan if one is None else one.end for one in solved])
        return np.nan_to_num(ends - mean)

    if needs_rivals(rules) or _rolls(rules):
        settled = _settled(moves, outlook.usual)
    else:
        moves(outlook.usual)
        settled = True
    return Plans(solved, settled)


def _settled(moves: Callable[[np.ndarray], np.ndarray], start: np.ndarray) -> bool:
    """Return whether beliefs are found that hold: `moves` is nearly 0, when it is asked for the last time.

    Broyden's method is quick where answers are smooth. Where it finds nothing, beliefs go ever smaller shares
    of the way to the answers. Either is given up where it comes no nearer for some rounds, or too slowly.
    """
    scored = np.isfinite(start)
    if not scored.any():
        return True
    from scipy.optimize import root  # late: a large import

    nearer = _Nearer(_IN_VAIN)

    def of_scored(mean: np.ndarray) -> np.ndarray:
        whole = start.copy()
        whole[scored] = mean
        found = moves(whole)[scored]
        if not nearer(float(np.max(np.abs(found)))):
            raise _InVain
        return found

    options: Any = {"fatol": _SETTLED, "maxiter": _QUICK, "line_search": None, "jac_options": {"alpha": 1.0}}
    with contextlib.suppress(ValueError, _InVain):  # a step of no length is a ValueError
        if root(of_scored, start[scored], method="broyden2", options=options).success:
            return True
    mean, share, last, before = start.copy(), 1.0, np.inf, np.zeros(len(start))
    nearer, slow = _Nearer(_IN_VAIN + _HALVINGS), 0
    for left in reversed(range(_ROUNDS)):
        move = moves(mean)
        change = float(np.max(np.abs(move)))
        if change <= _SETTLED:
            return True
        slow = slow + 1 if change < last and change * (change / last) ** left > _SETTLED else 0
        if not nearer(change) or slow > _TOO_SLOW:
            break
        if change >= last or (move @ before < 0 and change > last / 2):  # they swing
            share = max(share / 2, _LEAST)
        last, before, mean = change, move, mean + share * move
    return False


class _InVain(Exception):
    """A search that comes no nearer."""


@dataclass
class _Nearer:
    """Whether a search still comes nearer: by a tenth within so many rounds."""

    rounds: int
    nearest: float = np.inf
    in_vain: int = 0

    def __call__(self, distance: float) -> bool:
        if distance < 0.9 * self.nearest:
            self.nearest, self.in_vain = distance, 0
        else:
            self.in_vain += 1
        return self.in_vain <= self.rounds


def _rolls(rules: Scenario) -> bool:
    return given(rules.assessment).rolling.on


def _options(standing: Standing, rules: Scenario, people: People) -> list[tuple[Options, np.ndarray] | None]:
    """Return the options of each unit, with the efforts by kind; None for those who cannot move a score."""
    part, outlook = rules.behaviour.responsive.effort, standing.outlook
    stakes = Stakes.of(rules).duties
    result: list[tuple[Options, np.ndarray] | None] = []
    for unit in range(len(standing.scored)):
        gains = people.gain[unit] * outlook.gains[unit]
        volume, assessed = standing.volume[unit], standing.assessed[unit]
        if not np.isfinite(outlook.usual[unit]) or not volume.any():
            result.append(None)
            continue
        work = Tasks(volume, assessed if assessed.any() else volume, part.least, part.most)
        if rules.behaviour.responsive.allocation.duty_hours and standing.duties is not None:
            points = stakes[unit] * given(standing.cut)[unit]
            work = with_duties(work, standing.duties[unit], points, outlook.levels, gains, rules)
        options, each = cheapest(
            work.volume,
            work.assessed,
            outlook.levels,
            gains,
            part.cost * people.cost[unit],
            part.substitution,
            work.least,
            work.most,
        )
        result.append(_levels(options, each, part.levels) if part.levels else (options, each))
    return result


class Tasks(NamedTuple):
    """The tasks of a unit, (tasks,), and the bounds of its efforts, as `cheapest` takes them."""

    volume: np.ndarray
    assessed: np.ndarray
    least: float | np.ndarray
    most: float | np.ndarray


def with_duties(
    work: Tasks, hours: float, points: float, levels: np.ndarray, gains: np.ndarray, rules: Scenario
) -> Tasks:
    """Return the work with standing duties as its last task, which can be cut short and not outdone.

    `hours` are those of duties over those of service, `points` is what all of the duties bring. An hour that
    is not spent on them is one of service: it brings what an hour more of all that is scored brings.
    """
    most = levels[-1] - 1
    if hours <= 0 or most <= 0 or gains[-1] <= 0:
        return work
    brings = points / (gains[-1] / most) - hours
    floor, count, share = rules.behaviour.responsive.allocation.floor, len(work.volume), hours / (1 + hours)
    return Tasks(
        np.append(work.volume * (1 - share), share),
        np.append(work.assessed, brings),
        np.append(np.full(count, work.least), floor),
        np.append(np.full(count, work.most), 1.0),
    )


def _levels(options: Options, each: np.ndarray, levels: tuple[float, ...]) -> tuple[Options, np.ndarray]:
    """Return the options of which a choice is left, at the pushes that equal efforts at `levels` bring."""
    push = np.array([level - 1 for level in levels])
    push = np.unique(np.clip(push, options.push[0], options.push[-1]))
    at = np.interp(push, options.push, np.arange(len(options.push)))
    points = np.array([planning.option(options, place) for place in at])
    marginal = np.interp(at, np.arange(len(options.marginal)), options.marginal)
    extra = np.array([np.interp(at, np.arange(len(each)), own) for own in each.T]).T
    return Options(push, points[:, 1], points[:, 2], marginal, True), extra


def _plan(
    worth: Worth,
    own: tuple[Options, np.ndarray],
    outlook: Outlook,
    unit: int,
    months: int,
    rules: Scenario,
    known: dict[bytes, Plan],
) -> Plan:
    """Return the plan of one unit; units alike in everything share one."""
    part = rules.behaviour.responsive
    usual, unseen, luck = (
        float(values[unit]) for values in (outlook.usual, outlook.unseen_sd, outlook.luck_sd)
    )
    uniform = bool(outlook.uniform[unit])
    key = b"".join(
        np.asarray(values, float).tobytes() for values in (*worth, *own[0], own[1], usual, unseen, luck)
    )
    if key in known:
        return known[key]
    options = own[0]
    low = usual + min(options.gain[0], 0.0) - _SPREADS * luck
    high = usual + max(options.gain[-1], 0.0) + _SPREADS * luck
    step = max(luck / np.sqrt(months) / _A_SPREAD, unseen / _UNSEEN)  # what is unseen makes all smooth
    future = None
    if part.effort.foresight == "dynamic" and luck > 0 and (high - low) / step < _WIDEST:
        places = int((high - low) / step) + 2
        chances = planning.NO_LUCK
        future = planning.induction(
            worth,
            options,
            Luck(float(luck / np.sqrt(months)), chances.shifts, chances.chances),
            months,
            low,
            float(step),
            places,
            unseen,
            uniform,
            part.risk_aversion,
        )
        at = planning.choose(options, future, 0, usual)
        end = planning.end(future, 0, usual + _gain(options, at) / months)
    else:
        sd = float(np.hypot(unseen, luck))
        end = usual + _gain(
            options, planning.plan(worth, options, usual, 1.0, sd, uniform, part.risk_aversion)
        )
    plan = Plan(worth, options, own[1], future, unseen, luck, uniform, part.risk_aversion, usual, end)
    known[key] = plan
    return plan
