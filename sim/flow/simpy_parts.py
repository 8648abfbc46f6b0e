"""What the rooms of the reference executor share: its clock, moments, and tasks at a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simpy import Environment
from simpy.events import Event, EventPriority

from .definitions import REQUEST_BITS


class Clock(Environment):
    """SimPy's environment, with time in whole seconds."""

    if TYPE_CHECKING:

        @property
        def now(self) -> int: ...


class Moment(Event):
    """An event that a process may wait for before its time is known.

    `at` sets the time; simultaneous events follow the order of `definitions`.
    """

    def __init__(self, env: Clock) -> None:
        super().__init__(env)
        self.env: Clock = env
        self._ok = True
        self._value = None

    def at(self, time: int, kind: int, request: int) -> Moment:
        self.env.schedule(self, EventPriority((kind << REQUEST_BITS) | request), time - self.env.now)
        return self


class Job:
    """One task of one request while it waits or is worked on."""

    __slots__ = ("claim", "done", "left_s", "line", "person", "queue", "request", "task", "waiting")

    def __init__(
        self, request: int, task: int, queue: int, line: int, left_s: int, number: int, done: Moment
    ) -> None:
        self.request = request
        self.task = task
        self.queue = queue
        self.line = line  # in which it waits, or waited last
        self.left_s = left_s  # standard work
        self.claim = number
        self.done = done
        self.waiting = False
        self.person = -1
