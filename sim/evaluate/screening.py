"""Designs over the plausible space of a scenario, and which groups of its numbers move a result.

A point of the space is (d,) numbers in [0, 1]. A screening moves groups of numbers by half of their ranges:
one group after the other from the first point of a trajectory (Morris), or half of the groups at once, in a
pattern in which each point tells of each group (Plackett and Burman).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import circulant
from scipy.special import fdtrc

from sim.scenario.errors import InputError

from .estimate import holm

SURE = 0.05  # p values under it
ACTS, NONE, UNTOLD = "acts", "none", "indistinguishable from zero"
_HALF = 0.5  # of the range: how far a group is moved
_SPARE = 8  # points of a round beside those that the groups take up: they tell how large chance is
_TRIES = 30  # to draw a group that the scenario accepts
_ROUNDING = 1e-9  # of the values: less is no change


@dataclass(frozen=True)
class Design:
    """Points of the plausible space.

    points : (n, d). trajectory : (n,), which points were made from one another. group : (n,), the groups that
    were moved from the first point of their trajectory, with commas between, "" for that point itself.
    """

    points: np.ndarray
    trajectory: np.ndarray
    group: np.ndarray

    @classmethod
    def screening(
        cls, groups: Mapping[str, Sequence[int] | np.ndarray], dimensions: int, count: int, seed: int
    ) -> Design:
        """Return `count` trajectories in which one group after the other is moved by half of its range.

        Each begins at a point of a Latin hypercube; what is moved past an end comes in at the other, so every
        point of the design is spread evenly over the space. Morris 1991; radial after Campolongo, Saltelli
        and Cariboni 2011.
        """
        base = _latin_hypercube(dimensions, count, seed)
        points, names = [], []
        for start in base:
            points.append(start)
            names.append("")
            for name, members in groups.items():
                moved = start.copy()
                moved[members] = (moved[members] + _HALF) % 1.0
                points.append(moved)
                names.append(name)
        each = 1 + len(groups)
        return cls(np.array(points), np.repeat(np.arange(count), each), np.array(names, dtype=object))

    @classmethod
    def factorial(
        cls,
        groups: Mapping[str, Sequence[int] | np.ndarray],
        dimensions: int,
        count: int,
        seed: int,
        refused: Callable[[np.ndarray], bool] = lambda point: False,
    ) -> Design:
        """Return `count` rounds about a point each, whose points have half of the groups moved by half of
        their range, in the pattern of Plackett and Burman 1946: each point tells of each group.

        Every second round is about the mirror image of the point before it, so two rounds are centred on the
        values as given. There each number is entered from either of its two values at random: numbers of a
        group move together, and in other ways than before. Where `refused` says that a point (d,) cannot be,
        for a group by itself, the group is drawn anew: else half of a round would be lost. Where the mirror
        image of the values before is refused each time, it is drawn freely.
        """
        luck, names = np.random.default_rng(seed), np.array(list(groups), dtype=object)
        pattern, points, moved_names, rounds = _pattern(len(names) + _SPARE), [], [], []
        base = np.empty(0)
        for number in range(count):
            before = base if number % 2 else None
            base = _entered(before, dimensions, luck)
            for members in groups.values():
                for attempt in range(_TRIES):
                    if not any(refused(point) for point in _alone(base, members)):
                        break
                    mirrored = before if attempt < _TRIES // 2 else None
                    base[members] = _entered(mirrored, dimensions, luck)[members]
            moved = pattern[:, luck.permutation(pattern.shape[1])[: len(names)]]
            moved = moved[np.sort(np.unique(moved, axis=0, return_index=True)[1])]  # few groups repeat
            for row in moved:
                point = base.copy()
                for name in names[row]:
                    point[groups[name]] = (point[groups[name]] + _HALF) % 1.0
                points.append(point)
                moved_names.append(",".join(names[row]))
                rounds.append(number)
        return cls(np.array(points), np.array(rounds), np.array(moved_names, dtype=object))

    @classmethod
    def sample(cls, dimensions: int, count: int, seed: int) -> Design:
        """Return `count` points of a Latin hypercube, each a trajectory of its own."""
        points = _latin_hypercube(dimensions, count, seed)
        return cls(points, np.arange(count), np.full(count, "", dtype=object))

    def __len__(self) -> int:
        return len(self.points)

    @property
    def several(self) -> bool:
        """Whether several groups were moved at once."""
        return any("," in one for one in self.group)

    @property
    def names(self) -> list[str]:
        """The groups that were moved."""
        return list(dict.fromkeys(name for one in self.group if one for name in one.split(",")))

    def moved(self, name: str) -> np.ndarray:
        """Return at which points a group was moved, bool (n,)."""
        return np.array([name in one.split(",") for one in self.group], bool)

    def drawn_from(self, rows: np.ndarray, dimensions: Sequence[int]) -> Design:
        """Return the design with these dimensions (k,) drawn from a set of rows (m, k), in random order.

        They keep together: the place of the first of them tells the row.
        """
        points = self.points.copy()
        points[:, dimensions] = rows[(points[:, dimensions[0]] * len(rows)).astype(int)]
        return Design(points, self.trajectory, self.group)

    def joined(self, other: Design) -> Design:
        """Return the points of both; the other's trajectories are numbered after these."""
        if not len(self):
            return other
        after = other.trajectory + 1 + self.trajectory.max()
        return Design(
            np.concatenate([self.points, other.points]),
            np.concatenate([self.trajectory, after]),
            np.concatenate([self.group, other.group]),
        )


def _latin_hypercube(dimensions: int, count: int, seed: int) -> np.ndarray:
    """Return `count` points, (count, dimensions)."""
    from scipy.stats import qmc  # late: a large import

    return qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(count)


def _entered(before: np.ndarray | None, dimensions: int, luck: np.random.Generator) -> np.ndarray:
    """Return a random point (d,), or the mirror image of the one before, each number at one of its values."""
    if before is None:
        return luck.random(dimensions)
    return np.asarray((1 - before + _HALF * luck.integers(2, size=dimensions)) % 1.0)


def _alone(base: np.ndarray, members: Sequence[int] | np.ndarray) -> Iterator[np.ndarray]:
    """Yield the two points (d,) that a group has in a round, all other numbers as given."""
    for step in (0.0, _HALF):
        point = np.full(len(base), 0.5)
        point[members] = (base[members] + step) % 1.0
        yield point


def _pattern(least: int) -> np.ndarray:
    """Return which columns are moved in which rows, bool (order, order − 1), none in the first row.

    Any two columns hold each pair of values equally often. The order is `least` or the next that Paley's
    construction has (1933): a multiple of four, one over a prime.
    """
    order = 4 * -(-least // 4)
    while any((order - 1) % factor == 0 for factor in range(2, int((order - 1) ** 0.5) + 1)):
        order += 4
    prime = order - 1
    squares = {number**2 % prime for number in range(prime)}
    rows = circulant([number in squares for number in range(prime)]).T
    return np.vstack([np.zeros(prime, bool), rows])


def screened(values: np.ndarray, design: Design) -> pd.DataFrame:
    """Tell which groups move a result, and which cannot be told from chance.

    Parameters
    ----------
    values : array of float (n, r)
        The result at each point of a screening design in each of r replications, paired; NaN where a point
        has none.
    design : Design
        The points.

    Returns
    -------
    DataFrame
        One row a group, the greatest effect first: group; effect, the mean absolute change per whole range;
        change, its mean with sign (of one number: per whole range; of several in a factorial design NaN);
        noise, the standard error that chance leaves in one change, on the same scale; p_value of no effect at
        all, and p_holm over the groups; verdict, one of ``acts``, ``none`` (every pair is equal) and
        ``indistinguishable from zero``; n, the trajectories it rests on.

    Raises
    ------
    InputError
        If there are fewer than two replications of a design that moves one group at a time: the luck of the
        draw cannot be told.

    Notes
    -----
    Of a factorial design least squares in each round; chance is what no group explains, the luck of the draw
    and groups that act upon one another, pooled over rounds. Of a design that moves one group at a time, an F
    test of the changes against their spread between replications, pooled over trajectories.
    """
    if not design.several and (values.ndim != 2 or values.shape[1] < 2):
        raise InputError("one replication cannot tell an effect from luck", remedy="Run two or more")
    rows = _factorial(values, design) if design.several else _one_at_a_time(values, design)
    table = pd.DataFrame(rows, columns=["group", "effect", "change", "noise", "p_value", "verdict", "n"])
    tested = table["p_value"].notna()
    table["p_holm"] = np.nan
    table.loc[tested, "p_holm"] = holm(table.loc[tested, "p_value"].to_numpy())
    weak = table["p_holm"] >= SURE
    table.loc[weak, "verdict"] = UNTOLD
    columns = ["group", "effect", "change", "noise", "p_value", "p_holm", "verdict", "n"]
    return table.sort_values("effect", ascending=False, kind="stable", ignore_index=True)[columns]


def _factorial(values: np.ndarray, design: Design) -> list[tuple]:
    """Return the row of each group, but for p_holm, of a design that moves several groups at once."""
    names, means = design.names, values.mean(axis=1)
    numbers = dict.fromkeys(design.trajectory[design.group != ""])
    rounds = [told for one in numbers if (told := _round(means, design, names, one)) is not None]
    if not rounds:
        return [(name, np.nan, np.nan, np.nan, np.nan, UNTOLD, 0) for name in names]
    changes, weights, ways, residual, spare = (np.array(part) for part in zip(*rounds, strict=True))
    degrees = int(spare.sum())
    chance = residual.sum() / degrees  # the variance of a point's result
    least = _ROUNDING * max(1.0, float(np.nanmax(np.abs(means))))
    rows: list[tuple] = []
    for at, name in enumerate(names):
        told = np.isfinite(changes[:, at])
        each, weight, way = changes[told, at], weights[told, at], ways[told, at]
        if not len(each):
            rows.append((name, np.nan, np.nan, np.nan, np.nan, UNTOLD, 0))
            continue
        noise = float(np.sqrt(chance * weight.mean()))
        p_value, verdict = np.nan, ACTS
        if noise <= least:
            p_value, verdict = (0.0, ACTS) if np.abs(each).max() > least else (np.nan, NONE)
        else:
            p_value = float(fdtrc(len(each), degrees, (each**2 / weight).mean() / chance))
        sizes = np.abs(each).mean(), (each * way).mean(), noise
        rows.append((name, *(float(size) / _HALF for size in sizes), p_value, verdict, len(each)))
    return rows


def _round(means: np.ndarray, design: Design, names: Sequence[str], number: int) -> tuple | None:
    """Return what one round tells: the change that each group makes, its variance for results of variance 1,
    its way (of one number: up or down; else NaN), the squares left, and their degrees of freedom.

    Of a group that all points left have moved, or none, it tells nothing (NaN). None where points without a
    result leave too few.
    """
    here = np.flatnonzero((design.trajectory == number) & np.isfinite(means))
    moved = np.column_stack([design.moved(name)[here] for name in names])
    varies = moved.any(axis=0) & ~moved.all(axis=0)
    matrix = np.column_stack([np.ones(len(here)), moved[:, varies]])
    spare = len(here) - matrix.shape[1]
    if spare < 1 or not varies.any() or np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        return None
    inverse = np.linalg.inv(matrix.T @ matrix)
    terms = inverse @ matrix.T @ means[here]
    left = means[here] - matrix @ terms
    ways = np.full(len(names), np.nan)
    for at in np.flatnonzero(varies):
        column = moved[:, at]
        steps = design.points[here][column].mean(axis=0) - design.points[here][~column].mean(axis=0)
        alone = np.flatnonzero(np.isclose(np.abs(steps), _HALF))
        ways[at] = np.sign(steps[alone[0]]) if len(alone) == 1 else np.nan
    changes, weights = np.full((2, len(names)), np.nan)
    changes[varies], weights[varies] = terms[1:], np.diag(inverse)[1:]
    return changes, weights, ways, float(left @ left), spare


def _one_at_a_time(values: np.ndarray, design: Design) -> list[tuple]:
    """Return the row of each group, but for p_holm, of a design that moves one group after the other."""
    replications = values.shape[1]
    first = {
        int(one): at
        for at, (one, group) in enumerate(zip(design.trajectory, design.group, strict=True))
        if group == ""
    }
    rows = []
    for name in design.names:
        here = np.flatnonzero((design.group == name) & np.isin(design.trajectory, list(first)))
        base = np.array([first[int(one)] for one in design.trajectory[here]], np.int64)
        moved = design.points[here] != design.points[base]
        alone = moved.sum(axis=1).max(initial=0) == 1
        # of one number the way of the move has a meaning, of several it has none
        ways = np.where(moved, design.points[here] - design.points[base], 0.0).sum(axis=1) if alone else _HALF
        change = (values[here] - values[base]) / np.broadcast_to(ways, len(here))[:, None]
        change = change[np.isfinite(change).all(axis=1)]
        rows.append((name, *_effect(change, replications), len(change)))
    return rows


def _effect(change: np.ndarray, replications: int) -> tuple[float, float, float, float, str]:
    """Return effect, mean change, noise, p value and a first verdict of changes (trajectories, r)."""
    count = len(change)
    if not count:
        return np.nan, np.nan, np.nan, np.nan, UNTOLD
    each = change.mean(axis=1)
    spread = float(change.var(axis=1, ddof=1).mean())
    effect, mean, noise = float(np.abs(each).mean()), float(each.mean()), np.sqrt(spread / replications)
    if not change.any():
        return 0.0, 0.0, 0.0, np.nan, NONE
    if spread == 0:
        return effect, mean, 0.0, 0.0, ACTS
    ratio = replications * float((each**2).mean()) / spread
    return effect, mean, noise, float(fdtrc(count, count * (replications - 1), ratio)), ACTS
