"""Articles, months of training, duties that come round seldom, and awards."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.scenario.calendar import WorkingCalendar
from sim.scenario.other_work import Study
from sim.scenario.time import DAY_S, Calendar
from sim.world.awards import earned
from sim.world.duties import articles, leave_days, on_duty, routine, studied, writing_day_of
from sim.world.streams import Streams

from .rules_office import drawn, office

HOURS = ["08:30-12:00", "14:00-17:30"]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), HOURS)
CHINA = WorkingCalendar(Calendar(country="CN", week=WEEK), dt.date(2025, 1, 1), 365)
TITLE = {"en": "title", "zh": "名"}


def dates(spans: np.ndarray) -> list[dt.date]:
    return [CHINA.date(start // DAY_S) for start in spans[:, 0]]


@pytest.mark.parametrize(("hours", "sittings"), [(2.0, 1), (6.0, 3), (5.0, 3)])
def test_the_article_is_written_in_the_last_month_of_each_quarter(hours, sittings):
    study = Study(weekly_hours=0, article_hours_a_quarter=hours, article_session_hours=2.0)
    spans = articles(study, 0, CHINA)
    assert len(spans) == 4 * sittings
    assert np.diff(spans, axis=1).sum() == 4 * hours * 3600
    assert {date.month for date in dates(spans)} == {3, 6, 9, 12}
    assert (spans[:, 1] % DAY_S == 17.5 * 3600).all(), "at the end of the day"
    assert (np.diff(dates(spans)) >= dt.timedelta(days=5)).all(), "one in five working days"


def test_people_write_on_different_days():
    study = Study(weekly_hours=0, article_hours_a_quarter=2)
    days = [dates(articles(study, writing_day_of(study, turn), CHINA))[0] for turn in range(6)]
    assert days[0] == days[5] and len(set(days)) == 5
    assert writing_day_of(Study(weekly_hours=0), 3) == 0


def test_the_article_is_study():
    study = Study(weekly_hours=0, article_hours_a_quarter=4)
    uses = routine(CHINA, None, study, 0, (), 2).uses["study"].spans
    assert np.diff(uses, axis=1).sum() == 4 * 4 * 3600
    np.testing.assert_array_equal(studied(study, 0, CHINA, 2), articles(study, 2, CHINA))


@pytest.mark.parametrize(("every", "first"), [(1, 1), (4, 1), (13, 12), (1, 20)])
def test_a_duty_comes_round_every_so_many_weeks(every, first):
    week = (("tue", ("14:00-17:30",)),)
    spans = on_duty((week, every, first), CHINA)
    monday = dt.date(2024, 12, 30)  # of the week of 1 January 2025
    weeks = [(date - monday).days // 7 + 1 for date in dates(spans)]
    all_weeks = [(date - monday).days // 7 + 1 for date in dates(on_duty((week, 1, 1), CHINA))]
    assert weeks == [number for number in all_weeks if number >= first and (number - first) % every == 0]


def test_peer_visits_take_people_off_service():
    duty = {"title": TITLE, "roles": ["head"], "week": {"tue": ["14:00-17:30"]}}
    seldom = drawn(office(duties={"peer_visits": duty | {"every_weeks": 13}}))
    weekly = drawn(office(duties={"peer_visits": duty}))
    for one, other in zip(seldom.people, weekly.people, strict=True):
        if one.role == "head":
            assert 0 < len(one.away["duty"]) <= 5 and len(other.away["duty"]) > 35


def test_training_in_given_months_only():
    streams = Streams(3, 0)
    anywhere = leave_days({"li": 10}, CHINA, streams, "training x")["li"]
    slack = leave_days({"li": 10}, CHINA, streams, "training x", (1, 2))["li"]
    assert len(slack) == 10 and len(set(slack)) == 10
    assert {CHINA.date(day).month for day in slack} <= {1, 2, 3}, "blocks that begin in them"
    assert leave_days({"li": 10}, CHINA, streams, "training x", tuple(range(1, 13)))["li"] == anywhere


def award(**changes):
    return {"title": TITLE, "chance": 0.3, "reward": 1000.0, "knowledge_hours": 50.0} | changes


def test_awards_are_earned_by_chance_and_paid():
    scenario = office(awards={"degree": award()})
    people = [(f"person {number}", "window") for number in range(2000)]
    mine = earned(scenario, people, 2025, Streams(1, 0))
    share = mine.awards.mean()
    assert share == pytest.approx(0.3, abs=4 * np.sqrt(0.3 * 0.7 / 2000))
    np.testing.assert_array_equal(mine.reward, 1000.0 * mine.awards)
    np.testing.assert_array_equal(mine.knowledge_hours, 50.0 * mine.awards)


def test_awards_do_not_depend_on_who_else_is_there_or_what_is_paid():
    people = [(f"person {number}", "window") for number in range(50)]
    streams = Streams(1, 0)
    mine = earned(office(awards={"degree": award()}), people, 2025, streams)
    few = earned(office(awards={"degree": award(reward=9.0)}), people[::-1], 2025, streams)
    np.testing.assert_array_equal(mine.awards, few.awards[::-1])
    two = earned(office(awards={"degree": award(), "paper": award()}), people, 2025, streams)
    assert (two.awards >= mine.awards).all() and two.awards.sum() > mine.awards.sum()
    assert (earned(office(awards={"degree": award()}), people, 2026, streams).awards != mine.awards).any()
    other = earned(office(awards={"degree": award(roles=["head"])}), people, 2025, streams)
    assert other.awards.sum() == 0
