"""Waits that people may spare: matters that nobody takes up, rounds for which projects are put off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.flow import Executor
from sim.flow.tables import Tables


@dataclass
class Spared:
    """Waits of units, and which of them are spared; arrays (n,).

    task : the wait. unit : who lets it happen, −1 = nobody. luck : in [0, 1); units that keep to a share of
    their usual waits spare those of a luck from that share on, so who spares more spares the same and others.
    """

    task: np.ndarray
    unit: np.ndarray
    luck: np.ndarray

    def __post_init__(self) -> None:
        self.spared = np.zeros(len(self.task), bool)

    def decide(self, flow: Executor, kept_to: np.ndarray) -> bool:
        """Spare waits that have not begun, at the shares `kept_to` (units,); return whether others are."""
        to_come = flow.trace.start_s[self.task] < 0
        at_unit = np.where(self.unit >= 0, kept_to[self.unit], 1.0)
        spared = np.where(to_come, self.luck >= at_unit, self.spared)
        changed = not np.array_equal(spared, self.spared)
        self.spared = spared
        return changed

    def applied(self, tables: Tables, usual: Tables) -> Tables:
        """Return the tables where waits that are spared take no time, and all others as long as usual."""
        delay_s, pressed_s = tables.delay_s.copy(), tables.pressed_s.copy()
        delay_s[self.task] = np.where(self.spared, 0, usual.delay_s[self.task])
        if len(pressed_s):
            pressed_s[self.task] = np.where(self.spared, 0, usual.pressed_s[self.task])
        return tables._replace(delay_s=delay_s, pressed_s=pressed_s)
