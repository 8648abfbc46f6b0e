"""A cheap answer: what a rule would do if some assumed numbers were others, without simulating it.

A surrogate is fitted to the points of the stored sensitivity run. It foretells, and says how well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.evaluate.doubt import Surrogate
from sim.scenario.counts import number_of
from sim.scenario.errors import InputError, nearest

from .at_points import GIVEN, kept
from .design import Study
from .plausible import Dimension, Plausible
from .sensitivity import quick

MOST = 8  # numbers that a surrogate rests on


def foretell(study: Study, at: Mapping[str, float], outcomes: Sequence[str] | None = None) -> pd.DataFrame:
    """Foretell what rules do where some assumed numbers have other values, from a stored sensitivity run.

    Parameters
    ----------
    study : Study
        A study with a sensitivity run (``sim sensitivity``).
    at : mapping of str to float
        Values by dotted path, each within its range; of a block of numbers with a ``factor``, the factor. All
        other assumed numbers may be anywhere in their ranges.
    outcomes : sequence of str, optional
        Names of outcomes; the study's ``focus`` by default.

    Returns
    -------
    DataFrame
        One row a rule, behaviour and outcome: policy, behaviour, outcome; given, the mean difference to the
        baseline with all values as given; difference, the one foretold, in the tables' own units; error, the
        root mean square of what the surrogate misses when a point is left out; explained, the share of the
        variance between points that it then foretells; n, the points it rests on.

    Raises
    ------
    InputError
        If there is no run, too few points have results, or a path or a value is none of the plausible space.

    Notes
    -----
    Stochastic kriging (Ankenman, Nelson and Staum 2010): `sim.evaluate.doubt.Surrogate`.

    Examples
    --------
    >>> import sim
    >>> from sim.study.foretell import foretell
    >>> foretell(sim.study("clerks.yaml"), {"demand": 1.2})  # of the example of sim.study
    Traceback (most recent call last):
    ...
    sim.scenario.errors.InputError: the study 'clerks' has no sensitivity run. Run: sim sensitivity clerks
    """
    found = kept(study)
    if found is None:
        raise InputError(
            f"the study '{study.called}' has no sensitivity run",
            remedy=f"Run: sim sensitivity {study.called}",
        )
    if not 1 <= len(at) <= MOST:
        raise InputError(f"{number_of(len(at), 'value')} given", remedy=f"Give 1 to {MOST} of them")
    space = Plausible(quick(study, found.made["years"]), study.policies[study.baseline])
    known = {dimension.name: dimension for dimension in space.dimensions}
    place = np.array([_place(known, path, value) for path, value in at.items()])
    numbers = [found.dimensions.index(path) for path in at]
    rows = []
    for policy in found.made["policies"]:
        for behaviour in found.made["behaviours"]:
            for outcome in outcomes or study.focus:
                own = found.values[
                    (found.values["policy"] == policy)
                    & (found.values["behaviour"] == behaviour)
                    & (found.values["outcome"] == outcome)
                ]
                if own.empty:
                    continue
                values = found.by_point(policy, behaviour, outcome)
                good = np.isfinite(values).all(axis=1)
                means, noise = values[good].mean(axis=1), values[good].var(axis=1, ddof=1)
                if not means.std():
                    continue  # the same at every point
                level = np.full(len(means), noise.mean() / values.shape[1])
                surrogate = Surrogate(found.design.points[good][:, numbers], means, level)
                given = own.loc[own["point"] == GIVEN, "difference"].mean()
                told = float(surrogate(place)[0])
                row = (given, told, surrogate.error, max(surrogate.explained, 0.0), int(good.sum()))
                rows.append((policy, behaviour, outcome, *row))
    if not rows:
        raise InputError("none of these outcomes differs between the points", remedy="Name others")
    columns = ["policy", "behaviour", "outcome", "given", "difference", "error", "explained", "n"]
    return pd.DataFrame(rows, columns=columns)


def _place(known: Mapping[str, Dimension], path: str, value: float) -> float:
    """Return the place of a value in its range."""
    if path not in known:
        raise InputError(f"'{path}' is no assumed number with a range", remedy=nearest(path, known))
    dimension = known[path]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{path}: '{value}' is no number", remedy="Give a number within its range")
    if not dimension.low <= value <= dimension.high:
        what = "factor on the values" if dimension.factor else "value"
        raise InputError(
            f"{path}: {value:g} is out of its range",
            remedy=f"Give a {what} from {dimension.low:g} to {dimension.high:g}",
        )
    return dimension.place(float(value))
