"""The state of the compiled executor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.jit import compiled
from sim.world.tasks import CARE_UNITS, LAST_MOMENT, SITTING, WORK

from .definitions import NOTHING
from .tables import Tables

# Counters of the loop: positions in `State.at`. EVENTS and SEGMENTS count the entries in use of these arrays,
# LATE_LAST the queues that serve late requests last; OFFERS, STIRRED, CHANGED and ASIDE the entries of the
# arrays of joint work; JOINT_WAITING those in lines who need several people.
NEXT_ARRIVAL, NEXT_DUTY, EVENTS, SEGMENTS, LATE_LAST = 0, 1, 2, 3, 4
NEXT_LEAVE, OFFERS, STIRRED, CHANGED, ASIDE, JOINT_WAITING = 5, 6, 7, 8, 9, 10


MOST_IN_TEAM = 16
CACHE_LINE = 64  # bytes
AT_A_TIME = 2**13  # records written together

# Fields read together lie together, a record within a line of the processor's cache: in a large bureau
# memory takes the time, not arithmetic. Indices of other tables are unsigned, so that numba need not
# test them for being negative. Moments and durations have 32 bits, up to `definitions.LAST_MOMENT`.
_REQUEST = {
    "pending": np.int64,  # the event that it waits for
    "due_s": np.int64,
    "left_s": np.int32,
    "first_start_s": np.int32,
    "patience_s": np.int32,
    "task": np.uint32,
    "last": np.uint32,  # the first task of the next request
    "person": np.uint32,
    "line": np.uint32,  # in which it waits, or waited last
    "queue": np.uint32,  # of its last work, and so is `joint`
    "returns": np.int32,
    "priority": np.int16,
    "waiting": np.int16,
    "joint": np.int16,  # whether it takes several people
}
REQUEST = np.dtype({"names": list(_REQUEST), "formats": list(_REQUEST.values()), "itemsize": CACHE_LINE})
TASK = np.dtype(
    [
        ("seconds", np.int32),  # of work or delay
        ("again_or_days", np.int32),  # of work again_s, of a delay delay_days
        ("queue", np.uint32),  # of a sitting its committee
        ("type", np.int8),
        ("stops", np.int8),
        ("returned", np.int8),
        ("supervised", np.int8),
        ("joint", np.int32),  # whether work takes several people
        ("ready_s", np.int32),
        ("start_s", np.int32),
        ("end_s", np.int32),
    ]
)
STAGES = ("ready_s", "start_s", "end_s")
BY_REQUEST = ("tasks", "requests", "excluded", "claims", "claim", "aside")  # large, and no part of a trace


class State(NamedTuple):
    """The state while requests flow, and the tasks. −1 = none, or has not happened."""

    at: np.ndarray
    events: np.ndarray  # a heap
    segments: np.ndarray
    # by task: `TASK`; by request: `REQUEST`, and columns seldom used
    tasks: np.ndarray
    requests: np.ndarray
    finish_s: np.ndarray
    withdrawn_s: np.ndarray
    excluded: np.ndarray
    # by line: its claims are a heap in `claims`, from first_claim on; head is the first of them
    head: np.ndarray
    size: np.ndarray
    first_claim: np.ndarray
    claims: np.ndarray
    present: np.ndarray  # who waits, or is served
    line_pace: np.ndarray
    # by queue: how its people depart from the rules
    neglect_s: np.ndarray
    late_last: np.ndarray
    # by person
    speed: np.ndarray
    careless: np.ndarray
    span: np.ndarray
    until: np.ndarray
    idle_since: np.ndarray
    in_hand: np.ndarray
    line_in_hand: np.ndarray  # of the request for which the person answers
    claim_in_hand: np.ndarray
    since: np.ndarray
    since_span: np.ndarray
    need_s: np.ndarray
    speed_in_hand: np.ndarray
    may_stop: np.ndarray
    # idle people: see `idle`
    listed: np.ndarray
    first_idle: np.ndarray
    last_idle: np.ndarray
    ahead: np.ndarray
    behind: np.ndarray
    owner: np.ndarray
    # by sitting, by committee
    places: np.ndarray
    next_sitting: np.ndarray
    heard_until: np.ndarray
    # by request, how often it was turned away; by hall, the day of its last ticket, and that day's tickets
    turned_away: np.ndarray
    ticket_day: np.ndarray
    tickets_given: np.ndarray
    # of joint work. By person: mate, who is next in the team, and looking; by request: claim; by line:
    # stirred, changed
    mate: np.ndarray
    claim: np.ndarray
    team: np.ndarray
    before: np.ndarray
    looking: np.ndarray
    offers: np.ndarray
    aside: np.ndarray
    stirred: np.ndarray
    is_stirred: np.ndarray
    changed: np.ndarray
    is_changed: np.ndarray


def initial(tables: Tables) -> State:
    """Return the state before the first event."""
    requests, tasks, people = len(tables.arrival_s), len(tables.type), len(tables.speed)
    lines, room = len(tables.first_of_staff) - 1, 4 * people + 1024
    of_tasks, needed = _tasks(tables)
    room_of = np.zeros(lines, np.int64)  # a line holds each of its tasks at most once
    np.add.at(room_of, tables.line, needed)
    if tables.returns_to_person:
        asking = np.bincount(tables.line[tables.queue[tables.same_person]], minlength=lines)
        for person, own in enumerate(tables.own_line.tolist()):
            first, last = tables.first_of_lines[person : person + 2].tolist()
            room_of[own] = asking[tables.lines[first:last]].sum()
    first_claim = np.concatenate(([0], np.cumsum(room_of)))

    lines_each: np.ndarray = np.diff(tables.first_of_lines.astype(np.int64))

    def never(n: int) -> np.ndarray:
        return np.full(n, -1, np.int64)

    return State(
        at=np.zeros(11, np.int64),
        events=heap_of(room),
        segments=np.empty((tasks + room, 4), np.int32),
        tasks=of_tasks,
        requests=_requests(tables),
        finish_s=never(requests),
        withdrawn_s=never(requests),
        excluded=np.zeros((requests, 3), np.int64),
        head=np.full(lines, NOTHING, np.int64),
        size=np.zeros(lines, np.int64),
        first_claim=first_claim,
        claims=np.empty(first_claim[-1], np.int64),
        present=np.zeros(lines, np.int64),
        line_pace=np.ones(lines),
        neglect_s=np.zeros(len(tables.line), np.int64),
        late_last=np.zeros(len(tables.line), np.bool_),
        speed=tables.speed.copy(),
        careless=np.full(people, CARE_UNITS, np.int64),
        span=tables.first_span[:-1] - 1,
        until=np.zeros(people, np.int64),
        idle_since=np.full(people, tables.begin, np.int64),
        in_hand=never(people),
        line_in_hand=never(people),
        claim_in_hand=never(people),
        since=never(people),
        since_span=never(people),
        need_s=never(people),
        speed_in_hand=np.ones(people),
        may_stop=np.zeros(people, np.bool_),
        listed=np.zeros(people, np.bool_),
        first_idle=never(lines),
        last_idle=never(lines),
        ahead=never(len(tables.lines)),
        behind=never(len(tables.lines)),
        owner=np.repeat(np.arange(people), lines_each),
        places=tables.places.copy(),
        next_sitting=tables.first_sitting[:-1].copy(),
        heard_until=np.zeros(len(tables.one_by_one), np.int64),
        turned_away=np.zeros(requests if tables.refuses else 0, np.int64),
        ticket_day=never(len(tables.seats)),
        tickets_given=np.zeros(len(tables.seats), np.int64),
        mate=never(people),
        claim=np.empty(requests if tables.teams else 0, np.int64),
        team=never(MOST_IN_TEAM),
        before=never(MOST_IN_TEAM),
        looking=never(people),
        offers=never(people + 8),
        aside=np.empty(requests if tables.teams else 0, np.int64),
        stirred=never(lines),
        is_stirred=np.zeros(lines, np.bool_),
        changed=never(lines),
        is_changed=np.zeros(lines, np.bool_),
    )


def _requests(tables: Tables) -> np.ndarray:
    requests = _records(len(tables.arrival_s), REQUEST)
    for rows in _blocks(len(requests)):
        block = requests[rows]
        block.view(np.uint8)[:] = 0
        block["pending"] = block["first_start_s"] = -1
        for name in ("due_s", "priority"):
            block[name] = getattr(tables, name)[rows]
        block["patience_s"] = np.minimum(tables.patience_s[rows], LAST_MOMENT)
        block["task"] = tables.first_task[:-1][rows]
        block["last"] = tables.first_task[1:][rows]
    return requests


def seconds_of(tables: Tables, rows: slice | np.ndarray) -> np.ndarray:
    """Return the work or delay of each task, s."""
    return np.where(tables.type[rows] == WORK, tables.work_s[rows], tables.delay_s[rows])


def _tasks(tables: Tables) -> tuple[np.ndarray, np.ndarray]:
    """Return the records of all tasks, and how many tasks each queue has (queues,)."""
    tasks = _records(len(tables.type), TASK)
    needed = np.zeros(1 + len(tables.line), np.int64)  # first what needs nobody, queue -1
    _fill(tasks, needed, _OfTasks(*(getattr(tables, name) for name in _OfTasks._fields)))
    return tasks, needed[1:]


class _OfTasks(NamedTuple):
    """The columns of `Tables` that a task's record is made of."""

    type: np.ndarray
    queue: np.ndarray
    committee: np.ndarray
    work_s: np.ndarray
    again_s: np.ndarray
    delay_s: np.ndarray
    delay_days: np.ndarray
    people: np.ndarray
    joined: np.ndarray
    stops: np.ndarray
    returned: np.ndarray
    supervised: np.ndarray
    teams: bool


@compiled
def _fill(tasks, needed, t):
    """Write the records of all tasks and count those of each queue, in one pass; nothing has happened yet."""
    for i in range(len(tasks)):
        kind, own = t.type[i], tasks[i]
        works = kind == WORK
        own.seconds = t.work_s[i] if works else t.delay_s[i]
        own.again_or_days = t.again_s[i] if works else t.delay_days[i]
        own.queue = np.uint32(t.committee[i] if kind == SITTING else t.queue[i])
        own.joint = t.teams and (t.people[i] > 1 or t.joined[i] >= 0)
        own.type, own.stops, own.returned, own.supervised = kind, t.stops[i], t.returned[i], t.supervised[i]
        own.ready_s = own.start_s = own.end_s = -1
        needed[t.queue[i] + 1] += 1
        if t.teams:
            needed[t.joined[i] + 1] += 1


def _blocks(count: int) -> Iterator[slice]:
    """Divide so many rows into blocks that stay in the processor's cache while their fields are written."""
    return (slice(first, first + AT_A_TIME) for first in range(0, count, AT_A_TIME))


def heap_of(count: int) -> np.ndarray:
    """Return room for a heap of events: the four below a number lie within one line of the cache (`heap`)."""
    return _records(count + 7, np.dtype(np.int64))[7:]


def _records(count: int, kind: np.dtype) -> np.ndarray:
    """Return room for so many records, aligned with the lines of the processor's cache."""
    room = np.empty(count * kind.itemsize + CACHE_LINE, np.uint8)
    begin = -room.ctypes.data % CACHE_LINE
    return room[begin : begin + count * kind.itemsize].view(kind)
