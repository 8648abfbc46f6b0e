"""Figures of careers: how long a change of posts is felt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.competence import Skills, speed_of

from .draw import labelled, lines, panels
from .worlds import grid

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario


def _course(scenario: Scenario, *, newcomer: bool, months: int) -> np.ndarray:
    """Speed month by month of somebody who takes a post, (months + 1,): newly, or from another unit."""
    rules = scenario.competence
    one, no = np.ones(1, bool), np.zeros(1, bool)
    years = scenario.careers.newcomer_years
    now = Skills.initial(1, rules).moved(
        np.zeros(1, int), one if newcomer else no, no if newcomer else one, years, rules
    )
    usual = np.array([rules.load.usual])
    found = [float(speed_of(np.ones(1), now, rules)[0])]
    for _ in range(months):
        now = now.after(1 / 12, np.ones(1), np.zeros(1), usual, rules)
        found.append(float(speed_of(np.ones(1), now, rules)[0]))
    return np.array(found)


def after_a_move(scenario: Scenario) -> Figure:
    """Speed by the months since somebody came, from another unit or newly."""
    months = 36
    figure, (axis,) = panels()
    curves = [
        (("from another unit", "调入"), _course(scenario, newcomer=False, months=months)),
        (("newcomer", "新人"), _course(scenario, newcomer=True, months=months)),
    ]
    lines(axis, np.arange(months + 1), curves)
    labelled(axis, ("months in the post", "任职月数"), ("speed, practised = 1", "速度（熟手=1）"))
    return figure


def vacancy(scenario: Scenario) -> Figure:
    """Work of a post in a year after its holder left, by the months that it stands empty."""
    course = _course(scenario, newcomer=True, months=12)
    empty = grid(0, 12, 13)
    done = [100 * np.trapezoid(course[: 13 - int(gone)], dx=1 / 12) for gone in empty]
    figure, (axis,) = panels()
    axis.plot(empty, done, "o-")
    labelled(
        axis, ("months that the post stands empty", "空缺月数"), ("work of the year (%)", "全年产出（%）")
    )
    axis.set_ylim(0, 102)
    return figure
