"""The desks of the reference executor: who serves whom, and work that is taken away.

Where steps take several people (`Tables.teams`), `simpy_joint` decides instead.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world.tasks import CARE_UNITS

from .definitions import (
    ARRIVAL,
    BOOKED_AHEAD_S,
    DAY_S,
    DUTY,
    FINISH,
    NEVER,
    NONE,
    NOTHING,
    PATIENCE,
    RESTART,
    RESUME,
    SUSPEND,
    claim,
    claimant,
    comes_again,
    end_of_work,
    first_line,
    is_handed_over,
    is_late,
    is_set_back,
    lags,
    longest_idle,
    lowest_priority,
    person_seconds,
    priority_of,
    seconds_spent,
    serves,
    set_back,
    waits_too_long,
    work_left,
)
from .simpy_parts import Clock, Job, Moment
from .tables import Tables


class SimpyDesks:
    """The lines of an office, the people who serve them and the work in their hands."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.env = Clock(initial_time=tables.begin)
        people, lines = len(tables.speed), len(tables.first_of_staff) - 1
        # Python lists: reading one number is an order of magnitude faster than from arrays.
        for name, column in tables._asdict().items():
            setattr(self, name, column.tolist() if isinstance(column, np.ndarray) else column)
        self.started_s, self.first_start_s = [-1] * len(self.type), [-1] * len(self.arrival_s)
        self.turned_away = [0] * len(self.arrival_s) if self.refuses else []
        self.tickets_given: dict[tuple[int, int], int] = {}  # by hall and day
        self.segments = array("q")  # four numbers each
        self.line_of: list[list[int]] = [[] for _ in range(lines)]  # the claims of a line are a heap
        self.head = [NOTHING] * lines
        self.present, self.line_pace = [0] * lines, [1.0] * lines  # who waits or is served; their pace
        self.jobs: dict[int, Job] = {}  # by request at a desk
        self.span = [first - 1 for first in self.first_span[:-1]]
        self.until, self.idle_since = [0] * people, [tables.begin] * people
        self.in_hand, self.claim_in_hand = [-1] * people, [-1] * people
        self.since, self.since_span, self.speed_in_hand = [-1] * people, [-1] * people, [1.0] * people
        self.need_s = [-1] * people
        self.may_stop = [False] * people
        self.careless = [CARE_UNITS] * people
        self.neglect_s, self.late_last = [0] * len(self.line), [False] * len(self.line)
        self.any_neglect = self.any_late_last = False
        self.rosters = 0

    if TYPE_CHECKING:  # the columns of `Tables`, as lists

        def __getattr__(self, name: str) -> Any: ...

    # Who joins and who serves

    def _join(self, request: int, task: int) -> Job | None:
        """Let a request join its line; None: it is turned away."""
        now, queue, due = self.env.now, self.queue[task], self.due_s[request]
        hall = self.hall[request] if self.refuses and task == self.first_task[request] else -1
        if hall >= 0 and self._is_refused(request, hall):
            return None
        is_full = hall >= 0 and 0 <= self.seats[hall] <= self._present(hall, False)[0]
        shift = (self.neglect_s[queue] if self.any_neglect else 0) - self.ahead_s[queue]
        late_from = self.supervised[task]
        if late_from and lags(self.arrival_s[request], due, late_from, now):
            shift -= self.supervision_s
        if self.booked and self.booked[request] and task == self.first_task[request]:
            shift -= BOOKED_AHEAD_S
        expected_s = self.expected_s[task] if self.knows_work else 0
        since, line = now, self.line[queue]
        if self.returns_to_person and self.same_person[task] and self._can_return(request, line):
            since, line = self.first_start_s[request], self.own_line[self.jobs[request].person]
        number = claim(self.discipline[queue], self.priority[request], due, since, expected_s, shift, request)
        if self.any_late_last and self.late_last[queue] and is_late(due, now):
            number = set_back(number)
        job = self.jobs[request] = Job(
            request, task, queue, line, self.work_s[task], number, Moment(self.env)
        )
        self._offer(job)
        if is_full and job.waiting:
            self._leave_hall(job)
            return None
        if hall >= 0 and not (job.waiting and self.patience_s[request] == 0):  # who leaves at once takes none
            self.tickets_given[hall, now // DAY_S] = self.tickets_given.get((hall, now // DAY_S), 0) + 1
        if job.waiting:
            self._lose_patience(job)
        return job

    def _lose_patience(self, job: Job) -> None:
        """Let the request of a job that waits, or is laid down, withdraw when its patience is out."""
        request, now = job.request, self.env.now
        if self.patience_s[request] >= 0 and self.first_start_s[request] < 0:
            self._leave_at(now + self.patience_s[request], request)
        if self.whole_s and self.whole_s[request] >= 0:
            self._leave_at(max(self.arrival_s[request] + self.whole_s[request], now), request)

    def _leave_at(self, time: int, request: int) -> None:
        leaves = Moment(self.env).at(time, PATIENCE, request)
        leaves.callbacks.append(lambda _: self._withdraw(self.jobs[request]))

    def _can_return(self, request: int, line: int) -> bool:
        """Whether who worked on the request last can go on with it, now or later."""
        if self.first_start_s[request] < 0:
            return False
        person = self.jobs[request].person
        first, last = self.first_of_lines[person], self.first_of_lines[person + 1]
        later = comes_again(self.until, self.span, self.first_span, person, self.env.now)
        return later and serves(self.lines, first, last, line)

    def _is_refused(self, request: int, hall: int) -> bool:
        """Whether tickets are gone, or so many are there that the person leaves at once."""
        if 0 <= self.tickets[hall] <= self.tickets_given.get((hall, self.env.now // DAY_S), 0):
            return True
        there, work_s = self._present(hall, True)
        if 0 < self.leaves_at[request] <= there:
            return True
        clerks = self.clerks[self.first_of_clerks[hall] : self.first_of_clerks[hall + 1]]
        on_duty = sum(self.env.now < self.until[person] for person in clerks)
        return waits_too_long(there, work_s, on_duty or len(clerks), self.leaves_over_s[request])

    def _present(self, hall: int, with_served: bool) -> tuple[int, int]:
        """How many wait in a hall, on request also those who are served, and their mean work (s)."""

        def is_here(job: Job, line: int) -> bool:
            return self.hall_of[job.queue] == hall and job.line == line

        there: list[Job] = []
        for line in self.hall_lines[self.first_of_hall[hall] : self.first_of_hall[hall + 1]]:
            waiting = [self.jobs[claimant(number)] for number in self.line_of[line]]
            there += [job for job in waiting if job.waiting and is_here(job, line)]
            if with_served:
                staff = self.staff[self.first_of_staff[line] : self.first_of_staff[line + 1]]
                served = [(one, self.jobs[self.in_hand[one]]) for one in staff if self.in_hand[one] >= 0]
                there += [job for one, job in served if job.person == one and is_here(job, line)]
        return len(there), sum(self.expected_s[job.task] for job in there) if self.knows_work else 0

    def _turn_away(self, request: int) -> Moment | None:
        """Count it; return when the request comes again, None: never."""
        comeback = self.first_comeback[request] + self.turned_away[request]
        self.turned_away[request] += 1
        if comeback >= self.first_comeback[request + 1]:
            return None
        self.patience_s[request] = self.comeback_patience_s[comeback]
        return Moment(self.env).at(self.comeback_s[comeback], ARRIVAL, request)

    def _may_leave(self, request: int) -> bool:
        """Whether nobody has begun to work on the request, or its patience for the whole matter is out."""
        if self.first_start_s[request] < 0:
            return True
        return bool(self.whole_s) and 0 <= self.whole_s[request] <= self.env.now - self.arrival_s[request]

    def _offer(self, job: Job) -> None:
        """Give a job to an idle person on duty, or preempt one of lower priority, or let it wait.

        A preempted job is offered in turn.
        """
        displaced = None
        now, line = self.env.now, job.line
        first, last = self.first_of_staff[line], self.first_of_staff[line + 1]
        person = longest_idle(self.staff, first, last, self.until, self.idle_since, now)
        if person < 0 and self.may_interrupt:
            person = lowest_priority(
                self.staff,
                first,
                last,
                self.claim_in_hand,
                self.in_hand,
                self.until,
                self.since,
                self.may_stop,
                job.claim,
                self.first_begun[job.queue],
                now,
            )
            if person >= 0:
                displaced = self._interrupt(person)
        if person >= 0:
            self._start(person, job)
        else:
            self._wait(job)
        self._hurry(line)
        if displaced:
            self._offer(displaced)

    def _start(self, person: int, job: Job) -> None:
        now = self.env.now
        job.waiting, job.person = False, person
        self.in_hand[person], self.claim_in_hand[person] = job.request, job.claim
        self.present[job.line] += 1
        self.idle_since[person] = NEVER
        self.may_stop[person] = self.preemption[job.queue] != NONE
        if self.started_s[job.task] < 0:
            self.started_s[job.task] = now
            if self.first_start_s[job.request] < 0:
                self.first_start_s[job.request] = now
        self._work_on(person, job)

    def _work_on(self, person: int, job: Job) -> None:
        """Begin work on what is left, at the person's speed times the pace of the line."""
        now, span, rule = self.env.now, self.span[person], self.when_duty_ends[job.queue]
        speed = self.speed[person][self.kind[job.queue]] * self.line_pace[job.line]
        need = person_seconds(job.left_s, speed)
        self.since[person], self.since_span[person], self.need_s[person] = now, span, need
        self.speed_in_hand[person] = speed
        last = self.first_span[person + 1]
        end = end_of_work(rule, self.start_s, self.end_s, self.before_s, span, last, now, need)
        if is_handed_over(rule, self.end_s, span, now, need):
            leaving = Moment(self.env).at(end, SUSPEND, job.request)
            leaving.callbacks.append(lambda _: self._hand_over(person, job, now))
        elif end < NEVER:
            job.done.at(end, FINISH, job.request)

    def _hurry(self, line: int) -> None:
        """Set the pace of all who work for the line by how many wait there or are served."""
        now = self.env.now
        staff = self.staff[self.first_of_staff[line] : self.first_of_staff[line + 1]]
        a_head = (self.present[line] + len(staff) - 1) // len(staff)
        pace = self.pace[min(a_head, len(self.pace) - 1)]
        if pace == self.line_pace[line]:
            return
        self.line_pace[line] = pace
        at_work = [(person, self.jobs[self.in_hand[person]]) for person in staff if self.in_hand[person] >= 0]
        for person, job in at_work:
            if job.line == line and job.person == person:
                if self.since[person] < now:
                    self._note_all(job)
                    job.left_s = self._left(person, RESUME)
                self._make_stale(job)
                self._work_on(person, job)

    def _finish(self, job: Job) -> None:
        self._note_all(job)
        self.present[job.line] -= 1
        self._free(job.person)
        self._hurry(job.line)

    def _free(self, person: int) -> None:
        self.in_hand[person] = -1
        self.idle_since[person] = self.env.now
        if self.env.now < self.until[person]:
            self._next(person)

    def _next(self, person: int) -> None:
        """Take the first waiting job of the person's lines, if there is one."""
        first, last = self.first_of_lines[person], self.first_of_lines[person + 1]
        if self.any_late_last:
            for line in self.lines[first:last]:
                self._set_back_late(line)
        line = first_line(self.lines, first, last, self.head)
        if line >= 0:
            job = self.jobs[claimant(self.head[line])]
            job.waiting = False
            self._leave_line(line)
            self._start(person, job)

    def _wait(self, job: Job) -> None:
        job.waiting = True
        line = job.line
        heappush(self.line_of[line], job.claim)
        self.head[line] = self.line_of[line][0]
        self.present[line] += 1

    def _leave_line(self, line: int) -> None:
        """Remove the first of the line, and those next who have withdrawn."""
        claims = self.line_of[line]
        heappop(claims)
        self.present[line] -= 1
        while claims and not self.jobs[claimant(claims[0])].waiting:
            heappop(claims)
        self.head[line] = claims[0] if claims else NOTHING

    def _set_back_late(self, line: int) -> None:
        """Set back late requests at the head of the line, in queues that serve them last."""
        while self.head[line] != NOTHING and not is_set_back(self.head[line]):
            job = self.jobs[claimant(self.head[line])]
            if not (self.late_last[job.queue] and is_late(self.due_s[job.request], self.env.now)):
                return
            self._leave_line(line)
            job.claim = set_back(job.claim)
            self._wait(job)

    def _duty_begins(self, roster: int) -> Generator:
        """Put people on duty, with one event for each moment, until the roster changes."""
        at: dict[int, list[int]] = {}
        for span in self.duty_order:
            if roster == 0 or self.start_s[span] >= self.env.now:
                at.setdefault(max(self.start_s[span], self.env.now), []).append(span)
        for time, spans in at.items():
            yield Moment(self.env).at(time, DUTY, 0)
            if roster != self.rosters:
                return
            for span in spans:
                self.span[self.holder[span]], self.until[self.holder[span]] = span, self.end_s[span]
            self._come([self.holder[span] for span in spans if self.end_s[span] > time])

    def _come(self, comers: list[int]) -> None:
        now = self.env.now
        for person in comers:  # first those with empty hands
            if self.in_hand[person] < 0:
                self.idle_since[person] = now
                self._next(person)
        for person in comers:
            if self.in_hand[person] >= 0 and self.since[person] < now:
                self._drop_for_higher_priority(person)

    # Work that is taken away

    def _withdraw(self, job: Job) -> None:
        """Withdraw the request if it waits, unless somebody has begun to work on it (`_may_leave`)."""
        if job.waiting and self._may_leave(job.request):
            self._leave_hall(job)
            job.done.at(self.env.now, PATIENCE, job.request)

    def _leave_hall(self, job: Job) -> None:
        """Take a job that waits out of its line."""
        job.waiting = False
        line = job.line
        if self.head[line] == job.claim:
            self._leave_line(line)
        else:
            self.present[line] -= 1
        self._hurry(line)

    def _hand_over(self, person: int, job: Job, since: int) -> None:
        """Offer the work to others at the end of duty."""
        if self.in_hand[person] == job.request and job.person == person and self.since[person] == since:
            self._put_back(person, RESTART if self.anew[job.queue] else RESUME)
            self.in_hand[person] = -1
            self.idle_since[person] = self.env.now
            self._offer(job)

    def _interrupt(self, person: int) -> Job:
        """Preempt and return the job in the person's hands, which keeps its place in the line."""
        job = self.jobs[self.in_hand[person]]
        self._put_back(person, self.preemption[job.queue])
        return job

    def _drop_for_higher_priority(self, person: int) -> None:
        """Drop suspended work at the begin of duty if a job of higher priority waits."""
        if not self.may_stop[person]:
            return
        first, last = self.first_of_lines[person], self.first_of_lines[person + 1]
        line = first_line(self.lines, first, last, self.head)
        if line >= 0 and priority_of(self.head[line]) < priority_of(self.claim_in_hand[person]):
            displaced = self._interrupt(person)
            self._free(person)
            self._offer(displaced)

    def _put_back(self, person: int, mode: int) -> None:
        """Take the work out of the person's hands, with what is left of it."""
        job = self.jobs[self.in_hand[person]]
        self._note_all(job)
        job.left_s = self._left(person, mode)
        self.present[job.line] -= 1
        self._make_stale(job)
        job.person = -1
        self._lose_patience(job)

    def _left(self, person: int, mode: int) -> int:
        """Return the standard work left in the person's hands (s)."""
        job = self.jobs[self.in_hand[person]]
        spent_s = seconds_spent(
            self.when_duty_ends[job.queue],
            self.start_s,
            self.end_s,
            self.before_s,
            self.since[person],
            self.since_span[person],
            self.env.now,
            self.span[person],
        )
        work_s, again_s = self.work_s[job.task], self.again_s[job.task]
        return work_left(mode, job.left_s, work_s, again_s, spent_s, self.speed_in_hand[person])

    def _make_stale(self, job: Job) -> None:
        """Detach the job from its scheduled end, which becomes stale; the caller sets a new one."""
        stale, job.done = job.done, Moment(self.env)
        job.done.callbacks, stale.callbacks = stale.callbacks, []

    def _note_all(self, job: Job) -> None:
        """Note the work of all who do it."""
        self._note_work(job.task, job.person)

    def _note_work(self, task: int, person: int) -> None:
        self.segments.extend((task, person, self.since[person], self.env.now))
