"""What changes while the compiled executor runs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .definitions import NOTHING
from .tables import Tables

# Where the loop stands: positions in `State.at`, the last two counting what is in use of these arrays.
NEXT_ARRIVAL, NEXT_DUTY, EVENTS, SEGMENTS = 0, 1, 2, 3


class State(NamedTuple):
    """What changes while requests flow. Arrays by task, request, line, person and sitting, −1 = none."""

    at: np.ndarray
    events: np.ndarray  # a heap
    segments: np.ndarray
    # by task
    ready_s: np.ndarray
    start_s: np.ndarray
    end_s: np.ndarray
    # by request
    task: np.ndarray
    person: np.ndarray
    pending: np.ndarray
    waiting: np.ndarray
    left_s: np.ndarray
    due_s: np.ndarray
    first_start_s: np.ndarray
    finish_s: np.ndarray
    withdrawn_s: np.ndarray
    returns: np.ndarray
    excluded: np.ndarray
    # by line: its claims are a heap in `claims`, from first_claim on; head is the first of them
    head: np.ndarray
    size: np.ndarray
    first_claim: np.ndarray
    claims: np.ndarray
    # by person
    speed: np.ndarray
    span: np.ndarray
    until: np.ndarray
    idle_since: np.ndarray
    in_hand: np.ndarray
    claim_in_hand: np.ndarray
    since: np.ndarray
    since_span: np.ndarray
    speed_in_hand: np.ndarray
    may_stop: np.ndarray
    # by sitting, by committee
    places: np.ndarray
    next_sitting: np.ndarray


def initial(tables: Tables) -> State:
    """The state before the first event."""
    requests, tasks, people = len(tables.arrival_s), len(tables.type), len(tables.speed)
    lines, room = len(tables.first_of_staff) - 1, 4 * people + 1024
    needed = tables.line[tables.queue[tables.queue >= 0]]  # a line holds each of its tasks once at most
    first_claim = np.concatenate(([0], np.cumsum(np.bincount(needed, minlength=lines))))

    def never(n: int) -> np.ndarray:
        return np.full(n, -1, np.int64)

    return State(
        at=np.zeros(4, np.int64),
        events=np.empty(room, np.int64),
        segments=np.empty((tasks + room, 4), np.int64),
        ready_s=never(tasks),
        start_s=never(tasks),
        end_s=never(tasks),
        task=tables.first_task[:-1] - 1,
        person=never(requests),
        pending=never(requests),
        waiting=np.zeros(requests, np.bool_),
        left_s=np.zeros(requests, np.int64),
        due_s=tables.due_s.copy(),
        first_start_s=never(requests),
        finish_s=never(requests),
        withdrawn_s=never(requests),
        returns=np.zeros(requests, np.int64),
        excluded=np.zeros((requests, 3), np.int64),
        head=np.full(lines, NOTHING, np.int64),
        size=np.zeros(lines, np.int64),
        first_claim=first_claim,
        claims=np.empty(len(needed), np.int64),
        speed=tables.speed.copy(),
        span=tables.first_span[:-1] - 1,
        until=np.zeros(people, np.int64),
        idle_since=np.full(people, tables.begin, np.int64),
        in_hand=never(people),
        claim_in_hand=never(people),
        since=never(people),
        since_span=never(people),
        speed_in_hand=np.ones(people),
        may_stop=np.zeros(people, np.bool_),
        places=tables.places.copy(),
        next_sitting=tables.first_sitting[:-1].copy(),
    )
