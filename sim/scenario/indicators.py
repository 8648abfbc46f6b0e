"""Every indicator that a scorecard may score, once: all that others need to know of one stands in its row.

An indicator that is a share of the cases falling due is counted by a flag of the case, in
`sim.rules.indicators`. From the row here follow which way is better, what an inspection may sample, which
rules may score it, and what people who respond can do about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator, from 0 to 1.

    Parameters
    ----------
    of : what it is counted of: the cases a unit answers for, its people, its pace of work, somebody's
        opinion, or what applicants say.
    better : which way is better.
    flag : the flag of a case of which it is the share among the cases falling due, "" = another way.
    per_case : single cases found wanting can be counted, and points deducted for each.
    sampled : an inspection may look at a sample of the cases.
    rare : many units have no such case, and are scored without the item.
    only : the cases that it looks at, where not all: target projects, or the kinds that the item names.
    lever : what people who respond can do about it: be in time, clear what is overdue, do their duties,
        study, keep discipline, go on with their projects.
    """

    of: Literal["cases", "people", "work", "opinion", "public"] = "cases"
    better: Literal["higher", "lower"] = "higher"
    flag: str = ""
    per_case: bool = False
    sampled: bool = False
    rare: bool = False
    only: Literal["", "projects", "kinds"] = ""
    lever: Literal["", "on_time", "overdue", "duties", "study", "discipline", "projects"] = ""


INDICATORS = {
    "on_time_rate": Indicator(flag="on_time", per_case=True, sampled=True, lever="on_time"),
    "time_against_limit": Indicator(better="lower", lever="overdue"),
    "return_rate": Indicator(flag="returned", better="lower", per_case=True, sampled=True),
    "overdue_rate": Indicator(better="lower", per_case=True, lever="overdue"),
    "same_day_rate": Indicator(flag="same_day", per_case=True, sampled=True, lever="on_time"),
    "study_rate": Indicator(of="people", lever="study"),
    "marks": Indicator(of="opinion"),
    "duty_rate": Indicator(of="people", lever="duties"),
    "discipline": Indicator(of="people", lever="discipline"),
    "projects_accepted": Indicator(flag="on_time", rare=True, only="projects", lever="projects"),
    "error_rate": Indicator(flag="error", better="lower", per_case=True),
    "complaint_rate": Indicator(flag="complaint", better="lower", per_case=True),
    "petitions_resolved": Indicator(flag="resolved", rare=True, only="kinds"),
    "satisfaction": Indicator(of="public", rare=True),
    "innovation": Indicator(of="opinion"),
    "pace": Indicator(of="work"),
}

if TYPE_CHECKING:
    Name = str
else:
    Name = Literal[tuple(INDICATORS)]  # the file's check tells the choices


def names(**wanted: object) -> tuple[str, ...]:
    """The indicators whose rows say all that is `wanted`.

    >>> names(of="opinion")
    ('marks', 'innovation')
    """
    return tuple(
        name
        for name, one in INDICATORS.items()
        if all(getattr(one, key) == value for key, value in wanted.items())
    )
