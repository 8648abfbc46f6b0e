"""The reference executor for bureaus in which several people do a step together.

A free person turns to the first claim in all their lines. If it needs several people, they wait until enough
of those whose first claim it is are free, and take nothing that stands behind it. While too few of its people
are on duty it steps aside, and comes back to its place in line when somebody comes on duty. Nobody is held by
a request before its team is complete, and claims have one order, so that no two teams wait for each other.

Who joins: of the station those free longest, first those who cannot stand for the other station; an urgent
request also those whose work it may interrupt. The first of them is the one who answers for the work. The
pace is the mean of their speeds. If one is taken away, all lay the work down.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heapify

import numpy as np

from .definitions import (
    FINISH,
    HAND_OVER,
    LEAVE,
    NEVER,
    NONE,
    NOTHING,
    RESTART,
    RESUME,
    SUSPEND,
    claimant,
    first_line,
    is_late,
    is_set_back,
    person_seconds,
    priority_of,
    set_back,
    work_left,
)
from .joint import end_of_joint_work, joint_seconds, suffices
from .simpy_flow import SimpyFlow
from .simpy_parts import Job, Moment
from .tables import Tables


class SimpyJointFlow(SimpyFlow):
    """The SimPy executor where steps take several people: see `sim.flow.Executor`."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self.team: dict[int, list[int]] = {}  # by request in hand
        self.aside: list[Job] = []  # too few on duty
        self.offers: list[Job] = []
        self.stirred: list[int] = []  # lines whose idle people look again for work
        self.changed: list[int] = []  # lines whose length may have changed, for the pace
        self.env.process(self._duty_ends(0))

    def roster(self, tables: Tables, changed: np.ndarray, now: int) -> None:
        freed = []
        for person in np.flatnonzero(changed).tolist():
            if self.in_hand[person] >= 0:
                freed += self._lay_down(self.jobs[self.in_hand[person]], RESUME)
        self._take_roster(tables, now)
        self.env.process(self._duty_ends(self.rosters))
        for person in freed:
            self.idle_since[person] = now
        self._return_aside()
        for line in range(len(self.head)):
            self._stir(line)
        self._settle()

    # Lines

    def _lines_of(self, job: Job) -> list[int]:
        """The lines in which a job stands: that of its queue, and that of who joins."""
        joined = self.joined[job.task]
        return [job.line, *([self.line[joined]] if joined >= 0 else [])]

    def _is_joint(self, job: Job) -> bool:
        return self.people[job.task] > 1 or self.joined[job.task] >= 0

    def _stir(self, line: int) -> None:
        if line not in self.stirred:
            self.stirred.append(line)

    def _note_change(self, line: int) -> None:
        if self.hurries and line not in self.changed:
            self.changed.append(line)

    def _wait(self, job: Job) -> None:
        for line in self._lines_of(job):
            self._enter(job, line)

    def _enter(self, job: Job, line: int) -> None:
        claims = self.line_of[line]
        claims.append(job.claim)
        heapify(claims)
        self.head[line] = claims[0]
        self.present[line] += 1
        self._note_change(line)

    def _leave(self, job: Job) -> None:
        """Take a job out of its lines; if others waited with it, they look again for work."""
        for line in self._lines_of(job):
            claims = self.line_of[line]
            claims.remove(job.claim)
            heapify(claims)
            self.head[line] = claims[0] if claims else NOTHING
            self.present[line] -= 1
            self._note_change(line)
            if self._is_joint(job):
                self._stir(line)

    def _set_back_late(self, line: int) -> None:
        while self.head[line] != NOTHING and not is_set_back(self.head[line]):
            job = self.jobs[claimant(self.head[line])]
            if not (self.late_last[job.queue] and is_late(self.due_s[job.request], self.env.now)):
                return
            self._leave(job)
            job.claim = set_back(job.claim)
            self._wait(job)

    def _return_aside(self) -> None:
        """Put those who stepped aside back into their lines."""
        for job in self.aside:
            for line in self._lines_of(job):
                self._enter(job, line)
                self._stir(line)
        self.aside = []

    # Who does what

    def _offer(self, job: Job) -> None:
        self.offers.append(job)
        self._settle()

    def _settle(self) -> None:
        """Begin all that can begin, until nothing more can."""
        while self.offers or self.stirred:
            if self.offers:
                job = self.offers.pop(0)
                job.waiting = True
                self._wait(job)
                if not self._try(job, self.may_interrupt) and self._is_joint(job) and not self._staffed(job):
                    self._step_aside(job)
                continue
            line = self.stirred.pop(0)
            for person in self._idle(line):
                if self.in_hand[person] < 0:
                    self._take(person)
        lines, self.changed = self.changed, []
        for line in lines:
            self._hurry(line)

    def _take(self, person: int) -> None:
        """Begin on the first claims in a person's lines whose teams are complete, until they have one."""
        while self.in_hand[person] < 0:
            first, last = self.first_of_lines[person], self.first_of_lines[person + 1]
            if self.any_late_last:
                for line in self.lines[first:last]:
                    self._set_back_late(line)
            line = first_line(self.lines, first, last, self.head)
            if line < 0:
                return
            job = self.jobs[claimant(self.head[line])]
            if self._try(job, False):
                continue  # it may have gone to others
            if not self._is_joint(job) or self._staffed(job):
                return
            self._step_aside(job)

    def _try(self, job: Job, may_interrupt: bool) -> bool:
        """Begin a job if its team is complete."""
        team = self._gather(job, may_interrupt)
        if team:
            self._begin(job, team)
        return bool(team)

    def _idle(self, line: int) -> list[int]:
        """The idle people on duty of a line, those idle longest first."""
        staff = self.staff[self.first_of_staff[line] : self.first_of_staff[line + 1]]
        free = [p for p in staff if self.in_hand[p] < 0 and self.env.now < self.until[p]]
        return sorted(free, key=lambda person: (self.idle_since[person], person))

    def _first_claim(self, person: int) -> int:
        first, last = self.first_of_lines[person], self.first_of_lines[person + 1]
        line = first_line(self.lines, first, last, self.head)
        return NOTHING if line < 0 else self.head[line]

    def _serves(self, person: int, line: int) -> bool:
        return line in self.lines[self.first_of_lines[person] : self.first_of_lines[person + 1]]

    def _gather(self, job: Job, may_interrupt: bool) -> list[int]:
        """The team of a job; empty if it is not complete."""
        team: list[int] = []
        lines = self._lines_of(job)
        needed = self.people[job.task]
        if len(lines) > 1:
            self._pick(job, lines[0], lines[1], needed, team)
        self._pick(job, lines[0], -1, needed, team)
        if may_interrupt:
            self._pick_busy(job, lines[0], needed, team)
        if len(team) == needed and len(lines) > 1:
            needed += 1
            self._pick(job, lines[1], -1, needed, team)
            if may_interrupt:
                self._pick_busy(job, lines[1], needed, team)
        return team if len(team) == needed else []

    def _pick(self, job: Job, line: int, other: int, needed: int, team: list[int]) -> None:
        """Add to a team idle people of a line up to `needed`; nobody of the line `other`."""
        for person in self._idle(line):
            if len(team) == needed:
                return
            if person in team or (other >= 0 and self._serves(person, other)):
                continue
            if self._first_claim(person) == job.claim:
                team.append(person)

    def _pick_busy(self, job: Job, line: int, needed: int, team: list[int]) -> None:
        """Add to a team, up to `needed`, people whose work may be interrupted, lowest priority first."""
        while len(team) < needed:
            chosen, best = -1, (priority_of(job.claim), 0, 0, 0)
            for person in self.staff[self.first_of_staff[line] : self.first_of_staff[line + 1]]:
                if self.in_hand[person] < 0 or self.env.now >= self.until[person] or person in team:
                    continue
                rank = priority_of(self.claim_in_hand[person])
                if not self.may_stop[person] or rank <= priority_of(job.claim):
                    continue
                begun = -self.since[person] if self.first_begun[job.queue] else self.since[person]
                key = (rank, begun, self.in_hand[person], -person)
                if key > best and self._first_claim(person) == job.claim:
                    chosen, best = person, key
            if chosen < 0:
                return
            team.append(chosen)

    def _staffed(self, job: Job) -> bool:
        """Whether enough people of a job are on duty."""
        now, lines = self.env.now, self._lines_of(job)
        on = [
            [
                p
                for p in self.staff[self.first_of_staff[line] : self.first_of_staff[line + 1]]
                if now < self.until[p]
            ]
            for line in lines
        ]
        both = sum(self._serves(person, lines[1]) for person in on[0]) if len(lines) > 1 else 0
        joined = len(on[1]) if len(lines) > 1 else 0
        return suffices(len(on[0]), joined, both, self.people[job.task], len(lines) > 1)

    def _step_aside(self, job: Job) -> None:
        self._leave(job)
        self.aside.append(job)

    # Work

    def _begin(self, job: Job, team: list[int]) -> None:
        self._leave(job)
        for person in team:
            if self.in_hand[person] >= 0:
                other = self.jobs[self.in_hand[person]]
                for freed in self._lay_down(other, self.preemption[other.queue]):
                    self.idle_since[freed] = self.env.now
        job.waiting, job.person = False, team[0]
        self.team[job.request] = team
        for person in team:
            self.in_hand[person], self.claim_in_hand[person] = job.request, job.claim
            self.idle_since[person] = NEVER
            self.may_stop[person] = self.preemption[job.queue] != NONE
        if self.started_s[job.task] < 0:
            self.started_s[job.task] = self.env.now
            if self.first_start_s[job.request] < 0:
                self.first_start_s[job.request] = self.env.now
        self.present[job.line] += 1
        self._note_change(job.line)
        self._work_on(team[0], job)

    def _work_on(self, person: int, job: Job) -> None:
        team = self.team[job.request]
        if len(team) == 1:
            super()._work_on(person, job)
            return
        now, rule, kind = self.env.now, self.when_duty_ends[job.queue], self.kind[job.queue]
        speed = sum(self.speed[one][kind] for one in team) / len(team) * self.line_pace[job.line]
        need = person_seconds(job.left_s, speed)
        for one in team:
            self.since[one], self.since_span[one], self.need_s[one] = now, self.span[one], need
            self.speed_in_hand[one] = speed
        end = end_of_joint_work(rule, team, len(team), self.first_span, self.start_s, self.end_s, now, need)
        if rule == HAND_OVER and end - now < need:
            leaving = Moment(self.env).at(end, SUSPEND, job.request)
            leaving.callbacks.append(lambda _: self._hand_over(person, job, now))
        elif end < NEVER:
            job.done.at(end, FINISH, job.request)

    def _note_all(self, job: Job) -> None:
        """Note the work of a team; who answers for it comes last."""
        team = self.team[job.request]
        for person in (*team[1:], team[0]):
            self._note_work(job.task, person)

    def _left(self, person: int, mode: int) -> int:
        job = self.jobs[self.in_hand[person]]
        team = self.team[job.request]
        if len(team) == 1:
            return super()._left(person, mode)
        spent_s = joint_seconds(
            self.when_duty_ends[job.queue],
            team,
            len(team),
            self.first_span,
            self.start_s,
            self.end_s,
            self.since[person],
            self.env.now,
        )
        work_s, again_s = self.work_s[job.task], self.again_s[job.task]
        return work_left(mode, job.left_s, work_s, again_s, spent_s, self.speed_in_hand[person])

    def _lay_down(self, job: Job, mode: int) -> list[int]:
        """Take work out of the hands of a team and offer it anew; return the team."""
        team = self.team[job.request]
        self._note_all(job)
        job.left_s = self._left(team[0], mode)
        self._make_stale(job)
        self.present[job.line] -= 1
        job.person = -1
        self._lose_patience(job)
        for person in team:
            self.in_hand[person] = -1
        del self.team[job.request]
        self.offers.append(job)
        for line in self._lines_of(job):
            self._note_change(line)
            if self._is_joint(job):
                self._stir(line)
        return team

    def _finish(self, job: Job) -> None:
        self._note_all(job)
        self.present[job.line] -= 1
        self._note_change(job.line)
        team = self.team.pop(job.request)
        for person in team:
            self.in_hand[person], self.idle_since[person] = -1, self.env.now
        for person in team:
            if self.in_hand[person] < 0 and self.env.now < self.until[person]:
                self._take(person)
        self._settle()

    def _hand_over(self, person: int, job: Job, since: int) -> None:
        if self.in_hand[person] == job.request and job.person == person and self.since[person] == since:
            for one in self._lay_down(job, RESTART if self.anew[job.queue] else RESUME):
                self.idle_since[one] = self.env.now
            self._settle()

    def _drop_for_higher_priority(self, person: int) -> None:
        if self.may_stop[person]:
            first = self._first_claim(person)
            if first != NOTHING and priority_of(first) < priority_of(self.claim_in_hand[person]):
                self._try(self.jobs[claimant(first)], True)

    def _leave_hall(self, job: Job) -> None:
        job.waiting = False
        if job in self.aside:
            self.aside.remove(job)
        else:
            self._leave(job)
        self._settle()

    # Duty

    def _come(self, comers: list[int]) -> None:
        now = self.env.now
        self._return_aside()
        for person in comers:
            if self.in_hand[person] < 0:
                self.idle_since[person] = now
        for person in comers:
            if self.in_hand[person] < 0:
                self._take(person)
        for person in comers:
            if self.in_hand[person] >= 0 and self.since[person] < now:
                self._drop_for_higher_priority(person)
        self._settle()

    def _duty_ends(self, roster: int) -> Generator:
        """Let those who waited for somebody look again for work when people go off duty."""
        at: dict[int, list[int]] = {}
        for span in self.leave_order:
            if roster == 0 or self.end_s[span] >= self.env.now:
                at.setdefault(max(self.end_s[span], self.env.now), []).append(span)
        for time, spans in at.items():
            yield Moment(self.env).at(time, LEAVE, 0)
            if roster != self.rosters:
                return
            for span in spans:
                person = self.holder[span]
                for line in self.lines[self.first_of_lines[person] : self.first_of_lines[person + 1]]:
                    self._stir(line)
            self._settle()
