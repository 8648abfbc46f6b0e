"""Study as it is done: known answers at the edges of its chances, the same luck, the same rows."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

import sim
from sim.scenario.part import Text
from sim.world import draw_world, in_force
from sim.world.awards import answered
from sim.world.self_study import Sittings, competes, sittings

SHORT = {"horizon.warm_up_days": 0, "study.missed.on": True}
ALWAYS = {"study.missed.usual": 0.5, "study.missed.most": 0.5, "study.missed.from_load": 0.0}  # at full load
NEVER = {"study.missed.usual": 0.0, "study.missed.most": 0.0}
HALF = {"study.missed.usual": 0.5, "study.missed.most": 0.0}
LOST = {"study.missed.postponed": 0.0, "study.missed.entered": 0.0}


def simulated(**changes: object) -> sim.simulate:
    title = Text(en="study", zh="学习")
    own = {path.replace("__", "."): value for path, value in changes.items()}
    return sim.simulate("binhai", sim.Policy("study", title, title, own), seed=3)


def of_bureau(result, name: str, month: int = 0) -> float:
    rows = result.outcomes
    which = (rows["unit"] == "") & (rows["kind"] == "") & (rows["person"] == "") & (rows["month"] == month)
    return float(rows.loc[which & (rows["outcome"] == name), "value"].iloc[0])


@pytest.fixture(scope="module")
def office():
    return in_force(sim.load("binhai"))


def test_sittings_are_the_self_study_that_people_are_present_for(office):
    """Weekly study and articles, without lectures and integrity sessions: 6 gatherings of 2 hours."""
    world = draw_world(office, 3, 0)
    own = sittings(world)
    hours = np.bincount(own.person, own.seconds, len(world.people)) / 3600
    planned = np.array([np.diff(person.away["study"], axis=1).sum() / 3600 for person in world.people])
    assert ((planned - hours >= 0) & (planned - hours <= 6 * 2 * 2)).all()
    assert hours.mean() > 80
    articles = np.bincount(own.person[own.article], minlength=len(world.people))
    assert 3 < articles.mean() <= 8, "one a quarter of those present, in two years with the warm-up"


def test_who_is_away_for_a_time_leaves_the_sittings_of_all_others_as_they_are(office):
    world = draw_world(office, 3, 0)
    away = np.isin(np.arange(len(world.people)), (3, 40))
    span = np.array([[100 * 86_400, 200 * 86_400]])
    people = [one.without(span) if gone else one for one, gone in zip(world.people, away, strict=True)]
    now = replace(world, people=people)
    before, after, anew = sittings(world), sittings(world).of_people(now, away), sittings(now)
    assert len(after.person) < len(before.person)
    for one in fields(Sittings):
        np.testing.assert_array_equal(
            np.sort(getattr(after, one.name), axis=0), np.sort(getattr(anew, one.name), axis=0)
        )
    for own in (after, anew):
        month = own.within(*span[0])
        assert not np.isin(month.person, (3, 40)).any() and len(month.person) > 1000
        assert ((month.start_s >= span[0, 0]) & (month.start_s < span[0, 1])).all()


def test_nothing_missed_is_as_if_nothing_could_be():
    can, cannot = simulated(**SHORT | NEVER), simulated(**{"horizon.warm_up_days": 0})
    for name in ("study_hours", "knowledge_hours", "on_time_rate", "utilisation", "mean_score"):
        assert of_bureau(can, name) == of_bureau(cannot, name)
    assert of_bureau(can, "study_done_rate") == of_bureau(can, "study_rate")
    assert of_bureau(can, "study_false_hours") == 0


def test_half_of_the_sittings_missed_is_half_of_the_articles_and_of_the_hours():
    none, half = simulated(**SHORT | NEVER), simulated(**SHORT | HALF | LOST)
    own = none.work.world
    due = sittings(own)
    asked = due.seconds.sum() / 3600
    missed = of_bureau(none, "study_hours") - of_bureau(half, "study_hours")
    assert missed == pytest.approx(asked / 2, rel=0.02)
    assert of_bureau(half, "articles") == pytest.approx(of_bureau(none, "articles") / 2, rel=0.12)
    assert of_bureau(half, "study_done_rate") == of_bureau(half, "study_rate"), "nothing is entered"


def test_what_is_entered_shows_in_the_record_and_not_in_what_is_known():
    lost = simulated(**SHORT | HALF | LOST)
    shown = simulated(**SHORT | HALF | LOST | {"study.missed.entered": 1.0, "study.missed.found": 0.0})
    struck = simulated(**SHORT | HALF | LOST | {"study.missed.entered": 1.0, "study.missed.found": 1.0})
    assert of_bureau(shown, "study_rate") > 0.95 > of_bureau(lost, "study_rate")
    for name in ("study_done_rate", "knowledge_hours", "on_time_rate", "articles"):
        assert of_bureau(shown, name) == of_bureau(lost, name) == of_bureau(struck, name)
    assert of_bureau(struck, "study_rate") == of_bureau(lost, "study_rate")


def test_what_is_made_up_comes_a_month_later():
    """All that January misses is done in February; only what December misses is open at the year's end."""
    later = simulated(**SHORT | HALF | {"study.missed.postponed": 1.0})
    lost = simulated(**SHORT | HALF | LOST)
    none = simulated(**SHORT | NEVER)
    open_ = of_bureau(none, "study_hours") - of_bureau(later, "study_hours")
    assert 0 < open_ < 0.15 * (of_bureau(none, "study_hours") - of_bureau(lost, "study_hours"))
    assert of_bureau(later, "study_hours", 1) == of_bureau(lost, "study_hours", 1)
    assert of_bureau(later, "study_hours", 2) > of_bureau(lost, "study_hours", 2)


def test_a_load_misses_no_sitting_that_a_greater_one_does_not(office):
    """The luck of a sitting is its own: by person and week, whatever the policy."""
    world = draw_world(office, 3, 0)
    elsewhere = in_force(sim.reform(sim.load("binhai"), "study-in-slack"))
    other = draw_world(elsewhere, 3, 0)
    one, two = sittings(world), sittings(other)
    assert set(map(tuple, one.luck)) & set(map(tuple, two.luck))
    few, many = competes(world, 0.1), competes(world, 0.3)
    assert few.any() and (few <= many).all() and few.sum() < many.sum()


def test_learning_models_are_paid_and_compete():
    result = simulated(
        **SHORT | {"study.contest.on": True, "study.contest.prize": 700.0, "study.contest.top_count": 7}
    )
    people = result.people
    models = people[people["learning_models"] > 0]
    assert len(models) == 7 and (models["own_study_s"] > 0).all()
    paid = people["award_pay"] - simulated(**SHORT).people["award_pay"]
    np.testing.assert_allclose(paid, 700.0 * people["learning_models"])


def test_who_is_named_lay_under_the_line():
    """With a line of 1 whoever missed anything is named; with 0 nobody is."""
    hard = simulated(**SHORT | {"study.notices.on": True, "study.notices.person_share": 1.0})
    mild = simulated(
        **SHORT | {"study.notices.on": True, "study.notices.person_share": 0.0, "study.criticism_share": 0.0}
    )
    assert of_bureau(hard, "study_notices") > 100 and of_bureau(mild, "study_notices") == 0
    assert of_bureau(mild, "unit_notices") == 0
    assert of_bureau(mild, "study_hours") == of_bureau(simulated(**SHORT), "study_hours")


@pytest.mark.parametrize(
    ("reward", "expected"), [(1000, 0.06), (0, 0.042), (2000, 0.078), (10_000, 0.222), (1e6, 1.0)]
)
def test_the_share_that_answers_to_a_reward_is_linear_in_it(reward, expected):
    assert answered(0.06, reward, 1000, 0.3) == pytest.approx(expected)
    assert answered(0.06, reward, None, 0.3) == 0.06


def test_both_executors_give_the_same_rows():
    title = Text(en="study", zh="学习")
    weeks = {
        "horizon.years": None,
        "horizon.minutes": 42 * 1440,
        "horizon.warm_up_days": 0,
        "projects.on": False,
    }
    on = {f"study.{part}.on": True for part in ("missed", "notices", "contest", "needs")}
    policy = sim.Policy("study", title, title, weeks | on)
    one, two = (sim.simulate("binhai", policy, seed=5, engine=engine) for engine in ("compiled", "simpy"))
    for table in ("requests", "steps", "outcomes"):
        assert getattr(one, table).equals(getattr(two, table))
