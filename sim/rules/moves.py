"""The moves after a verdict: who holds which post next year. Pure functions of arrays.

Posts stay, people change posts, nobody twice. First, people leave whatever the rules. Second, heads of bottom
units exchange posts with outstanding people. Third, the staff of bottom units other than grassroots units
exchange posts with colleagues of grassroots units, those of the best units first, or make room for newcomers.
With two ladders (`ladders`), heads' posts that open in any way go to clerks, and newcomers take the clerks'.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.scenario.careers import Careers
from sim.scenario.part import given

from .ladders import WHY, Candidates, climb, merits, why
from .personal import Deeds
from .verdict import Verdict


@dataclass(frozen=True)
class Posts:
    """The posts, arrays (posts,): positions of unit and grade; whether head of a unit; whether grassroots."""

    unit: np.ndarray
    grade: np.ndarray
    head: np.ndarray
    grassroots: np.ndarray


@dataclass(frozen=True)
class Prospects:
    """The inputs of moves beside the verdict.

    They are the posts, the practice of their holders (posts,), and numbers in [0, 1) that decide who leaves,
    (posts,). With two ladders also the holders' deeds, and standard normal luck in promotion, (posts,).
    """

    posts: Posts
    experience_years: np.ndarray
    luck: np.ndarray
    deeds: Deeds | None = None
    promotion_luck: np.ndarray | None = None


@dataclass(frozen=True)
class Moves:
    """Who holds each post next year, arrays (posts,).

    holder : int, the post that its holder had before. newcomer : bool, the holder is new, whatever `holder`.
    vacant_months : how long the post stands empty first. promoted, removed, moved : bool, of the previous
    holder. risen : bool, the previous holder is promoted out of the county.
    """

    holder: np.ndarray
    newcomer: np.ndarray
    vacant_months: np.ndarray
    promoted: np.ndarray
    removed: np.ndarray
    moved: np.ndarray
    risen: np.ndarray

    @property
    def anybody(self) -> bool:
        """Whether any post changes its holder."""
        return bool(self.newcomer.any() or (self.holder != np.arange(len(self.holder))).any())


def moves(prospects: Prospects, verdict: Verdict, rules: Careers) -> Moves:
    """Return the moves at a year's end; none if off, and only leavers if no unit has a score."""
    posts, experience_years = prospects.posts, prospects.experience_years
    count = len(posts.unit)
    holder = np.arange(count)
    newcomer = prospects.luck < rules.leavers_share
    vacant = np.where(newcomer, rules.vacancy_months, 0.0)
    promoted, removed, moved, risen = (np.zeros(count, bool) for _ in range(4))
    if not rules.on:
        return Moves(holder, *(np.zeros(count, kind) for kind in (bool, float, bool, bool, bool, bool)))
    settled = newcomer.copy()
    bottom = verdict.bottom[posts.unit] == 1
    score = np.nan_to_num(verdict.score[posts.unit], nan=-1.0)

    if rules.ladders.on:
        people = candidates_of(prospects, verdict, rules)
        risen, opened, clerks = climb(people, rules, merits(people, rules.ladders)[WHY[-1]])
        out = people.bottom & ~people.leaving & rules.remove_heads  # of the opened: who changes places
        for post, other in zip(opened, clerks, strict=False):
            holder[post], newcomer[post] = other, False
            if out[post]:
                holder[other], removed[post] = post, True
            else:  # the old head is gone, somebody new takes the clerk's post
                newcomer[other], vacant[other] = True, rules.vacancy_months
            promoted[other], vacant[post] = True, rules.vacancy_months
        for post in opened[len(clerks) :]:  # nobody is there to take it
            if not out[post]:
                newcomer[post], vacant[post] = True, rules.vacancy_months
        promoted |= risen
        settled |= newcomer | promoted | removed
    elif rules.remove_heads:
        outstanding = ~posts.head & ~bottom & (verdict.head_not_promotable[posts.unit] == 0)
        for post in np.flatnonzero(posts.head & bottom & ~settled):
            other = _first(outstanding & ~settled, score, experience_years)
            if other is None:
                break
            holder[post], holder[other] = other, post
            removed[post] = promoted[other] = True
            vacant[post] = rules.vacancy_months
            settled[post] = settled[other] = True

    organ = bottom & ~posts.grassroots & ~posts.head & ~settled
    for unit in np.unique(posts.unit[organ]):
        candidates = np.flatnonzero(organ & (posts.unit == unit))
        for post in candidates[: int(np.ceil(rules.moved_share * len(candidates) - 1e-9))]:
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
    return Moves(holder, newcomer, vacant, promoted, removed, moved, risen)


def candidates_of(prospects: Prospects, verdict: Verdict, rules: Careers) -> Candidates:
    """Return the people as promotion looks at them."""
    posts, records, deeds = prospects.posts, given(verdict.records), given(prospects.deeds)
    score = verdict.scaled_score[posts.unit]
    return Candidates(
        head=posts.head,
        bottom=verdict.bottom[posts.unit] == 1,
        leaving=prospects.luck < rules.leavers_share,
        scored=np.isfinite(score) & np.isfinite(records.measured),
        under=verdict.head_not_promotable[posts.unit] == 1,
        record=np.nan_to_num(records.measured),
        true_record=np.nan_to_num(records.true),
        unit_score=score,
        service_years=deeds.service_years,
        luck=given(prospects.promotion_luck),
    )


def ladder_counts(
    change: Moves, prospects: Prospects, verdict: Verdict, rules: Careers
) -> dict[str, np.ndarray]:
    """Return the people promoted on each ladder, barred, and promoted for each of `WHY`: bool (posts,)."""
    reason, barred = why(candidates_of(prospects, verdict, rules), rules)
    return {
        "promoted_to_head": change.promoted & ~change.risen,
        "promoted_to_city": change.risen,
        "barred": barred,
        **{f"promoted_by_{name}": reason == place for place, name in enumerate(WHY)},
    }


def counted(change: Moves, posts: Posts, units: int) -> dict[str, np.ndarray]:
    """Return the people moved, removed and promoted, and newcomers: float (units,) by outcome."""
    changes = {
        "moved": change.moved,
        "removed": change.removed,
        "promoted": change.promoted,
        "newcomers": change.newcomer,
    }
    return {name: np.bincount(posts.unit, flags, units) for name, flags in changes.items()}


def _first(candidates: np.ndarray, score: np.ndarray, experience_years: np.ndarray) -> int | None:
    """Return the candidate, bool (posts,), of the best unit; ties go to most practice, then lowest number."""
    who = np.flatnonzero(candidates)
    if len(who) == 0:
        return None
    order = np.lexsort((who, -experience_years[who], -score[who]))
    return int(who[order[0]])
