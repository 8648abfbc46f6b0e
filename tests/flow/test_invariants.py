"""What must hold for every bureau, whatever its rules: nobody is lost, or works off duty or twice at once."""

from __future__ import annotations

import copy
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.flow import ENGINES, executor
from sim.flow import build as bureau_of
from sim.flow.definitions import lags, person_seconds
from sim.replication import simulate
from sim.scenario import Policy, build, reform
from sim.scenario.calendar import covered, union, without
from sim.scenario.disciplines import DISCIPLINES
from sim.scenario.part import Text
from sim.world import draw_world
from sim.world.tasks import CHECK
from tests.flow.scenarios import Run, assert_same, bureaus, fingerprint, run, table_bytes

SEEDS = st.integers(0, 2**32 - 1)
TITLE = Text(en="a policy", zh="一项政策")
thorough = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
short = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


def policy(**changes) -> Policy:
    return Policy(
        "changed", TITLE, TITLE, {path.replace("__", "."): value for path, value in changes.items()}
    )


@thorough
@given(bureaus(), SEEDS)
def test_every_bureau_keeps_the_laws(data, seed):
    """One run of a random bureau is looked at from all sides (running it is the costly part)."""
    one = run(data, seed)
    requests_end_once(one)
    times_are_monotone(one)
    nobody_serves_two_at_once(one)
    only_able_people_serve(one)
    work_is_done_on_duty_and_in_full(one)
    nobody_idles_while_somebody_waits_for_them(one)
    the_first_in_line_is_served_first(one)
    patience_is_kept(one)
    hours_add_up(one)


def requests_end_once(one: Run) -> None:
    requests, steps = one.result.requests, one.result.steps
    finished, withdrawn = requests["finish_s"] >= 0, requests["withdrawn_s"] >= 0
    assert not (finished & withdrawn).any()
    open_at_end = ~finished & ~withdrawn
    bureau = one.result.outcomes.query("unit == '' and kind == '' and person == '' and month == 0").set_index(
        "outcome"
    )
    assert bureau.loc["open_at_end", "value"] == open_at_end.sum()
    assert len(requests) == finished.sum() + withdrawn.sum() + open_at_end.sum()
    tasks, trace = one.world.tasks, one.trace
    tasks_of = np.bincount(tasks.request, minlength=len(requests))
    passed = (tasks.type == CHECK) & (np.array(trace.end_s) >= 0) & (np.array(trace.start_s) < 0)
    np.subtract.at(tasks_of, tasks.request[passed], tasks.corrections[passed])  # nothing to correct
    ended = np.bincount(steps["request"], weights=steps["end_s"] >= 0, minlength=len(requests))
    np.testing.assert_array_equal(ended == tasks_of, finished, "finished = all its steps are over")
    left = steps[~finished.to_numpy()[steps["request"]]]
    assert (left[left["end_s"] < 0].groupby("request").size() <= 1).all(), "an open request is at one step"
    assert set(left.loc[left["end_s"] < 0, "request"]) == set(requests.index[~finished])


def times_are_monotone(one: Run) -> None:
    requests, steps = one.result.requests, one.result.steps
    assert (requests["arrival_s"].diff().dropna() >= 0).all()
    first = steps.drop_duplicates("request").set_index("request")
    assert (first["ready_s"] == requests["arrival_s"].reindex(first.index)).all()
    follows = (steps["request"] == steps["request"].shift()).to_numpy()
    ready, end_before = steps["ready_s"].to_numpy(), steps["end_s"].shift().to_numpy()
    np.testing.assert_array_equal(ready[follows], end_before[follows], "ready when the step before is over")
    last = steps.drop_duplicates("request", keep="last").set_index("request")["end_s"]
    finished = requests.loc[requests["finish_s"] >= 0, "finish_s"]
    assert (last.reindex(finished.index).fillna(requests["arrival_s"]) == finished).all()
    work = steps[(steps["type"] == "work") & (steps["start_s"] >= 0)]
    begun = (
        work.drop_duplicates("request").set_index("request")["start_s"].reindex(requests.index, fill_value=-1)
    )
    assert (requests["first_start_s"] == begun).all()
    begun, ended = steps["start_s"] >= 0, steps["end_s"] >= 0
    assert (steps["ready_s"] <= steps["start_s"])[begun].all()
    assert (steps["start_s"] <= steps["end_s"])[ended].all()
    sound = steps["type"] == "check"  # a check begins only where it finds an error
    assert (begun | sound)[ended].all()
    assert (steps["end_s"] < one.world.end_s).all()


def nobody_serves_two_at_once(one: Run) -> None:
    assert (one.result.segments["start_s"] <= one.result.segments["end_s"]).all()
    for holder in ("person", "task"):  # nor is a task in two hands
        ordered = one.result.segments.sort_values([holder, "start_s", "end_s"])
        same = (ordered[holder] == ordered[holder].shift()).to_numpy()
        assert (ordered["start_s"].to_numpy()[same] >= ordered["end_s"].shift().to_numpy()[same]).all()


def only_able_people_serve(one: Run) -> None:
    """By name, from the scenario: station and skill; and only those whose desk it is."""
    scenario, steps = one.world.scenario, one.result.steps
    people = {person.name: (number, person) for number, person in enumerate(one.world.people)}
    task_rows = np.flatnonzero(np.array(one.trace.ready_s) >= 0)
    step_of = dict(zip(task_rows, steps.itertuples(), strict=True))
    for segment in one.result.segments.itertuples():
        number, person = people[segment.person]
        step, group = step_of[segment.task], scenario.staff[person.group]
        station = f"{step.unit}/{step.role}"
        assert station in (f"{group.unit}/{group.role}", *group.also_serves)
        assert group.skills == "all" or step.kind in group.skills
        assert one.bureau.tables.queue[segment.task] in one.bureau.serves[number]


_KEPT = {"none": None, "resume": True, "restart": False, "resample": False}  # work that is interrupted


def work_is_done_on_duty_and_in_full(one: Run) -> None:
    """Segments begin on duty; the seconds on duty in them (all, where it is finished first) are the work."""
    tasks, segments = one.world.tasks, one.result.segments
    people = {person.name: person for person in one.world.people}
    ended = np.array(one.trace.end_s) >= 0
    pieces: dict[int, list] = {}
    for segment in segments.itertuples():
        pieces.setdefault(segment.task, []).append(segment)
    for task, mine in pieces.items():
        queue = one.bureau.queues[one.bureau.tables.queue[task]]
        rule = one.world.scenario.setting(queue.unit, "when_duty_ends")
        preemption = one.world.scenario.setting(queue.unit, "preemption")
        spent = []  # (seconds that count, speed)
        for segment in mine:
            person = people[segment.person]
            assert covered(person.duty, np.array([segment.start_s]))[0], "work begins on duty"
            if rule == "finish":
                seconds = segment.end_s - segment.start_s
            elif rule == "restart":  # what counts is the stretch since duty last began
                begins = person.duty[np.searchsorted(person.duty[:, 0], segment.end_s, side="right") - 1, 0]
                seconds = segment.end_s - max(segment.start_s, begins)
            else:
                seconds = np.diff(np.clip(person.duty, segment.start_s, segment.end_s)).sum()
            if rule != "finish" and segment.end_s < one.world.end_s and segment.end_s > segment.start_s:
                last = segment.end_s - 1 if segment.end_s not in person.duty[:, 0] else segment.end_s
                assert covered(person.duty, np.array([last]))[0], "and ends on duty"
            spent.append((seconds, person.speed))
        if not ended[task]:
            continue
        standard = tasks.work_s[task]
        if len(spent) > 1:  # what a piece did is lost where it ended by a cause that starts anew
            kept = {"hand_over": True, "hand_over_restart": False}.get(rule), _KEPT[preemption]
            if {True, False} <= set(kept) or (rule == "hand_over_restart" and preemption == "resample"):
                continue  # the rows do not say by which cause a piece ended
            if False in kept:
                standard = tasks.again_s[task] if preemption == "resample" else standard
                spent = spent[-1:]
        if len(spent) == 1:
            assert spent[0][0] == person_seconds(int(standard), spent[0][1])
        else:
            done = sum(seconds * speed for seconds, speed in spent)
            assert abs(done - standard) <= len(spent), "to a second a piece, as pieces are rounded"


def waits(one: Run) -> dict[int, np.ndarray]:
    """By task: the spans (n, 2) in which it waited for somebody, in nobody's hands."""
    trace, world = one.trace, one.world
    pieces: dict[int, list[int]] = {}
    for segment in one.result.segments.itertuples():
        pieces.setdefault(segment.task, []).extend((segment.start_s, segment.end_s))
    result, held = {}, set(trace.in_hand[:, 0].tolist())
    for task in np.flatnonzero((np.array(trace.ready_s) >= 0) & (one.bureau.tables.queue >= 0)):
        withdrawn = trace.withdrawn_s[world.tasks.request[task]]
        over = trace.end_s[task] if trace.end_s[task] >= 0 else withdrawn if withdrawn >= 0 else world.end_s
        if task in held:
            over = pieces[int(task)][-1]
        spans = np.array([trace.ready_s[task], *pieces.get(int(task), []), over]).reshape(-1, 2)
        result[int(task)] = spans[spans[:, 1] > spans[:, 0]]
    return result


def nobody_idles_while_somebody_waits_for_them(one: Run) -> None:
    """Work conservation, to the second and at every moment: idle time on duty and waits do not overlap."""
    busy = {
        name: mine[["start_s", "end_s"]].to_numpy() for name, mine in one.result.segments.groupby("person")
    }
    by_queue: dict[int, list[np.ndarray]] = {}
    for task, spans in waits(one).items():
        by_queue.setdefault(int(one.bureau.tables.queue[task]), []).append(spans)
    span = np.array([[one.world.begin_s, one.world.end_s]])
    for person, queues in zip(one.world.people, one.bureau.serves, strict=True):
        waiting = [spans for queue in queues for spans in by_queue.get(queue, [])]
        if not waiting:
            continue
        on_duty = without(person.duty, without(union(np.vstack((person.duty, span))), span))
        idle = without(on_duty, union(busy.get(person.name, np.empty((0, 2), np.int64))))
        waited = union(np.concatenate(waiting))
        np.testing.assert_array_equal(
            without(idle, waited), idle, f"{person.name} idles while somebody waits"
        )


def the_first_in_line_is_served_first(one: Run) -> None:
    """When a person begins, nobody whom they could serve instead has waited with a better claim.

    Not told of supervised work that lagged: it stands earlier in line (`tests/theory/test_traces.py`).
    """
    scenario, trace, bureau = one.world.scenario, one.trace, one.bureau
    number_of = {person.name: number for number, person in enumerate(one.world.people)}
    waiting = [(task, *span) for task, spans in waits(one).items() for span in spans.tolist()]

    def lagged(task: int) -> bool | None:
        """None where the due date has moved since it came."""
        share, request = int(one.world.tasks.supervised[task]), int(one.world.tasks.request[task])
        came, due = bureau.tables.arrival_s[request], bureau.tables.due_s[request]
        if share and trace.due_s[request] != due:
            return None
        return bool(share and lags(came, due, share, trace.ready_s[task]))

    steps = [step for kind in scenario.kinds.values() for step in kind.route.values()]

    def claim(task: int) -> tuple[int, float, int]:
        request, queue = int(one.world.tasks.request[task]), bureau.queues[bureau.tables.queue[task]]
        discipline = DISCIPLINES[scenario.setting(queue.unit, "discipline")]
        key = {
            "arrival": lambda: trace.ready_s[task],
            "expected_work": lambda: round(60 * steps[one.world.tasks.step[task]].minutes),
        }[discipline.key]()
        return scenario.kinds[queue.kind].priority if discipline.by_class else 0, key, request

    for segment in one.result.segments.itertuples():
        mine = bureau.serves[number_of[segment.person]]
        if scenario.setting(bureau.queues[mine[0]].unit, "discipline") == "earliest_due_date":
            continue  # due dates move while the clock stands; test_simpy_flow has the order
        for other, begins, ends in waiting:
            waits_too = begins < segment.start_s < ends and bureau.tables.queue[other] in mine
            if waits_too and lagged(segment.task) is False and lagged(other) is False:
                assert claim(segment.task) < claim(other)


def patience_is_kept(one: Run) -> None:
    requests, patience = one.result.requests, one.world.requests["patience_s"].to_numpy()
    left = requests["withdrawn_s"].to_numpy() >= 0
    assert (patience[left] >= 0).all()
    assert (requests["first_start_s"].to_numpy()[left] == -1).all(), "nobody leaves who has been served"
    waited_since = one.result.steps.drop_duplicates("request", keep="last").set_index("request")["ready_s"]
    since = waited_since.reindex(requests.index[left]).to_numpy()
    np.testing.assert_array_equal(requests["withdrawn_s"].to_numpy()[left] - since, patience[left])


def hours_add_up(one: Run) -> None:
    people = one.result.people
    assert (people["busy_s"] <= people["on_duty_s"]).all()
    assert (people.drop(columns=["unit", "role", "grade"]) >= 0).all(axis=None)
    finishing = people["unit"].map(
        lambda unit: one.world.scenario.setting(unit, "when_duty_ends") == "finish"
    )
    assert (people.loc[~finishing, "overtime_s"] == 0).all()


@pytest.mark.parametrize("engine", ENGINES)
@short
@given(bureaus(), SEEDS, st.lists(st.integers(1, 7000), max_size=6))
def test_stopping_on_the_way_changes_nothing(engine, data, seed, stops):
    """An executor may be advanced in any number of steps."""
    world = draw_world(build(data), seed)
    flows = [executor(engine)(bureau_of(world).tables) for _ in range(2)]
    for stop in sorted({world.begin_s + 60 * minutes for minutes in stops}):
        if stop < world.end_s:
            flows[0].work_until(stop)
    for flow in flows:
        flow.work_until(world.end_s)
    assert_same(flows[0].trace, flows[1].trace)


@short
@given(bureaus(), SEEDS)
def test_same_seed_same_bytes(data, seed):
    first = fingerprint(data, seed)
    fingerprint(data, seed + 1)
    assert fingerprint(copy.deepcopy(data), seed) == first


@pytest.fixture(scope="module")
def county() -> dict:
    """One bureau with a bit of everything, for what is costly to repeat."""
    offices = ("east", "west")
    return {
        "format": "jingxi-scenario/1",
        "title": {"en": "county", "zh": "县"},
        "description": {"en": "county", "zh": "县"},
        "horizon": {"start": "2025-03-03", "minutes": 14_400},
        "calendar": {
            "country": "CN",
            "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ["08:30-12:00", "14:00-17:30"]),
        },
        "roles": {"window": {"title": {"en": "w", "zh": "窗"}, "front": True}},
        "grades": {
            "clerk": {
                "title": {"en": "c", "zh": "员"},
                "base_pay": 1,
                "assessment_pay": 1,
                "target_bonus": 1,
                "leave_days": 10,
            }
        },
        "unit_types": {"office": {"title": {"en": "o", "zh": "所"}}},
        "units": {name: {"type": "office", "title": {"en": name, "zh": name}} for name in offices},
        "staff": {
            f"{name}_window": {"unit": name, "role": "window", "grade": "clerk", "count": 2}
            for name in offices
        },
        "kinds": {
            name: {
                "title": {"en": name, "zh": name},
                "complexity_cv": 0.5,
                "patience_minutes": 600,
                "route": {
                    "accept": {"type": "work", "at": "own/window", "minutes": 20, "cv": 0.8},
                    "check": {
                        "type": "return",
                        "chance": 0.3,
                        "amount": 1,
                        "per": "working_days",
                        "cv": 0.5,
                        "back_to": "accept",
                    },
                },
            }
            for name in ("deed", "permit")
        },
        "demand": {
            name: {"volumes": dict.fromkeys(offices, 15), "per": "day"} for name in ("deed", "permit")
        },
    }


def test_same_bytes_in_any_order_and_in_other_processes(county):
    seeds = [0, 1, 2, 3]
    here = {seed: fingerprint(county, seed) for seed in reversed(seeds)}
    assert len(set(here.values())) == len(seeds), "seeds differ"
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        there = list(pool.map(fingerprint, [county] * len(seeds), seeds))
    assert there == [here[seed] for seed in seeds]


def citizens(world) -> pd.DataFrame:
    """Every task with its request's name (kind, unit, number), whatever its place in the tables."""
    names = world.requests[["kind", "unit", "number", "arrival_s", "patience_s"]].astype(
        {"kind": str, "unit": str}
    )
    tasks = pd.DataFrame(
        {
            name: getattr(world.tasks, name)
            for name in ("work_s", "again_s", "delay_s", "delay_days", "fails_above", "corrections")
            + ("stops", "returned", "type")
        }
    )
    joined = names.iloc[world.tasks.request].reset_index(drop=True).join(tasks)
    visit = joined.groupby(["kind", "unit", "number"]).cumcount()
    return joined.assign(visit=visit).set_index(["kind", "unit", "number", "visit"]).sort_index()


@short
@given(bureaus(), SEEDS)
def test_policies_share_their_citizens(data, seed):
    """Staff, pay, disciplines and desks change what happens to requests, never which requests come."""
    scenario = build(data)
    group = next(iter(data["staff"]))
    changed = policy(
        **{
            f"staff__{group}__speed": 1.7,
            "pay__deduction_per_point": 2,
            "unit_types__office__front_desk": "desk_per_kind",
            "unit_types__section__when_duty_ends": "hand_over",
        }
    )
    before, after = simulate(scenario, seed=seed), simulate(scenario, changed, seed=seed)
    drawn = ["kind", "unit", "arrival_s", "until_start"]  # not the work: fewer errors spare corrections
    assert table_bytes(before.requests[drawn]) == table_bytes(after.requests[drawn])
    worlds = [draw_world(scenario, seed), draw_world(reform(scenario, changed), seed)]
    pd.testing.assert_frame_equal(*(citizens(world) for world in worlds), check_exact=True)


@short
@given(bureaus(), SEEDS)
def test_a_reform_of_pay_alone_changes_no_service(data, seed):
    scenario = build(data)
    before, after = (
        simulate(scenario, rule, seed=seed) for rule in ("current", policy(pay__full_pay_threshold=80))
    )
    for name in ("requests", "steps", "segments", "people"):
        assert table_bytes(getattr(before, name)) == table_bytes(getattr(after, name))


def test_desks_keep_the_citizens_and_change_the_service(county):
    changed = policy(unit_types__office__front_desk="desk_per_kind")
    before, after = simulate(build(county), seed=5), simulate(build(county), changed, seed=5)
    assert len(before.requests) > 400
    assert (before.requests["arrival_s"] == after.requests["arrival_s"]).all()
    assert (before.requests["first_start_s"] != after.requests["first_start_s"]).any()


@pytest.mark.parametrize("added", ["unit", "kind", "person"])
def test_additions_leave_all_other_draws(county, added):
    larger = copy.deepcopy(county)
    if added == "unit":
        larger["units"] = {"north": {"type": "office", "title": {"en": "n", "zh": "北"}}, **larger["units"]}
        larger["staff"] = {
            "north_window": {"unit": "north", "role": "window", "grade": "clerk"},
            **larger["staff"],
        }
        for demand in larger["demand"].values():
            demand["volumes"] = {"north": 9, **demand["volumes"]}
    elif added == "kind":
        larger["kinds"] = {"a_visit": copy.deepcopy(larger["kinds"]["deed"]), **larger["kinds"]}
        larger["demand"] = {"a_visit": {"volumes": {"east": 30}, "per": "day"}, **larger["demand"]}
    else:
        larger["staff"] = {
            "newcomer": {"unit": "east", "role": "window", "grade": "clerk"},
            **larger["staff"],
        }
    small, large = draw_world(build(county), 11, 3), draw_world(build(larger), 11, 3)
    before, after = citizens(small), citizens(large)
    assert len(before) > 300
    pd.testing.assert_frame_equal(after.loc[after.index.isin(before.index)], before, check_exact=True)
    assert (len(after) > len(before)) == (added != "person")
    duty = {person.name: person.duty for person in large.people}
    for person in small.people:
        np.testing.assert_array_equal(duty[person.name], person.duty)


def test_a_replication_does_not_know_the_others(county):
    scenario = build(county)
    alone = citizens(draw_world(scenario, 11, 4))
    several = [citizens(draw_world(scenario, 11, replication)) for replication in range(5)]
    pd.testing.assert_frame_equal(several[4], alone, check_exact=True)
    for one, other in pairwise(several):
        assert not one["work_s"].reset_index(drop=True).equals(other["work_s"].reset_index(drop=True))
