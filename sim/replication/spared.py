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
        self._kept_to = np.empty(0)  # when it was decided last

    def decide(self, flow: Executor, kept_to: np.ndarray) -> bool:
        """Spare waits that have not begun, at the shares `kept_to` (units,); return whether others are."""
        if np.array_equal(kept_to, self._kept_to):
            return False
        self._kept_to = kept_to
        to_come = flow.trace.start_s[self.task] < 0
        at_unit = np.where(self.unit >= 0, kept_to[self.unit], 1.0)
        spared = np.where(to_come, self.luck >= at_unit, self.spared)
        changed = not np.array_equal(spared, self.spared)
        self.spared = spared
        return changed

    def applied(self, tables: Tables, usual: Tables) -> Tables:
        """Return the tables where waits that are spared take no time, and all others as long as usual."""
        tables = apart(tables, usual, "delay_s", "pressed_s")
        tables.delay_s[self.task] = np.where(self.spared, 0, usual.delay_s[self.task])
        if len(tables.pressed_s):
            tables.pressed_s[self.task] = np.where(self.spared, 0, usual.pressed_s[self.task])
        return tables


def apart(tables: Tables, usual: Tables, *names: str) -> Tables:
    """Return tables whose columns of these names may be changed: copies where they are the usual ones."""
    shared = [name for name in names if getattr(tables, name) is getattr(usual, name)]
    return tables._replace(**{name: getattr(tables, name).copy() for name in shared}) if shared else tables
