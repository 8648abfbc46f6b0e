"""A person's own record: compared with colleagues of the role, seen in a sample, with an opinion in it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rules.personal import Deeds, faulty_cases, records, standardised
from sim.rules.record import NEVER, Record
from sim.scenario.careers import Careers

NAMES = tuple("abcdef")
ALL = np.ones(6, bool)


def deeds(**more) -> Deeds:
    alike = {
        "role": np.array([0, 0, 0, 0, 1, 1]),
        "work_s": np.full(6, 100.0),
        "on_duty_s": np.full(6, 200.0),
        "study_s": np.full(6, 10.0),
        "cases": np.full(6, 50.0),
        "faulty": np.full(6, 5.0),
        "faulty_seen": np.full(6, 5.0),
        "commended": np.zeros(6),
        "service_years": np.zeros(6),
    }
    return Deeds(**(alike | more))


class Luck:
    """Each person has a number for each purpose."""

    def __init__(self, looked: float = 0.0, opinion: float = 0.0) -> None:
        self.sizes = {"record: cases looked at": looked, "record: opinion": opinion}

    def normal(self, name: str, purpose: str) -> float:
        return self.sizes[purpose] * (1 if name in "ace" else -1)


def judged(found: Deeds, luck: Luck | None = None, **rules):
    return records(found, NAMES, ALL, Careers(**rules), luck)


def test_who_does_more_in_an_hour_has_the_better_record():
    found = judged(deeds(work_s=np.array([100.0, 100, 100, 140, 30, 30])))
    assert found.true[3] > 0 > found.true[0]
    assert found.true[4] == found.true[5] == 0  # heads do less of it, all alike


def test_faults_count_against_a_person_and_study_and_commendations_for_one():
    assert judged(deeds(faulty=np.array([5.0, 5, 5, 20, 5, 5]))).true[3] < 0
    assert judged(deeds(study_s=np.array([10.0, 10, 10, 20, 5, 5]))).true[3] > 0
    assert judged(deeds(commended=np.array([0.0, 0, 0, 1, 0, 0]))).true[3] > 0
    without = judged(deeds(commended=np.array([0.0, 0, 0, 1, 0, 0])), record={"commended": 0.0})
    assert without.true[3] == 0


def test_seen_in_full_and_without_opinion_the_record_is_the_true_one():
    found = judged(
        deeds(faulty=np.array([1.0, 2, 3, 4, 5, 6]), faulty_seen=np.array([1.0, 2, 3, 4, 5, 6])), Luck(1, 1)
    )
    assert found.measured == pytest.approx(found.true)


def test_a_smaller_sample_and_a_freer_opinion_part_them():
    faulty = np.array([1.0, 2, 3, 4, 5, 6])
    found = deeds(faulty=faulty, faulty_seen=faulty)

    def gap(luck: Luck, **record) -> float:
        own = judged(found, luck, record=record)
        return float(np.abs(own.measured - own.true).mean())

    assert 0 < gap(Luck(looked=1), sample=40) < gap(Luck(looked=1), sample=10)
    assert gap(Luck(opinion=1), opinion_sd=0.5) == pytest.approx(0.5)
    assert gap(Luck(looked=1), sample=50) == pytest.approx(0)  # all cases are looked at


def test_the_best_as_measured_are_commended_and_rewarded():
    praise = {"on": True, "share": 0.34, "reward": 500.0}
    own = judged(deeds(work_s=np.array([100.0, 100, 100, 140, 30, 40])), commendations=praise)
    assert np.flatnonzero(own.commended).tolist() == [3, 5]
    assert own.reward.tolist() == [0, 0, 0, 500, 0, 500]
    assert not judged(deeds()).commended.any()


def test_whom_nobody_judges_has_no_record_and_is_not_commended():
    among = ALL & (np.arange(6) != 3)
    rules = Careers(commendations={"on": True, "share": 0.2})
    own = records(deeds(work_s=np.array([100.0, 110, 100, 140, 30, 30])), NAMES, among, rules, None)
    assert np.isnan(own.true[3]) and np.flatnonzero(own.commended).tolist() == [1]


def test_standardised_knows_no_spread_and_no_group():
    values = np.array([1.0, 3.0, 2.0, 2.0, np.nan])
    found = standardised(values, np.array([0, 0, 1, 1, -1]))
    assert found.tolist() == [-1, 1, 0, 0, 0]


def test_a_fault_is_lateness_a_return_an_error_or_a_complaint():
    count = 5  # in time; late; returned; an error; due in another year
    due = np.array([10, 10, 10, 10, 99])
    record = Record.of(
        kind=np.zeros(count, int),
        unit=np.zeros(count, int),
        case_number=np.arange(count),
        arrival_s=np.zeros(count, int),
        first_start_s=np.ones(count, int),
        finish_s=np.array([9, 11, 9, 9, 9]),
        withdrawn_s=np.full(count, -1),
        due_s=due,
        until_start=np.zeros(count, bool),
        returns=np.array([0, 0, 1, 0, 0]),
        error=np.array([0, 0, 0, 1, 0], bool),
    )
    assert record.withdrawn_s[0] == NEVER
    person = np.array([0, 0, 0, 0, 0, 1])
    cases, faulty, seen = faulty_cases((person, np.array([0, 1, 2, 3, 4, 0])), record, 3, 0, 50)
    assert cases.tolist() == [4, 1, 0] and faulty.tolist() == [3, 0, 0] and seen is faulty


def test_noise_does_not_grow_as_true_differences_vanish():
    """What is seen is compared with what is seen of the others: quality keeps its weight."""
    faulty = np.array([1.0, 1, 1, 1.1, 1, 1])
    own = judged(deeds(faulty=faulty, faulty_seen=faulty), Luck(looked=1), record={"sample": 10})
    assert np.abs(own.measured).max() < 2
