"""Fit assumed numbers to observed totals: monthly counts, a backlog, an average, an on-time rate.

`calibrate` simulates the scenario at points of its plausible space, and tells which of them agree with what
was observed (`sim.evaluate.matching`). What it found is kept in a folder; a sensitivity run may take these
numbers from it (``sim sensitivity --within``).
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import qmc

from sim.evaluate.matching import IMPOSSIBLE, Matching, Observed, PlausibleSet
from sim.rules import OUTCOMES
from sim.scenario import load, load_policy
from sim.scenario.counts import number_of
from sim.scenario.errors import InputError, nearest
from sim.scenario.policy import CURRENT, Policy
from sim.scenario.schema import Scenario

from .design import Study
from .plausible import Plausible
from .targets import WHERE, Target, read_targets

if TYPE_CHECKING:
    from sim.scenario.table import Table

    from .plausible import Dimension

SET, MADE = "set.parquet", "calibration.json"
FORMAT = "jingxi-calibration/1"
POINTS, MORE, WAVES = 20, 10, 2  # for each number: of the first wave, of each later one
LUCK = 20  # replications that tell the luck of a year, at least
EACH = 2  # replications of a point
MOST = 8  # numbers that a surrogate rests on
HARDLY = 0.2  # of its range: less is not worth being called told
TOGETHER = 0.7  # rank correlation from which two numbers are told only together


@dataclass(frozen=True)
class Calibration:
    """What was found, as returned by `calibrate`.

    Attributes
    ----------
    numbers : DataFrame
        By dotted path: given, range_low and range_high; low, median and high of the plausible set (central
        95 %), of a block its factor; told, the share of the range that the totals rule out; together_with,
        the paths with which it is told only together ("" = none).
    targets : DataFrame
        By observed total: outcome, unit, kind, month, scale (the table's value times it is what is shown);
        observed; low and high, between which 95 % of the years of the set lie; best, the
        mean at the point that agrees best; misses, by how many standard deviations that is off; p_value.
    points : DataFrame
        The set: a column of places in [0, 1] for each number, all rows of equal weight.
    p_value : float
        Of agreement at the best point as bad as that by luck.
    simulated : int
        Replications that it rests on.
    folder : Path
        Where it is kept.
    """

    numbers: pd.DataFrame
    targets: pd.DataFrame
    points: pd.DataFrame
    p_value: float
    simulated: int
    folder: Path

    @property
    def possible(self) -> bool:
        """Whether any values in these ranges give what was observed: not under a p value of 0.001."""
        return self.p_value >= IMPOSSIBLE


def calibrate(
    scenario: Scenario | str | Path,
    targets: pd.DataFrame | Table | str | Path,
    numbers: Sequence[str],
    *,
    policy: str | Path = CURRENT,
    behaviour: str = "mechanical",
    waves: int = WAVES,
    seed: int = 0,
    workers: int | None = None,
    progress: bool = True,
    folder: str | Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> Calibration:
    """Find the values of assumed numbers that give the totals an office has observed.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or its name or path as for `load`.
    targets : DataFrame, Table, str or Path
        What was observed in one year: columns outcome and value, and as far as needed unit, kind, month (1 to
        12) and error (the standard error of the record). Values are in the unit that ``sim outcomes`` shows.
    numbers : sequence of str
        Dotted paths of assumed numbers with a range, or of blocks with a factor; no more than targets.
    policy : str or Path, optional
        The rules under which it was observed.
    behaviour : str, optional
        How people responded to them.
    waves : int, optional
        How often points are added where the ones before agree best, 0 or more.
    seed : int, optional
        The seed of all random streams.
    workers : int, optional
        Local processes; all processors by default.
    progress : bool, optional
        Whether to show the progress of the simulation.
    folder : str or Path, optional
        Where it is kept; ``results/<scenario>-calibration`` by default. A later run goes on from there.
    tell : callable, optional
        Is told how much there is to simulate.

    Returns
    -------
    Calibration
        The plausible set, and what the targets do not tell.

    Raises
    ------
    InputError
        If a target, a number or a path is wrong.

    Notes
    -----
    Every replication is of one year and of the same citizens at every point, so that differences between
    points are known better than their means. Beforehand half of what is plausible lies under a value as given
    and half over it, evenly. The set is as narrow as one observed year allows: the luck of the year is in it.

    References
    ----------
    Craig, P. S., Goldstein, M., Seheult, A. H. and Smith, J. A. (1997). Pressure matching for hydrocarbon
    reservoirs. In Case Studies in Bayesian Statistics III, 37–93.

    Examples
    --------
    >>> import pandas as pd
    >>> from sim.study.calibrate import calibrate
    >>> observed = pd.DataFrame({"outcome": ["arrivals"], "value": [35000]})
    >>> calibrate("one-office", observed, [])
    Traceback (most recent call last):
    ...
    sim.scenario.errors.InputError: 0 numbers named. Name 1 to 8 of them
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    base = load_policy(scenario, policy)
    observed = read_targets(targets, scenario)
    space = Plausible(scenario, base)
    chosen = _chosen(space, numbers, len(observed))
    if type(waves) is not int or waves < 0:
        raise InputError(f"{waves!r} waves", remedy="Give a whole number from 0")
    place = Path("results") / f"{scenario.name}-calibration" if folder is None else Path(folder)
    runs = _Runs(scenario, base, space, chosen, observed, behaviour, seed, place, workers, progress)
    found, match, simulated = _matched(runs, observed, waves, seed, tell)
    calibration = _told(space, chosen, observed, found, match, simulated, place)
    _keep(calibration, scenario, base, observed, behaviour, seed)
    return calibration


def _matched(
    runs: _Runs, observed: Sequence[Target], waves: int, seed: int, tell: Callable[[str], None] | None
) -> tuple[PlausibleSet, Matching, int]:
    """Return the plausible set after all waves, what it was found with, and how much was simulated."""
    d, count = len(runs.chosen), max(LUCK, 2 * len(observed) + 4)
    values = Observed(
        np.array([target.value for target in observed]), np.array([target.error for target in observed])
    )
    points = qmc.LatinHypercube(d, rng=np.random.default_rng(seed)).random(max(POINTS * d, 12))
    if tell is not None:
        most = EACH * (len(points) + waves * MORE * d) + (1 + waves) * count
        tell(
            f"{number_of(len(points), 'point')} of {number_of(d, 'number')} at first, "
            f"{number_of(most, 'replication')} in all at most"
        )
    centre = np.full(d, 0.5)
    for wave in range(waves + 1):
        match = Matching(points, *runs.totals(points, centre, count), values, runs.straight)
        found = match.plausible(seed)
        if wave < waves:
            rng = np.random.default_rng((seed, wave))
            points = np.concatenate([points, found.points[rng.choice(len(found.points), MORE * d)]])
            centre = found.points[np.argmin(np.abs(found.points - found.middle).max(axis=1))]
    return found, match, runs.simulated


class _Runs:
    """The simulations of a calibration: studies of points in one folder, so that nothing is done twice."""

    def __init__(
        self,
        scenario: Scenario,
        base: Policy,
        space: Plausible,
        chosen: Sequence[int],
        observed: Sequence[Target],
        behaviour: str,
        seed: int,
        folder: Path,
        workers: int | None,
        progress: bool,
    ) -> None:
        self.scenario, self.base, self.space, self.chosen = scenario, base, space, chosen
        self.observed, self.behaviour, self.seed, self.folder = observed, behaviour, seed, folder
        self.workers, self.progress = workers, progress
        self._done: set[str] = set()

    @property
    def simulated(self) -> int:
        """How many replications were asked for, each once."""
        return len(self._done)

    def straight(self, points: np.ndarray) -> np.ndarray:
        """Return the values at points (n, d), as shares of their ranges: totals bend where a place does."""
        scales = [self.space.dimensions[place] for place in self.chosen]
        values = [
            [(one.at(place) - one.low) / (one.high - one.low) for place in own]
            for one, own in zip(scales, points.T, strict=True)
        ]
        return np.array(values).T

    def totals(self, points: np.ndarray, centre: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the totals of few replications at points (n, d), (n, k, t), and of `count` at `centre`."""
        (luck,) = self._run({"centre": centre}, count)
        return self._run({f"p{number:04d}": point for number, point in enumerate(points)}, EACH), luck

    def _run(self, points: dict[str, np.ndarray], replications: int) -> np.ndarray:
        """Return the totals at points, (n, replications, t)."""
        policies = [self._policy(name, point) for name, point in points.items()]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of some points much is so already
            study = Study.of(
                self.scenario,
                policies[1:],
                baseline=policies[0],
                behaviours=[self.behaviour],
                replications=replications,
                seed=self.seed,
                years=None if self.scenario.horizon.years is None else 1,
                name=f"{self.scenario.name}-calibration",
                folder=self.folder,
            )
        study.run(workers=self.workers, progress=self.progress)
        if study.failed:
            raise InputError(
                f"{number_of(len(study.failed), 'replication')} failed at points of these ranges",
                remedy="Narrow the ranges, or look at one of them",
            )
        self._done |= {unit.key for unit in study.units}
        values = {(unit.policy, unit.replication): self._read(study, unit.key) for unit in study.units}
        return np.array(
            [[values[name, replication] for replication in range(replications)] for name in points]
        )

    def _policy(self, name: str, point: np.ndarray) -> Policy:
        whole = np.full(len(self.space.dimensions), 0.5)
        whole[list(self.chosen)] = point
        return self.space.policies(name, whole)[1]

    def _read(self, study: Study, key: str) -> np.ndarray:
        """Return the totals of one replication, (t,), the mean of its years."""
        table = study.store.read(key)
        assert table is not None  # it was run
        frame = table.to_pandas()
        frame = frame[frame["person"] == ""].astype({"outcome": str, "unit": str, "kind": str})
        means = frame.groupby(["outcome", "unit", "kind", "month"], observed=True)["value"].mean()
        index = [(one.outcome, one.unit, one.kind, one.month) for one in self.observed]
        found = means.reindex(index).to_numpy(float)
        if not np.isfinite(found).all():
            lacking = self.observed[int(np.argmin(np.isfinite(found)))]
            raise InputError(
                f"the scenario has no {lacking.name}", remedy="Choose totals that it has; see: sim outcomes"
            )
        return found


def _chosen(space: Plausible, numbers: Sequence[str], targets: int) -> list[int]:
    """Return the positions of the numbers in the space."""
    known = {dimension.name: place for place, dimension in enumerate(space.dimensions)}
    for name in numbers:
        if name not in known:
            raise InputError(f"'{name}' is no assumed number with a range", remedy=nearest(name, known))
    if len(set(numbers)) < len(numbers):
        raise InputError("a number is named twice", remedy="Name each once")
    if not 1 <= len(numbers) <= MOST:
        raise InputError(f"{number_of(len(numbers), 'number')} named", remedy=f"Name 1 to {MOST} of them")
    if len(numbers) > targets:
        raise InputError(
            f"{number_of(len(numbers), 'number')} and {targets} observed totals",
            remedy="Give no more numbers than totals",
        )
    return [known[name] for name in numbers]


def _told(
    space: Plausible,
    chosen: Sequence[int],
    observed: Sequence[Target],
    found: PlausibleSet,
    match: Matching,
    simulated: int,
    folder: Path,
) -> Calibration:
    dimensions: list[Dimension] = [space.dimensions[place] for place in chosen]
    names = [dimension.name for dimension in dimensions]
    rows = []
    for place, dimension in enumerate(dimensions):
        bounds = (dimension.at(float(own[place])) for own in (found.low, found.middle, found.high))
        others = [
            names[other]
            for other in range(len(names))
            if other != place and abs(found.together[place, other]) >= TOGETHER
        ]
        given = (dimension.value, dimension.low, dimension.high)
        rows.append((*given, *bounds, float(found.told[place]), ", ".join(others)))
    columns = ["given", "range_low", "range_high", "low", "median", "high", "told", "together_with"]
    numbers = pd.DataFrame(rows, columns=columns, index=pd.Index(names, name="number"))
    low, high = np.quantile(match.years(found), [0.025, 0.975], axis=0)
    targets = pd.DataFrame(
        {
            **{name: [getattr(one, name) for one in observed] for name in ("outcome", *WHERE)},
            "scale": [OUTCOMES[one.outcome].scale for one in observed],
            "observed": [target.value for target in observed],
            "low": low,
            "high": high,
            "best": match.foretell(found.best[None])[0],
            "misses": found.misses,
            "p_value": match.p_values(found.misses),
        },
        index=pd.Index([target.name for target in observed], name="target"),
    )
    points = pd.DataFrame(found.points, columns=names)
    return Calibration(numbers, targets, points, found.p_value, simulated, folder)


def _keep(
    found: Calibration,
    scenario: Scenario,
    base: Policy,
    observed: Sequence[Target],
    behaviour: str,
    seed: int,
) -> None:
    """Keep the set in its folder: both files, or none that are taken for whole."""
    folder = found.folder
    partial = folder / f"{SET}.partial"
    found.points.to_parquet(partial, index=False)
    made = {
        "format": FORMAT,
        "scenario": scenario.digest(),
        "policy": base.name,
        "behaviour": behaviour,
        "seed": seed,
        "numbers": list(found.points.columns),
        "targets": [vars(target) for target in observed],
        "p_value": found.p_value,
        "simulated": found.simulated,
        "set": _digest(partial),
    }
    partial.replace(folder / SET)
    partial = folder / f"{MADE}.partial"
    partial.write_text(json.dumps(made, indent=1, ensure_ascii=False), encoding="utf-8")
    partial.replace(folder / MADE)


def kept(folder: str | Path, scenario: Scenario) -> pd.DataFrame:
    """Return the plausible set that is kept in a folder: places in [0, 1] by dotted path.

    Raises InputError where there is none, it is damaged, or it is of another scenario.
    """
    folder = Path(folder)
    try:
        made = json.loads((folder / MADE).read_text(encoding="utf-8"))
        same = made["format"] == FORMAT and made["scenario"] == scenario.digest()
        names, digest = [str(name) for name in made["numbers"]], str(made["set"])
    except FileNotFoundError:
        raise InputError("there is no calibration", file=folder, remedy="sim calibrate makes one") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise _damaged(folder / MADE) from None
    if not same:
        raise InputError(
            "the calibration is of another scenario, or of this one before it was changed",
            file=folder / MADE,
            remedy="sim calibrate makes it anew",
        )
    if not (folder / SET).is_file() or _digest(folder / SET) != digest:
        raise _damaged(folder / SET)
    points = pd.read_parquet(folder / SET)
    if list(points.columns) != names or not points.to_numpy(float).size:
        raise _damaged(folder / SET)
    return points


def _damaged(file: Path) -> InputError:
    return InputError(
        "the calibration is damaged or missing", file=file, remedy="sim calibrate makes it anew"
    )


def _digest(file: Path) -> str:
    return hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest()
