"""The reference executor: one SimPy process a request, moving through its tasks.

Written to be read. A request's process waits once for each task: for the event that fires when the task is
over. The desks below decide when that is. Known calendars are arithmetic (`tables.Duty`), so a night or a
holiday costs no event; only what takes work away from a person (hand-over, a more urgent request) makes a
scheduled end stale, and a stale end finds nobody waiting for it.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush

import numpy as np
from simpy import Environment
from simpy.events import Event

from .tables import (
    ARRIVAL,
    AT_ONCE,
    DUE_DATE,
    DUTY,
    FINISH,
    HAND_OVER,
    NEVER,
    NONE,
    PATIENCE,
    RESAMPLE,
    RESTART,
    RESUME,
    RETURN,
    SUSPEND,
    Duty,
    Tables,
    after_delay,
    due_s,
    excluded_time,
    person_seconds,
)
from .trace import Trace

_WORK, _DELAY = 0, 1


class Moment(Event):
    """An event that somebody may wait for before its time is known; `at` sets it, in the order of
    tables.py."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None

    def at(self, time: int, kind: int, number: int) -> Moment:
        self.env.schedule(self, (kind << 48) | number, time - self.env.now)
        return self


class Job:
    """One task of one request while it waits or is worked on."""

    __slots__ = ("done", "key", "person", "queue", "request", "since", "speed", "task", "waiting", "work_s")

    def __init__(
        self, request: int, task: int, queue: int, work_s: int, key: tuple[int, int, int], done: Moment
    ) -> None:
        self.request = request
        self.task = task
        self.queue = queue
        self.work_s = work_s  # standard work left
        self.key = key
        self.done = done
        self.waiting = False
        self.person = -1
        self.speed = 1.0  # of the person, when the work began
        self.since = -1


class SimpyFlow:
    """Advances the tables of a replication to a given time and fills in the trace.

    ``speed`` (people,) may be changed between calls of `work_until`; it holds for work begun later.
    """

    def __init__(self, tables: Tables, begin_s: int = 0) -> None:
        self.tables = tables
        self.env = Environment(initial_time=begin_s)
        self.trace = Trace(len(tables.arrival_s), len(tables.tasks.step))
        self.speed = [person.speed for person in tables.people]
        self.duty = [Duty(person.duty) for person in tables.people]
        self.on_duty_until = [0] * len(tables.people)
        self.idle_since = [begin_s] * len(tables.people)
        self.job: list[Job | None] = [None] * len(tables.people)
        self.lines: list[list[tuple[tuple[int, int, int], Job]]] = [[] for _ in tables.queues]
        self.places = [list(places) for _, places in tables.sittings]
        self.next_sitting = [0] * len(tables.sittings)
        self.may_interrupt = any(queue.preemption != NONE for queue in tables.queues)
        self._columns()
        self.env.process(self._duty_begins())
        self.env.process(self._doors_open())

    def work_until(self, time: int) -> None:
        """Let everything happen that is due before `time` (s)."""
        self.env.run(until=time)

    def _columns(self) -> None:
        """Python lists: an order of magnitude faster to read one number from than arrays."""
        tables, tasks = self.tables, self.tables.tasks
        self.urgency, self.first_task = tables.urgency.tolist(), tables.first_task.tolist()
        self.type, self.work_s, self.queue = tasks.type.tolist(), tasks.work_s.tolist(), tables.queue.tolist()
        self.delay_s, self.delay_days = tasks.delay_s.tolist(), tasks.delay_days.tolist()
        self.stops, self.returned = tasks.stops.tolist(), tasks.returned.tolist()
        due = {}
        self.excluded: dict[int, tuple[int, int, int]] = {}
        self.due_s: list[int] = []
        for arrival, amount, per in zip(
            tables.arrival_s.tolist(), tables.limit_amount.tolist(), tables.limit_per.tolist(), strict=True
        ):
            key = (arrival if per == 2 else arrival // 86_400, amount, per)
            if key not in due:
                due[key] = due_s(tables.calendar, arrival, amount, per)
            self.due_s.append(due[key])

    # A request's life

    def _doors_open(self) -> Generator:
        """Requests come in, one process each."""
        for request, arrival in enumerate(self.tables.arrival_s.tolist()):
            yield Moment(self.env).at(max(arrival, self.env.now), ARRIVAL, request)
            self.env.process(self._request(request))

    def _request(self, request: int) -> Generator:
        trace, first, last = self.trace, self.first_task[request], self.first_task[request + 1]
        for task in range(first, last):
            trace.ready_s[task] = self.env.now
            if self.type[task] == _WORK:
                job = self._join(request, task, patient=trace.first_start_s[request] < 0)
                yield job.done
                if job.person < 0:
                    trace.withdrawn_s[request] = self.env.now
                    return
                self._finish(job)
            elif self.type[task] == _DELAY:
                yield self._delay(request, task)
            else:
                yield self._sitting(request, task)
            trace.end_s[task] = self.env.now
        trace.finish_s[request] = self.env.now

    def _delay(self, request: int, task: int) -> Moment:
        calendar, now = self.tables.calendar, self.env.now
        end = after_delay(calendar, now, self.delay_s[task], self.delay_days[task])
        self.trace.start_s[task] = now
        if self.returned[task]:
            self.trace.returns[request] += 1
        if self.stops[task]:
            before = self.excluded.get(request, (0, 0, 0))
            self.excluded[request] = now_excluded = tuple(
                map(sum, zip(before, excluded_time(calendar, now, end), strict=True))
            )
            per = int(self.tables.limit_per[request])
            self.due_s[request] = due_s(
                calendar,
                int(self.tables.arrival_s[request]),
                int(self.tables.limit_amount[request]),
                per,
                now_excluded,
            )
        return Moment(self.env).at(end, RETURN, request)

    def _sitting(self, request: int, task: int) -> Moment:
        """The next sitting that still has a place."""
        committee = int(self.tables.committee[task])
        times, places = self.tables.sittings[committee][0], self.places[committee]
        turn = self.next_sitting[committee]
        while turn < len(times) and (times[turn] < self.env.now or places[turn] == 0):
            turn += 1
        self.next_sitting[committee] = turn
        done = Moment(self.env)
        if turn == len(times):
            return done  # no sitting is left in the horizon
        places[turn] -= 1
        self.trace.start_s[task] = times[turn]
        return done.at(times[turn] + int(self.tables.tasks.delay_s[task]), RETURN, request)

    # Desks

    def _join(self, request: int, task: int, patient: bool) -> Job:
        queue = self.queue[task]
        rule = self.tables.queues[queue]
        order = self.due_s[request] if rule.discipline == DUE_DATE else self.env.now
        urgency = self.urgency[request] if rule.discipline == 2 else 0
        job = Job(request, task, queue, self.work_s[task], (urgency, order, request), Moment(self.env))
        self._offer(job)
        if job.waiting and patient and self.tables.patience_s[request] >= 0:
            leaves = Moment(self.env).at(
                self.env.now + int(self.tables.patience_s[request]), PATIENCE, request
            )
            leaves.callbacks.append(lambda _: self._withdraw(job))
        return job

    def _offer(self, job: Job) -> None:
        """Give a job to an idle person on duty, or take somebody off a less urgent one, or let it wait."""
        now, chosen, longest = self.env.now, -1, NEVER
        for person in self.tables.staff_of[job.queue]:
            if (
                self.job[person] is None
                and now < self.on_duty_until[person]
                and self.idle_since[person] < longest
            ):
                chosen, longest = person, self.idle_since[person]
        if chosen < 0 and self.may_interrupt:
            chosen = self._interrupt(self.tables.staff_of[job.queue], job)
        if chosen >= 0:
            self._start(chosen, job)
        else:
            self._wait(job)

    def _start(self, person: int, job: Job) -> None:
        now, duty, rule = self.env.now, self.duty[person], self.tables.queues[job.queue].duty_ends
        need = person_seconds(job.work_s, self.speed[person])
        job.waiting, job.person, job.since, job.speed = False, person, now, self.speed[person]
        self.job[person] = job
        trace = self.trace
        if trace.start_s[job.task] < 0:
            trace.start_s[job.task] = now
            if trace.first_start_s[job.request] < 0:
                trace.first_start_s[job.request] = now
        if rule == HAND_OVER and now + need > self.on_duty_until[person]:
            leaving = Moment(self.env).at(self.on_duty_until[person], SUSPEND, job.request)
            leaving.callbacks.append(lambda _: self._hand_over(person, job, now))
            return
        if rule == AT_ONCE:
            end = now + need
        elif rule == RESTART:
            end = duty.first_fit(now, need)
        else:
            end = now + need if now + need <= self.on_duty_until[person] else duty.advance(now, need)
        if end < NEVER:
            job.done.at(end, FINISH, job.request)

    def _finish(self, job: Job) -> None:
        person, now = job.person, self.env.now
        self.trace.worked(job.task, person, job.since, now)
        self._free(person, now)

    def _free(self, person: int, now: int) -> None:
        self.job[person] = None
        self.idle_since[person] = now
        if now < self.on_duty_until[person]:
            self._next(person)

    def _next(self, person: int) -> None:
        """Take the waiting job that comes first in any of the person's lines, if there is one."""
        line = self._first_line(person)
        if line is not None:
            self._start(person, heappop(line)[1])

    def _first_line(self, person: int) -> list | None:
        """The person's line whose head comes first; None where nobody waits."""
        best, first = None, None
        for queue in self.tables.serves[person]:
            line = self.lines[queue]
            while line and not line[0][1].waiting:
                heappop(line)  # withdrawn meanwhile
            if line and (best is None or line[0][0] < best):
                best, first = line[0][0], line
        return first

    def _wait(self, job: Job) -> None:
        job.waiting = True
        heappush(self.lines[job.queue], (job.key, job))

    def _line(self, queue: int) -> list[tuple[tuple[int, int, int], Job]]:
        """Who waits there, first come first (a heap); those who withdrew are taken off its top."""
        line = self.lines[queue]
        while line and not line[0][1].waiting:
            heappop(line)
        return line

    def _duty_begins(self) -> Generator:
        """People come on duty: one event for each moment at which somebody does."""
        starts: dict[int, list[tuple[int, int]]] = {}
        for person, duty in enumerate(self.duty):
            for start, end in zip(duty.start, duty.end, strict=True):
                starts.setdefault(max(start, self.env.now), []).append((person, end))
        for time in sorted(starts):
            yield Moment(self.env).at(time, DUTY, 0)
            for person, end in starts[time]:
                self.on_duty_until[person] = end
            for person, end in starts[time]:
                if end <= time:
                    continue
                if self.job[person] is None:
                    self.idle_since[person] = time
                    self._next(person)
                else:
                    self._drop_for_urgent(person)

    # Work that is taken away

    def _withdraw(self, job: Job) -> None:
        if job.waiting and self.trace.start_s[job.task] < 0:
            job.waiting = False
            job.done.at(self.env.now, PATIENCE, job.request)

    def _hand_over(self, person: int, job: Job, since: int) -> None:
        if self.job[person] is job and job.since == since:
            self._put_back(person, job, RESUME)
            self.job[person] = None
            self.idle_since[person] = self.env.now
            self._offer(job)

    def _interrupt(self, people: list[int], urgent: Job) -> int:
        """Take the least urgent job under way (the latest begun of them) off somebody; −1 if none is less
        urgent."""
        now, worst, chosen = self.env.now, (urgent.key[0], 0, 0), -1
        for person in people:
            job = self.job[person]
            if (
                job is None
                or now >= self.on_duty_until[person]
                or self.tables.queues[job.queue].preemption == NONE
            ):
                continue
            if job.key[0] > urgent.key[0]:
                rank = (job.key[0], job.since, job.request)
                if chosen < 0 or rank > worst:
                    worst, chosen = rank, person
        if chosen >= 0:
            job = self.job[chosen]
            self._put_back(chosen, job, self.tables.queues[job.queue].preemption)
            self._wait(job)
        return chosen

    def _drop_for_urgent(self, person: int) -> None:
        """Back on duty with suspended work: something more urgent may have come meanwhile."""
        job = self.job[person]
        if self.tables.queues[job.queue].preemption == NONE:
            return
        line = self._first_line(person)
        if line is not None and line[0][0][0] < job.key[0]:
            self._put_back(person, job, self.tables.queues[job.queue].preemption)
            self._wait(job)
            self._free(person, self.env.now)

    def _put_back(self, person: int, job: Job, mode: int) -> None:
        """The job leaves the person's hands with what is left of it; its place in the line stays."""
        now = self.env.now
        self.trace.worked(job.task, person, job.since, now)
        if mode == RESUME:
            job.work_s = max(job.work_s - int(self._worked(person, job) * job.speed + 0.5), 0)
        else:
            tasks = self.tables.tasks
            job.work_s = int(tasks.again_s[job.task] if mode == RESAMPLE else tasks.work_s[job.task])
        stale, job.done = job.done, Moment(self.env)
        job.done.callbacks, stale.callbacks = stale.callbacks, []
        job.person, job.since = -1, -1

    def _worked(self, person: int, job: Job) -> int:
        """The seconds so far that count for the job in the person's hands, by what happens when duty ends."""
        now, duty, rule = self.env.now, self.duty[person], self.tables.queues[job.queue].duty_ends
        if rule == AT_ONCE:
            return now - job.since
        if rule == RESTART:
            return now - max(job.since, duty.last_start(now))
        return duty.worked(now) - duty.worked(job.since)

    def due_dates(self) -> np.ndarray:
        """The end of each request's time limit after all stops of the clock so far (s; −1 = no limit)."""
        return np.array(self.due_s, np.int64)
