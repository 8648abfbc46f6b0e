"""The chance of a promotion at a unit's score, among all who are candidates for the same openings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, ndtr

from .curves import fine_cubics_of, on_curve_each

_FINE = 12  # places of a table for each spread of what it is a table of
_MOST = 3000  # places of a table
_SMOOTH = 2.0  # from here on the distribution of the best has no steep end
_LUCKS, _CHANCES = np.polynomial.hermite_e.hermegauss(40)  # of a normal number
_CHANCES = _CHANCES / _CHANCES.sum()
_LUCKS, _CHANCES = _LUCKS[_CHANCES > 1e-16], _CHANCES[_CHANCES > 1e-16]  # less is lost in rounding


@dataclass(frozen=True)
class Candidates:
    """Those who stand for the openings beside a candidate, whose sum is by_unit × score + own × luck.

    mean, spread, posts : (r,), of each other unit: the mean of its candidates' sums, the spread between them
    and from what is not known of it, and their number. colleagues : those of one's own unit, with its score.
    """

    by_unit: float
    own: float
    mean: np.ndarray
    spread: np.ndarray
    posts: np.ndarray
    colleagues: float

    def chance(self, score: np.ndarray, openings: float) -> np.ndarray:
        """Return the chance of being among the openings at each score of one's unit, (x,).

        Given what a person has beside the unit's score, others come before independently. Their number is
        taken as binomial, with the mean of their chances.
        """
        count = float(self.posts.sum() + self.colleagues)
        if count + 1 <= openings:  # enough for all
            return np.ones(len(score))
        key = self.by_unit * score[:, None] + self.own * _LUCKS
        before = self._ahead(key) + self.colleagues * ndtr(-_LUCKS)
        after = np.clip(1 - before / max(count, 1e-9), 0.0, 1.0)
        return _best(count + 1 - openings, openings, after) @ _CHANCES

    def _ahead(self, key: np.ndarray) -> np.ndarray:
        """Return how many of other units are expected to come before one with each sum, as `key`."""
        low, high = key.min(), key.max()
        places = int(_FINE * (high - low) / self.spread.min(initial=high - low)) + 8
        if places >= key.size:
            return ndtr((self.mean - key[..., None]) / self.spread) @ self.posts
        table = np.linspace(low, high, places)  # a curve of one number: few of its places tell all
        known = ndtr((self.mean - table[:, None]) / self.spread) @ self.posts
        return on_curve_each(fine_cubics_of(known), (key - low) * ((places - 1) / (high - low)))


def _best(a: float, b: float, after: np.ndarray) -> np.ndarray:
    """Return the chance of being among the best, where each of the others comes `after` with this chance.

    It is the distribution function of Beta(a, b), which is dear: many are read from a table.
    """
    spread = np.sqrt(a * b / (a + b + 1)) / (a + b)
    places = int(_FINE / spread) + 8
    if min(a, b) < _SMOOTH or places > min(after.size, _MOST):
        return betainc(a, b, after)
    known = betainc(a, b, np.linspace(0.0, 1.0, places))
    return on_curve_each(fine_cubics_of(known), after * (places - 1.0))
