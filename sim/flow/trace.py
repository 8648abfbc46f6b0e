"""The trace of an executor: begin and end of each task and request, and who worked on what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Spells:
    """Who worked on what, in whole seconds.

    segments (n, 4): task, person, start_s, end_s of work, in order of their end; off-duty time in between is
    included. in_hand (n, 4): task, person, start_s of work under way, and the seconds of the person that it
    needed then.
    """

    segments: np.ndarray
    in_hand: np.ndarray


@dataclass(frozen=True)
class Trace(Spells):
    """Times in whole seconds; −1 = has not happened. Columns by task are int32 (up to
    `definitions.LAST_MOMENT`), all others int64.

    By task: ready_s, start_s, end_s. By request: first_start_s, finish_s, withdrawn_s, returns,
    turned_away (how often; empty where nobody can be), due_s (the
    end of its time limit after all stops of the clock so far; −1 = no limit).
    """

    ready_s: np.ndarray
    start_s: np.ndarray
    end_s: np.ndarray
    first_start_s: np.ndarray
    finish_s: np.ndarray
    withdrawn_s: np.ndarray
    returns: np.ndarray
    turned_away: np.ndarray
    due_s: np.ndarray
