"""When people are there: leave, study, lectures, training, standing duties; and who sits at which desk."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.flow.lines import desks
from sim.scenario import build
from sim.scenario.calendar import WorkingCalendar, calendar_of, covered
from sim.scenario.other_work import Study
from sim.scenario.time import DAY_S, Calendar
from sim.world import draw_world
from sim.world.duties import gatherings, leave_days, routine, slot_of, weekly_study
from sim.world.streams import Streams

HOURS = ["08:30-12:00", "14:00-17:30"]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), HOURS)
CHINA = WorkingCalendar(Calendar(country="CN", week=WEEK), dt.date(2025, 1, 1), 365)
MID_YEAR = WorkingCalendar(Calendar(country="CN", week=WEEK), dt.date(2024, 11, 6), 56 + 365)
STUDY = {"weekly_hours": 2, "slots": [{"weekday": "fri", "at": "15:00"}, {"weekday": "wed", "at": "10:00"}]}


def hours(spans: np.ndarray) -> float:
    return float(np.diff(spans, axis=1).sum()) / 3600


def days_of(spans: np.ndarray) -> list[int]:
    return [day for start, end in spans for day in range(start // DAY_S, -(-end // DAY_S))]


@pytest.mark.parametrize("days", [0, 1, 5, 12, 15])
@pytest.mark.parametrize("seed", range(5))
def test_leave_is_exact_in_every_whole_year(days, seed):
    taken = leave_days({"li": days}, CHINA, Streams(seed, 0))["li"]
    assert len(taken) == days == len(set(taken))
    assert all(CHINA.working[day] for day in taken)


def test_leave_of_a_year_that_the_horizon_cuts_lies_partly_outside():
    taken = [leave_days({"li": 15}, MID_YEAR, Streams(seed, 0))["li"] for seed in range(40)]
    assert all(len(days) == 30 for days in taken), "15 of 2024 and 15 of 2025"
    inside = np.mean([sum(0 <= day < 56 for day in days) for days in taken])
    assert 1 < inside < 5, "about 40 of 250 days of 2024 are simulated"


def test_weekly_study_is_every_week_and_moves_with_holidays():
    spans = weekly_study(Study(**STUDY), 0, CHINA)
    assert (np.diff(spans, axis=1) == 2 * 3600).all()
    studied = [CHINA.date(day) for day in days_of(spans)]
    weeks = {date.isocalendar()[:2] for date in studied}
    worked = {CHINA.date(day).isocalendar()[:2] for day in CHINA.working_days if day < 365}
    assert weeks == worked and len(studied) == len(weeks), "once in every week that is worked"
    assert all(CHINA.working[CHINA.day_of(date)] for date in studied)
    assert dt.date(2025, 5, 9) in studied, "an ordinary Friday"
    assert dt.date(2025, 4, 4) not in studied and dt.date(2025, 4, 3) in studied, (
        "Qingming Friday: the day before"
    )


def test_staggered_people_take_the_slots_in_turn():
    study = Study(**STUDY, staggered=True)
    assert [slot_of(study, turn) for turn in range(3)] == [0, 1, 0]
    assert [slot_of(Study(**STUDY), turn) for turn in range(3)] == [0, 0, 0]
    friday, wednesday = (weekly_study(study, slot, CHINA) for slot in range(2))
    assert (friday[:, 0] % DAY_S == 15 * 3600).all() and (wednesday[:, 0] % DAY_S == 10 * 3600).all()


@pytest.mark.parametrize(("times", "length"), [(4, 2.0), (2, 3.0), (0, 1.0)])
def test_gatherings_end_the_day_and_spread_over_the_year(times, length):
    spans = gatherings(times, length, CHINA)
    assert len(spans) == times
    assert (np.diff(spans, axis=1) == length * 3600).all()
    assert (spans[:, 1] % DAY_S == 17.5 * 3600).all()
    assert all(CHINA.working[day] for day in days_of(spans))
    quarters = [CHINA.date(day).month for day in days_of(spans)]
    assert quarters == sorted(set(quarters))


ALWAYS = WorkingCalendar(Calendar(country="none", week="always"), dt.date(2025, 1, 1), 28)


def hours_of(spans: np.ndarray) -> set[int]:
    """The half hours in some spans."""
    return {half for start, end in spans.tolist() for half in range(start // 1800, end // 1800)}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("calendar", [ALWAYS, CHINA], ids=["day and night", "office hours"])
def test_every_half_hour_goes_to_the_first_who_wants_it(calendar, seed):
    """Leave before training, training before study, study before duties, and the rest is service."""
    rng = np.random.default_rng(seed)
    study = Study(**STUDY, lectures_a_year=12, lecture_hours=1.5)
    patrol = (("wed", ("09:00-16:00",)), ("fri", ("16:00-24:00",)), ("sat", ("00:00-02:00",)))
    mine = routine(calendar, None, study, 0, ((patrol, 1, 1),))
    leave, training = (rng.integers(-9, calendar.days + 9, 20).tolist() for _ in range(2))
    service, away = mine.around(leave, training, calendar.days)

    office, taken = hours_of(calendar.open_spans()), set()
    lectures = gatherings(12, 1.5, calendar)
    wanted = {
        "leave": {half for day in leave for half in range(48 * day, 48 * (day + 1))},
        "training": {half for day in training for half in range(48 * day, 48 * (day + 1))},
        "study": hours_of(np.vstack((weekly_study(study, 0, calendar), lectures))),
        "duty": hours_of(calendar.open_spans(dict(patrol))),
    }
    for use, halves in wanted.items():
        assert hours_of(away[use]) == (halves & office) - taken, use
        taken |= halves
    assert hours_of(service) == office - taken
    for spans in (service, *away.values()):
        assert (spans[1:, 0] > spans[:-1, 1]).all(), "in order, disjoint, adjoining ones joined"


@pytest.fixture(scope="module")
def office():
    text = {"en": "t", "zh": "文"}
    pay = {"base_pay": 1, "assessment_pay": 1, "target_bonus": 1}
    return build(
        {
            "format": "jingxi-scenario/1",
            "title": text,
            "description": text,
            "horizon": {"start": "2025-01-01", "years": 1},
            "calendar": {"country": "CN", "week": WEEK},
            "roles": {"window": {"title": text, "front": True}, "field": {"title": text}},
            "grades": {"clerk": {"title": text, **pay, "leave_days": 10}},
            "unit_types": {"office": {"title": text}},
            "units": {"east": {"type": "office", "title": text}},
            "staff": {
                "li": {"unit": "east", "role": "window", "grade": "clerk"},
                "wang": {"unit": "east", "role": "field", "grade": "clerk", "week": {"mon": ["09:00-11:00"]}},
                "night": {
                    "unit": "east",
                    "role": "field",
                    "grade": "clerk",
                    "roster": [{"start": "2025-02-01 22:00", "end": "2025-02-02 06:00"}],
                },
            },
            "kinds": {
                "deed": {
                    "title": text,
                    "route": {"do": {"type": "work", "at": "own/window", "minutes": 5, "cv": 1}},
                }
            },
            "demand": {"deed": {"volumes": {"east": 10}}},
            "study": {**STUDY, "lectures_a_year": 4, "integrity_sessions_a_year": 2},
            "training": {"basic": {"title": text, "roles": ["window"], "days_a_year": 5}},
            "duties": {"patrol": {"title": text, "roles": ["field"], "week": {"mon": ["10:00-12:00"]}}},
        }
    )


def test_duty_and_absence_share_the_office_hours(office):
    people = {person.name: person for person in draw_world(office, 4).people}
    li, calendar = people["li"], calendar_of(office)
    spans = np.vstack([li.duty, *li.away.values()])
    ordered = spans[np.argsort(spans[:, 0])]
    assert (ordered[1:, 0] >= ordered[:-1, 1]).all(), "disjoint"
    assert hours(ordered) == hours(calendar.open_spans()), "and together all office hours"
    assert hours(li.away["leave"]) == 10 * 7
    assert hours(li.away["training"]) <= 5 * 7, "training that falls into leave is not taken twice"
    assert not len(li.away["duty"])


def test_standing_duties_and_own_hours(office):
    wang = {person.name: person for person in draw_world(office, 4).people}["wang"]
    assert not covered(wang.duty, wang.away["duty"][:, 0]).any()
    assert set((wang.duty[:, 0] % DAY_S // 3600).tolist()) == {9}
    assert (wang.duty[:, 1] % DAY_S <= 10 * 3600).all(), "from ten o'clock on patrol"


def test_a_duty_may_be_of_some_units_only(office):
    duties = {name: duty.model_copy(update={"units": ()}) for name, duty in office.duties.items()}
    nobody = draw_world(office.model_copy(update={"duties": duties}), 4)
    assert not any(len(person.away["duty"]) for person in nobody.people if person.away)
    own = {name: duty.model_copy(update={"units": tuple(office.units)}) for name, duty in duties.items()}
    named = draw_world(office.model_copy(update={"duties": own}), 4)
    for one, usual in zip(named.people, draw_world(office, 4).people, strict=True):
        np.testing.assert_array_equal(one.duty, usual.duty)


def test_a_roster_is_kept_as_written(office):
    night = {person.name: person for person in draw_world(office, 4).people}["night"]
    np.testing.assert_array_equal(night.duty, [[31 * DAY_S + 22 * 3600, 32 * DAY_S + 6 * 3600]])
    assert night.away == {}


def test_desks_divide_the_work_by_load_and_skill():
    load = {0: 50.0, 1: 30.0, 2: 25.0, 3: 1.0}
    everybody = {0, 1, 2, 3}
    assert desks([everybody, everybody], [0, 1, 2, 3], load) == [{1, 2}, {0, 3}]
    assert desks([{0, 1}, {1, 2, 3}], [0, 1, 2, 3], load) == [{0}, {1, 2, 3}]


def test_a_heavy_kind_has_desks_in_proportion_and_light_ones_share():
    load = {0: 60.0, 1: 20.0, 2: 12.0, 3: 8.0}
    assert desks([{0, 1, 2, 3}] * 5, [0, 1, 2, 3], load) == [{0}, {1}, {2, 3}, {0}, {0}]


def test_more_people_than_kinds_join_the_heaviest_work_a_head():
    assert desks([{0, 1}] * 4, [0, 1], {0: 100.0, 1: 30.0}) == [{0}, {1}, {0}, {0}]


def test_every_queue_has_a_desk_and_every_person_their_skills():
    able = [{0, 2}, {1}, {0, 1, 2}, {5}]
    kept = desks(able, [0, 1, 2], {0: 1.0, 1: 9.0, 2: 3.0})
    assert set().union(*kept) == {0, 1, 2}
    assert all(mine <= can for mine, can in zip(kept, able, strict=True))
    assert kept[3] == set(), "who can do nothing of it keeps no desk"
