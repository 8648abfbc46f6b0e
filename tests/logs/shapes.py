"""Invented logs with the shape of published ones: of loans, of a helpdesk, of building permits.

The published ones may not be passed on. Their users tell the shapes: columns, forms of moments, lifecycles,
numbers of activities and people, loops, waits. None of it comes from the project's own simulator.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

OPENS, CLOSES = 8, 18  # of the offices, Monday to Friday
Step = tuple[str, str]  # an activity, and the group that does it; "" for nobody


def _at_work(moment: dt.datetime) -> dt.datetime:
    """The first moment from then on at which an office is open."""
    while True:
        if moment.weekday() > 4 or moment.hour >= CLOSES:
            moment = (moment + dt.timedelta(days=1)).replace(hour=OPENS, minute=0, second=0)
        elif moment.hour < OPENS:
            moment = moment.replace(hour=OPENS, minute=0, second=0)
        else:
            return moment


def _arrivals(luck: np.random.Generator, cases: int, a_day: float) -> Iterator[dt.datetime]:
    """Moments of receipt, on working days mostly."""
    day, made = dt.datetime(2023, 1, 2), 0
    while made < cases:
        mean = a_day if day.weekday() < 5 else a_day / 10
        for second in sorted(luck.uniform(7 * 3600, 20 * 3600, luck.poisson(mean))[: cases - made]):
            made += 1
            yield day + dt.timedelta(seconds=int(second))
        day += dt.timedelta(days=1)


def _lived(
    luck: np.random.Generator,
    arrivals: Iterator[dt.datetime],
    next_of: Callable[[str, int], tuple[Step, float] | None],
    groups: dict[str, list[str]],
    minutes: dict[str, float],
    *,
    at_once: int = 1,
) -> list[tuple[int, str, str, dt.datetime, dt.datetime, dt.datetime]]:
    """Events (case, activity, person, ready, start, end) of cases that queue for people.

    `next_of(activity, number of the step)` draws the next step and the hours before it, or None at the end.
    A person has up to `at_once` items in hand, each of which then takes as many times longer.
    """
    free = {name: [dt.datetime(2023, 1, 1)] * at_once for names in groups.values() for name in names}
    waiting: list[tuple[dt.datetime, int, int, Step]] = []
    for case, moment in enumerate(arrivals):
        first = next_of("", 0)
        if first is not None:
            heapq.heappush(waiting, (moment, case, 0, first[0]))
    events = []
    while waiting:
        ready, case, number, (activity, group) = heapq.heappop(waiting)
        if group:
            person = min(groups[group], key=lambda name: (max(min(free[name]), ready), luck.random()))
            hand = free[person]
            place = hand.index(min(hand))
            start = _at_work(max(hand[place], ready))
            took = minutes[activity] * luck.lognormal(-0.32, 0.8) * at_once
            end = start + dt.timedelta(seconds=max(int(60 * took), 1))
            if end.hour >= CLOSES or end.date() != start.date():  # goes on in the morning
                end = _at_work(end.replace(hour=23)) + dt.timedelta(minutes=int(luck.uniform(1, 60)))
            hand[place] = end
        else:
            person, start, end = "", ready, ready
        events.append((case, activity, person, ready, start, end))
        onward = next_of(activity, number + 1)
        if onward is not None:
            step, hours = onward
            heapq.heappush(waiting, (end + dt.timedelta(seconds=int(3600 * hours)), case, number + 1, step))
    return events


def helpdesk(luck: np.random.Generator, cases: int = 1500) -> pd.DataFrame:
    """A helpdesk: 9 activities, only completions, 22 people; tickets close by themselves after 15 days."""
    people = [f"Value {number}" for number in range(1, 23)]
    groups = {"first": people[:8], "second": people[6:21], "lead": people[21:]}
    minutes = {
        "Assign seriousness": 4, "Take in charge ticket": 12, "Resolve ticket": 45, "Wait": 3,
        "Require upgrade": 10, "Insert ticket": 5, "Create SW anomaly": 15, "Schedule intervention": 8,
    }  # fmt: skip
    ways: dict[str, list[tuple[float, str, str, float]]] = {  # share, activity, group, mean hours before
        "": [(0.92, "Assign seriousness", "first", 0), (0.08, "Insert ticket", "lead", 0)],
        "Insert ticket": [(1, "Assign seriousness", "first", 2)],
        "Assign seriousness": [(0.9, "Take in charge ticket", "second", 4), (0.1, "Wait", "second", 10)],
        "Take in charge ticket": [
            (0.7, "Resolve ticket", "second", 50), (0.16, "Wait", "second", 30),
            (0.06, "Require upgrade", "lead", 12), (0.05, "Take in charge ticket", "second", 20),
            (0.02, "Create SW anomaly", "second", 70), (0.01, "Schedule intervention", "lead", 25),
        ],
        "Wait": [(0.75, "Resolve ticket", "second", 90), (0.25, "Take in charge ticket", "second", 60)],
        "Require upgrade": [(1, "Take in charge ticket", "second", 16)],
        "Create SW anomaly": [(1, "Resolve ticket", "second", 200)],
        "Schedule intervention": [(1, "Resolve ticket", "second", 40)],
        "Resolve ticket": [(0.95, "Closed", "", 360), (0.05, "Take in charge ticket", "second", 30)],
    }  # fmt: skip
    events = _lived(
        luck, _arrivals(luck, cases, 4), _chain(luck, ways, 14, fixed=("Closed",)), groups, minutes
    )
    rows = [
        (f"Case {case}", activity, person or "Value 2", f"{end:%Y/%m/%d %H:%M:%S}.000")
        for case, activity, person, _, _, end in events
    ]
    return pd.DataFrame(rows, columns=["Case ID", "Activity", "Resource", "Complete Timestamp"])


def loans(luck: np.random.Generator, cases: int = 1200) -> pd.DataFrame:
    """Loans: items of work that are scheduled, started, suspended, resumed and completed. People have several
    in hand, calls are repeated, and steps of a system have a completion only."""
    people = [str(10_000 + 7 * number) for number in range(40)]
    groups = {"calls": people[:24], "checks": people[20:36], "seniors": people[34:]}
    minutes = {
        "W_Complete application": 14, "W_Call about offer": 9, "W_Validate application": 18,
        "W_Call about missing papers": 8, "W_Assess fraud": 30,
    }  # fmt: skip
    ways: dict[str, list[tuple[float, str, str, float]]] = {
        "": [(1, "A_SUBMITTED", "", 0)],
        "A_SUBMITTED": [(1, "A_PARTLYSUBMITTED", "", 0)],
        "A_PARTLYSUBMITTED": [
            (0.3, "A_DECLINED", "", 0), (0.66, "A_PREACCEPTED", "", 0),
            (0.04, "W_Assess fraud", "seniors", 20),
        ],
        "W_Assess fraud": [(0.5, "W_Assess fraud", "seniors", 30), (0.5, "A_DECLINED", "", 0)],
        "A_PREACCEPTED": [(1, "W_Complete application", "calls", 3)],
        "W_Complete application": [
            (0.4, "W_Complete application", "calls", 22), (0.2, "A_CANCELLED", "", 0),
            (0.4, "A_ACCEPTED", "", 0),
        ],
        "A_ACCEPTED": [(1, "O_SENT", "", 0)],
        "O_SENT": [(1, "W_Call about offer", "calls", 70)],
        "W_Call about offer": [
            (0.5, "W_Call about offer", "calls", 60), (0.15, "A_CANCELLED", "", 300),
            (0.35, "O_SENT_BACK", "", 90),
        ],
        "O_SENT_BACK": [(1, "W_Validate application", "checks", 16)],
        "W_Validate application": [
            (0.35, "W_Call about missing papers", "checks", 12), (0.5, "A_APPROVED", "", 0),
            (0.15, "A_DECLINED", "", 0),
        ],
        "W_Call about missing papers": [
            (0.55, "W_Call about missing papers", "checks", 30),
            (0.45, "W_Validate application", "checks", 40),
        ],
    }  # fmt: skip
    chain = _chain(luck, ways, 60, fixed=())
    rows = []
    for case, activity, person, ready, start, end in _lived(
        luck, _arrivals(luck, cases, 8), chain, groups, minutes, at_once=3
    ):
        told = str(173_688 + 3 * case), activity
        if not activity.startswith("W_"):
            rows.append((*told, "112", "COMPLETE", end))
            continue
        rows += [(*told, "", "SCHEDULE", ready), (*told, person, "START", start)]
        if luck.random() < 0.2 and (pause := (end - start) / 3):
            rows += [(*told, person, "SUSPEND", start + pause), (*told, person, "RESUME", start + 2 * pause)]
        rows.append((*told, person, "COMPLETE", end))
    table = pd.DataFrame(
        rows,
        columns=[
            "case:concept:name",
            "concept:name",
            "org:resource",
            "lifecycle:transition",
            "time:timestamp",
        ],
    )
    moments = [f"{one:%Y-%m-%dT%H:%M:%S}.000+02:00" for one in table["time:timestamp"]]
    return table.assign(**{"time:timestamp": moments})


def permits(luck: np.random.Generator, cases: int = 600, activities: int = 398) -> pd.DataFrame:
    """Building permits: days without an hour, 398 activities of which most are rare, some 60 events a
    case, no two cases alike, several steps on a day, a deadline of eight weeks."""
    parts = ("HOOFD", "AH", "BPT")
    codes = [f"{1 + number % 14:02d}_{parts[number % 3]}_{number:03d}" for number in range(activities)]
    phases = np.array_split(np.array(codes, object), 20)
    people = [str(560_000 + 13 * number) for number in range(23)]
    own = {code: people[number % 5 : number % 5 + 4 + number % 9] for number, code in enumerate(codes)}
    rows = []
    for case, received in enumerate(_arrivals(luck, cases, 1.5)):
        day, due = received.date(), received.date() + dt.timedelta(days=56)
        handler = people[int(luck.integers(len(people)))]
        for phase in phases:
            often = np.minimum(1.0, 2.4 / np.arange(1, len(phase) + 1) ** 1.2)
            done = [code for code, chance in zip(phase, often, strict=True) if luck.random() < chance / 1.7]
            for code in luck.permutation(np.array(done, object)):
                person = handler if luck.random() < 0.6 else own[code][int(luck.integers(len(own[code])))]
                rows.append((9_000_000 + case, code, person, f"{day:%d-%m-%Y}", f"{due:%d-%m-%Y}"))
            if luck.random() < 0.45:
                day += dt.timedelta(days=int(luck.gamma(0.8, 7)))
                while day.weekday() > 4:
                    day += dt.timedelta(days=1)
    return pd.DataFrame(rows, columns=["Case ID", "Activity", "Resource", "Complete Timestamp", "dueDate"])


def _chain(
    luck: np.random.Generator,
    ways: dict[str, list[tuple[float, str, str, float]]],
    longest: int,
    *,
    fixed: tuple[str, ...],
) -> Callable[[str, int], tuple[Step, float] | None]:
    """Draws of the next step; waits are gamma, and the same each time before the activities of `fixed`."""

    def next_of(activity: str, number: int) -> tuple[Step, float] | None:
        if activity not in ways or number >= longest:
            return None
        options = ways[activity]
        shares = np.array([share for share, *_ in options])
        _, onward, group, hours = options[int(luck.choice(len(options), p=shares / shares.sum()))]
        drawn = hours if onward in fixed else luck.gamma(0.7, hours / 0.7) if hours else 0.0
        return (onward, group), drawn

    return next_of
