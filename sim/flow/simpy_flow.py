"""The reference executor: one SimPy process a request, moving through its tasks.

Written to be read. A request's process waits once for each task: for the event that fires when the task is
over. The desks below decide when that is. Known calendars are arithmetic (`definitions`), so a night or a
holiday costs no event; only what takes work away from a person (hand-over, a more urgent request) makes a
scheduled end stale, and a stale end finds nobody waiting for it.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator
from heapq import heappop, heappush

import numpy as np
from simpy import Environment
from simpy.events import Event

from .definitions import (
    ARRIVAL,
    DELAY,
    DUTY,
    FINISH,
    NEVER,
    NONE,
    NOTHING,
    PATIENCE,
    REQUEST_BITS,
    RESUME,
    RETURN,
    SUSPEND,
    WORK,
    after_delay,
    claim,
    claimant,
    due_s,
    end_of_work,
    excluded_time,
    first_line,
    is_handed_over,
    least_urgent,
    longest_idle,
    person_seconds,
    seconds_spent,
    urgency_of,
    work_left,
)
from .tables import Tables
from .trace import Trace


class Moment(Event):
    """An event that somebody may wait for before its time is known; `at` sets it, in the order of
    `definitions`."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None

    def at(self, time: int, kind: int, request: int) -> Moment:
        self.env.schedule(self, (kind << REQUEST_BITS) | request, time - self.env.now)
        return self


class Job:
    """One task of one request while it waits or is worked on."""

    __slots__ = ("claim", "done", "left_s", "person", "queue", "request", "task", "waiting")

    def __init__(self, request: int, task: int, queue: int, left_s: int, number: int, done: Moment) -> None:
        self.request = request
        self.task = task
        self.queue = queue
        self.left_s = left_s  # standard work
        self.claim = number
        self.done = done
        self.waiting = False
        self.person = -1


class SimpyFlow:
    """Advances the tables of a replication to a given time."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.env = Environment(initial_time=tables.begin)
        people, lines = len(tables.speed), len(tables.first_of_staff) - 1
        # Python lists: an order of magnitude faster to read one number from than arrays.
        for name, column in tables._asdict().items():
            setattr(self, name, column.tolist() if isinstance(column, np.ndarray) else column)
        self.ready_s, self.started_s, self.ended_s = ([-1] * len(self.type) for _ in range(3))
        self.first_start_s, self.finish_s, self.withdrawn_s = ([-1] * len(self.arrival_s) for _ in range(3))
        self.returns = [0] * len(self.arrival_s)
        self.excluded: dict[int, tuple[int, int, int]] = {}
        self.segments = array("q")  # four numbers each
        self.line_of: list[list[int]] = [[] for _ in range(lines)]  # the claims of a line are a heap
        self.head = [NOTHING] * lines
        self.jobs: dict[int, Job] = {}  # at a desk, by request
        self.span = [first - 1 for first in self.first_span[:-1]]
        self.until, self.idle_since = [0] * people, [tables.begin] * people
        self.in_hand, self.claim_in_hand = [-1] * people, [-1] * people
        self.since, self.since_span, self.speed_in_hand = [-1] * people, [-1] * people, [1.0] * people
        self.may_stop = [False] * people
        self.next_sitting = self.first_sitting[:-1]
        self.env.process(self._duty_begins())
        self.env.process(self._doors_open())

    def work_until(self, time: int) -> None:
        """Let everything happen that is due before `time` (s)."""
        self.env.run(until=time)

    def set_speed(self, speed: np.ndarray) -> None:
        """The people's speed (people,) for work begun from now on."""
        self.speed = speed.tolist()

    # A request's life

    def _doors_open(self) -> Generator:
        """Requests come in, one process each."""
        for request, arrival in enumerate(self.arrival_s):
            yield Moment(self.env).at(max(arrival, self.env.now), ARRIVAL, request)
            self.env.process(self._request(request))

    def _request(self, request: int) -> Generator:
        env = self.env
        for task in range(self.first_task[request], self.first_task[request + 1]):
            self.ready_s[task] = env.now
            if self.type[task] == WORK:
                job = self._join(request, task)
                yield job.done
                if job.person < 0:
                    self.withdrawn_s[request] = env.now
                    return
                self._finish(job)
            elif self.type[task] == DELAY:
                yield self._delay(request, task)
            else:
                yield self._sitting(request, task)
            self.ended_s[task] = env.now
        self.finish_s[request] = env.now

    def _delay(self, request: int, task: int) -> Moment:
        now = self.env.now
        end = after_delay(self.count, self.working_days, now, self.delay_s[task], self.delay_days[task])
        self.started_s[task] = now
        if self.returned[task]:
            self.returns[request] += 1
        if self.stops[task]:
            before = self.excluded.get(request, (0, 0, 0))
            time = excluded_time(self.count, now, end)
            self.excluded[request] = (before[0] + time[0], before[1] + time[1], before[2] + time[2])
            self.due_s[request] = due_s(
                self.count,
                self.working_days,
                self.arrival_s[request],
                self.limit_amount[request],
                self.limit_per[request],
                *self.excluded[request],
            )
        return Moment(self.env).at(end, RETURN, request)

    def _sitting(self, request: int, task: int) -> Moment:
        """The next sitting that still has a place."""
        committee = self.committee[task]
        turn, last = self.next_sitting[committee], self.first_sitting[committee + 1]
        while turn < last and (self.sitting_s[turn] < self.env.now or self.places[turn] == 0):
            turn += 1
        self.next_sitting[committee] = turn
        done = Moment(self.env)
        if turn == last:
            return done  # no sitting is left in the horizon
        self.places[turn] -= 1
        self.started_s[task] = self.sitting_s[turn]
        return done.at(self.sitting_s[turn] + self.delay_s[task], RETURN, request)

    # Desks

    def _join(self, request: int, task: int) -> Job:
        now, queue = self.env.now, self.queue[task]
        number = claim(self.discipline[queue], self.urgency[request], self.due_s[request], now, request)
        job = self.jobs[request] = Job(request, task, queue, self.work_s[task], number, Moment(self.env))
        self._offer(job)
        if job.waiting and self.first_start_s[request] < 0 and self.patience_s[request] >= 0:
            leaves = Moment(self.env).at(now + self.patience_s[request], PATIENCE, request)
            leaves.callbacks.append(lambda _: self._withdraw(job))
        return job

    def _offer(self, job: Job) -> None:
        """Give a job to an idle person on duty, or take somebody off a less urgent one, or let it wait."""
        now, line = self.env.now, self.line[job.queue]
        first, last = self.first_of_staff[line], self.first_of_staff[line + 1]
        person = longest_idle(self.staff, first, last, self.until, self.idle_since, now)
        if person < 0 and self.may_interrupt:
            person = least_urgent(
                self.staff,
                first,
                last,
                self.claim_in_hand,
                self.in_hand,
                self.until,
                self.since,
                self.may_stop,
                job.claim,
                now,
            )
            if person >= 0:
                self._interrupt(person)
        if person >= 0:
            self._start(person, job)
        else:
            self._wait(job)

    def _start(self, person: int, job: Job) -> None:
        now, span, rule = self.env.now, self.span[person], self.duty_ends[job.queue]
        need = person_seconds(job.left_s, self.speed[person])
        job.waiting, job.person = False, person
        self.in_hand[person], self.claim_in_hand[person] = job.request, job.claim
        self.idle_since[person] = NEVER
        self.since[person], self.since_span[person], self.speed_in_hand[person] = (
            now,
            span,
            self.speed[person],
        )
        self.may_stop[person] = self.preemption[job.queue] != NONE
        if self.started_s[job.task] < 0:
            self.started_s[job.task] = now
            if self.first_start_s[job.request] < 0:
                self.first_start_s[job.request] = now
        last = self.first_span[person + 1]
        end = end_of_work(rule, self.start_s, self.end_s, self.before_s, span, last, now, need)
        if is_handed_over(rule, self.end_s, span, now, need):
            leaving = Moment(self.env).at(end, SUSPEND, job.request)
            leaving.callbacks.append(lambda _: self._hand_over(person, job, now))
        elif end < NEVER:
            job.done.at(end, FINISH, job.request)

    def _finish(self, job: Job) -> None:
        self._note_work(job.task, job.person)
        self._free(job.person)

    def _free(self, person: int) -> None:
        self.in_hand[person] = -1
        self.idle_since[person] = self.env.now
        if self.env.now < self.until[person]:
            self._next(person)

    def _next(self, person: int) -> None:
        """Take the waiting job that comes first in any of the person's lines, if there is one."""
        first, last = self.first_of_lines[person], self.first_of_lines[person + 1]
        line = first_line(self.lines, first, last, self.head)
        if line >= 0:
            job = self.jobs[claimant(self.head[line])]
            job.waiting = False
            self._leave_line(line)
            self._start(person, job)

    def _wait(self, job: Job) -> None:
        job.waiting = True
        line = self.line[job.queue]
        heappush(self.line_of[line], job.claim)
        self.head[line] = self.line_of[line][0]

    def _leave_line(self, line: int) -> None:
        """The first of the line goes, and so do those behind who have withdrawn."""
        claims = self.line_of[line]
        heappop(claims)
        while claims and not self.jobs[claimant(claims[0])].waiting:
            heappop(claims)
        self.head[line] = claims[0] if claims else NOTHING

    def _duty_begins(self) -> Generator:
        """People come on duty: one event for each moment at which somebody does."""
        at: dict[int, list[int]] = {}
        for span in self.duty_order:
            at.setdefault(max(self.start_s[span], self.env.now), []).append(span)
        for time, spans in at.items():
            yield Moment(self.env).at(time, DUTY, 0)
            for span in spans:
                self.span[self.holder[span]], self.until[self.holder[span]] = span, self.end_s[span]
            for span in spans:
                person = self.holder[span]
                if self.end_s[span] <= time:
                    continue
                if self.in_hand[person] < 0:
                    self.idle_since[person] = time
                    self._next(person)
                else:
                    self._drop_for_urgent(person)

    # Work that is taken away

    def _withdraw(self, job: Job) -> None:
        """Patience is over, if nobody has begun to work on the request."""
        if job.waiting and self.first_start_s[job.request] < 0:
            job.waiting = False
            line = self.line[job.queue]
            if self.head[line] == job.claim:
                self._leave_line(line)
            job.done.at(self.env.now, PATIENCE, job.request)

    def _hand_over(self, person: int, job: Job, since: int) -> None:
        """Duty has ended: somebody else goes on with the work, at once or later."""
        if self.in_hand[person] == job.request and job.person == person and self.since[person] == since:
            self._put_back(person, RESUME)
            self.in_hand[person] = -1
            self.idle_since[person] = self.env.now
            self._offer(job)

    def _interrupt(self, person: int) -> None:
        """The job in the person's hands goes back to its place in the line."""
        job = self.jobs[self.in_hand[person]]
        self._put_back(person, self.preemption[job.queue])
        self._wait(job)

    def _drop_for_urgent(self, person: int) -> None:
        """Back on duty with suspended work: something more urgent may have come meanwhile."""
        if not self.may_stop[person]:
            return
        first, last = self.first_of_lines[person], self.first_of_lines[person + 1]
        line = first_line(self.lines, first, last, self.head)
        if line >= 0 and urgency_of(self.head[line]) < urgency_of(self.claim_in_hand[person]):
            self._interrupt(person)
            self._free(person)

    def _put_back(self, person: int, mode: int) -> None:
        """The work leaves the person's hands with what is left of it."""
        job = self.jobs[self.in_hand[person]]
        self._note_work(job.task, person)
        spent_s = seconds_spent(
            self.duty_ends[job.queue],
            self.start_s,
            self.end_s,
            self.before_s,
            self.since[person],
            self.since_span[person],
            self.env.now,
            self.span[person],
        )
        work_s, again_s = self.work_s[job.task], self.again_s[job.task]
        job.left_s = work_left(mode, job.left_s, work_s, again_s, spent_s, self.speed_in_hand[person])
        stale, job.done = job.done, Moment(self.env)
        job.done.callbacks, stale.callbacks = stale.callbacks, []
        job.person = -1

    def _note_work(self, task: int, person: int) -> None:
        self.segments.extend((task, person, self.since[person], self.env.now))

    @property
    def trace(self) -> Trace:
        """What has happened so far."""
        by_task = {"ready_s": self.ready_s, "start_s": self.started_s, "end_s": self.ended_s}
        names = ("first_start_s", "finish_s", "withdrawn_s", "returns", "due_s")
        columns = by_task | {name: getattr(self, name) for name in names}
        excluded = np.zeros((len(self.arrival_s), 3), np.int64)
        for request, time in self.excluded.items():
            excluded[request] = time
        in_hand = [
            (self.jobs[request].task, person, self.since[person])
            for person, request in enumerate(self.in_hand)
            if request >= 0
        ]
        return Trace(
            **{name: np.array(column, np.int64) for name, column in columns.items()},
            excluded=excluded,
            segments=np.array(self.segments, np.int64).reshape(-1, 4),
            in_hand=np.array(in_hand, np.int64).reshape(-1, 3),
        )
