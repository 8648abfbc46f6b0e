"""What a verdict does to people: who holds which post next year. Pure functions of arrays.

Posts stay, people change posts. First those who leave whatever the rules; then heads of bottom units give
their posts to outstanding people and take theirs; then the staff of bottom units that are no grassroots units
change places with colleagues of grassroots units, those of the best units first, or make room for newcomers.
Nobody changes twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.scenario.careers import Careers

from .judge import Verdict


@dataclass(frozen=True)
class Posts:
    """The posts, arrays (posts,): position of the unit, and of the grade; head of a unit or not; of a
    grassroots unit or not."""

    unit: np.ndarray
    grade: np.ndarray
    head: np.ndarray
    grassroots: np.ndarray


@dataclass(frozen=True)
class Moves:
    """Who holds each post next year, arrays (posts,).

    holder : int, the post that its holder had before. newcomer : bool, the holder is new (whatever `holder`
    says). vacant_months : how long the post stands empty first. promoted, removed, moved : bool, what
    happened to the one who held the post until now.
    """

    holder: np.ndarray
    newcomer: np.ndarray
    vacant_months: np.ndarray
    promoted: np.ndarray
    removed: np.ndarray
    moved: np.ndarray

    @property
    def anybody(self) -> bool:
        """Whether anything changes."""
        return bool(self.newcomer.any() or (self.holder != np.arange(len(self.holder))).any())


def moves(
    posts: Posts, experience_years: np.ndarray, verdict: Verdict, rules: Careers, luck: np.ndarray
) -> Moves:
    """The moves at a year's end.

    `experience_years` (posts,) of those who hold them; `luck` (posts,), numbers in [0, 1) that decide who
    leaves. Without any scored unit nobody moves but leavers.
    """
    count = len(posts.unit)
    holder = np.arange(count)
    newcomer = luck < rules.leavers_share
    vacant = np.where(newcomer, rules.vacancy_months, 0.0)
    promoted, removed, moved = (np.zeros(count, bool) for _ in range(3))
    settled = newcomer.copy()
    bottom = verdict.bottom[posts.unit] == 1
    score = np.nan_to_num(verdict.score[posts.unit], nan=-1.0)

    if rules.remove_heads:
        outstanding = ~posts.head & ~bottom & (verdict.head_not_promotable[posts.unit] == 0)
        for post in np.flatnonzero(posts.head & bottom & ~settled):
            other = _first(outstanding & ~settled, score, experience_years)
            if other is None:
                break
            holder[post], holder[other] = other, post
            removed[post] = promoted[other] = True
            vacant[post] = rules.vacancy_months
            settled[[post, other]] = True

    organ = bottom & ~posts.grassroots & ~posts.head & ~settled
    for unit in np.unique(posts.unit[organ]):
        here = np.flatnonzero(organ & (posts.unit == unit))
        for post in here[: int(np.ceil(rules.moved_share * len(here) - 1e-9))]:
            if rules.replacement == "newcomer":
                newcomer[post] = moved[post] = settled[post] = True
                continue
            equal = posts.grassroots & ~posts.head & ~bottom & ~settled
            same_grade = equal & (posts.grade == posts.grade[post])
            other = _first(same_grade if same_grade.any() else equal, score, experience_years)
            if other is None:
                break
            holder[post], holder[other] = other, post
            moved[[post, other]] = settled[[post, other]] = True
    return Moves(holder, newcomer, vacant, promoted, removed, moved)


def _first(candidates: np.ndarray, score: np.ndarray, experience_years: np.ndarray) -> int | None:
    """Of the candidates, bool (posts,), the one of the best unit, then of most practice, then of the lowest
    number."""
    found = np.flatnonzero(candidates)
    if len(found) == 0:
        return None
    order = np.lexsort((found, -experience_years[found], -score[found]))
    return int(found[order[0]])
