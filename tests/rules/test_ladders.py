"""Two ladders in a bureau of four units, worked out by hand: who rises, who is barred, and why."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.rules.ladders import WHY, Candidates, climb, merits, why
from sim.rules.moves import Posts, Prospects, candidates_of, moves
from sim.rules.personal import Deeds, Records
from sim.scenario.careers import Careers

# unit 0: at the bottom; 1: under the promotion line; 2 and 3: over it. Each has a head and two clerks.
UNIT = np.repeat(np.arange(4), 3)
HEAD = np.tile([True, False, False], 4)
RECORD = np.array([0.0, 3, 3, 2, 2.5, 0, 1, 0.5, 0.4, 0, 0.3, 1.5])
NOTHING = np.zeros(12)


def people(**more) -> Candidates:
    usual = {
        "head": HEAD,
        "bottom": UNIT == 0,
        "leaving": NOTHING > 0,
        "scored": NOTHING == 0,
        "under": UNIT <= 1,
        "record": RECORD,
        "true_record": RECORD,
        "unit_score": np.array([70.0, 88, 93, 97])[UNIT],
        "service_years": NOTHING,
        "luck": NOTHING,
    }
    return Candidates(**(usual | more))


def rules(**ladders) -> Careers:
    return Careers(on=True, ladders={"on": True, **ladders})


def test_a_head_rises_and_posts_open_to_the_best_clerks():
    found = climb(people(), rules(), RECORD)
    assert np.flatnonzero(found.risen).tolist() == [6]  # the head of unit 1 has more, and is barred
    assert found.opened.tolist() == [0, 6]  # of the removed head, of the risen one
    assert found.clerks.tolist() == [11, 7]


def test_the_line_bars_the_head_and_if_asked_the_staff():
    open_line = climb(people(), rules(), RECORD, line=False)
    assert np.flatnonzero(open_line.risen).tolist() == [3] and open_line.clerks.tolist() == [1, 2]
    head_only = climb(people(), rules(bars_staff=False), RECORD)
    assert np.flatnonzero(head_only.risen).tolist() == [6] and head_only.clerks.tolist() == [1, 2]
    assert np.flatnonzero(why(people(), rules())[1]).tolist() == [1, 2, 3]
    assert np.flatnonzero(why(people(), rules(bars_staff=False))[1]).tolist() == [3]
    assert not why(people(under=NOTHING > 0), rules())[1].any()


def test_no_removed_head_and_nobody_without_a_score_rises():
    best_at_the_bottom = np.where(np.arange(12) == 0, 9.0, RECORD)
    for remove, rises in ((True, 3), (False, 0)):
        careers = Careers(on=True, remove_heads=remove, ladders={"on": True})
        found = climb(people(under=NOTHING > 0), careers, best_at_the_bottom)
        assert np.flatnonzero(found.risen).tolist() == [rises]
    assert not climb(people(scored=UNIT != 3), rules(), RECORD).promoted[UNIT == 3].any()


def test_more_openings_promote_more_and_none_in_the_city_none():
    counts = [climb(people(), rules(deputy_openings=n), RECORD).promoted.sum() for n in (0, 1, 2)]
    assert counts == [1, 3, 5]


@pytest.mark.parametrize(
    ("weights", "more", "reason"),
    [
        ({}, {}, "merit"),
        ({"unit": 5.0}, {}, "unit"),  # the clerk of the better unit with less of a record
        ({"seniority": 5.0}, {"service_years": np.where(np.arange(12) == 8, 30.0, 0)}, "seniority"),
        ({"luck": 5.0}, {"luck": np.where(np.arange(12) == 8, 9.0, 0)}, "luck"),
        ({}, {"record": np.where(np.arange(12) == 8, 9.0, RECORD)}, "luck"),  # as it was measured
    ],
    ids=["record", "unit", "service", "luck", "measurement"],
)
def test_why_somebody_is_promoted(weights, more, reason):
    record = RECORD.copy()
    if reason == "unit":
        record[[7, 8, 10, 11]] = 0.6, 0.5, 0.3, 0.2
        more = {"record": record, "true_record": record}
    found = why(people(**more), rules(deputy_openings=0, **weights))[0]
    assert {WHY[place] for place in found[found >= 0]} == {reason}


def test_without_weights_and_noise_the_order_is_that_of_the_record():
    orders = merits(people(), rules().ladders)
    for order in orders.values():
        assert np.array_equal(order, RECORD)


def prospects(leaving: tuple[int, ...] = ()) -> Prospects:
    posts = Posts(UNIT, np.zeros(12, int), HEAD, np.ones(12, bool))
    luck = np.full(12, 0.99)
    luck[list(leaving)] = 0.0
    own = Deeds(*(NOTHING for _ in Deeds._fields))
    return Prospects(posts, NOTHING, luck, own, NOTHING)


VERDICT = SimpleNamespace(
    bottom=np.array([1.0, 0, 0, 0]),
    score=np.array([70.0, 88, 93, 97]),
    scaled_score=np.array([70.0, 88, 93, 97]),
    head_not_promotable=np.array([1.0, 1, 0, 0]),
    records=Records(RECORD, RECORD, NOTHING > 0, NOTHING),
)


def test_posts_are_taken_and_newcomers_take_the_clerks_posts():
    result = moves(prospects(), VERDICT, rules())
    assert result.holder[[0, 11]].tolist() == [11, 0]  # the removed head and the clerk change places
    assert result.holder[6] == 7 and result.newcomer[7] and not result.newcomer[6]
    assert np.flatnonzero(result.removed).tolist() == [0]
    assert np.flatnonzero(result.promoted).tolist() == [6, 7, 11]
    assert np.flatnonzero(result.risen).tolist() == [6]


def test_a_head_who_leaves_makes_room_for_a_clerk():
    result = moves(
        prospects(leaving=(9,)), VERDICT, Careers(on=True, leavers_share=0.1, ladders={"on": True})
    )
    assert result.holder[9] in (7, 8, 10, 11) and not result.newcomer[9]
    assert result.newcomer.sum() == 2  # for whom rose, and for whom left


def test_every_post_has_one_holder_and_nobody_two():
    for leaving in ((), (9,), (0, 3), (3, 6, 9)):
        held = moves(prospects(leaving), VERDICT, Careers(on=True, leavers_share=0.1, ladders={"on": True}))
        old = held.holder[~held.newcomer]
        assert len(set(old.tolist())) == len(old)


def test_without_candidates_the_removed_stay_and_newcomers_come():
    barred = SimpleNamespace(**{**vars(VERDICT), "head_not_promotable": np.ones(4)})
    result = moves(prospects(leaving=(9,)), barred, Careers(on=True, leavers_share=0.1, ladders={"on": True}))
    assert not result.promoted.any() and not result.removed.any()
    assert np.flatnonzero(result.newcomer).tolist() == [9]
    assert candidates_of(prospects(), barred, rules()).under.all()
