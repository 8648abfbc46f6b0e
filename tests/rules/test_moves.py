"""Who holds which post next year: a bureau of four units, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.rules.moves import Posts, Prospects, counted, moves
from sim.scenario.careers import Careers

# unit 0: a section at the bottom; unit 1: an office at the bottom; units 2 and 3: offices, 3 the better one.
POSTS = Posts(
    unit=np.array([0, 0, 0, 1, 1, 2, 2, 2, 3, 3]),
    grade=np.array([1, 0, 0, 1, 0, 1, 0, 0, 1, 0]),
    head=np.array([1, 0, 0, 1, 0, 1, 0, 0, 1, 0], bool),
    grassroots=np.array([0, 0, 0, 1, 1, 1, 1, 1, 1, 1], bool),
)
PRACTICE = np.array([9.0, 5.0, 4.0, 8.0, 3.0, 9.0, 2.0, 7.0, 9.0, 1.0])
VERDICT = SimpleNamespace(
    bottom=np.array([1.0, 1.0, 0.0, 0.0]),
    score=np.array([70.0, 75.0, 93.0, 97.0]),
    head_not_promotable=np.array([1.0, 1.0, 0.0, 0.0]),
)
NOBODY = np.full(10, 0.99)


def changed(**rules):
    return moves(Prospects(POSTS, PRACTICE, NOBODY), VERDICT, Careers(on=True, **rules))


def test_heads_of_bottom_units_give_their_posts_to_outstanding_people():
    result = changed(moved_share=0, vacancy_months=2)
    # the one clerk of the best office first, then the most practised of the next one
    assert result.holder.tolist() == [9, 1, 2, 7, 4, 5, 6, 3, 8, 0]
    assert np.flatnonzero(result.removed).tolist() == [0, 3]
    assert np.flatnonzero(result.promoted).tolist() == [7, 9]
    assert result.vacant_months.tolist() == [2, 0, 0, 2, 0, 0, 0, 0, 0, 0]
    assert not result.moved.any()


def test_staff_of_bottom_sections_change_places_with_the_grassroots():
    result = changed(remove_heads=False)
    assert result.holder.tolist() == [0, 9, 7, 3, 4, 5, 6, 2, 8, 1]
    assert np.flatnonzero(result.moved).tolist() == [1, 2, 7, 9]
    assert not result.removed.any()


def test_or_make_room_for_newcomers():
    result = changed(remove_heads=False, replacement="newcomer", moved_share=0.5)
    assert result.holder.tolist() == list(range(10))
    assert np.flatnonzero(result.newcomer).tolist() == [1]


def test_offices_at_the_bottom_keep_their_staff():
    """They are the grassroots to which others are sent."""
    assert changed(remove_heads=False).holder[4] == 4


def test_every_post_has_one_holder_and_nobody_two():
    for share in (0.0, 0.5, 1.0):
        result = changed(moved_share=share)
        assert sorted(result.holder.tolist()) == list(range(10))


def test_leavers_go_whatever_the_rules():
    luck = NOBODY.copy()
    luck[6] = 0.01
    nobody_at_the_bottom = SimpleNamespace(**{**vars(VERDICT), "bottom": np.zeros(4)})
    rules = Careers(on=True, leavers_share=0.05)
    result = moves(Prospects(POSTS, PRACTICE, luck), nobody_at_the_bottom, rules)
    assert np.flatnonzero(result.newcomer).tolist() == [6]
    assert result.vacant_months[6] == 1
    assert result.anybody


@pytest.mark.parametrize("bottom", [0.0, np.nan])
def test_without_a_bottom_nobody_moves(bottom):
    verdict = SimpleNamespace(**{**vars(VERDICT), "bottom": np.full(4, bottom)})
    assert not moves(Prospects(POSTS, PRACTICE, NOBODY), verdict, Careers(on=True)).anybody


def test_off_nobody_moves():
    assert not moves(Prospects(POSTS, PRACTICE, np.zeros(10)), VERDICT, Careers(leavers_share=0.5)).anybody


def test_counted_by_unit():
    told = counted(changed(), POSTS, 4)
    assert told["removed"].tolist() == [1, 1, 0, 0]
    assert told["promoted"].tolist() == [0, 0, 1, 1]
    assert told["moved"].sum() == 2
