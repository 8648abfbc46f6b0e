"""A course by hand: how many people are expected on each day, drawn as the model expects them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.report.style import PALETTE
from sim.report.words import Text
from sim.scenario import load, reform
from sim.scenario.calendar import calendar_of
from sim.world.demand import intensities

from .draw import labelled, panels
from .trace import OFFICE
from .worlds import policy_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True)
class Course:
    """What a profile does to the days of the small office, told by hand and drawn from the model's demand.

    told : the numbers by hand, plain sentences. profile, calendar : as in a scenario. a_year : people.
    start : the first day. expected : the people expected on each day from then on, as told.
    """

    told: Text
    profile: Mapping[str, Any]
    calendar: Mapping[str, Any] = field(default_factory=dict)
    a_year: float
    start: str
    expected: tuple[float, ...]
    seen: ClassVar[str] = "A bar is the people expected on a day. 色条为当日预期来件。"

    def counted(self) -> tuple[float, ...]:
        """How many people the model expects on each day."""
        changes = {
            "horizon": {"start": self.start, "minutes": 1440 * len(self.expected)},
            "profiles": {"people": dict(self.profile)},
            "demand": {"visit": {"volumes": {"office": self.a_year}, "profile": "people"}},
            **{f"calendar.{key}": value for key, value in self.calendar.items()},
        }
        office = reform(load(OFFICE), policy_of(changes))
        [(_, one)] = intensities(office, office.demand["visit"], calendar_of(office))
        return tuple(one.rate.reshape(-1, 24).sum(axis=1).round(6).tolist())

    def drawn(self) -> Figure:
        """A bar for each day."""
        counted = self.counted()
        figure, (axis,) = panels()
        days = np.datetime64(self.start) + np.arange(len(counted))
        axis.bar(np.arange(len(days)), counted, color=PALETTE[0])
        shown = np.arange(0, len(days), 3)
        axis.set_xticks(shown, [str(day)[5:] for day in days[shown]])
        labelled(axis, ("month and day", "月-日"), ("expected", "预期来件"))
        return figure
