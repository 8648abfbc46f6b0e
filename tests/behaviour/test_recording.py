"""What the books say of nearly late cases: who is gamed, how, and what an audit finds."""

from __future__ import annotations

import numpy as np
import pytest

from sim.behaviour.recording import MODES, Recorded, record
from sim.scenario.gaming import Recording
from sim.scenario.time import DAY_S

RULES = Recording(window_days=5, clock_stop=0.5, needless_supplement=0.3, close_and_reopen=0.2)
DUE = 100 * DAY_S


def books(
    met_days: list[float], luck: np.ndarray, share: float = 1.0, audit_rate: float = 0.0, due: int = DUE
) -> Recorded:
    n = len(met_days)
    met = np.array([-1 if np.isnan(day) else round(day * DAY_S) for day in met_days], np.int64)
    return record(
        np.full(n, due),
        met,
        np.zeros(n, np.int64),
        np.array([400 * DAY_S]),
        np.array([[share]]),
        luck.__getitem__,
        RULES,
        audit_rate,
    )


def test_only_what_is_nearly_late_can_be_gamed():
    """In time, just late, at the window's edge, past it, open, without a limit."""
    met = [99, 100, 100.5, 105, 105.01, np.nan]
    found = books(met, np.zeros((6, 3)))
    assert (found.mode >= 0).tolist() == [False, False, True, True, False, False]
    assert found.recorded_due_s.tolist() == [DUE, DUE, round(100.5 * DAY_S), 105 * DAY_S, DUE, DUE]
    unlimited = books([1.0], np.zeros((1, 3)), due=-1)
    assert unlimited.recorded_due_s.tolist() == [-1] and unlimited.mode.tolist() == [-1]


def test_a_false_record_is_in_time_by_the_books():
    found = books([102.0], np.zeros((1, 3)))
    assert found.recorded_due_s[0] >= 102 * DAY_S


def test_each_case_has_luck_of_its_own():
    luck = np.array([[0.29, 0.0, 0.0], [0.31, 0.0, 0.0]])
    assert (books([101.0, 101.0], luck, share=0.3).mode >= 0).tolist() == [True, False]


def test_modes_come_in_their_shares():
    luck = np.stack([np.zeros(1000), (np.arange(1000) + 0.5) / 1000, np.ones(1000) * 0.99], axis=1)
    found = books([101.0] * 1000, luck)
    assert np.bincount(found.mode).tolist() == [500, 300, 200]
    assert np.array_equal(found.needless, found.mode == MODES.index("needless_supplement"))


def test_audits_find_false_records_only():
    luck = np.zeros((3, 3))
    luck[1, 2] = 0.2
    found = books([101.0, 101.0, 99.0], luck, audit_rate=0.1)
    assert found.audited.tolist() == [True, False, False]
    assert not books([101.0], np.zeros((1, 3))).audited.any()


def test_the_conduct_of_the_month_counts_in_which_the_case_falls_due():
    ends = np.array([31, 59, 90], np.int64) * DAY_S
    due = np.array([30, 31, 32, 80, 200], np.int64) * DAY_S  # the 31st ends with January
    share = np.array([[1.0, 0], [0.0, 1], [1.0, 1]])
    found = record(due, due + 1, np.array([0, 0, 0, 1, 0]), ends, share, np.zeros((5, 3)).__getitem__, RULES)
    assert (found.mode >= 0).tolist() == [True, True, False, True, True]


def test_more_gaming_games_the_same_cases_and_more():
    luck = np.random.default_rng(3).random((5000, 3))
    less, more = (books([101.0] * 5000, luck, share).mode >= 0 for share in (0.2, 0.5))
    assert (more | ~less).all()
    assert less.mean() == pytest.approx(0.2, abs=0.03)


def test_nobody_games_nothing_changes():
    found = books([101.0] * 50, np.random.default_rng(1).random((50, 3)), share=0.0, audit_rate=1.0)
    assert (found.recorded_due_s == DUE).all() and not found.audited.any() and not found.needless.any()


BACKDATING = Recording(
    window_days=5,
    clock_stop=0,
    needless_supplement=0,
    close_and_reopen=0,
    backdated_finish=1,
    backdated_days=2,
)


def backdated(met: list[float], rules: Recording = BACKDATING, **more) -> Recorded:
    n = len(met)
    luck = np.column_stack([np.zeros(n), (np.arange(n) + 0.5) / n, np.zeros(n)])
    ends, share = np.array([400 * DAY_S]), np.array([[1.0]])
    met_s = np.round(np.array(met) * DAY_S).astype(np.int64)
    return record(np.full(n, DUE), met_s, np.zeros(n, int), ends, share, luck.__getitem__, rules, **more)


def test_a_backdated_finish_lies_evenly_before_the_limit():
    """The due date stays, the finish is entered in the two days before it; who is in time stays as it is."""
    found = backdated([101.0] * 1000 + [99.5])
    assert (found.recorded_due_s == DUE).all() and not found.needless.any()
    days = (DUE - found.recorded_met_s[:1000]) / DAY_S
    assert 0 < days.min() < 0.01 and 1.99 < days.max() <= 2
    assert np.histogram(days, 10, (0, 2))[0].tolist() == pytest.approx([100] * 10, abs=1)
    assert found.recorded_met_s[1000] == round(99.5 * DAY_S)


def test_nothing_is_recorded_before_it_was_received():
    found = backdated([101.0] * 100, received_s=np.full(100, DUE - 3600))
    assert (found.recorded_met_s >= DUE - 3600).all() and (found.recorded_met_s < DUE).all()


def test_what_an_earlier_year_has_scored_is_not_recorded_anew():
    assert (backdated([101.0], scored_until_s=DUE).mode == -1).all()
    assert (backdated([101.0], scored_until_s=DUE - 1).mode >= 0).all()


def test_a_mode_among_others_takes_its_share_and_leaves_theirs():
    mixed = BACKDATING.model_copy(update={"clock_stop": 1.0})
    found = backdated([101.0] * 1000, mixed)
    assert np.bincount(found.mode).tolist() == [500, 0, 0, 500]
    assert (found.recorded_due_s[:500] == round(101.0 * DAY_S)).all()  # of these the due date is false
    days = (DUE - found.recorded_met_s[500:]) / DAY_S
    assert days.min() < 0.01 and days.max() > 1.99  # and of these the finish, again all over the two days


def test_some_mode_is_left():
    with pytest.raises(ValueError, match="are all 0"):
        Recording(clock_stop=0, needless_supplement=0, close_and_reopen=0)
    only = Recording(clock_stop=0, needless_supplement=0, close_and_reopen=0.1)
    luck = np.random.default_rng(0).random((50, 3))
    late, nobody = np.full(50, DUE + 1), np.zeros(50, np.int64)
    found = record(
        np.full(50, DUE), late, nobody, np.array([2 * DUE]), np.array([[1.0]]), luck.__getitem__, only
    )
    assert (found.mode == MODES.index("close_and_reopen")).all()
