"""Search for rules and staffing that serve several goals under limits, and simulate what was found anew."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.evaluate.goals import direction, directions, dominates, undominated
from sim.rules import OUTCOMES
from sim.scenario.counts import number_of
from sim.scenario.errors import InputError, nearest
from sim.scenario.idle import NoEffect
from sim.scenario.policy import Policy
from sim.scenario.posts import posts_change
from sim.scenario.reform import made_upon
from sim.scenario.shown import Shown, listed

from .design import Study

POSTS = ("headcount_change", "payroll_change")  # limits that need no simulation
Span = tuple[float, float] | Sequence[Any]  # from, to; or choices
Limit = tuple[float | None, float | None]  # least, most
_SPREAD = 0.15  # of a child round its parents, as a share of the range
_FIRST = 0.5  # of the candidates: spread over the space
_EACH = 8  # candidates in one generation after that


@dataclass(frozen=True, repr=False)
class Found(Shown):
    """What a search found.

    Attributes
    ----------
    tried : DataFrame
        By candidate: the value of each path, headcount_change, payroll_change, and the mean of each goal and
        limited outcome. It is NaN where a limit on posts rules the candidate out. ``allowed``: it keeps all
        limits. ``front``: no allowed one dominates it.
    front : DataFrame
        The front simulated anew, the baseline beside it: the columns of `Study.undominated`, and ``allowed``.
    policies : dict of str to Policy
        Those of the front.
    again : Study
        The study of them, for comparisons.

    Examples
    --------
    >>> import sim
    >>> study = sim.Study.of("one-office", replications=2, name="search").run(workers=1, progress=False)
    >>> space = {"staff.clerk.count": (1, 3), "pay.deduction_per_point": (0.5, 2.0)}
    >>> found = sim.search(study, space, ["on_time_rate", "pay_total"], tried=6, workers=1)
    >>> bool(found.tried["allowed"].all()), found.front["policy"].iloc[0]
    (True, 'current')
    """

    tried: pd.DataFrame
    front: pd.DataFrame
    policies: dict[str, Policy]
    again: Study

    def _facts(self) -> list[tuple[str, str]]:
        allowed = int(self.tried["allowed"].sum())
        return [
            ("tried", f"{number_of(len(self.tried), 'candidate')}, of which {allowed} keep all limits"),
            ("goals", listed([name for name in self.front.columns if name in OUTCOMES])),
            ("on the front", listed(list(self.policies))),
            ("simulated anew", f"{self.again.file.most} times"),
            ("see", ".front, .tried, .policies, .again"),
        ]


def search(
    study: Study,
    space: Mapping[str, Span],
    goals: Sequence[str] | Mapping[str, str],
    *,
    limits: Mapping[str, Limit] | None = None,
    tried: int = 32,
    replications: int = 2,
    again: int = 10,
    behaviour: str | None = None,
    seed: int = 0,
    workers: int | None = None,
) -> Found:
    """Search for policies that no other dominates by several goals.

    Parameters
    ----------
    study : Study
        Gives scenario, baseline and seed. Candidates change its baseline.
    space : mapping of str to (low, high) or a sequence of choices
        What may vary, by dotted path. Between two whole numbers there are whole numbers only.
    goals : sequence of str, or mapping of str to {'higher', 'lower'}
        Outcomes of the bureau, two or more.
    limits : mapping of str to (least, most), optional
        Bounds on means of outcomes, in the table's unit, and on ``headcount_change`` and ``payroll_change``;
        None leaves a side open.
    tried : int, optional
        How many candidates are tried.
    replications, again : int, optional
        Replications of a candidate; and of those of the front, with other luck.
    behaviour : str, optional
        The study's first by default.
    seed : int, optional
        The seed of the search.
    workers : int, optional
        Local processes.

    Returns
    -------
    Found
        All candidates, and the front with the probability that each belongs to it.

    Raises
    ------
    InputError
        If a path, goal, limit or number is wrong, or no candidate keeps the limits.

    Notes
    -----
    Half of the candidates are a Sobol sequence; the others are children of two that nothing dominates so
    far, as in NSGA-II (Deb et al. 2002). What led in a search led by luck too: read ``front``, which is
    simulated anew with another seed. Results are kept under ``search`` in the study's folder.

    Examples
    --------
    >>> import sim
    >>> study = sim.Study.of("one-office", replications=2, name="search").run(workers=1, progress=False)
    >>> goals = ["on_time_rate", "pay_total"]
    >>> found = sim.search(study, {"staff.clerk.count": [1, 2]}, goals, tried=2, workers=1)
    >>> sorted(found.tried["staff.clerk.count"])
    [1, 2]
    """
    limits = dict(limits or {})
    for name in limits:
        if name not in OUTCOMES and name not in POSTS:
            raise InputError(f"no outcome '{name}' to limit", remedy=nearest(name, [*OUTCOMES, *POSTS]))
        _checked_limit(name, limits[name])
    if type(tried) is not int or tried < 2 or type(replications) is not int or replications < 2 or again < 2:
        raise InputError(
            f"{tried!r} candidates, {replications!r} and {again!r} replications",
            remedy="Try two candidates or more, each in two replications or more",
        )
    if not space:
        raise InputError("nothing may vary", remedy="Give a path with its span: {'pay.floor': (0, 0.5)}")
    trial = _Trial(study, dict(space), goals, limits, replications, behaviour, workers)
    trial.add(trial.spread(max(2, round(_FIRST * tried)), seed))
    rng = np.random.default_rng(seed)
    while len(trial.table) < tried:
        before = len(trial.table)
        trial.add(trial.children(min(_EACH, tried - before), rng))
        if len(trial.table) == before:  # every value of the space was tried
            break
    table = trial.judged()
    if not table["allowed"].any():
        raise InputError(
            f"none of {len(table)} candidates keeps the limits", remedy="Widen them, or try more"
        )
    policies = {name: trial.policies[name] for name in table.index[table["front"]]}
    anew = trial.simulate(policies, study.seed + 1, again)
    front = undominated(anew.outcomes, goals)
    kept = [trial.keeps(anew, str(name)) for name in front["policy"]]
    return Found(table, front.assign(allowed=kept), policies, anew)


class _Trial:
    """Candidates, what makes them and what they did."""

    def __init__(
        self,
        study: Study,
        space: dict[str, Span],
        goals: Sequence[str] | Mapping[str, str],
        limits: dict[str, Limit],
        replications: int,
        behaviour: str | None,
        workers: int | None,
    ) -> None:
        for path, span in space.items():
            if path.split(".")[0] == "horizon":
                raise InputError(
                    f"{path}: means over other spans of time cannot be compared",
                    remedy="Vary rules and staff; the study says how many years there are",
                )
            if (
                isinstance(span, tuple)
                and len(span) == 2
                and all(map(_is_number, span))
                and span[0] > span[1]
            ):
                raise InputError(
                    f"{path}: {span[0]}:{span[1]} runs backwards", remedy=f"Give {span[1]}:{span[0]}"
                )
        self.study, self.space, self.goals, self.limits = study, space, goals, limits
        self.ways = directions(goals)
        self.replications, self.workers = replications, workers
        self.behaviour = behaviour or study.file.behaviours[0]
        self.outcomes = list(dict.fromkeys([*goals, *(name for name in limits if name not in POSTS)]))
        self.policies: dict[str, Policy] = {}
        self.places: dict[str, np.ndarray] = {}
        self.table = pd.DataFrame()

    def spread(self, count: int, seed: int) -> np.ndarray:
        """Return places (count, d) spread over the space."""
        from scipy.stats import qmc

        drawn = qmc.Sobol(len(self.space), rng=np.random.default_rng(seed))
        return drawn.random(1 << (count - 1).bit_length())[:count]

    def children(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Return places near and between candidates that nothing dominates so far."""
        table = self.judged()
        parents = list(table.index[table["front"]]) or list(table.index)
        made = []
        for _ in range(count):
            one, other = (self.places[parents[at]] for at in rng.integers(len(parents), size=2))
            mixed = np.where(rng.random(len(one)) < 0.5, one, other) + rng.normal(0, _SPREAD, len(one))
            made.append(np.abs(1 - np.abs(1 - mixed)))  # reflected at the ends
        return np.clip(np.array(made), 0, 1)

    def value(self, path: str, place: float) -> Any:
        """Return the value of a path at a place in [0, 1]."""
        span = self.space[path]
        numbers = isinstance(span, tuple) and len(span) == 2
        if not numbers:
            return span[min(int(place * len(span)), len(span) - 1)]
        low, high = span
        if type(low) is int and type(high) is int:
            return min(low + int(place * (high - low + 1)), high)
        return float(low + place * (high - low))

    def add(self, places: np.ndarray) -> None:
        """Try candidates at these places, but for those that were tried."""
        known: set[tuple] = set()
        if len(self.table):
            known = {tuple(row) for row in self.table[list(self.space)].to_numpy(object).tolist()}
        rows, fresh = {}, {}
        for place in places:
            values = {path: self.value(path, at) for path, at in zip(self.space, place, strict=True)}
            if tuple(values.values()) in known:
                continue
            known.add(tuple(values.values()))
            name = f"candidate-{len(self.policies) + 1}"
            policy = made_upon(Policy.of(values, name=name), self.study.policies[self.study.baseline])
            self.policies[name], self.places[name] = policy, place
            posts = posts_change(self.study.scenario, policy)
            rows[name] = values | {"headcount_change": posts.headcount, "payroll_change": posts.payroll}
            if all(_within(rows[name][limit], self.limits[limit]) for limit in POSTS if limit in self.limits):
                fresh[name] = policy
        table = pd.DataFrame.from_dict(rows, orient="index", columns=[*self.space, *POSTS])
        table[self.outcomes] = np.nan
        if fresh:
            done = self.simulate(fresh, self.study.seed, self.replications)
            for name in fresh:
                table.loc[name, self.outcomes] = self._means(done, name)
        self.table = pd.concat([self.table, table])

    def simulate(self, policies: Mapping[str, Policy], seed: int, replications: int) -> Study:
        """Run a study of these policies and the baseline."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NoEffect)  # of some candidates much is so already
            made = Study.of(
                self.study.scenario,
                list(policies.values()),
                baseline=self.study.policies[self.study.baseline],
                behaviours=[self.behaviour],
                replications=replications,
                seed=seed,
                name=f"{self.study.name}-search",
                folder=self.study.folder / "search",
            )
        return made.run(workers=self.workers, progress=False)

    def _means(self, done: Study, name: str) -> list[float]:
        rows = done.outcomes
        rows = rows[(rows["policy"] == name) & (rows["month"] == 0)]
        for key in ("unit", "kind", "person"):
            rows = rows[rows[key] == ""]
        means = rows.groupby("outcome", observed=True)["value"].mean()
        if absent := [one for one in self.outcomes if one not in means.index]:
            raise InputError(f"'{absent[0]}' was not measured", remedy="Name an outcome that was")
        return [float(means[one]) for one in self.outcomes]

    def keeps(self, done: Study, name: str) -> bool:
        """Return whether a policy keeps the limits on outcomes in a study of it."""
        means = dict(zip(self.outcomes, self._means(done, name), strict=True))
        return all(_within(means[limit], self.limits[limit]) for limit in self.limits if limit in means)

    def judged(self) -> pd.DataFrame:
        """Return the candidates with ``allowed`` and ``front``."""
        table = self.table.copy()
        allowed = table[self.outcomes].notna().all(axis=1).to_numpy(copy=True)
        for name, limit in self.limits.items():
            allowed &= np.array([_within(value, limit) for value in table[name]], bool)
        front = np.zeros(len(table), bool)
        if allowed.any():
            values = self.ways * table.loc[allowed, list(self.goals)].to_numpy(float)
            front[allowed] = np.logical_not(dominates(values).any(axis=0))
        return table.assign(allowed=allowed, front=front)


def _within(value: float, limit: Limit) -> bool:
    least, most = limit
    return (least is None or value >= least) and (most is None or value <= most)


def _checked_limit(name: str, limit: Limit) -> None:
    """Raise InputError for a limit that nothing can keep."""
    ends = [end for end in limit if end is not None]
    if not all(_is_number(end) and not math.isnan(end) for end in ends):
        raise InputError(f"the limit of '{name}' is {limit}", remedy="Give numbers, or None for an open side")
    if len(ends) == 2 and ends[0] > ends[1]:
        raise InputError(
            f"the limit of '{name}', {ends[0]:g} to {ends[1]:g}, runs backwards",
            remedy=f"Give {ends[1]:g} to {ends[0]:g}",
        )


def asked_space(given: Sequence[str]) -> dict[str, Span]:
    """Read ``PATH=LOW:HIGH`` and ``PATH=A,B``. Raises InputError for what is neither."""
    found: dict[str, Span] = {}
    for one in given:
        path, _, span = one.partition("=")
        ends = [_value(part) for part in span.split(":" if ":" in span else ",")]
        if not path or len(ends) < 2 or (":" in span and (len(ends) != 2 or not all(map(_is_number, ends)))):
            raise InputError(
                f"'{one}' says no span", remedy=f"Give {path or 'PATH'}=1:3, or {path or 'PATH'}=a,b"
            )
        if path in found:
            raise InputError(f"'{path}' is given a span twice", remedy="Give one span for each path")
        found[path] = (ends[0], ends[1]) if ":" in span else ends
    return found


def asked_goals(given: str) -> dict[str, str]:
    """Read ``NAME,NAME:lower``: names, each with its way where it is said."""
    parts = [part.partition(":") for part in given.split(",") if part]
    return {name: "higher" if direction(name, way or None) > 0 else "lower" for name, _, way in parts}


def asked_limits(given: str) -> dict[str, Limit]:
    """Read ``NAME=LOW:HIGH,…``, either side empty. Raises InputError for what is no such limit."""
    found: dict[str, Limit] = {}
    for one in given.split(",") if given else ():
        name, equals, span = one.partition("=")
        if name in found:
            raise InputError(f"'{name}' is limited twice", remedy=f"Write {name}=LOW:HIGH once")
        low, colon, high = span.partition(":")
        try:
            found[name] = (float(low) if low else None, float(high) if high else None)
        except ValueError:
            colon = ""
        if not (equals and colon):
            raise InputError(f"'{one}' says no limit", remedy=f"Give {name or 'NAME'}=:0, or =0.9:")
    return found


def _value(text: str) -> Any:
    """Return a number, true or false, or the text itself."""
    import yaml

    try:
        return yaml.safe_load(text) if text else ""
    except yaml.YAMLError:
        raise InputError(f"'{text}' is no value", remedy="Give a number, true or false, or a word") from None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
