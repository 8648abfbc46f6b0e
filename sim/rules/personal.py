"""A person's own record of a year: the work, the faults in the cases, the study, the commendations.

The true record is of all cases. The measured one sees the faults in a sample, and an opinion enters it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.scenario.careers import Careers, PersonalRecord

from .indicators import cohort
from .record import Record
from .scorecard import Draws


class Deeds(NamedTuple):
    """What was counted of each person in a year, arrays (people,).

    role : int, the people of one role are compared. work_s : standard work of the visits that they ended.
    on_duty_s, study_s : seconds on duty, and of study and training. cases : cases falling due on which they
    worked. faulty, faulty_seen : of them with a fault, in truth and as recorded. commended : commendations of
    the years before. service_years : years of service.
    """

    role: np.ndarray
    work_s: np.ndarray
    on_duty_s: np.ndarray
    study_s: np.ndarray
    cases: np.ndarray
    faulty: np.ndarray
    faulty_seen: np.ndarray
    commended: np.ndarray
    service_years: np.ndarray


class Records(NamedTuple):
    """The records of people, arrays (people,), NaN for whom nobody judges.

    measured, true : in standard deviations of the people of a role. commended : bool. reward : money.
    """

    measured: np.ndarray
    true: np.ndarray
    commended: np.ndarray
    reward: np.ndarray


def faulty_cases(
    worked_on: tuple[np.ndarray, np.ndarray], record: Record, people: int, start_s: int, end_s: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cases falling due on which people worked, and those with a fault, in truth and as recorded.

    A fault is lateness, a return to the applicant, an error or a complaint. `worked_on` has the positions of
    person and request of each pair, int (m,) each, no pair twice; the result float (people,) each.
    """
    person, request = worked_on

    def counted(written: Record) -> tuple[np.ndarray, np.ndarray]:
        seen = cohort(written, start_s, end_s)
        due = seen.has("due")
        fault = due & (
            ~seen.has("on_time") | seen.has("returned") | seen.has("error") | seen.has("complaint")
        )
        return np.bincount(person, due[request], people), np.bincount(person, fault[request], people)

    cases, faulty = counted(record)
    return cases, faulty, counted(record.as_recorded())[1] if record.has_records else faulty


def records(
    deeds: Deeds, names: tuple[str, ...], among: np.ndarray, rules: Careers, draws: Draws | None
) -> Records:
    """Return the records of the people `names`, bool `among` (people,) those whom the bureau judges.

    `draws` is the luck of what is seen; None = all is seen as it is.
    """
    part, count = rules.record, len(names)
    luck = np.zeros((2, count))
    if draws is not None:
        purposes = ("record: cases looked at", "record: opinion")
        luck = np.array([[draws.normal(name, purpose) for name in names] for purpose in purposes])
    groups = np.where(among, deeds.role, -1)
    worked = _share(deeds.work_s, deeds.on_duty_s)
    faults = _share(deeds.faulty, deeds.cases)
    seen = np.clip(_share(deeds.faulty_seen, deeds.cases) + luck[0] * _sampling_sd(deeds, part), 0.0, 1.0)
    weights = np.array([part.work, part.quality, part.study, part.commended])
    size = float(np.sqrt(np.sum(weights**2))) or 1.0

    def of(faulty: np.ndarray) -> np.ndarray:
        parts = [
            standardised(worked, groups),
            -standardised(faulty, groups),
            standardised(deeds.study_s, groups),
            standardised(deeds.commended, groups),
        ]
        return np.where(among, weights @ np.array(parts) / size, np.nan)

    true, measured = of(faults), of(seen) + part.opinion_sd * luck[1]
    commended = np.zeros(count, bool)
    praise = rules.commendations
    if praise.on:
        best = np.argsort(-np.where(among, measured, -np.inf), kind="stable")
        commended[best[: int(praise.share * np.count_nonzero(among) + 0.5)]] = True
    return Records(measured, true, commended, np.where(commended, praise.reward, 0.0))


def standardised(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return values less the mean of their group, in its standard deviations, (n,).

    It is 0 for a NaN, in a group without spread, and in group −1.
    """
    result = np.zeros(len(values))
    for group in np.unique(groups[groups >= 0]):
        own = groups == group
        known = values[own & np.isfinite(values)]
        if len(known) and (sd := known.std()) > 1e-9 * max(1.0, np.abs(known).max()):
            result[own] = (values[own] - known.mean()) / sd
    return np.nan_to_num(result)


def _sampling_sd(deeds: Deeds, part: PersonalRecord) -> np.ndarray:
    """Return the standard error of a share of faulty cases in a sample without replacement, (people,)."""
    if not part.sample:
        return np.zeros(len(deeds.cases))
    share = np.nan_to_num(_share(deeds.faulty_seen, deeds.cases))
    looked_at = np.minimum(deeds.cases, part.sample)
    others = _share(deeds.cases - looked_at, deeds.cases - 1)
    return np.sqrt(np.nan_to_num(_share(share * (1 - share), looked_at) * np.clip(others, 0, None)))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part / whole, NaN where there is no whole."""
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=np.asarray(whole) > 0)
