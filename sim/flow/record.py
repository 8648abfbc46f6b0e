"""What happened, as tables with names: requests, steps, work. All times are whole seconds; −1 = has not
happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.compiled import compiled
from sim.world import World
from sim.world.routes import step_names

from .definitions import CHECK
from .tables import Bureau, excused_due_dates, limits
from .trace import Trace

TYPES = ("work", "delay", "sitting", "branch", "return", "check")  # as `sim.world.routes` numbers them


def due(trace: Trace, start_s: int, now: int) -> np.ndarray:
    """The requests that fell due since `start_s` or are overdue `now`, positions (n,)."""
    fell_due = (trace.due_s >= 0) & (trace.due_s <= now)
    return np.flatnonzero(fell_due & ((trace.due_s > start_s) | (trace.finish_s < 0)))


def requests_of(world: World, bureau: Bureau, trace: Trace) -> pd.DataFrame:
    """One row a request: kind, unit, arrival_s, first_start_s, finish_s, due_s (after stops of the clock),
    statutory_due_s, until_start, returns, withdrawn_s, work_s; channel, where rules give a choice."""
    drawn, tables, tasks = world.requests, bureau.tables, world.tasks
    amount, per = limits(world.scenario, drawn["kind"], "statutory_limit")
    standard = tasks.work_s
    if (checks := tasks.type == CHECK).any():  # theirs is a threshold
        standard = np.where(checks, 0, standard)
    work_s = np.concatenate(([0], np.cumsum(standard)))
    channel = {"channel": drawn["channel"]} if "channel" in drawn else {}
    return pd.DataFrame(
        {
            "kind": drawn["kind"],
            "unit": drawn["unit"],
            "arrival_s": tables.arrival_s,
            "first_start_s": trace.first_start_s,
            "finish_s": trace.finish_s,
            "due_s": trace.due_s,
            "statutory_due_s": excused_due_dates(
                tables.count, tables.working_days, tables.arrival_s, amount, per, trace.excluded
            ),
            "until_start": _until_start(world),
            "returns": trace.returns,
            "withdrawn_s": trace.withdrawn_s,
            "work_s": np.diff(work_s[tasks.first]),
            **channel,
        },
        index=pd.RangeIndex(len(drawn), name="request"),
        copy=False,
    )


def judged_of(world: World, trace: Trace, which: np.ndarray) -> pd.DataFrame:
    """Of the requests `which`, positions (n,), the columns that an assessment reads."""
    drawn = world.requests
    times = ("first_start_s", "finish_s", "due_s", "returns", "withdrawn_s")
    return pd.DataFrame(
        {
            **{name: drawn[name].array[which] for name in ("kind", "unit")},
            "arrival_s": drawn["arrival_s"].to_numpy()[which],
            **{name: getattr(trace, name)[which] for name in times},
            "until_start": _until_start(world)[which],
        },
        index=pd.Index(which, name="request"),
        copy=False,
    )


def _until_start(world: World) -> np.ndarray:
    """Whether the limit of each request runs to its first start."""
    limits_ = [part.limit for part in world.scenario.kinds.values()]
    begun = [limit is not None and limit.until == "first_start" for limit in limits_]
    return np.array([*begun, False])[world.requests["kind"].cat.codes]


def steps_of(world: World, bureau: Bureau, trace: Trace) -> pd.DataFrame:
    """One row for each visit of a step that was reached: request, kind, step, type, unit, role, person (who
    ended it), ready_s, start_s, end_s."""
    tasks = world.tasks
    reached = np.flatnonzero(trace.ready_s >= 0)
    names = step_names(world.scenario)
    last = np.full(len(tasks.step), -1)
    segments = worked(world, trace)
    last[segments[:, 0]] = segments[:, 1]
    steps, persons = tasks.step[reached], [person.name for person in world.people]
    queue = bureau.tables.queue[reached]
    return pd.DataFrame(
        {
            "request": tasks.request[reached].astype(np.int64),
            "kind": _named([kind for kind, _ in names], steps),
            "step": _named([step for _, step in names], steps),
            "type": pd.Categorical.from_codes(tasks.type[reached], TYPES),
            "unit": _named([queue.unit for queue in bureau.queues], queue),
            "role": _named([queue.role for queue in bureau.queues], queue),
            "person": _named(persons, last[reached]),
            "ready_s": trace.ready_s[reached],
            "start_s": trace.start_s[reached],
            "end_s": trace.end_s[reached],
        }
    )


def work_reached(world: World, bureau: Bureau, trace: Trace) -> pd.DataFrame:
    """Of the steps, what the assessment reads: request, type, unit and ready_s of those of work."""
    reached = np.flatnonzero((trace.ready_s >= 0) & (bureau.tables.queue >= 0))
    return pd.DataFrame(
        {
            "request": world.tasks.request[reached],
            "type": pd.Categorical.from_codes(np.zeros(len(reached), np.int8), TYPES),
            "unit": pd.Categorical.from_codes(
                _unit_of_queues(world, bureau)[bureau.tables.queue[reached]], list(world.scenario.units)
            ),
            "ready_s": trace.ready_s[reached],
        }
    )


def answers_of(world: World, bureau: Bureau, trace: Trace, which: np.ndarray) -> np.ndarray:
    """Which units answer so far for the requests `which`, positions (n,): bool (units, n). The unit at which
    it came in, and those at which it reached a step of work."""
    answers = np.zeros((len(world.scenario.units), len(which)), bool)
    answers[world.requests["unit"].cat.codes.to_numpy()[which], np.arange(len(which))] = True
    _answer(
        answers,
        which,
        world.tasks.first,
        bureau.tables.queue,
        np.ascontiguousarray(trace.ready_s),
        _unit_of_queues(world, bureau),
    )
    return answers


@compiled
def _answer(answers, which, first, queue, ready_s, unit_of_queue):
    for place in range(len(which)):
        for task in range(first[which[place]], first[which[place] + 1]):
            if ready_s[task] >= 0 and queue[task] >= 0:
                answers[unit_of_queue[queue[task]], place] = True


def _unit_of_queues(world: World, bureau: Bureau) -> np.ndarray:
    units = list(world.scenario.units)
    return np.array([units.index(queue.unit) for queue in bureau.queues], np.int64)


def went_wrong(world: World, trace: Trace) -> np.ndarray:
    """Whether an error was made in each request so far, bool (requests,): a check of its work failed."""
    failed = np.flatnonzero((world.tasks.type == CHECK) & (trace.start_s >= 0))
    return _marked(world, failed)


def came_to(world: World, trace: Trace, step: str) -> np.ndarray:
    """Whether each request has come to the step of that name so far, bool (requests,)."""
    named = np.array([name == step for _, name in step_names(world.scenario)])
    return _marked(world, np.flatnonzero(named[world.tasks.step] & (trace.ready_s >= 0)))


def _marked(world: World, tasks: np.ndarray) -> np.ndarray:
    marked = np.zeros(len(world.requests), bool)
    marked[world.tasks.request[tasks]] = True
    return marked


def segments_of(world: World, trace: Trace) -> pd.DataFrame:
    """Who worked on what: request, task, person, start_s, end_s; work under way ends with the horizon."""
    rows = worked(world, trace)
    return pd.DataFrame(
        {
            "request": world.tasks.request[rows[:, 0]].astype(np.int64),
            "task": rows[:, 0],
            "person": _named([person.name for person in world.people], rows[:, 1]),
            "start_s": rows[:, 2],
            "end_s": rows[:, 3],
        }
    )


def worked(world: World, trace: Trace) -> np.ndarray:
    """Segments of work, (n, 4): task, person, start_s, end_s, those under way at the end of the horizon
    last."""
    ends = np.full((len(trace.in_hand), 1), world.end_s)
    return np.concatenate((trace.segments, np.hstack((trace.in_hand, ends))))


def _named(names: list[str], codes: np.ndarray) -> pd.Categorical:
    """``names[code]`` of each code, "" for −1; categorical."""
    known = ["", *dict.fromkeys(names)]
    place = {name: number for number, name in enumerate(known)}
    return pd.Categorical.from_codes(np.array([*(place[name] for name in names), 0])[codes], known)
