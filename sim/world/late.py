"""Front desks that open late 迟开窗口: the service of a day begins when the door is opened.

Whose door opens late, on which day and by how much is keyed by unit and day, so it is the same under every
policy; a lower chance spares some of the same mornings. All clerks of the unit's front desk lose that time.
"""

from __future__ import annotations

import numpy as np

from sim.scenario.calendar import WorkingCalendar
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S

from .shapes import mean_one_lognormal
from .streams import Streams


def opened_late(
    scenario: Scenario, unit: str, duty: np.ndarray, calendar: WorkingCalendar, streams: Streams
) -> tuple[np.ndarray, np.ndarray]:
    """Return when a clerk's front desk should be open and is not, (n, 2) s, and the luck of each, (n,).

    `unit` is theirs, `duty` (m, 2) s their service as planned. A desk opens with the first service of a day.
    """
    rule, inspected = scenario.frictions.late_opening, scenario.service_rules.superior_inspection
    chance = rule.chance * (inspected.absence_factor if inspected.on else 1.0)
    luck = streams("late opening", unit).random((calendar.days, 2))
    days, first = np.unique(duty[:, 0] // DAY_S, return_index=True)
    late = luck[days, 0] < chance
    seconds = np.rint(60 * rule.minutes * mean_one_lognormal(luck[days[late], 1], rule.cv)).astype(np.int64)
    begin, end = duty[first[late]].T
    return np.column_stack((begin, np.minimum(begin + seconds, end))), luck[days[late], 0] / chance
