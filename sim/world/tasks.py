"""The visits to steps on each request's way, as columns of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.scenario.schema import Scenario

from .reroute import stream_of

TYPES = ("work", "delay", "sitting", "branch", "return", "check")
"""Types of a step, in the order of their codes. A branch makes no task; a return makes a delay."""
WORK, DELAY, SITTING, BRANCH, RETURN, CHECK = range(6)

LAST_MOMENT = 2**31 - 2
"""The last second that executors count to; nothing lasts longer."""

CARE_UNITS = 2**20
"""The units of carelessness in the standard."""

RESTARTS = 2
"""In `Tasks.stops`: the time limit begins anew."""


def whole(amount: np.ndarray) -> np.ndarray:
    """Return durations (s, or days) as whole numbers, int32: at most `LAST_MOMENT`."""
    return np.minimum(np.rint(amount), LAST_MOMENT).astype(np.int32)


@dataclass
class Tasks:
    """Visits to steps in the order of request and visit.

    Attributes
    ----------
    first : (requests + 1,), where each request's tasks begin. The other arrays have one element per task.
    request, step : the request, and the step; steps of all kinds are counted from 0 (`step_names`).
    type : WORK, DELAY, SITTING or CHECK.
    work_s : standard work (s). again_s : the same if interrupted work is drawn again, 0 where no rule
        draws it.
    delay_s : length of a delay (s), −1 where it is counted in delay_days. delay_days : working days.
    fails_above : of a check, the carelessness (in `CARE_UNITS`) above which the work before it is wrong.
    corrections : of a check, how many tasks after it correct an error; without one they are skipped.
    stops : 1 = the time limit stands still, `RESTARTS` = it begins anew.
    returned : the request is back at the applicant.
    department : the position of the department that a delay waits for, −1 = none; None = nobody asks.
    supervised : per cent of the limit after which the request lags at this step, 0 = never: work is served
        earlier, a delay is shorter.
    pressed_s : length of a delay of a request that lags (s), as delay_s where it is not supervised; empty
        where no delay is.
    """

    first: np.ndarray
    request: np.ndarray
    step: np.ndarray
    type: np.ndarray
    work_s: np.ndarray
    again_s: np.ndarray
    delay_s: np.ndarray
    delay_days: np.ndarray
    fails_above: np.ndarray
    corrections: np.ndarray
    stops: np.ndarray
    returned: np.ndarray
    supervised: np.ndarray
    pressed_s: np.ndarray
    department: np.ndarray | None = None
    _of_step: dict[str, np.ndarray] = field(default_factory=dict, init=False, repr=False)

    def of_step(self, step: str, scenario: Scenario) -> np.ndarray:
        """Return the visits of a step that rules have added, on any channel: positions (n,)."""
        if step not in self._of_step:
            named = np.array([stream_of(name) == step for _, name in step_names(scenario)])
            self._of_step[step] = np.flatnonzero(named.take(self.step))
        return self._of_step[step]


def step_names(scenario: Scenario) -> list[tuple[str, str]]:
    """Return (kind, step) of every step, in the order of their numbers in tasks."""
    return [(kind, step) for kind, part in scenario.kinds.items() for step in part.route]
