"""The two ladders: clerks become heads of units, heads rise to the city bureau. Pure functions of arrays.

The heads who rise are chosen first. Then their posts and those of heads who leave or are removed are open,
and clerks take them. The promotion line bars heads, and if the rules say so the staff, of units under it.
Being at the bottom bars nobody else than the heads whom it removes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.scenario.careers import Careers, Ladders

from .personal import standardised

WHY = ("merit", "unit", "seniority", "luck")
"""Why somebody is promoted: what is the first, added to those before it, by which the person would be."""


class Candidates(NamedTuple):
    """The people and what promotion looks at, arrays (posts,).

    head, bottom, leaving, scored : bool, head of a unit; of a unit at the bottom; leaves whatever the rules;
    of a unit with a score. under : bool, of a unit under the promotion line. record, true_record : own
    records. unit_score : the score of the unit. service_years : years of service. luck : standard normal.
    """

    head: np.ndarray
    bottom: np.ndarray
    leaving: np.ndarray
    scored: np.ndarray
    under: np.ndarray
    record: np.ndarray
    true_record: np.ndarray
    unit_score: np.ndarray
    service_years: np.ndarray
    luck: np.ndarray


class Climb(NamedTuple):
    """Who climbs.

    risen : bool (posts,), the heads whom the city bureau takes. opened : the posts of heads that open, those
    of removed ones first. clerks : who take them, the best first; there may be fewer.
    """

    risen: np.ndarray
    opened: np.ndarray
    clerks: np.ndarray

    @property
    def promoted(self) -> np.ndarray:
        """Who is promoted on either ladder, bool (posts,)."""
        who = self.risen.copy()
        who[self.clerks] = True
        return who


def climb(people: Candidates, rules: Careers, merits: np.ndarray, line: bool = True) -> Climb:
    """Return who climbs in the order of `merits` (posts,); `line` = whether the promotion line bars."""
    ladders = rules.ladders
    open_to = people.scored & ~people.leaving
    barred = people.under if line else np.zeros(len(merits), bool)
    removed = people.head & people.bottom & ~people.leaving & rules.remove_heads
    risen = np.zeros(len(merits), bool)
    risen[_best(merits, open_to & people.head & ~removed & ~barred, ladders.deputy_openings)] = True
    opened = np.concatenate([np.flatnonzero(removed), np.flatnonzero(people.head & (risen | people.leaving))])
    staff = open_to & ~people.head & ~(barred & ladders.bars_staff)
    return Climb(risen, opened, _best(merits, staff, len(opened)))


def merits(people: Candidates, rules: Ladders) -> dict[str, np.ndarray]:
    """Return by what people are ordered if each of `WHY` is added to those before it, (posts,) each.

    The last one is what promotion goes by: the measured record in place of the true one, and luck.
    """
    ladder = np.where(people.scored, people.head.astype(int), -1)
    unit = rules.unit * standardised(people.unit_score, ladder)
    service = rules.seniority * standardised(people.service_years, ladder)
    own = rules.merit * people.true_record
    seen = rules.merit * people.record + rules.luck * people.luck
    return {
        "merit": people.true_record,
        "unit": own + unit,
        "seniority": own + unit + service,
        "luck": seen + unit + service,
    }


def why(people: Candidates, rules: Careers) -> tuple[np.ndarray, np.ndarray]:
    """Return why each is promoted, its place in `WHY` (posts,), −1 = not; and whom the line bars, bool.

    Barred is who would be promoted without the line, and is of a unit under it.
    """
    orders = merits(people, rules.ladders)
    found = np.full(len(people.head), -1)
    promoted = climb(people, rules, orders["luck"]).promoted
    for place, name in reversed(list(enumerate(WHY))):
        found[promoted & climb(people, rules, orders[name]).promoted] = place
    barred = people.under & climb(people, rules, orders["luck"], line=False).promoted & ~promoted
    return found, barred


def _best(merits: np.ndarray, among: np.ndarray, count: int) -> np.ndarray:
    """Return the best `count` of those `among`, bool (posts,), best first; ties go to the lowest number."""
    who = np.flatnonzero(among)
    return who[np.argsort(-merits[who], kind="stable")[:count]]
